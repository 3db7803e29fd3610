"""The pages of a reading: review, source, what is left out, what changed since the earlier version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from thucthi.documents.models import Document
from thucthi.intake.calculations.coverage import Extent, uncovered
from thucthi.intake.calculations.passages import Passage, Place, passages
from thucthi.intake.models import DocumentReading, DraftState, Quotation, TaskDraft
from thucthi.intake.selectors.drafts import THRESHOLDS, DraftRow, carried_out, judged, lit, rows_of
from thucthi.programmes.models import Programme, Task

ROWS = 20
# A text up to this size is shown whole, with the place lit.
WHOLE = 60_000


@dataclass(frozen=True)
class Tally:
    """How many drafts of a reading wait, were accepted, dropped."""

    waiting: int
    accepted: int
    dropped: int

    @property
    def total(self) -> int:
        return self.waiting + self.accepted + self.dropped


@dataclass(frozen=True)
class ReviewPage:
    """`rows` are this page's, with verdicts; `thresholds` (confidence, how many that accepting above it would take)."""

    reading: DocumentReading
    programme: Programme
    tally: Tally
    page: "Page[DraftRow]"
    rows: tuple[DraftRow, ...]
    source: tuple[Passage, ...]
    thresholds: tuple[tuple[Decimal, int], ...]


VIEWS = ("cho", "nhan", "bo")


def _belongs(draft: TaskDraft) -> str:
    if draft.state == DraftState.DROPPED:
        return "bo"
    return "nhan" if draft.task_id else "cho"


def tally_of(drafts: Sequence[TaskDraft]) -> Tally:
    views = [_belongs(draft) for draft in drafts if draft.state != DraftState.MERGED]
    return Tally(views.count("cho"), views.count("nhan"), views.count("bo"))


def drafts_of(reading: DocumentReading) -> list[TaskDraft]:
    """All but those merged into others, in the order of the document."""
    rows = reading.drafts.exclude(state=DraftState.MERGED).select_related("lead", "task")
    return list(rows.order_by("position", "pk"))


def review_page(reading: DocumentReading, *, shown: str, number: str | None, today: date) -> ReviewPage:
    """`shown` is one of VIEWS: what waits, what was accepted, what was dropped."""
    programme = reading.file.programme
    drafts = drafts_of(reading)
    rows = rows_of([draft for draft in drafts if _belongs(draft) == shown], reading, today)
    page = Paginator(rows, ROWS).get_page(number)
    here = judged(list(page.object_list), programme, today)
    acceptable = [row.draft.confidence for row in rows if shown == "cho" and row.bodies.lead.organisation]
    return ReviewPage(
        reading=reading,
        programme=programme,
        tally=tally_of(drafts),
        page=page,
        rows=tuple(here),
        source=lit(reading, [row.draft for row in here]),
        thresholds=tuple((least, sum(1 for sure in acceptable if sure >= least)) for least in THRESHOLDS),
    )


@dataclass(frozen=True)
class DraftPage:
    """One draft, its source, and the drafts it may be merged with."""

    row: DraftRow
    source: tuple[Passage, ...]
    neighbours: tuple[TaskDraft, ...]


def draft_page(draft: TaskDraft, today: date) -> DraftPage:
    reading = draft.reading
    row = judged(rows_of([draft], reading, today), reading.file.programme, today)[0]
    others = reading.drafts.filter(state=DraftState.KEPT, task__isnull=True).exclude(pk=draft.pk)
    before = list(others.filter(position__lte=draft.position).order_by("-position", "-pk")[:3])
    after = list(others.filter(position__gt=draft.position).order_by("position", "pk")[:5])
    return DraftPage(row, lit(reading, [draft], around=900), (*reversed(before), *after))


@dataclass(frozen=True)
class SourcePage:
    """The text with one place lit. `is_whole` tells whether nothing was left out."""

    source: tuple[Passage, ...]
    is_whole: bool


