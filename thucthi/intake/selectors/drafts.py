"""Drafts as the review shows them: who leads, how clear, where in the source, what would be written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from thucthi.documents.models import Clause, Document
from thucthi.intake.calculations.passages import Passage, Place, passages
from thucthi.intake.models import DocumentReading, DraftState, TaskDraft
from thucthi.intake.selectors.bodies import Bodies, bodies_of
from thucthi.kernel.deadlines import parse_deadline
from thucthi.kernel.vietnamese_text import fold
from thucthi.programmes.calculations import Verdict
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors import clarity_of_many, said
from thucthi.programmes.selectors.contents import TaskContent
from thucthi.programmes.selectors.pages import Mark, citable_clauses

# A draft below this is looked at before it is accepted.
SURE = Decimal("0.8")
THRESHOLDS = (Decimal("0.95"), Decimal("0.9"), SURE, Decimal("0.7"), Decimal("0.5"))
AROUND = 280
_CELL = re.compile(r"table (?P<table>\d+) row (?P<row>\d+)")
# Shorter words would be found in almost any clause.
SHORTEST_QUOTED = 20


@dataclass(frozen=True)
class DraftRow:
    """One draft as shown. `marks` are the verdicts on its values as they stand; `deadline_end` its last day."""

    draft: TaskDraft
    bodies: Bodies
    marks: tuple[Mark, ...] = ()
    deadline_end: date | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Everything a person should look at, the reader's own doubts translated."""
        lead = [self.bodies.lead.trouble] if self.bodies.lead.trouble else []
        unknown = [_("Chưa nhận ra cơ quan phối hợp: %(names)s.") % {"names": "; ".join(self.bodies.unknown)}]
        return (*lead, *map(_, self.draft.doubts), *(unknown if self.bodies.unknown else []))

    @property
    def is_doubtful(self) -> bool:
        return bool(self.doubts) or self.draft.confidence < SURE

    @property
    def cell(self) -> str:
        """Its place in a table, in words."""
        found = _CELL.fullmatch(self.draft.cell)
        return _("bảng %(table)s, dòng %(row)s") % found.groupdict() if found else self.draft.cell

    @property
    def missing(self) -> int:
        return sum(1 for mark in self.marks if mark.state == Verdict.MISSING)

    @property
    def doubtful(self) -> int:
        return sum(1 for mark in self.marks if mark.state == Verdict.DOUBTFUL)

    @property
    def is_open(self) -> bool:
        return is_open(self.draft)


def is_open(draft: TaskDraft) -> bool:
    """Whether it waits for a decision; a draft whose task was taken out of the programme waits again."""
    return draft.state == DraftState.KEPT and draft.task_id is None


def day_of(reading: DocumentReading, today: date) -> date:
    """The day as of which names and deadlines are read: the document's own."""
    return reading.issued_on or today


def rows_of(drafts: Sequence[TaskDraft], reading: DocumentReading, today: date) -> list[DraftRow]:
    """Rows without verdicts, those with doubts first, each part in the order of the document."""
    bodies = bodies_of(drafts, as_of=day_of(reading, today), today=today)
    rows = [DraftRow(draft, bodies[draft.pk]) for draft in drafts]
    return sorted(rows, key=lambda row: (not row.is_doubtful, row.draft.position, row.draft.pk))


def judged(rows: Sequence[DraftRow], programme: Programme, today: date) -> list[DraftRow]:
    """The rows with the verdicts that the programme's own gate would give today."""
    tasks = [_as_task(row, programme, day_of(row.draft.reading, today)) for row in rows]
    findings = clarity_of_many(tasks, on=today)
    return [
        DraftRow(
            row.draft,
            row.bodies,
            tuple(
                Mark(found.criterion.value, found.name, found.verdict.value, said(found), None)
                for found in findings[task.pk]
            ),
            task.resolved_end,
        )
        for row, task in zip(rows, tasks, strict=True)
    ]


def _as_task(row: DraftRow, programme: Programme, issued_on: date) -> Task:
    """The task it would become, never saved: its number is one that no stored task has."""
    draft, lead = row.draft, row.bodies.lead.organisation
    deadline = parse_deadline(draft.deadline_raw, issued_on=issued_on)
    return Task(
        pk=-draft.pk,
        programme=programme,
        text=draft.text,
        product=draft.product,
        lead=lead,
        lead_text="" if lead else draft.lead_text.replace("\n", "; "),
        deadline_raw=draft.deadline_raw,
        deadline_kind=deadline.kind.value,
        deadline_precision=deadline.precision or "",
        deadline_recurrence=deadline.recurrence or "",
        deadline_trigger=deadline.trigger or "",
        resolved_end=deadline.end,
        money_source=draft.resources,
    )


def lit(reading: DocumentReading, drafts: Iterable[TaskDraft], around: int = AROUND) -> tuple[Passage, ...]:
    """The passages of the source in which these drafts were read."""
    return passages(reading.text, [Place(row.pk, row.start, row.end) for row in drafts], around=around)


@dataclass(frozen=True)
class Basis:
    """What accepting needs to know of the programme: its groups, and the clauses that may be cited."""

    groups: Mapping[str, str]
    clauses: tuple[tuple[Clause, str], ...]


def basis_of(reading: DocumentReading, programme: Programme) -> Basis:
    """Clauses only of the document that was read, when it is one that the programme carries out."""
    document = carried_out(reading, programme)
    clauses = [row for row in citable_clauses(programme) if document is not None and row.document_id == document.pk]
    return Basis(
        groups={fold(group.title): group.title for group in programme.groups.all()},
        clauses=tuple((row, fold(row.document.text[row.start : row.end])) for row in clauses),
    )


def carried_out(reading: DocumentReading, programme: Programme) -> Document | None:
    """The document of the programme's bases that bears the number of the one that was read."""
    wanted = fold(reading.number)
    return next((row for row in programme.bases.all() if wanted and fold(row.code) == wanted), None)


def content_of(row: DraftRow, basis: Basis, *, issued_on: date, on: date) -> TaskContent:
    """What accepting writes. A deadline that only the document's day explains is written as a day."""
    draft = row.draft
    return TaskContent(
        text=draft.text.strip(),
        group=basis.groups.get(fold(draft.group), ""),
        product=draft.product.strip(),
        lead=row.bodies.lead.organisation,
        coordinators=row.bodies.coordinators,
        deadline_raw=_lasting(draft.deadline_raw.strip(), issued_on, on),
        money_source=draft.resources.strip(),
        clauses=_clauses_quoted(draft, basis),
    )


def _lasting(raw: str, issued_on: date, on: date) -> str:
    meant, later = parse_deadline(raw, issued_on=issued_on), parse_deadline(raw, issued_on=on)
    return f"{meant.end:%d/%m/%Y}" if meant.end and meant.end != later.end else raw


def _clauses_quoted(draft: TaskDraft, basis: Basis) -> tuple[Clause, ...]:
    quoted = fold(draft.reading.text[draft.start : draft.end])
    if len(quoted) < SHORTEST_QUOTED:
        return ()
    return tuple(row for row, words in basis.clauses if quoted in words or (draft.clause == row.path and words))


def first_values(draft: TaskDraft) -> dict[str, Any]:
    """The draft as its form shows it."""
    chosen = f"{draft.lead.official_name} ({draft.lead.code})" if draft.lead else ""
    return {
        "version": draft.version,
        "text": draft.text,
        "group": draft.group,
        "lead": chosen or draft.lead_text,
        "coordinators": draft.coordinators_text,
        "deadline_raw": draft.deadline_raw,
        "product": draft.product,
        "resources": draft.resources,
    }
