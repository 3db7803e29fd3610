"""Which tasks stand under some resolutions, ready for the database to count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from thucthi.directory.access import Viewer
from thucthi.programmes.models import ENDING, ProgrammeBasis, Task, TaskEvent
from thucthi.programmes.selectors.visibility import one_of, visible_programmes

# From a task; one row for each of the documents it stands under.
OF_DOCUMENT = "programme__programmebasis__document_id"


@dataclass(frozen=True)
class Scope:
    """Issued tasks of `programmes`, each with the documents it carries out, but those that have `ended`."""

    carried: Mapping[int, frozenset[int]]
    ended: tuple[int, ...]

    @property
    def programmes(self) -> list[int]:
        return list(self.carried)

    def tasks(self) -> QuerySet[Task]:
        return Task.objects.filter(
            one_of("programme_id", self.programmes), ~one_of("pk", self.ended), is_issued=True
        ).order_by()


def scope_of(viewer: Viewer, ids: Collection[int], as_of: date) -> Scope:
    """The tasks under these documents; two queries."""
    issued = visible_programmes(viewer).filter(issued_on__lte=as_of).order_by()
    carried: dict[int, set[int]] = {}
    bases = ProgrammeBasis.objects.filter(document__in=ids, programme__in=issued)
    for programme_id, document_id in bases.values_list("programme_id", "document_id"):
        carried.setdefault(programme_id, set()).add(document_id)
    ended = TaskEvent.objects.filter(
        one_of("task__programme_id", carried), kind__in=ENDING, happened_on__lte=as_of
    ).values_list("task_id", flat=True)
    return Scope({pk: frozenset(found) for pk, found in carried.items()}, tuple(ended))
