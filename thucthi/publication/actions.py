"""Preparing an issue, putting it before the public, and saying publicly what was wrong with one (D41, D42)."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial, wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.canonical import canonical_pieces, sha256_hex
from thucthi.kernel.errors import Fault, Refused, Stale, StoreSilent, refuse_if, require
from thucthi.kernel.sight import seeing_everything
from thucthi.ledger.actions import record, sequence, sign_checkpoint
from thucthi.ledger.selectors import signing_key
from thucthi.ledger.selectors.keys import KeyTrouble
from thucthi.publication import access, bucket, files
from thucthi.publication.fetching import bring_here
from thucthi.publication.front import show, show_corrections, show_report
from thucthi.publication.models import Correction, IssueOrder, Snapshot, SnapshotPublication, SnapshotReturn
from thucthi.publication.moments import readers
from thucthi.publication.proofs import KEYS, LEDGER, WITNESS
from thucthi.publication.selectors import public_issue
from thucthi.publication.selectors.proofs import proof_parts
from thucthi.publication.selectors.refusals import (
    faults_of_clock,
    faults_of_material,
    faults_of_request,
    faults_of_snapshot,
    sentence_of,
)
from thucthi.publication.shapes import SHAPE_OF_A_COUNTRY, Header, IssueData
from thucthi.publication.sheets import TASK_FILES, sheet_files
from thucthi.publication.signing import has_key, signed_report
from thucthi.publication.sweeping import keep_sweepers_out
from thucthi.publication.workers import WorkerDied

# What an issue is made of, in pieces that any process can make by itself.
Renderer = Callable[[IssueData], Sequence[files.Part]]
Prepare = TypeVar("Prepare", bound=Callable[..., Snapshot])
# One key of PostgreSQL's advisory locks: rows of facts cannot be locked by a role that may not change them.
SIGNING_LOCK = 60_030


def _everything_placed_first(prepare: Prepare) -> Prepare:
    """What was recorded so far gets its place in the tree, in transactions of their own, before the issue is read."""

    @wraps(prepare)
    def placed(*args: Any, **more: Any) -> Snapshot:
        while not connection.in_atomic_block and sequence():
            pass
        return prepare(*args, **more)

    return cast(Prepare, placed)


@_everything_placed_first
@transaction.atomic
def prepare_snapshot(
    *,
    by: Viewer,
    kind: str,
    as_of: date,
    cut_off_at: datetime | None = None,
    corrects: Snapshot | None = None,
    order: IssueOrder | None = None,
) -> Snapshot:
    """Freeze the public material at the end of `as_of` into files; the same state gives the same snapshot again.

    What was recorded at `cut_off_at` or later belongs to the next issue. `corrects`: the newest published version of
    this issue, which the new one is to put right; both stay readable. `order`: ends with it, in the same transaction.
    Everything is read at one moment (REPEATABLE READ, read only). Raises Refused when the clock or the material cannot
    be trusted or the disk is full, and Stale when somebody else prepared the same state meanwhile; then nothing was
    written.
    """
    require(access.may_prepare(by), _("Chỉ cơ quan thường trực chỉ đạo mới chuẩn bị kỳ công bố."))
    isolation = _see_one_moment()
    several = readers(settings.SNAPSHOT_PROCESSES)
    refuse_if([*faults_of_clock(timezone.now()), *faults_of_request(kind, as_of, cut_off_at, corrects)])
    with _told_why(), seeing_everything(), _reading_only():
        data = public_issue(kind, as_of, cut_off_at=cut_off_at, corrects=corrects, readers=several)
        proofs = proof_parts(data, several)
    refuse_if(faults_of_material(data))
    render: Renderer = import_string(settings.SNAPSHOT_RENDERER)
    written = _written([partial(_data_file, data), *render(data), *proofs])
    snapshot = _record_snapshot(data, written, by=by, isolation=isolation, corrects=corrects)
    _end_order(order, snapshot)
    return snapshot


def _written(parts: Sequence[files.Part]) -> files.Written:
    with _told_why():
        written = files.write_parts([partial(_readable, part) for part in parts], settings.SNAPSHOT_PROCESSES)
        if bucket.is_on():
            # Before the row: whoever finds the issue in the database finds its files at every machine.
            keep_sweepers_out()
            bucket.put_issue(written.manifest_hash)
        return written


@contextmanager
def _told_why() -> Iterator[None]:
    """A disk that refuses, or a process that was killed, is a sentence for whoever wanted the issue."""
    try:
        yield
    except (OSError, WorkerDied) as error:
        raise Refused([Fault("", sentence_of(error))]) from error


def _see_one_moment() -> str:
    """Raise the isolation of this transaction and allow it the time of making pages; says which isolation is in force.

    Inside somebody else's transaction (a test, a loader) it can no longer be raised: then each statement sees its own
    moment, and the ledger entry of the snapshot says so.
    """
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _allow_the_time_of_files(cursor)
        cursor.execute("SHOW transaction_isolation")
        return str(cursor.fetchone()[0])


def _allow_the_time_of_files(cursor: Any) -> None:
    """Two hundred thousand files take minutes to make, to go into a bucket, and more than one to be read again."""
    cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '45min'")


@contextmanager
def _reading_only() -> Iterator[None]:
    """The database refuses writes inside. Only rolling the savepoint back gives the right to write back."""
    savepoint = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    yield
    transaction.savepoint_rollback(savepoint)


def _data_file(data: IssueData) -> Iterator[tuple[str, files.Content]]:
    # The values stand in files of their own; in this one nobody could open them. So do the tasks of a country.
    sheets = (TASK_FILES, sheet_files(len(data.tasks)))
    instead = {"tasks": sheets} if data.header.version == SHAPE_OF_A_COUNTRY else None
    yield files.DATA, canonical_pieces(replace(data, values={}), instead)


def _readable(part: files.Part) -> Iterator[tuple[str, files.Content]]:
    for name, content in part():
        yield name, files.without_turning_marks(name, content)


def _record_snapshot(
    data: IssueData, written: files.Written, *, by: Viewer, isolation: str, corrects: Snapshot | None
) -> Snapshot:
    known = Snapshot.objects.filter(manifest_hash=written.manifest_hash).first()
    if known is not None:
        return known
    snapshot = _insert_snapshot(data.header, written, by, corrects)
    record(
        "snapshot.prepared",
        by=by,
        subject=snapshot,
        manifest_hash=written.manifest_hash,
        as_of=snapshot.as_of,
        cut_off_at=snapshot.cut_off_at,
        version=snapshot.version,
        file_count=written.file_count,
        isolation=isolation,
    )
    return snapshot


def _insert_snapshot(header: Header, written: files.Written, by: Viewer, corrects: Snapshot | None) -> Snapshot:
    try:
        with transaction.atomic():
            return Snapshot.objects.create(
                kind=header.kind,
                issue=header.issue,
                as_of=header.as_of,
                cut_off_at=header.cut_off_at,
                version=header.issue_version,
                corrects=corrects,
                manifest_hash=written.manifest_hash,
                file_count=written.file_count,
                is_simulated=header.simulated,
                prepared_by_id=by.account_id,
            )
    except IntegrityError as error:
        raise Stale(_("Kỳ %(issue)s vừa được người khác chuẩn bị.") % {"issue": header.issue}) from error


@transaction.atomic
def publish_snapshot(snapshot: Snapshot, *, by: Viewer, order: IssueOrder | None = None) -> SnapshotPublication:
    """A second person puts the issue before the public, after every file was compared with the manifest again.

    `order`: ends with it, in the same transaction.
    """
    require(access.may_publish(by), _("Chỉ người có vai trò công bố mới phát hành được kỳ công bố."))
    require(
        access.can_publish(by, snapshot.prepared_by_id),
        _("Kỳ này do chính ông/bà chuẩn bị; việc phát hành phải do người khác thực hiện."),
    )
    # Before the lock: nobody who signs or returns another issue waits while files are read.
    faulty = _faults_of_files(snapshot)
    _one_at_a_time()
    refuse_if([*faults_of_clock(timezone.now()), *faults_of_snapshot(snapshot), *faulty])
    publication = _insert_publication(snapshot, by)
    report = signed_report(snapshot.manifest_hash, now=timezone.now())
    record(
        "snapshot.published",
        by=by,
        subject=snapshot,
        manifest_hash=snapshot.manifest_hash,
        kind=snapshot.kind,
        issue=snapshot.issue,
        version=snapshot.version,
        signed_report=sha256_hex(report) if report else "",
    )
    _sign(snapshot)
    _end_order(order, snapshot)
    transaction.on_commit(lambda: _show_published(snapshot, report))
    return publication


def _sign(snapshot: Snapshot) -> None:
    """The signature under tree and manifest is the sign-off. Raises Refused, and nothing is published."""
    try:
        _sign_with_the_key_in_the_issue(snapshot)
    except KeyTrouble as trouble:
        raise Refused([Fault("", trouble.vietnamese)]) from trouble
    except FileNotFoundError as error:
        raise Refused([Fault("", _("Tệp của kỳ này không có trên máy chủ; đề nghị chuẩn bị lại kỳ."))]) from error


def _sign_with_the_key_in_the_issue(snapshot: Snapshot) -> None:
    keys = files.read_file(snapshot.manifest_hash, KEYS).decode().splitlines()
    ours = [line.split(" ")[1] for line in keys if not line.startswith(WITNESS)]
    if ours[-1:] != [signing_key().verifier_key]:
        sentence = _("Khóa ký của sổ cái đã đổi từ khi chuẩn bị kỳ này. Đề nghị chuẩn bị lại kỳ rồi phát hành.")
        raise Refused([Fault("", sentence)])
    size = json.loads(files.read_file(snapshot.manifest_hash, LEDGER))["size"]
    sign_checkpoint(size=size, snapshot_hash=snapshot.manifest_hash)


@transaction.atomic
def return_snapshot(snapshot: Snapshot, *, by: Viewer, reason: str) -> SnapshotReturn:
    """The second person refuses to sign and says why; the issue then waits for another preparation."""
    require(access.may_publish(by), _("Chỉ người có vai trò công bố mới trả lại được kỳ công bố."))
    require(
        access.can_publish(by, snapshot.prepared_by_id),
        _("Kỳ này do chính ông/bà chuẩn bị; việc xem lại phải do người khác thực hiện."),
    )
    refuse_if(
        [] if reason.strip() else [Fault("reason", _("Xin ghi rõ vì sao trả lại, để người chuẩn bị biết phải sửa gì."))]
    )
    _one_at_a_time()
    if SnapshotPublication.objects.filter(snapshot=snapshot).exists():
        raise Stale(_("Kỳ %(issue)s đã được phát hành.") % {"issue": snapshot.name})
    try:
        with transaction.atomic():
            made = SnapshotReturn.objects.create(
                snapshot=snapshot, reason=reason.strip(), returned_by_id=_account_id(by)
            )
    except IntegrityError as error:
        raise Stale(_("Kỳ %(issue)s vừa được người khác trả lại.") % {"issue": snapshot.name}) from error
    record("snapshot.returned", by=by, subject=snapshot, reason=made.reason, manifest_hash=snapshot.manifest_hash)
    return made


def _end_order(order: IssueOrder | None, snapshot: Snapshot) -> None:
    """In the transaction of what was ordered: a job that is done again finds it done."""
    if order is not None:
        IssueOrder.objects.filter(pk=order.pk).update(snapshot=snapshot, ended_at=timezone.now(), trouble="")


def _faults_of_files(snapshot: Snapshot) -> list[Fault]:
    with connection.cursor() as cursor:
        _allow_the_time_of_files(cursor)
    try:
        bring_here(snapshot.manifest_hash)
    except StoreSilent as silent:
        return [Fault("", str(silent))]
    wrong = files.wrong_files(snapshot.manifest_hash)
    if not wrong:
        return []
    sentence = _("Tệp của kỳ này không còn khớp với bản kê (%(n)s tệp, ví dụ %(name)s). Đề nghị chuẩn bị lại kỳ.")
    return [Fault("", sentence % {"n": len(wrong), "name": wrong[0]})]


def _one_at_a_time() -> None:
    """Nobody signs what somebody else is just returning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SIGNING_LOCK])


