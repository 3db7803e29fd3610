"""Issued tasks change only by a decision; the old value stays readable (P1)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.deadlines import parse_deadline
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.kernel.vietnamese_text import fold
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import ChangedField, Coordination, Programme, Task, TaskChange
from thucthi.programmes.selectors.drafts import fault_of_ended
from thucthi.programmes.selectors.standing import standing_of

_Ends = tuple[date | None, date | None]


@dataclass(frozen=True)
class _Decision:
    by: Viewer
    decision: str
    decided_on: date
    reason: str


@transaction.atomic
def change_deadline(
    task: Task, *, by: Viewer, new_deadline: str, decision: str, decided_on: date, reason: str
) -> TaskChange:
    """Move the deadline of an issued task; a missing year is the next one after `decided_on`."""
    decided = _Decision(by, decision, decided_on, reason)
    task = _locked_task(decided, task.pk)
    read = parse_deadline(new_deadline, issued_on=decided_on)
    faults = _faults_of_decision(task, decided)
    if read.end is None:
        faults.append(Fault("new_deadline", _("Chưa xác định được ngày cuối. Đề nghị ghi ngày, tháng, quý hoặc năm.")))
    elif task.start_on and read.end < task.start_on:
        faults.append(Fault("new_deadline", _("Thời hạn phải sau ngày bắt đầu. Đề nghị kiểm tra lại.")))
    if new_deadline == task.deadline_raw:
        faults.append(_unchanged("new_deadline"))
    refuse_if(faults)
    change = _change(
        task, decided, ChangedField.DEADLINE, task.deadline_raw, new_deadline, ends=(task.resolved_end, read.end)
    )
    task.deadline_raw = new_deadline
    task.deadline_kind = read.kind.value
    task.deadline_precision = read.precision or ""
    task.deadline_recurrence = read.recurrence or ""
    task.deadline_trigger = read.trigger or ""
    task.resolved_end = read.end
    _keep(task)
    _record(task, change, by)
    return change


@transaction.atomic
def change_lead(
    task: Task, *, by: Viewer, new_lead: Organisation, decision: str, decided_on: date, reason: str
) -> TaskChange:
    """Charge another organisation with an issued task; it stops being a coordinator if it was one."""
    decided = _Decision(by, decision, decided_on, reason)
    task = _locked_task(decided, task.pk)
    faults = [*_faults_of_decision(task, decided), *fault_of_ended(new_lead, decided_on, "new_lead")]
    if new_lead.pk == task.lead_id:
        faults.append(_unchanged("new_lead"))
    refuse_if(faults)
    old = task.lead.official_name if task.lead else ""
    change = _change(task, decided, ChangedField.LEAD, old, new_lead.official_name)
    task.lead = new_lead
    _keep(task)
    Coordination.objects.filter(task=task, organisation=new_lead).delete()
    _record(task, change, by)
    return change


@transaction.atomic
def change_product(
    task: Task, *, by: Viewer, new_product: str, decision: str, decided_on: date, reason: str
) -> TaskChange:
    """Say otherwise what an issued task must deliver."""
    decided = _Decision(by, decision, decided_on, reason)
    task = _locked_task(decided, task.pk)
    new_product = new_product.strip()
    faults = _faults_of_decision(task, decided)
    if not new_product:
        faults.append(Fault("new_product", _("Đề nghị ghi sản phẩm, kết quả mới.")))
    if new_product == task.product:
        faults.append(_unchanged("new_product"))
    refuse_if(faults)
    change = _change(task, decided, ChangedField.PRODUCT, task.product, new_product)
    task.product = new_product
    _keep(task)
    _record(task, change, by)
    return change


@transaction.atomic
def change_text(task: Task, *, by: Viewer, new_text: str, decision: str, decided_on: date, reason: str) -> TaskChange:
    """Word an issued task otherwise."""
    decided = _Decision(by, decision, decided_on, reason)
    task = _locked_task(decided, task.pk)
    new_text = new_text.strip()
    faults = _faults_of_decision(task, decided)
    if not new_text:
        faults.append(Fault("new_text", _("Đề nghị ghi nội dung mới.")))
    if new_text == task.text:
        faults.append(_unchanged("new_text"))
    refuse_if(faults)
    change = _change(task, decided, ChangedField.TEXT, task.text, new_text)
    task.text = new_text
    _keep(task)
    _record(task, change, by)
    return change


def _locked_task(decided: _Decision, pk: int) -> Task:
    task = Task.objects.select_for_update(of=("self",)).select_related("programme", "lead").get(pk=pk)
    require(
        access.can_decide_for(decided.by, task.programme.organisation_id),
        _("Chỉ người đứng đầu cơ quan ban hành chương trình được quyết định thay đổi nhiệm vụ đã giao."),
    )
    return task


def _faults_of_decision(task: Task, decided: _Decision) -> list[Fault]:
    faults = []
    if not task.is_issued:
        faults.append(Fault("", _("Nhiệm vụ còn là dự thảo; đề nghị sửa ngay trong chương trình.")))
    if standing_of(task).is_closed:
        faults.append(Fault("", _("Nhiệm vụ đã hủy hoặc đã thay thế nên không thay đổi được nữa.")))
    if not decided.decision.strip():
        faults.append(Fault("decision", _("Đề nghị ghi số, ký hiệu văn bản quyết định.")))
    if not decided.reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi lý do thay đổi.")))
    programme: Programme = task.programme
    if programme.issued_on and decided.decided_on < programme.issued_on:
        faults.append(Fault("decided_on", _("Ngày quyết định không thể trước ngày ban hành chương trình.")))
    return faults


def _unchanged(field: str) -> Fault:
    return Fault(field, _("Giá trị mới giống giá trị hiện hành. Đề nghị ghi giá trị khác."))


def _change(
    task: Task,
    decided: _Decision,
    field: str,
    old: str,
    new: str,
    *,
    ends: tuple[date | None, date | None] = (None, None),
) -> TaskChange:
    """The trace comes first: the database lets an issued task change only to what its newest trace says."""
    return TaskChange.objects.create(
        task=task,
        field=field,
        old_value=old,
        new_value=new,
        old_end=ends[0],
        new_end=ends[1],
        decision=decided.decision.strip(),
        decided_on=decided.decided_on,
        reason=decided.reason.strip(),
        by_id=decided.by.account_id,
    )


def _keep(task: Task) -> None:
    task.version += 1
    task.search_text = fold(f"{task.code} {task.text} {task.product}")
    task.save()


def _record(task: Task, change: TaskChange, by: Viewer) -> None:
    record(
        "task.changed",
        by=by,
        subject=task,
        field=str(change.field),
        old=change.old_value,
        new=change.new_value,
        decision=change.decision,
        decided_on=change.decided_on,
        reason=change.reason,
    )
