"""Which issues were prepared and published, and what is in them."""

import json
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import NotVisible
from thucthi.monitoring.states import Schedule, Stage
from thucthi.publication import access, files
from thucthi.publication.calculations import IssueSummary, TaskLine
from thucthi.publication.models import Correction, Snapshot, SnapshotPublication
from thucthi.publication.shapes import CorrectionData, EarlierIssue


def snapshots_for(viewer: Viewer) -> QuerySet[Snapshot]:
    """Newest day first."""
    if not access.may_see_issues(viewer):
        return Snapshot.objects.none()
    rows = Snapshot.objects.select_related("publication__published_by", "prepared_by")
    return rows.prefetch_related("corrections").order_by("-as_of", "-pk")


def snapshot_for(viewer: Viewer, pk: int) -> Snapshot:
    """Raises NotVisible for an unknown issue and for a viewer who may not see issues."""
    snapshot = snapshots_for(viewer).filter(pk=pk).first()
    if snapshot is None:
        raise NotVisible(_("Không có kỳ công bố này, hoặc ông/bà không thuộc phạm vi được xem."))
    return snapshot


def newest_published() -> Snapshot | None:
    """By the day of its figures; of two for the same day the one published last."""
    newest = SnapshotPublication.objects.select_related("snapshot").order_by("-snapshot__as_of", "-pk").first()
    return newest.snapshot if newest else None


def published_before(snapshot: Snapshot) -> Snapshot | None:
    """The published issue that a reader would compare this one with."""
    rows = SnapshotPublication.objects.filter(snapshot__as_of__lte=snapshot.as_of).exclude(snapshot=snapshot)
    before = rows.select_related("snapshot").order_by("-snapshot__as_of", "-pk").first()
    return before.snapshot if before else None


def another_is_published(snapshot: Snapshot) -> bool:
    """Whether the issue went out in another version, so that this one cannot."""
    same = SnapshotPublication.objects.filter(kind=snapshot.kind, issue=snapshot.issue)
    return same.exclude(snapshot=snapshot).exists()


def earlier_issues(as_of: date) -> tuple[EarlierIssue, ...]:
    """Published issues of earlier days, newest first."""
    rows = SnapshotPublication.objects.filter(snapshot__as_of__lt=as_of).select_related("snapshot")
    return tuple(
        EarlierIssue(row.issue, row.kind, row.snapshot.as_of, row.snapshot.manifest_hash)
        for row in rows.order_by("-snapshot__as_of", "-pk")
    )


def corrections(rows: QuerySet[Correction]) -> tuple[CorrectionData, ...]:
    return tuple(
        CorrectionData(each.snapshot.issue, each.announced_on, each.text)
        for each in rows.select_related("snapshot").order_by("-announced_on", "-pk")
    )


def corrections_of_published() -> tuple[CorrectionData, ...]:
    """All notices, newest first."""
    return corrections(Correction.objects.all())


def summary_of(snapshot: Snapshot) -> IssueSummary:
    """Read from the issue's own file. Raises NotVisible when its files are not on this machine."""
    try:
        data = json.loads(files.read_file(snapshot.manifest_hash, files.DATA))
    except OSError as error:
        raise NotVisible(_("Tệp của kỳ này không có trên máy chủ; đề nghị chuẩn bị lại kỳ.")) from error
    tally = data["tally"]
    counts = {"total": tally["total"], "owed": tally["owed"], "reported": tally["reported"]}
    counts |= {f"schedule.{each.value}": tally["schedules"][each.value] for each in Schedule}
    counts |= {f"stage.{each.value}": tally["stages"][each.value] for each in Stage}
    tasks = {each["code"]: _line(each) for each in data["tasks"]}
    return IssueSummary(snapshot.issue, counts, tasks)


def _line(task: dict[str, Any]) -> TaskLine:
    now = task["standing"]
    return TaskLine(task["code"], task["text"], now["stage"], now["schedule"], now["reported"])
