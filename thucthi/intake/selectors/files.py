"""Files that were taken in, and how far their reading has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from thucthi.directory.access import Viewer
from thucthi.intake import access
from thucthi.intake.calculations.files import place_of
from thucthi.intake.models import DocumentReading, ReadingStep, SourceFile, StepKind, TaskDraft
from thucthi.kernel.errors import NotVisible
from thucthi.programmes.models import Programme

# Columns of a reading that a list of files has no use for.
LARGE = ("text", "header", "clauses", "targets", "tasks", "warnings")
# The sandbox gives up long before; whoever still "reads" after this was cut off.
LONGEST_READING = timedelta(minutes=5)


class Progress(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    FAILED = "failed"
    READY = "ready"


@dataclass(frozen=True)
class Standing:
    """How far a file has come: since when, and for a failed one what is wrong. `ahead` files wait before it."""

    progress: Progress
    since: datetime
    sentence: str = ""
    ahead: int = 0

    @property
    def is_over(self) -> bool:
        return self.progress in {Progress.READY, Progress.FAILED}

    def is_cut_off(self, at: datetime) -> bool:
        return self.progress == Progress.READING and at - self.since > LONGEST_READING


def name_of(file: SourceFile) -> str:
    """Under which name its bytes are kept: beside the evidence, in the same back-up."""
    return f"intake/{place_of(file.sha256, file.file_name)}"


def files_of(programme: Programme) -> QuerySet[SourceFile]:
    """The programme's files, newest first, with their readings."""
    files = SourceFile.objects.filter(programme=programme).select_related("reading", "uploaded_by")
    return files.defer(*(f"reading__{name}" for name in LARGE)).order_by("-pk")


def file_for(viewer: Viewer, pk: int) -> SourceFile:
    """Raises NotVisible for an unknown file and for one of a programme whose papers the viewer may not read."""
    related = ("programme__organisation", "programme__head", "reading__earlier__file", "replaces")
    file = SourceFile.objects.select_related(*related).defer("reading__earlier__text").filter(pk=pk).first()
    if file is None or not access.can_see_sources(viewer, file.programme.organisation.path):
        raise NotVisible
    return file


def reading_for(viewer: Viewer, pk: int) -> DocumentReading:
    """The reading of a visible file; NotVisible while there is none."""
    reading = reading_of(file_for(viewer, pk))
    if reading is None:
        raise NotVisible
    return reading


def draft_for(viewer: Viewer, pk: int) -> TaskDraft:
    """Raises NotVisible for an unknown draft and for one whose file the viewer may not read."""
    related = ("reading__file__programme__organisation", "reading__file__programme__head", "lead", "task")
    draft = TaskDraft.objects.select_related(*related).filter(pk=pk).first()
    if draft is None or not access.can_see_sources(viewer, draft.reading.file.programme.organisation.path):
        raise NotVisible
    return draft


def reading_of(file: SourceFile) -> DocumentReading | None:
    return file.reading if hasattr(file, "reading") else None


def standing_of(file: SourceFile) -> Standing:
    """Told by the steps; a file without any waits for the background worker."""
    return standings_of([file])[file.pk]


def standings_of(files: Sequence[SourceFile]) -> dict[int, Standing]:
    """The standing of each by its id, with a fixed number of queries."""
    last = {step.file_id: step for step in ReadingStep.objects.filter(file__in=files).order_by("pk")}
    unread = [file for file in files if reading_of(file) is None]
    untouched = SourceFile.objects.filter(reading__isnull=True, steps__isnull=True)
    waiting = list(untouched.values_list("pk", flat=True)) if unread else []
    return {file.pk: _standing(file, last.get(file.pk), waiting) for file in files}


def _standing(file: SourceFile, last: ReadingStep | None, waiting: Sequence[int]) -> Standing:
    reading = reading_of(file)
    if reading is not None:
        return Standing(Progress.READY, reading.recorded_at)
    if last is None or last.kind == StepKind.ASKED_AGAIN:
        ahead = sum(1 for pk in waiting if pk < file.pk)
        return Standing(Progress.WAITING, last.recorded_at if last else file.recorded_at, ahead=ahead)
    progress = Progress.FAILED if last.kind == StepKind.FAILED else Progress.READING
    return Standing(progress, last.recorded_at, last.sentence)
