"""Which organisations are compared with each other, and whose questions a viewer may see."""

from dataclasses import dataclass
from datetime import date

from thucthi.directory.access import Grant, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.monitoring import access
from thucthi.monitoring.selectors.stated_facts import first_and_last

# What everybody who works here may see: compared is only that, so that two viewers never get different answers.
WHOEVER_WORKS = Viewer(account_id=None, label="", grants=(Grant(0, Role.REPORTER),))


@dataclass(frozen=True, slots=True)
class Scope:
    """Peers of one kind in one year as known on `as_of`; of `peers` the viewer may see the questions about `seen`."""

    kind: str
    year: int
    as_of: date
    peers: dict[int, Organisation]
    seen: frozenset[int]


def scope_for(viewer: Viewer, kind: str, year: int, today: date) -> Scope:
    """The organisations of `kind` that lived at the end of `year` (of today in a running year)."""
    living = Organisation.objects.filter(kind=kind).live(min(first_and_last(year)[1], today))
    peers = {row.pk: row for row in living.order_by("sort_key")}
    seen = frozenset(pk for pk, row in peers.items() if access.can_see_signals_of(viewer, row.path))
    return Scope(kind, year, today, peers, seen)
