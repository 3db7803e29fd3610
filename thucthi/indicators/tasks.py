"""What the background worker does with a file of values: it checks it, and records it once the sender confirmed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.selectors import viewer_of
from thucthi.indicators.actions.observations import deliver_observations
from thucthi.indicators.actions.uploads import (
    CHECK,
    WRITE,
    Outcome,
    Progress,
    call_unreadable,
    finish_upload,
    keep_outcome,
    send_back_upload,
    start_checking,
)
from thucthi.indicators.calculations.said import N_
from thucthi.indicators.forms.observations import observations_of
from thucthi.indicators.models import DeliveryKind, Upload, UploadState
from thucthi.indicators.selectors.uploads import NOTHING, OLD_FILE, ZEROS, Checked, check, plain
from thucthi.kernel.errors import ThucThiError

BROKEN = N_("Chưa xử lý được tệp này do lỗi của hệ thống; chưa ghi gì. Đề nghị báo quản trị.")


@app.task(name=CHECK)
def check_upload(upload_id: int) -> None:
    """Whatever goes wrong, the page gets a sentence, and nothing is recorded."""
    upload = Upload.objects.select_related("by").get(pk=upload_id)
    if not start_checking(upload, by=SYSTEM):
        return
    try:
        checked = check(upload, _sender(upload), Progress(upload).tell)
        keep_outcome(upload, by=SYSTEM, outcome=_outcome(checked))
    except ThucThiError as fault:
        call_unreadable(upload, by=SYSTEM, sentence=str(fault))
    except Exception:
        # Known to nobody yet: the person is not left waiting, and the failed job shows it to the operator.
        call_unreadable(upload, by=SYSTEM, sentence=_(BROKEN))
        raise


@app.task(name=WRITE)
def write_upload(upload_id: int, only_good: bool) -> None:
    """Record what was confirmed, in one transaction; what does not hold any more goes back to the sender."""
    upload = Upload.objects.select_related("by").get(pk=upload_id)
    if upload.state != UploadState.WRITING:
        return
    try:
        _write(upload, only_good)
    except ThucThiError as fault:
        call_unreadable(upload, by=SYSTEM, sentence=str(fault))
    except Exception:
        call_unreadable(upload, by=SYSTEM, sentence=_(BROKEN))
        raise


def _write(upload: Upload, only_good: bool) -> None:
    sender = _sender(upload)
    checked = check(upload, sender, Progress(upload).tell)
    if checked.read.fault_count > upload.fault_count or (checked.read.fault_count and not only_good):
        sentence = _("Từ khi kiểm tra đã có thay đổi: nhiều dòng không còn ghi được. Chưa ghi gì; đề nghị xem lại.")
        send_back_upload(upload, by=SYSTEM, outcome=_outcome(checked, sentence))
        return
    with transaction.atomic():
        rows = observations_of(checked.read.good, available_on=timezone.localdate())
        delivery = deliver_observations(by=sender, kind=DeliveryKind.WORKBOOK, rows=rows, upload=upload)
        finish_upload(upload, by=sender, delivery=delivery)


def _sender(upload: Upload) -> Viewer:
    """With the rights of today: a role that ended meanwhile records nothing."""
    return viewer_of(upload.by)


def _outcome(checked: Checked, sentence: str = "") -> Outcome:
    read, compared = checked.read, checked.compared
    notes: list[dict[str, object]] = []
    if checked.is_old:
        notes.append({"row": 0, "column": "", "sentence": OLD_FILE, "values": {}})
    if read.zeros:
        notes.append({"row": 0, "column": "", "sentence": ZEROS, "values": {"count": str(read.zeros)}})
    if not read.good and not read.fault_count:
        notes.append({"row": 0, "column": "", "sentence": NOTHING, "values": {}})
    return Outcome(
        total=read.total,
        good=len(read.good),
        unchanged=compared.unchanged,
        corrections=compared.corrections,
        fault_count=read.fault_count,
        faults=[plain(trouble) for trouble in read.faults],
        warnings=[*notes, *(plain(trouble) for trouble in read.warnings)],
        sentence=sentence,
    )
