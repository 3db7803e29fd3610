"""Steps in the life of an issued task: received, suspended, resumed, cancelled."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import Task, TaskEvent, TaskEventKind
from thucthi.programmes.selectors.standing import standing_of


@transaction.atomic
def receive_task(task: Task, *, by: Viewer, on: date) -> TaskEvent:
    """The lead says it has taken the task on."""
    task = _locked_task(task.pk)
    require(access.can_receive(by, task.lead_id), _("Chỉ cơ quan chủ trì xác nhận tiếp nhận được nhiệm vụ này."))
    faults = _faults_of_state(task, TaskEventKind.RECEIVED)
    if not faults and on < _issued_on(task):
        faults.append(Fault("on", _("Ngày tiếp nhận không thể trước ngày giao.")))
    refuse_if(faults)
    event = TaskEvent.objects.create(task=task, kind=TaskEventKind.RECEIVED, happened_on=on, by_id=by.account_id)
    record("task.received", by=by, subject=task, on=on)
    return event


@transaction.atomic
def suspend_task(task: Task, *, by: Viewer, on: date, decision: str, reason: str) -> TaskEvent:
    """Stop the clock of a task for a while."""
    return _decide(task, TaskEventKind.SUSPENDED, by=by, on=on, decision=decision, reason=reason)


@transaction.atomic
def resume_task(task: Task, *, by: Viewer, on: date, decision: str, reason: str) -> TaskEvent:
    """Let a suspended task go on."""
    return _decide(task, TaskEventKind.RESUMED, by=by, on=on, decision=decision, reason=reason)


@transaction.atomic
def cancel_task(task: Task, *, by: Viewer, on: date, decision: str, reason: str) -> TaskEvent:
    """Give a task up for good; it stays readable and counted as cancelled."""
    return _decide(task, TaskEventKind.CANCELLED, by=by, on=on, decision=decision, reason=reason)


def _decide(task: Task, kind: TaskEventKind, *, by: Viewer, on: date, decision: str, reason: str) -> TaskEvent:
    task = _locked_task(task.pk)
    require(
        access.can_decide_for(by, task.programme.organisation_id),
        _("Chỉ người đứng đầu cơ quan ban hành chương trình được quyết định việc này."),
    )
    faults = _faults_of_state(task, kind)
    if not faults and on < _issued_on(task):
        faults.append(Fault("on", _("Ngày quyết định không thể trước ngày ban hành chương trình.")))
    if not decision.strip():
        faults.append(Fault("decision", _("Đề nghị ghi số, ký hiệu văn bản quyết định.")))
    if not reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi lý do.")))
    refuse_if(faults)
    event = TaskEvent.objects.create(
        task=task, kind=kind, happened_on=on, decision=decision.strip(), reason=reason.strip(), by_id=by.account_id
    )
    record(f"task.{kind.value}", by=by, subject=task, on=on, decision=event.decision, reason=event.reason)
    return event


def _locked_task(pk: int) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pk)


def _issued_on(task: Task) -> date:
    """Called for issued tasks alone; date.min keeps a comparison harmless for any other."""
    return task.programme.issued_on or date.min


def _faults_of_state(task: Task, kind: TaskEventKind) -> list[Fault]:
    if not task.is_issued:
        return [Fault("", _("Nhiệm vụ chưa được ban hành."))]
    standing = standing_of(task)
    refused = {
        TaskEventKind.RECEIVED: (standing.is_received, _("Nhiệm vụ đã được tiếp nhận.")),
        TaskEventKind.SUSPENDED: (standing.is_suspended, _("Nhiệm vụ đang tạm dừng.")),
        TaskEventKind.RESUMED: (not standing.is_suspended, _("Nhiệm vụ không ở trạng thái tạm dừng.")),
    }
    if standing.is_closed:
        return [Fault("", _("Nhiệm vụ đã hủy hoặc đã thay thế."))]
    is_refused, sentence = refused.get(kind, (False, ""))
    return [Fault("", sentence)] if is_refused else []
