"""Preparing an issue, putting it before the public, and saying publicly what was wrong with one (D41, D42)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.canonical import canonical_json
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.publication import access, files
from thucthi.publication.models import Correction, Snapshot, SnapshotKind, SnapshotPublication
from thucthi.publication.selectors import public_issue
from thucthi.publication.selectors.published import corrections_of_published, newest_published
from thucthi.publication.shapes import IssueData

DATA_FILE = "issue.json"
Renderer = Callable[[IssueData], Iterable[tuple[str, bytes]]]


@contextmanager
def _one_view_of_the_database() -> Iterator[str]:
    """Everything read inside is of one moment and nothing can be written; yields the isolation really in force.

    Inside somebody else's transaction (a test, a loader) the isolation can no longer be raised: then each statement
    sees its own moment, and the ledger entry of the snapshot says so.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SHOW transaction_isolation")
        row = cursor.fetchone()
        yield str(row[0])


def prepare_snapshot(*, by: Viewer, kind: str, as_of: date) -> Snapshot:
    """Freeze the public material at the end of `as_of` into files; the same state gives the same snapshot again.

    The database is read in one REPEATABLE READ, read-only transaction; pages are made after it has ended.
    """
    require(access.may_prepare(by), _("Chỉ cơ quan thường trực chỉ đạo mới chuẩn bị kỳ công bố."))
    refuse_if([] if kind in SnapshotKind.values else [Fault("kind", _("Xin chọn kỳ tuần hoặc kỳ tháng."))])
    with _one_view_of_the_database() as isolation:
        data = public_issue(kind, as_of)
    render: Renderer = import_string(settings.SNAPSHOT_RENDERER)
    written = files.write_issue(_files(data, render))
    return _record_snapshot(data, written, by=by, isolation=isolation)


def _files(data: IssueData, render: Renderer) -> Iterator[tuple[str, bytes]]:
    yield DATA_FILE, canonical_json(data)
    yield from render(data)


@transaction.atomic
def _record_snapshot(data: IssueData, written: files.Written, *, by: Viewer, isolation: str) -> Snapshot:
    header = data.header
    snapshot, is_new = Snapshot.objects.get_or_create(
        manifest_hash=written.manifest_hash,
        defaults={
            "kind": header.kind,
            "issue": header.issue,
            "as_of": header.as_of,
            "file_count": written.file_count,
            "is_simulated": header.simulated,
            "prepared_by_id": by.account_id,
        },
    )
    if is_new:
        record(
            "snapshot.prepared",
            by=by,
            subject=snapshot,
            manifest_hash=written.manifest_hash,
            as_of=header.as_of,
            file_count=written.file_count,
            isolation=isolation,
        )
    return snapshot


@transaction.atomic
def publish_snapshot(snapshot: Snapshot, *, by: Viewer) -> SnapshotPublication:
    """A second person puts the issue before the public, after every file was compared with the manifest again."""
    require(access.may_publish(by), _("Chỉ người có vai trò công bố mới phát hành được kỳ công bố."))
    require(
        access.can_publish(by, snapshot.prepared_by_id),
        _("Kỳ này do chính ông/bà chuẩn bị; việc phát hành phải do người khác thực hiện."),
    )
    refuse_if(_faults_of_files(snapshot))
    publication = _insert_publication(snapshot, by)
    record(
        "snapshot.published",
        by=by,
        subject=snapshot,
        manifest_hash=snapshot.manifest_hash,
        kind=snapshot.kind,
        issue=snapshot.issue,
    )
    transaction.on_commit(lambda: show_published(snapshot))
    return publication


def _faults_of_files(snapshot: Snapshot) -> list[Fault]:
    wrong = files.wrong_files(snapshot.manifest_hash)
    if not wrong:
        return []
    sentence = _("Tệp của kỳ này không còn khớp với bản kê (%(n)s tệp, ví dụ %(name)s). Đề nghị chuẩn bị lại kỳ.")
    return [Fault("", sentence % {"n": len(wrong), "name": wrong[0]})]


def _insert_publication(snapshot: Snapshot, by: Viewer) -> SnapshotPublication:
    try:
        with transaction.atomic():
            return SnapshotPublication.objects.create(
                snapshot=snapshot,
                kind=snapshot.kind,
                issue=snapshot.issue,
                prepared_by_id=snapshot.prepared_by_id,
                published_by_id=by.account_id,
            )
    except IntegrityError as error:
        raise Stale(_("Kỳ %(issue)s đã được phát hành.") % {"issue": snapshot.issue}) from error


def show_published(snapshot: Snapshot) -> None:
    """Give the issue its standing address, and the front page to the newest published one. Safe to repeat."""
    files.put_before_the_public(snapshot.manifest_hash, snapshot.issue)
    newest = newest_published()
    if newest is not None:
        files.make_latest(newest.manifest_hash)


@transaction.atomic
def announce_correction(snapshot: Snapshot, *, by: Viewer, text: str, on: date) -> Correction:
    """Say publicly what was wrong. The issue stays as it is; the notice stands beside it and in the next one."""
    require(access.may_publish(by), _("Chỉ người có vai trò công bố mới đăng được đính chính."))
    refuse_if(_faults_of_correction(snapshot, text))
    notice = Correction.objects.create(snapshot=snapshot, text=text.strip(), announced_on=on, by_id=by.account_id)
    record("correction.announced", by=by, subject=snapshot, text=notice.text, announced_on=on)
    transaction.on_commit(lambda: files.write_corrections(corrections_of_published()))
    return notice


def _faults_of_correction(snapshot: Snapshot, text: str) -> list[Fault]:
    faults = []
    if not text.strip():
        faults.append(Fault("text", _("Xin ghi rõ chỗ sai và số đúng.")))
    if not SnapshotPublication.objects.filter(snapshot=snapshot).exists():
        faults.append(Fault("", _("Kỳ này chưa phát hành, nên chưa có gì để đính chính; đề nghị chuẩn bị lại kỳ.")))
    return faults
