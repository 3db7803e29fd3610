"""The steps of a reading: begun, failed with a sentence, or kept whole with its drafts."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.intake import access
from thucthi.intake.calculations.changes import Pairing, Worded, pair
from thucthi.intake.models import DocumentReading, DraftState, Quotation, ReadingStep, SourceFile, StepKind, TaskDraft
from thucthi.intake.reading.shapes import Reading
from thucthi.intake.selectors.files import reading_of
from thucthi.intake.selectors.review import as_read
from thucthi.intake.selectors.rows import draft_of, plain, storable
from thucthi.kernel.errors import Stale, require
from thucthi.ledger.actions import record
from thucthi.programmes.models import Programme

Dated = dict[str, Any]


@transaction.atomic
def start_reading(file: SourceFile, *, by: Viewer) -> ReadingStep:
    """The worker has begun."""
    file = _locked(file, by)
    step = ReadingStep.objects.create(file=file, kind=StepKind.STARTED)
    record("reading.started", by=by, subject=file)
    return step


@transaction.atomic
def fail_reading(file: SourceFile, *, by: Viewer, sentence: str) -> ReadingStep:
    """It cannot be read: `sentence` tells the person why and what to do."""
    file = _locked(file, by)
    step = ReadingStep.objects.create(file=file, kind=StepKind.FAILED, sentence=sentence)
    record("reading.failed", by=by, subject=file, sentence=sentence)
    return step


@transaction.atomic
def keep_reading(file: SourceFile, *, by: Viewer, reading: Reading) -> DocumentReading:
    """Keep what was read, all of it or nothing, with one draft per task.

    When the file is a new version of an earlier one, what people decided about tasks that stand in both goes on, and
    the programme's tasks are shown at their place in the new text too.
    """
    file = _locked(file, by)
    kept = _insert(file, reading)
    drafts = TaskDraft.objects.bulk_create(
        draft_of(kept, position, task) for position, task in enumerate(reading.tasks)
    )
    carried = _carry_over(kept, drafts) if kept.earlier else _Carried()
    record(
        "reading.kept",
        by=by,
        subject=kept,
        file=file.sha256,
        number=kept.number,
        clauses=len(reading.clauses),
        targets=len(reading.targets),
        drafts=len(drafts),
        warnings=len(reading.warnings),
        **asdict(carried),
    )
    return kept


def _locked(file: SourceFile, by: Viewer) -> SourceFile:
    """Read anew under the lock of its programme, against a second worker on the same file."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=file.programme_id)
    require(access.can_take_in(by, programme.organisation_id), _("Việc đọc tệp do hệ thống thực hiện."))
    file = SourceFile.objects.select_related("programme", "reading", "replaces__reading").get(pk=file.pk)
    if reading_of(file) is not None:
        raise Stale(_("Tệp này đã được đọc xong."))
    return file


def _insert(file: SourceFile, reading: Reading) -> DocumentReading:
    header = reading.header
    return DocumentReading.objects.create(
        file=file,
        earlier=_earlier(file, header.number or ""),
        number=(header.number or "")[:120],
        title=storable(header.title or ""),
        issued_on=header.issued_on,
        text=storable(reading.text),
        header=plain(header),
        clauses=plain(reading.clauses),
        targets=plain(reading.targets),
        tasks=plain(reading.tasks),
        warnings=plain(reading.warnings),
    )


def _earlier(file: SourceFile, number: str) -> DocumentReading | None:
    """The version before: the file that was named, else the newest one of the same number in this programme."""
    if file.replaces is not None:
        return reading_of(file.replaces)
    readings = DocumentReading.objects.filter(file__programme=file.programme_id, number=number)
    return readings.order_by("-pk").first() if number else None


@dataclass(frozen=True)
class _Carried:
    """How the new version's drafts relate to the earlier ones, in numbers."""

    same: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0
    remapped: int = 0


def _carry_over(kept: DocumentReading, drafts: list[TaskDraft]) -> _Carried:
    assert kept.earlier is not None  # noqa: S101 - the caller has looked
    old = list(kept.earlier.drafts.exclude(state=DraftState.MERGED).order_by("position", "pk"))
    pairing = pair([_worded(row) for row in old], [_worded(row) for row in drafts])
    by_old, by_new = {row.pk: row for row in old}, {row.pk: row for row in drafts}
    paired = [(by_old[a], by_new[b]) for a, b in (*pairing.same, *pairing.changed)]
    unchanged = {new for _old, new in pairing.same}
    for before, now in paired:
        now.matched, now.task_id = before, before.task_id
        if now.pk in unchanged and before.state == DraftState.DROPPED:
            now.state = DraftState.DROPPED
    TaskDraft.objects.bulk_update([now for _before, now in paired], ["matched", "task", "state"])
    places = {before.task_id: now for before, now in [*_of_the_same_place(old, pairing, paired), *paired]}
    Quotation.objects.bulk_create(
        Quotation(task_id=task_id, reading=kept, start=now.start, end=now.end)
        for task_id, now in places.items()
        if task_id is not None
    )
    counts = {name: len(getattr(pairing, name)) for name in ("same", "changed", "added", "removed")}
    return _Carried(**counts, remapped=len(places.keys() - {None}))


def _of_the_same_place(
    old: list[TaskDraft], pairing: Pairing, paired: list[tuple[TaskDraft, TaskDraft]]
) -> list[tuple[TaskDraft, TaskDraft]]:
    """Parts of a split draft: only one of them found its pair, the others stood in the same words."""
    return [
        (part, now)
        for part in old
        if part.pk in pairing.removed
        for before, now in paired
        if before.position == part.position
    ]


def _worded(draft: TaskDraft) -> Worded:
    text, *fields = as_read(draft)
    return Worded(draft.pk, text, tuple(fields))
