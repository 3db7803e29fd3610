"""Which issues were prepared and published, and what is in them."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import NotVisible
from thucthi.ledger.models import Entry
from thucthi.publication import access
from thucthi.publication.calculations import Run, last_run, next_run
from thucthi.publication.models import Correction, Snapshot, SnapshotKind, SnapshotPublication
from thucthi.publication.shapes import CorrectionData, EarlierIssue


def snapshots_for(viewer: Viewer) -> QuerySet[Snapshot]:
    """Newest day first."""
    if not access.may_see_issues(viewer):
        return Snapshot.objects.none()
    rows = Snapshot.objects.select_related(
        "publication__published_by", "returned__returned_by", "prepared_by", "corrects"
    )
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


def all_published() -> list[Snapshot]:
    """Newest first."""
    rows = SnapshotPublication.objects.select_related("snapshot").order_by("-snapshot__as_of", "-pk")
    return [row.snapshot for row in rows]


def newest_version(kind: str, issue: str) -> Snapshot | None:
    """The last published version of an issue."""
    rows = SnapshotPublication.objects.filter(kind=kind, issue=issue).select_related("snapshot")
    newest = rows.order_by("-version").first()
    return newest.snapshot if newest else None


def published_before(snapshot: Snapshot) -> Snapshot | None:
    """The published issue that a reader would compare this one with."""
    rows = SnapshotPublication.objects.filter(snapshot__as_of__lte=snapshot.as_of).exclude(snapshot=snapshot)
    before = rows.select_related("snapshot").order_by("-snapshot__as_of", "-pk").first()
    return before.snapshot if before else None


def another_is_published(snapshot: Snapshot) -> bool:
    """Whether this version of the issue went out as other files, so that this snapshot cannot."""
    same = SnapshotPublication.objects.filter(kind=snapshot.kind, issue=snapshot.issue, version=snapshot.version)
    return same.exclude(snapshot=snapshot).exists()


def earlier_issues(as_of: date) -> tuple[EarlierIssue, ...]:
    """Published issues of earlier days, newest first."""
    rows = SnapshotPublication.objects.filter(snapshot__as_of__lt=as_of).select_related("snapshot")
    return tuple(
        EarlierIssue(row.issue, row.kind, row.snapshot.as_of, row.snapshot.manifest_hash, row.version)
        for row in rows.order_by("-snapshot__as_of", "-pk")
    )


def corrections(rows: QuerySet[Correction], known_by: datetime | None = None) -> tuple[CorrectionData, ...]:
    """Notices, newest first, each with the version that puts it right, if one was published before `known_by`."""
    published = SnapshotPublication.objects.exclude(snapshot__corrects=None).select_related("snapshot")
    if known_by is not None:
        published = published.filter(published_at__lt=known_by)
    better = {row.snapshot.corrects_id: row.snapshot.name for row in published}
    return tuple(
        CorrectionData(
            issue=each.snapshot.issue,
            announced_on=each.announced_on,
            text=each.text,
            version=each.snapshot.version,
            kind=each.snapshot.kind,
            manifest_hash=each.snapshot.manifest_hash,
            corrected_by=better.get(each.snapshot_id),
        )
        for each in rows.select_related("snapshot").order_by("-announced_on", "-pk")
    )


def corrections_of_published() -> tuple[CorrectionData, ...]:
    """All notices, newest first."""
    return corrections(Correction.objects.all())


def runs_to_prepare(now: datetime) -> list[Run]:
    """The newest weekly and the newest monthly run whose hour has come and of which no issue was made.

    A machine that was off makes up for the last one only. Nothing is made up for a day before the system knew anything,
    nor for an issue that is out already.
    """
    found = [last_run(kind, timezone.localtime(now), settings.ISSUE_RHYTHM) for kind in SnapshotKind.values]
    return [run for run in found if not _is_made(run) and Entry.objects.filter(recorded_at__lt=run.cut_off_at).exists()]


def _is_made(run: Run) -> bool:
    same = Snapshot.objects.filter(kind=run.kind, issue=run.issue)
    is_out = Exists(SnapshotPublication.objects.filter(snapshot=OuterRef("pk")))
    return same.filter(cut_off_at=run.cut_off_at).exists() or same.filter(is_out).exists()


def coming_runs(now: datetime) -> list[Run]:
    """The next weekly and the next monthly one, the nearer first."""
    found = [next_run(kind, timezone.localtime(now), settings.ISSUE_RHYTHM) for kind in SnapshotKind.values]
    return sorted(found, key=lambda run: run.prepare_at)
