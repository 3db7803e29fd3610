""" "Làm đến cùng": somebody looks again, on a day set beforehand, whether the result of a closed task still holds."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes.models import Task
from thucthi.reporting import access
from thucthi.reporting.models import AfterCheck, AfterCheckResult
from thucthi.reporting.selectors.after_checks import is_completed, place_of_task
from thucthi.reporting.selectors.obligations import lock_task


@dataclass(frozen=True)
class NewAfterCheck:
    """Who looks (`examiner`), on which day, at what."""

    due_on: date
    examiner: Organisation | None
    what: str
    is_simulated: bool = False


@transaction.atomic
def set_after_check(task: Task, *, by: Viewer, new: NewAfterCheck, on: date) -> AfterCheck:
    """Set the day of a check for a task accepted as complete. Raises Forbidden, Refused, Stale for the same day twice.

    The examiner is another body than the one that answers for the task (D25).
    """
    task = lock_task(task.pk)
    require(
        access.can_set_after_check(by, place_of_task(task)),
        _("Chỉ cơ quan chủ quản chương trình hoặc cơ quan thường trực chỉ đạo được hẹn ngày kiểm tra lại."),
    )
    refuse_if(_faults_of(task, new, on))
    if AfterCheck.objects.filter(task=task, due_on=new.due_on).exists():
        raise Stale(_("Đã có hẹn kiểm tra lại vào ngày này. Đề nghị xem lại danh sách."))
    made = AfterCheck.objects.create(
        task=task,
        due_on=new.due_on,
        examiner=new.examiner,  # type: ignore[misc]  # a missing one was refused above
        what=new.what.strip(),
        by_id=by.account_id,
        is_simulated=new.is_simulated,
    )
    record(
        "after_check.set",
        by=by,
        subject=made,
        task=task.code,
        due_on=new.due_on,
        examiner=made.examiner.code,
        what=made.what,
    )
    return made


@transaction.atomic
def record_after_check(check: AfterCheck, *, by: Viewer, finding: str, text: str, on: date) -> AfterCheckResult:
    """What was found; once. Raises Forbidden, Refused with all faults, Stale when somebody recorded first."""
    task = lock_task(check.task_id)
    place = place_of_task(task)
    require(
        access.can_record_after_check(by, check.examiner_id, place.reporting_ids),
        _("Chỉ cơ quan được giao kiểm tra lại ghi kết quả; người chịu trách nhiệm về nhiệm vụ không tự ghi."),
    )
    earlier = AfterCheckResult.objects.filter(check_of=check).first()
    if earlier is not None:
        raise Stale(
            _("Kết quả kiểm tra này đã được ghi: %(finding)s.") % {"finding": earlier.get_finding_display()},
            current=earlier,
        )
    faults = []
    if finding not in AfterCheckResult.Finding.values:
        faults.append(Fault("finding", _("Đề nghị chọn kết quả kiểm tra.")))
    if not text.strip():
        faults.append(Fault("text", _("Đề nghị ghi đã thấy gì khi kiểm tra.")))
    refuse_if(faults)
    made = AfterCheckResult.objects.create(
        check_of=check,
        finding=finding,
        text=text.strip(),
        by_id=by.account_id,
        found_on=on,
        is_simulated=check.is_simulated,
    )
    record("after_check.recorded", by=by, subject=made, task=task.code, finding=finding, text=made.text, found_on=on)
    return made


def _faults_of(task: Task, new: NewAfterCheck, on: date) -> list[Fault]:
    faults = []
    if not is_completed(task, on):
        faults.append(Fault("", _("Chỉ hẹn kiểm tra lại với nhiệm vụ đã được nghiệm thu hoàn thành.")))
    if new.due_on <= on and not new.is_simulated:
        faults.append(Fault("due_on", _("Ngày kiểm tra lại phải sau hôm nay.")))
    if new.examiner is None:
        faults.append(Fault("examiner", _("Đề nghị chọn cơ quan kiểm tra lại.")))
    elif new.examiner.pk == task.lead_id:
        faults.append(Fault("examiner", _("Cơ quan kiểm tra lại phải khác cơ quan chủ trì nhiệm vụ.")))
    if not new.what.strip():
        faults.append(Fault("what", _("Đề nghị ghi sẽ kiểm tra điều gì.")))
    return faults
