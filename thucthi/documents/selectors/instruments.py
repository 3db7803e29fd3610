"""Owed instruments as pages show them: of a resolution, of a drafter, one with its stages. Always with a viewer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents import access
from thucthi.documents.calculations.instruments import (
    ORDER,
    InstrumentStanding,
    Step,
    days_by_stage,
    standing_of_instrument,
)
from thucthi.documents.models import Document, Instrument, InstrumentConflict, InstrumentStep, Security, Stage
from thucthi.documents.selectors.register import visible_documents
from thucthi.kernel.errors import NotVisible
from thucthi.ledger.models import Entry


@dataclass(frozen=True)
class InstrumentRow:
    """`since` is the day from which it has been where it is: in its stage, or owed without having begun."""

    instrument: Instrument
    standing: InstrumentStanding
    open_conflicts: int

    @property
    def since(self) -> date:
        spans = self.standing.spans
        return spans[-1].entered_on if spans else self.instrument.document.issued_on

    @property
    def stage_label(self) -> str:
        return label_of_stage(self.standing.stage)


def label_of_stage(stage: str | None) -> str:
    """In the reader's language; "" for a text nobody has begun."""
    return str(Stage(stage).label) if stage else ""


@dataclass(frozen=True)
class StageCount:
    """`stage` "" counts the texts nobody has begun."""

    stage: str
    label: str
    count: int


@dataclass(frozen=True)
class Pipeline:
    """Owed texts as of a day, those that have waited longest in their stage first, issued ones last."""

    as_of: date
    rows: tuple[InstrumentRow, ...]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def counts(self) -> tuple[StageCount, ...]:
        """One per stage, in their order, behind the count of those not begun; together they are `total`."""
        stages = [row.standing.stage or "" for row in self.rows]
        return tuple(StageCount(stage, label_of_stage(stage), stages.count(stage)) for stage in ("", *ORDER))

    @property
    def issued(self) -> int:
        return sum(row.standing.is_issued for row in self.rows)

    @property
    def in_force(self) -> int:
        return sum(row.standing.is_in_force for row in self.rows)

    @property
    def late(self) -> int:
        """Past their day and not issued."""
        return sum(row.standing.is_late and not row.standing.is_issued for row in self.rows)

    @property
    def most_days_late(self) -> int:
        return max((row.standing.days_late or 0 for row in self.rows if not row.standing.is_issued), default=0)


def visible_instruments(viewer: Viewer) -> QuerySet[Instrument]:
    """Whoever may know of the resolution may know what it still owes."""
    documents = visible_documents(viewer).order_by().values("pk")
    return Instrument.objects.filter(document__in=documents).order_by("document_id", "code")


def instrument_for(viewer: Viewer, code: str) -> Instrument:
    """Raises NotVisible for an unknown code and for one of a document that the viewer may not know of."""
    related = ("document__register", "document__issuer", "drafter", "clause", "issued_document")
    row = Instrument.objects.select_related(*related).filter(code=code).first()
    if row is None or not access.can_see_document(
        viewer, is_public=row.document.is_public, register_id=row.document.register_id
    ):
        raise NotVisible
    return row


def conflict_for(viewer: Viewer, code: str, pk: int) -> InstrumentConflict:
    conflict = InstrumentConflict.objects.filter(instrument=instrument_for(viewer, code), pk=pk).first()
    if conflict is None:
        raise NotVisible
    return conflict


def instrument_rows(instruments: QuerySet[Instrument], as_of: date) -> list[InstrumentRow]:
    """Owed texts with where they stand; two queries however many."""
    unanswered = Count("conflicts", filter=Q(conflicts__answer__isnull=True))
    rows = instruments.select_related("document", "drafter", "clause", "issued_document").annotate(
        unanswered=unanswered
    )
    ordered = Prefetch("steps", queryset=InstrumentStep.objects.order_by("pk"))
    found: Iterable[Any] = rows.prefetch_related(ordered)
    return [InstrumentRow(row, standing_of(row, as_of), row.unanswered) for row in found]


def standing_of(instrument: Instrument, as_of: date) -> InstrumentStanding:
    """`document` and `steps` should be at hand."""
    steps = sorted(instrument.steps.all(), key=lambda step: step.pk)
    return standing_of_instrument(
        [Step(step.stage, step.entered_on, step.days_allowed, step.clock_ends_on) for step in steps],
        resolved_on=instrument.document.issued_on,
        due_on=instrument.due_on,
        as_of=as_of,
    )


def pipeline(instruments: QuerySet[Instrument], as_of: date) -> Pipeline:
    """Chosen from `visible_instruments`."""
    rows = instrument_rows(instruments, as_of)
    return Pipeline(
        as_of, tuple(sorted(rows, key=lambda row: (row.standing.is_issued, row.since, row.instrument.code)))
    )


