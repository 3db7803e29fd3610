"""The three early clocks of resolutions, read from what is owed and what happened (D15).

An owed instrument is awaited of its drafter, a project of its lead, capital of the lead of every task that needs money.
Cancelled and superseded tasks are awaited no longer. Who leads is read as of today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Organisation
from thucthi.documents.models import Document, DocumentType, InstrumentStep, Stage
from thucthi.documents.selectors import visible_documents
from thucthi.documents.selectors.instruments import visible_instruments
from thucthi.monitoring.calculations.early import (
    Awaited,
    Early,
    LeadTime,
    Spread,
    grouped,
    lead_times,
    spread,
)
from thucthi.programmes.models import ENDING, FundingKind, ProgrammeBasis, Task, TaskEvent, TaskEventKind, TaskKind
from thucthi.programmes.selectors.resources import standing_fundings
from thucthi.programmes.selectors.visibility import visible_tasks


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
    """One resolution; `bodies` holds only those that owe something, central ones first. `spreads` counts bodies."""

    as_of: date
    row: EarlyRow
    bodies: tuple[BodyRow, ...]
    spreads: Mapping[Early, Spread]
    central: Mapping[Early, Spread]
    local: Mapping[Early, Spread]


def resolutions(viewer: Viewer) -> QuerySet[Document]:
    """What the checks of resolutions are about: visible resolutions, the newest first."""
    return visible_documents(viewer).filter(type=DocumentType.RESOLUTION)


def early_rows(viewer: Viewer, as_of: date) -> list[EarlyRow]:
    """Every visible resolution issued by that day; seven queries however many."""
    documents = list(resolutions(viewer).filter(issued_on__lte=as_of))
    awaited = awaited_under(viewer, documents, as_of)
    return [_row(document, awaited[document.pk], as_of) for document in documents]


def early_page(viewer: Viewer, document: Document, as_of: date) -> EarlyPage:
    """`document` comes from `document_for`."""
    rows = awaited_under(viewer, [document], as_of)[document.pk]
    by_body = grouped(rows, lambda row: row.organisation_id)
    bodies = {row.pk: row for row in Organisation.objects.filter(pk__in=by_body)}
    found = [
        BodyRow(bodies[pk], each[0].is_local, lead_times(document.issued_on, each, as_of))
        for pk, each in by_body.items()
    ]
    return EarlyPage(
        as_of=as_of,
        row=_row(document, rows, as_of),
        bodies=tuple(sorted(found, key=lambda row: (row.is_local, row.organisation.sort_key))),
        spreads={early: spread(rows, early, as_of) for early in Early},
        central={early: spread((row for row in rows if not row.is_local), early, as_of) for early in Early},
        local={early: spread((row for row in rows if row.is_local), early, as_of) for early in Early},
    )


def _row(document: Document, awaited: list[Awaited], as_of: date) -> EarlyRow:
    sides = grouped(awaited, lambda row: row.is_local)
    return EarlyRow(
        document,
        lead_times(document.issued_on, awaited, as_of),
        lead_times(document.issued_on, sides.get(False, []), as_of),
        lead_times(document.issued_on, sides.get(True, []), as_of),
    )


def awaited_under(viewer: Viewer, documents: Iterable[Document], as_of: date) -> dict[int, list[Awaited]]:
    """What is awaited under each document; every id is a key."""
    found: dict[int, list[Awaited]] = {document.pk: [] for document in documents}
    for document_id, awaited in (*_instruments(viewer, found, as_of), *_tasks(viewer, found, as_of)):
        found[document_id].append(awaited)
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


def _tasks(viewer: Viewer, documents: Mapping[int, object], as_of: date) -> Iterable[tuple[int, Awaited]]:
    carried: dict[int, list[int]] = {}
    bases = ProgrammeBasis.objects.filter(document__in=documents, programme__issued_on__lte=as_of)
    for programme_id, document_id in bases.values_list("programme_id", "document_id"):
        carried.setdefault(programme_id, []).append(document_id)
    wanted = Q(kind=TaskKind.PROJECT) | Q(money_vnd_million__gt=0)
    tasks = open_tasks(visible_tasks(viewer).filter(wanted, programme__in=carried), as_of)
    rows = list(tasks.values("pk", "programme_id", "kind", "money_vnd_million", "lead_id", "lead__level"))
    started = _first_starts(tasks, as_of)
    funded = _first_allocations(tasks, as_of)
    for row in rows:
        for awaited in _awaited_of(row, started, funded):
            for document_id in carried[row["programme_id"]]:
                yield document_id, awaited


def _awaited_of(row: Mapping[str, Any], started: dict[int, date], funded: dict[int, date]) -> Iterable[Awaited]:
    is_local = row["lead__level"] != Level.CENTRAL
    if row["kind"] == TaskKind.PROJECT:
        yield Awaited(Early.PROJECT_STARTED, row["lead_id"], is_local, started.get(row["pk"]))
    if row["money_vnd_million"]:
        yield Awaited(Early.CAPITAL_ALLOCATED, row["lead_id"], is_local, funded.get(row["pk"]))


def open_tasks(tasks: QuerySet[Task], as_of: date) -> QuerySet[Task]:
    """Issued, and neither cancelled nor superseded by that day."""
    closed = TaskEvent.objects.filter(task=OuterRef("pk"), kind__in=ENDING, happened_on__lte=as_of)
    return tasks.filter(~Exists(closed), is_issued=True)


def _first_starts(tasks: QuerySet[Task], as_of: date) -> dict[int, date]:
    rows = TaskEvent.objects.filter(task__in=tasks.order_by(), kind=TaskEventKind.STARTED, happened_on__lte=as_of)
    return dict(rows.values_list("task_id", "happened_on"))


def _first_allocations(tasks: QuerySet[Task], as_of: date) -> dict[int, date]:
    rows = standing_fundings(as_of).filter(
        task__in=tasks.order_by(), kind=FundingKind.ALLOCATED, amount_vnd_million__gt=0
    )
    return dict(rows.order_by().values("task_id").annotate(on=Min("dated_on")).values_list("task_id", "on"))