def source_page(reading: DocumentReading, start: int, end: int) -> SourcePage:
    is_whole = len(reading.text) <= WHOLE
    around = len(reading.text) if is_whole else WHOLE // 4
    return SourcePage(passages(reading.text, [Place(0, start, end)], around=around), is_whole)


@dataclass(frozen=True)
class LeftOut:
    """A clause that no task of the programme cites."""

    path: str
    words: str
    start: int
    end: int


def left_out(reading: DocumentReading) -> list[LeftOut]:
    """The clauses of the outline without a quotation, those above a quoted one not counted."""
    extents = [Extent(row["path"], row["start"], row["end"], row["parent"]) for row in reading.clauses]
    quoted = Quotation.objects.filter(reading=reading).values_list("start", "end")
    return [
        LeftOut(clause.path, reading.text[clause.start : clause.end].strip(), clause.start, clause.end)
        for clause in (extents[at] for at in uncovered(extents, quoted))
    ]


@dataclass(frozen=True)
class Changed:
    """A draft that goes on from an earlier one: (what, before, now) of everything that differs in the documents."""

    draft: TaskDraft
    earlier: TaskDraft
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Changes:
    """Against the earlier version. `gone` are earlier drafts without a successor, with the tasks made of them."""

    added: tuple[TaskDraft, ...]
    changed: tuple[Changed, ...]
    gone: tuple[TaskDraft, ...]
    same: int


def changes_of(reading: DocumentReading) -> Changes:
    """What the new version changes, by the drafts that were paired when it was read."""
    drafts = list(reading.drafts.select_related("task", "matched__task").order_by("position", "pk"))
    continued = [_changed(row, row.matched, reading) for row in drafts if row.matched]
    paired = [row.earlier.pk for row in continued]
    earlier = TaskDraft.objects.filter(reading=reading.earlier_id).exclude(state=DraftState.MERGED)
    gone = earlier.exclude(pk__in=paired).select_related("task").order_by("position", "pk")
    return Changes(
        added=tuple(row for row in drafts if row.matched is None and row.state != DraftState.MERGED),
        changed=tuple(row for row in continued if row.differences),
        gone=tuple(gone) if reading.earlier_id else (),
        same=sum(1 for row in continued if not row.differences),
    )


def _changed(now: TaskDraft, before: TaskDraft, reading: DocumentReading) -> Changed:
    now.reading = reading
    if reading.earlier is not None:
        before.reading = reading.earlier
    return Changed(now, before, _differences(now, before))


def _differences(now: TaskDraft, before: TaskDraft) -> tuple[tuple[str, str, str], ...]:
    """By what the two documents say, whatever people made of the drafts."""
    names = (_("Nội dung"), _("Chủ trì"), _("Phối hợp"), _("Thời hạn"), _("Sản phẩm"))
    rows = zip(names, as_read(before), as_read(now), strict=True)
    return tuple((name, old, new) for name, old, new in rows if " ".join(old.split()) != " ".join(new.split()))


def as_read(draft: TaskDraft) -> tuple[str, str, str, str, str]:
    """Words, lead, coordinators, deadline and product as the document has them."""
    said = draft.reading.tasks[draft.position]
    return (
        said["action"] or said["text"],
        "; ".join(said["lead"]),
        "; ".join(said["coordinators"]),
        (said["deadline"] or {}).get("raw", ""),
        said["product"] or "",
    )


@dataclass(frozen=True)
class ResultPage:
    """What came out of a file, in short. `document`: which basis of the programme was read, None for another one."""

    reading: DocumentReading
    tally: Tally
    document: Document | None
    left_out: int


def result_page(reading: DocumentReading, programme: Programme) -> ResultPage:
    return ResultPage(reading, tally_of(drafts_of(reading)), carried_out(reading, programme), len(left_out(reading)))


def quotations_of(task: Task) -> list[Quotation]:
    """Where the task was read, the newest version first."""
    return list(Quotation.objects.filter(task=task).select_related("reading__file").order_by("-reading_id"))
