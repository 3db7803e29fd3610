"""A file of values on its way in: kept, checked in the background, and recorded once its sender confirms.

waiting → checking → checked → writing → done
             └→ unreadable  └→ dropped (also from waiting)
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.models import Delivery, Upload, UploadState
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Fault, Refused, refuse_if, require
from thucthi.ledger.actions import record

CHECK, WRITE = "indicators.check_upload", "indicators.write_upload"
TAKEN = (".xlsx", ".csv", ".txt")
# A file that led to nothing may be sent again as it is.
_LED_NOWHERE = (UploadState.DROPPED, UploadState.UNREADABLE)


@dataclass(frozen=True)
class Outcome:
    """What checking found. `faults` and `warnings` are the first of them: {row, column, sentence, values}."""

    total: int
    good: int
    unchanged: int
    corrections: int
    fault_count: int
    faults: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    sentence: str = ""


@transaction.atomic
def take_upload(*, by: Viewer, organisation: Organisation, file_name: str, content: bytes) -> Upload:
    """Keep a file and ask for its checking; the same bytes again for the same body give the upload that is there.

    Raises Forbidden, and Refused with all faults; then nothing is kept.
    """
    require(access.can_observe_for(by, organisation.path), _("Ông/bà chỉ gửi được số liệu cho cơ quan mình."))
    refuse_if(_faults_of_file(file_name, content))
    # One of two equal files sent at once has to wait for the other: the body stands for its uploads.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    digest = sha256_hex(content)
    known = Upload.objects.filter(organisation=organisation, content_hash=digest).exclude(state__in=_LED_NOWHERE)
    earlier = known.defer("content").order_by("pk").first()
    if earlier is not None:
        return earlier
    upload = Upload.objects.create(
        organisation=organisation,
        by_id=by.account_id,
        file_name=file_name[-255:],
        content_hash=digest,
        content=content,
    )
    record("upload.taken", by=by, subject=upload, organisation=organisation.code, sha256=digest, size=len(content))
    app.configure_task(CHECK).defer(upload_id=upload.pk)
    return upload


@transaction.atomic
def start_checking(upload: Upload, *, by: Viewer) -> bool:
    """Whether the checking is now this worker's; a second worker finds it taken."""
    taken = Upload.objects.filter(pk=upload.pk, state__in=[UploadState.WAITING, UploadState.CHECKING])
    if not taken.update(state=UploadState.CHECKING, checked=0, changed_at=timezone.now()):
        return False
    record("upload.checking_started", by=by, subject=upload)
    return True


@dataclass(frozen=True)
class Progress:
    """How far a job has come. It is nobody's deed and decides nothing, so it leaves no entry in the ledger."""

    upload: Upload

    def tell(self, checked: int, total: int) -> None:
        Upload.objects.filter(pk=self.upload.pk).update(checked=checked, total=total, changed_at=timezone.now())


@transaction.atomic
def keep_outcome(upload: Upload, *, by: Viewer, outcome: Outcome) -> None:
    """The checking is over; nothing is recorded before the sender confirms."""
    _move(upload, UploadState.CHECKING, UploadState.CHECKED, {**vars(outcome), "checked": outcome.total})
    counts = {"total": outcome.total, "good": outcome.good, "faulty": outcome.fault_count}
    record("upload.checked", by=by, subject=upload, **counts)


@transaction.atomic
def call_unreadable(upload: Upload, *, by: Viewer, sentence: str) -> None:
    """Unless somebody dropped the file, or another worker finished with it, meanwhile."""
    at_work = Upload.objects.filter(pk=upload.pk, state__in=[UploadState.CHECKING, UploadState.WRITING])
    if at_work.update(state=UploadState.UNREADABLE, sentence=sentence, changed_at=timezone.now()):
        record("upload.found_unreadable", by=by, subject=upload, sentence=sentence)