def _account_id(by: Viewer) -> int:
    require(by.account_id is not None, _("Việc này phải do một người làm, không phải hệ thống."))
    return by.account_id or 0


def _insert_publication(snapshot: Snapshot, by: Viewer) -> SnapshotPublication:
    try:
        with transaction.atomic():
            return SnapshotPublication.objects.create(
                snapshot=snapshot,
                kind=snapshot.kind,
                issue=snapshot.issue,
                version=snapshot.version,
                prepared_by_id=snapshot.prepared_by_id,
                published_by_id=_account_id(by),
            )
    except IntegrityError as error:
        raise Stale(_("Kỳ %(issue)s đã được phát hành.") % {"issue": snapshot.name}) from error


def _show_published(snapshot: Snapshot, report: bytes | None = None) -> None:
    """Give the issue its standing address, and the front page to the newest published one. Safe to repeat.

    It is signed by now: when the disk refuses, the next background job puts it before the public.
    """
    try:
        if report:
            show_report(files.signed_report_name(snapshot.issue, snapshot.version), report)
        show(snapshot)
    except OSError as error:
        done = _("Đã ký duyệt kỳ %(issue)s, nhưng chưa đưa được ra mặt trước; hệ thống tự làm lại trong mười phút.")
        raise Refused([Fault("", done % {"issue": snapshot.name}), Fault("", sentence_of(error))]) from error


