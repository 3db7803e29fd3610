"""The three early clocks of resolutions, read from what is owed and what happened (D15).

An owed instrument is awaited of its drafter, a project of its lead, capital of the lead of every task that needs money.
Cancelled and superseded tasks are awaited no longer. Who leads is read as of today.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, overload

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Organisation
from thucthi.documents.models import Document, DocumentType, InstrumentStep, Stage
from thucthi.documents.selectors import visible_documents
from thucthi.documents.selectors.instruments import visible_instruments
from thucthi.kernel.answers import ANSWERS, Answer
from thucthi.monitoring.calculations.early import (
    Awaited,
    Early,
    LeadTime,
    Spread,
    Waited,
    grouped,
    spread_together,
    taken_together,
)
from thucthi.monitoring.selectors.tasks_under import OF_DOCUMENT, Scope, scope_of
from thucthi.programmes.models import ENDING, FundingKind, Task, TaskEvent, TaskEventKind, TaskKind
from thucthi.programmes.selectors.resources import standing_fundings
from thucthi.programmes.selectors.visibility import closed_programmes, one_of


@dataclass(frozen=True)
class EarlyRow:
    """The clocks of one resolution: of everybody, of central bodies, of local ones."""

    document: Document
    whole: Mapping[Early, LeadTime]
    central: Mapping[Early, LeadTime]
    local: Mapping[Early, LeadTime]


@dataclass(frozen=True)
class BodyRow:
    organisation: Organisation
    is_local: bool
    clocks: Mapping[Early, LeadTime]


@dataclass(frozen=True)
class EarlyPage:
    """One resolution; `spreads` counts the bodies that owe something: all of them, central ones, local ones."""

    as_of: date
    row: EarlyRow
    bodies: Sequence[BodyRow]
    spreads: Mapping[Early, Spread]
    central: Mapping[Early, Spread]
    local: Mapping[Early, Spread]


def resolutions(viewer: Viewer) -> QuerySet[Document]:
    """What the checks of resolutions are about: visible resolutions, the newest first."""
    return visible_documents(viewer).filter(type=DocumentType.RESOLUTION)


def resolutions_with_clocks(viewer: Viewer, as_of: date) -> QuerySet[Document]:
    """Issued by that day; without their text."""
    return resolutions(viewer).filter(issued_on__lte=as_of).defer("text")


def early_rows(viewer: Viewer, documents: Collection[Document], as_of: date) -> Answer[list[EarlyRow]]:
    """Of some of `resolutions_with_clocks`; seven queries however many.

    Kept, if it took long, for whoever sees the same programmes.
    """
    ids = tuple(row.pk for row in documents)
    question = ("early clocks", ids, closed_programmes(viewer), as_of)
    found = ANSWERS.answer(question, lambda: waited_under(viewer, ids, as_of))
    return Answer([_row(each, found.value[each.pk], as_of) for each in documents], found.kept_since)


def early_page(viewer: Viewer, document: Document, as_of: date) -> EarlyPage:
    """`document` comes from `document_for`. `bodies` are those that owe something, central ones first."""
    rows = waited_under(viewer, [document.pk], as_of, by_body=True)[document.pk]
    central, local = [row for row in rows if not row.is_local], [row for row in rows if row.is_local]
    return EarlyPage(
        as_of=as_of,
        row=_row(document, rows, as_of),
        bodies=_Bodies(document, rows, as_of),
        spreads={early: spread_together(rows, early) for early in Early},
        central={early: spread_together(central, early) for early in Early},
        local={early: spread_together(local, early) for early in Early},
    )


class _Bodies(Sequence[BodyRow]):
    """In order by one query for all of them; only those of a slice are read in full."""

    def __init__(self, document: Document, rows: Iterable[Waited], as_of: date) -> None:
        self._document, self._as_of = document, as_of
        self._rows = grouped(rows, lambda row: row.organisation_id)
        sides = {pk: each[0].is_local for pk, each in self._rows.items()}
        keys = Organisation.objects.filter(one_of("pk", [pk for pk in sides if pk])).values_list("pk", "sort_key")
        self._order = [pk for pk, _ in sorted(keys, key=lambda row: (sides[row[0]], row[1]))]

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, asked: int) -> BodyRow: ...
    @overload
    def __getitem__(self, asked: slice) -> list[BodyRow]: ...
    def __getitem__(self, asked: int | slice) -> BodyRow | list[BodyRow]:
        chosen = [self._order[asked]] if isinstance(asked, int) else self._order[asked]
        bodies = Organisation.objects.in_bulk(chosen)
        found = [self._body(bodies[pk]) for pk in chosen]
        return found[0] if isinstance(asked, int) else found

    def _body(self, body: Organisation) -> BodyRow:
        rows = self._rows[body.pk]
        return BodyRow(body, rows[0].is_local, taken_together(self._document.issued_on, rows, self._as_of))


def _row(document: Document, waited: list[Waited], as_of: date) -> EarlyRow:
    sides = grouped(waited, lambda row: row.is_local)
    return EarlyRow(
        document,
        taken_together(document.issued_on, waited, as_of),
        taken_together(document.issued_on, sides.get(False, []), as_of),
        taken_together(document.issued_on, sides.get(True, []), as_of),
    )


def waited_under(
    viewer: Viewer, ids: Collection[int], as_of: date, *, by_body: bool = False
) -> dict[int, list[Waited]]:
    """What is awaited under each document, by side or by organisation; every id is a key."""
    found: dict[int, list[Waited]] = {pk: [] for pk in ids}
    for document_id, awaited in _instruments(viewer, found, as_of):
        happened = awaited.happened_on is not None
        row = Waited(awaited.early, awaited.organisation_id, awaited.is_local, 1, happened, awaited.happened_on)
        found[document_id].append(row)
    for document_id, waited in _tasks(viewer, ids, as_of, by_body):
        found[document_id].append(waited)
    return found


def _instruments(viewer: Viewer, documents: Mapping[int, object], as_of: date) -> Iterable[tuple[int, Awaited]]:
    rows = visible_instruments(viewer).filter(document__in=documents)
    steps = InstrumentStep.objects.filter(instrument__document__in=documents, entered_on__lte=as_of)
    first = {
        (pk, stage): on
        for pk, stage, on in steps.filter(stage__in=[Stage.ISSUED, Stage.IN_FORCE])
        .order_by()
        .values("instrument_id", "stage")
        .annotate(on=Min("entered_on"))
        .values_list("instrument_id", "stage", "on")
    }
    for pk, document_id, drafter_id, level in rows.values_list("pk", "document_id", "drafter_id", "drafter__level"):
        for stage, early in ((Stage.ISSUED, Early.INSTRUMENT_ISSUED), (Stage.IN_FORCE, Early.INSTRUMENT_IN_FORCE)):
            yield document_id, Awaited(early, drafter_id, level != Level.CENTRAL, first.get((pk, stage)))


def _tasks(viewer: Viewer, ids: Collection[int], as_of: date, by_body: bool) -> Iterable[tuple[int, Waited]]:
    """Four queries; the database puts the tasks together."""
    scope = scope_of(viewer, ids, as_of)
    wanted = Q(kind=TaskKind.PROJECT) | Q(money_vnd_million__gt=0)
    begun = Q(events__kind=TaskEventKind.STARTED, events__happened_on__lte=as_of)
    under = scope.tasks().filter(wanted, programme__programmebasis__document__in=ids)
    is_project = Q(kind=TaskKind.PROJECT)
    rows = (
        under.annotate(start=FilteredRelation("events", condition=begun), document=F(OF_DOCUMENT))
        .values_list("document", *_body_of("lead", by_body))
        .annotate(
            projects=Count("pk", filter=is_project),
            started=Count("start__pk", filter=is_project),
            first=Min("start__happened_on", filter=is_project),
            needing=Count("pk", filter=Q(money_vnd_million__gt=0)),
        )
    )
    funded = {row[:-2]: row[-2:] for row in _first_allocations(scope, ids, as_of, by_body)}
    for *key, projects, started, first, needing in rows:
        document_id, body, is_local = key[0], key[1] if by_body else None, key[-1] != Level.CENTRAL
        if projects:
            yield document_id, Waited(Early.PROJECT_STARTED, body, is_local, projects, started, first)
        if needing:
            given = funded.get(tuple(key), (0, None))
            yield document_id, Waited(Early.CAPITAL_ALLOCATED, body, is_local, needing, *given)


def _body_of(lead: str, by_body: bool) -> tuple[str, ...]:
    return (lead, f"{lead}__level") if by_body else (f"{lead}__level",)


def _first_allocations(scope: Scope, ids: Collection[int], as_of: date, by_body: bool) -> Iterable[tuple[Any, ...]]:
    """By document and body or level: how many tasks that need money have some, and since when the first of them."""
    rows = standing_fundings(as_of).filter(
        one_of("task__programme_id", scope.programmes),
        ~one_of("task_id", scope.ended),
        kind=FundingKind.ALLOCATED,
        amount_vnd_million__gt=0,
        task__is_issued=True,
        task__money_vnd_million__gt=0,
        task__programme__programmebasis__document__in=ids,
    )
    by = rows.order_by().values_list(f"task__{OF_DOCUMENT}", *_body_of("task__lead", by_body))
    return by.annotate(tasks=Count("task", distinct=True), first=Min("dated_on"))


def open_tasks(tasks: QuerySet[Task], as_of: date) -> QuerySet[Task]:
    """Issued, and neither cancelled nor superseded by that day."""
    closed = TaskEvent.objects.filter(task=OuterRef("pk"), kind__in=ENDING, happened_on__lte=as_of)
    return tasks.filter(~Exists(closed), is_issued=True)
