"""An account's notices, newest first, and what it chose to get by mail."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Person
from thucthi.kernel.composed import Composed, given_id
from thucthi.workspace.models import Notice, NoticeChoice, Reason

# More than this is not counted: the bell then says "99+".
COUNTED = 100
REASON_TONES = {
    Reason.RETURNED: "warn",
    Reason.OVERDUE: "bad",
    Reason.MENTIONED: "info",
    Reason.TO_ACCEPT: "info",
    Reason.TO_DECIDE: "warn",
    Reason.ASKED: "info",
    Reason.DUE_SOON: "warn",
    Reason.DIGEST: "neutral",
}
SENT_BY_MAIL = (Reason.RETURNED, Reason.OVERDUE, Reason.MENTIONED, Reason.DIGEST)


@dataclass(frozen=True)
class MailChoice:
    """Whether the account gets mail for this reason."""

    reason: Reason
    by_mail: bool


def notices_of(viewer: Viewer) -> QuerySet[Notice]:
    return Notice.objects.filter(account=viewer.account_id).order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Surroundings:
    """What every page shows around its content: unseen notices, and whether there are simulated data."""

    unseen: int
    simulated: bool


def surroundings_of(viewer: Viewer) -> Surroundings:
    """Both in one query, because every page asks."""
    found = _SURROUNDINGS.row(account=viewer.account_id) if viewer.account_id is not None else None
    return Surroundings(found[0] or 0, found[1]) if found else Surroundings(0, _simulated().exists())


def _simulated() -> QuerySet[Person]:
    return Person.objects.filter(is_invented=True)


def _surroundings() -> QuerySet[Any, Any]:
    unseen = Notice.objects.filter(account=OuterRef("pk"), seen_at__isnull=True).order_by().values("account")
    counted = Subquery(unseen.annotate(n=Count("pk")).values("n"))
    return Account.objects.filter(pk=given_id("account")).values_list(counted, Exists(_simulated()))


_SURROUNDINGS = Composed("workspace_surroundings", _surroundings)


def unseen_notices(viewer: Viewer) -> int:
    """How many it has not seen, at most `COUNTED`."""
    return Notice.objects.filter(account=viewer.account_id, seen_at__isnull=True)[:COUNTED].count()


def mail_choices(viewer: Viewer) -> tuple[MailChoice, ...]:
    """One per kind of letter; who chose nothing gets them all."""
    refused = NoticeChoice.objects.filter(account=viewer.account_id, by_mail=False).values_list("reason", flat=True)
    stopped = set(refused)
    return tuple(MailChoice(reason, reason.value not in stopped) for reason in SENT_BY_MAIL)