@transaction.atomic
def confirm_upload(upload: Upload, *, by: Viewer, only_good: bool) -> None:
    """The sender wants the rows recorded: all of them, or knowingly those without a fault only.

    Raises Forbidden for anybody else, Refused while there are faults and `only_good` was not chosen.
    """
    _require_sender(upload, by)
    standing = Upload.objects.defer("content").select_for_update().get(pk=upload.pk)
    refuse_if(_faults_of_confirming(standing, only_good))
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.WRITING, sentence="", changed_at=timezone.now())
    record("upload.confirmed", by=by, subject=upload, only_good=only_good, left_out=standing.fault_count)
    app.configure_task(WRITE).defer(upload_id=upload.pk, only_good=only_good)


@transaction.atomic
def drop_upload(upload: Upload, *, by: Viewer) -> None:
    """The sender takes the file back; the row stays, so that one can see that it was dropped."""
    _require_sender(upload, by)
    droppable = [UploadState.WAITING, UploadState.CHECKING, UploadState.CHECKED]
    moved = Upload.objects.filter(pk=upload.pk, state__in=droppable).update(
        state=UploadState.DROPPED, changed_at=timezone.now()
    )
    if not moved:
        raise Refused([Fault("", _("Tệp này đã ghi hoặc đã bỏ; không còn gì để bỏ."))])
    record("upload.dropped", by=by, subject=upload)


@transaction.atomic
def finish_upload(upload: Upload, *, by: Viewer, delivery: Delivery) -> None:
    """In the same transaction as the delivery: either both stand or neither."""
    done = {
        "good": delivery.added + delivery.corrected + delivery.unchanged,
        "unchanged": delivery.unchanged,
        "corrections": delivery.corrected,
    }
    _move(upload, UploadState.WRITING, UploadState.DONE, done)
    record("upload.recorded", by=by, subject=upload, delivery=delivery.pk)


@transaction.atomic
def send_back_upload(upload: Upload, *, by: Viewer, outcome: Outcome) -> None:
    """What was confirmed no longer holds: the sender looks again. Nothing was recorded."""
    _move(upload, UploadState.WRITING, UploadState.CHECKED, vars(outcome))
    record("upload.sent_back", by=by, subject=upload, sentence=outcome.sentence)


def _move(upload: Upload, before: str, after: str, change: dict[str, Any]) -> None:
    moved = Upload.objects.filter(pk=upload.pk, state=before).update(state=after, changed_at=timezone.now(), **change)
    if not moved:
        raise Refused([Fault("", _("Tệp này không còn chờ xử lý. Đề nghị mở lại trang."))])


def _require_sender(upload: Upload, by: Viewer) -> None:
    require(
        by.account_id is not None and by.account_id == upload.by_id,
        _("Chỉ người gửi tệp mới xác nhận hoặc bỏ tệp này."),
    )


def _faults_of_confirming(upload: Upload, only_good: bool) -> list[Fault]:
    if upload.state != UploadState.CHECKED:
        return [Fault("", _("Tệp này chưa kiểm tra xong, hoặc đã ghi, đã bỏ. Đề nghị mở lại trang."))]
    if not upload.good:
        return [Fault("", _("Tệp không có dòng nào ghi được. Đề nghị sửa tệp rồi gửi lại."))]
    if upload.fault_count and not only_good:
        return [
            Fault(
                "only_good",
                _("Còn %(count)s dòng có lỗi. Hãy sửa tệp rồi gửi lại, hoặc đánh dấu đồng ý bỏ qua các dòng đó.")
                % {"count": upload.fault_count},
            )
        ]
    return []


def _faults_of_file(file_name: str, content: bytes) -> list[Fault]:
    most = settings.VALUES_MAX_BYTES
    told = {"name": file_name, "limit": most // (1024 * 1024)}
    if not file_name.lower().endswith(TAKEN):
        return [Fault("file", _("Tệp “%(name)s” không phải XLSX hoặc CSV. Hãy dùng bảng mẫu.") % told)]
    if not content:
        return [Fault("file", _("Tệp “%(name)s” rỗng. Hãy chọn lại tệp có nội dung.") % told)]
    if len(content) > most:
        return [Fault("file", _("Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy tách thành nhiều tệp.") % told)]
    return []