@dataclass(frozen=True)
class DrafterRow:
    drafter: Organisation
    pipeline: Pipeline


def drafters(viewer: Viewer, as_of: date) -> list[DrafterRow]:
    """Who still drafts what, the one with the most late texts first."""
    by_drafter: dict[int, list[InstrumentRow]] = {}
    for row in pipeline(visible_instruments(viewer), as_of).rows:
        by_drafter.setdefault(row.instrument.drafter_id, []).append(row)
    found = [DrafterRow(rows[0].instrument.drafter, Pipeline(as_of, tuple(rows))) for rows in by_drafter.values()]
    return sorted(found, key=lambda row: (-row.pipeline.late, -row.pipeline.most_days_late, row.drafter.sort_key))


def drafter_for(code: str) -> Organisation:
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None:
        raise NotVisible
    return organisation


@dataclass(frozen=True)
class Edit:
    """What a change of intent replaced: the old words stay readable."""

    entry: Entry
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def decision(self) -> str:
        return str((self.entry.content or {}).get("decision", ""))

    @property
    def fields(self) -> list[tuple[str, Any, Any]]:
        """(name, old, new) of what changed."""
        return [(name, self.before.get(name), new) for name, new in self.after.items() if self.before.get(name) != new]


@dataclass(frozen=True)
class InstrumentPage:
    """One owed text; `tasks` are those of open programmes that are to bring it into force."""

    row: InstrumentRow
    steps: tuple[InstrumentStep, ...]
    stage_days: Mapping[str, int]
    conflicts: tuple[InstrumentConflict, ...]
    edits: tuple[Edit, ...]
    tasks: tuple[Any, ...]
    can_keep: bool
    can_follow: bool
    can_answer: bool
    may_state: bool

    @property
    def stage_words(self) -> dict[str, str]:
        return {stage: label_of_stage(stage) for stage in ORDER}

    @property
    def field_words(self) -> dict[str, str]:
        return {
            "type": _("Loại văn bản"),
            "title": _("Tên"),
            "drafter": _("Cơ quan soạn thảo"),
            "clause": _("Theo điều khoản"),
            "deadline_raw": _("Thời hạn"),
            "legal_basis": _("Căn cứ pháp lý"),
            "compliance_cost": _("Chi phí tuân thủ"),
            "new_procedures": _("Thủ tục hành chính tăng thêm"),
        }


def instrument_page(viewer: Viewer, instrument: Instrument, as_of: date) -> InstrumentPage:
    """`instrument` comes from `instrument_for`: whoever calls may see it."""
    row = instrument_rows(Instrument.objects.filter(pk=instrument.pk), as_of)[0]
    conflicts = instrument.conflicts.select_related(
        "organisation", "other_document", "other_instrument", "answer__by", "by"
    )
    register = instrument.document.register.path
    return InstrumentPage(
        row=row,
        steps=tuple(instrument.steps.select_related("by").order_by("pk")),
        stage_days=days_by_stage(row.standing.spans),
        conflicts=tuple(conflicts.order_by("pk")),
        edits=_edits(instrument),
        tasks=tuple(tasks_bringing(instrument)),
        can_keep=access.can_keep_in(viewer, register),
        can_follow=access.can_follow_instrument(viewer, register, instrument.drafter_id),
        can_answer=access.can_answer_conflict(viewer, instrument.drafter_id),
        may_state=bool(viewer.organisation_ids()),
    )


def _edits(instrument: Instrument) -> tuple[Edit, ...]:
    entries = Entry.objects.filter(
        subject_type=Instrument._meta.label_lower, subject_id=instrument.pk, event="instrument.edited"
    )
    told = [(entry, entry.content) for entry in entries.order_by("pk")]
    # An entry whose personal data were erased no longer says what changed.
    return tuple(Edit(entry, content["before"], content["after"]) for entry, content in told if content)


def tasks_bringing(instrument: Instrument) -> Iterable[Any]:
    """Issued tasks of programmes on public documents alone: every account sees them.

    Tasks lie above documents; they are read through the relation they themselves declare.
    """
    told: Any = instrument
    links = told.task_instruments.filter(task__is_issued=True).select_related("task__lead", "task__programme")
    closed = Document.objects.exclude(security=Security.PUBLIC)
    return [link.task for link in links.exclude(task__programme__bases__in=closed).order_by("task__code")]


def speaking_for(viewer: Viewer) -> list[Organisation]:
    """For which organisations the viewer may point at a contradiction."""
    return list(Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key"))
