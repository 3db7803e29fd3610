"""Which issues were prepared and published."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import NotVisible
from thucthi.publication import access
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