@transaction.atomic
def announce_correction(snapshot: Snapshot, *, by: Viewer, text: str, on: date) -> Correction:
    """Say publicly what was wrong. The issue stays as it is; the notice stands beside it and in the next one."""
    require(access.may_publish(by), _("Chỉ người có vai trò công bố mới đăng được đính chính."))
    refuse_if(_faults_of_correction(snapshot, text))
    notice = Correction.objects.create(snapshot=snapshot, text=text.strip(), announced_on=on, by_id=_account_id(by))
    record("correction.announced", by=by, subject=snapshot, text=notice.text, announced_on=on)
    transaction.on_commit(_show_corrections)
    return notice


def _show_corrections() -> None:
    try:
        show_corrections()
    except StoreSilent as silent:
        done = _("Đã đăng đính chính, nhưng chưa đưa được ra mặt trước; hệ thống tự làm lại trong mười phút.")
        raise Refused([Fault("", done), Fault("", sentence_of(silent))]) from silent


def _faults_of_correction(snapshot: Snapshot, text: str) -> list[Fault]:
    faults = []
    if not text.strip():
        faults.append(Fault("text", _("Xin ghi rõ chỗ sai và số đúng.")))
    if not SnapshotPublication.objects.filter(snapshot=snapshot).exists():
        faults.append(Fault("", _("Kỳ này chưa phát hành, nên chưa có gì để đính chính; đề nghị chuẩn bị lại kỳ.")))
    return faults


@transaction.atomic
def sign_report(snapshot: Snapshot, *, by: Viewer) -> str:
    """Sign the monthly report of an issue that went out without a signature; gives the name of the file."""
    require(access.may_publish(by), _("Chỉ người có vai trò công bố mới ký được báo cáo."))
    name = files.signed_report_name(snapshot.issue, snapshot.version)
    refuse_if(_faults_of_signing(snapshot, name))
    report = signed_report(snapshot.manifest_hash, now=timezone.now())
    refuse_if([] if report else [Fault("", _("Kỳ này không có báo cáo PDF để ký."))])
    content = report or b""
    record("report.signed", by=by, subject=snapshot, issue=snapshot.issue, signed_report=sha256_hex(content))
    transaction.on_commit(lambda: show_report(name, content))
    return name


def _faults_of_signing(snapshot: Snapshot, name: str) -> list[Fault]:
    if not SnapshotPublication.objects.filter(snapshot=snapshot).exists():
        return [Fault("", _("Kỳ này chưa phát hành; báo cáo được ký khi phát hành."))]
    if files.has_beside(name):
        return [Fault("", _("Báo cáo của kỳ này đã ký rồi."))]
    if not has_key():
        return [Fault("", _("Chưa cài chứng thư ký báo cáo (docs/settings.md, THUCTHI_PAPER_KEY_FILE)."))]
    return []
