"""A decision answers what is stuck and becomes a task (D9, D12, D55)."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.obstacles import access
from thucthi.obstacles.actions.climbing import _catch_up
from thucthi.obstacles.actions.register import OBSTACLE_LOCK, _lock
from thucthi.obstacles.models import Decision, DecisionTask, Meeting, Obstacle
from thucthi.obstacles.selectors import closing_steps
from thucthi.obstacles.selectors.decisions import deciding_ids, reference_of
from thucthi.programmes.actions import assign_task
from thucthi.programmes.models import Programme
from thucthi.programmes.selectors.contents import TaskContent
from thucthi.programmes.selectors.drafts import fault_of_ended

CARRIED_OUT = (Decision.Kind.INSTRUCT, Decision.Kind.GRANT)


@dataclass(frozen=True)
class NewDecision:
    """`responsible` and `due_on`: who carries it out by when. `reference`: number and day of the paper, if any."""

    kind: str
    text: str
    responsible: Organisation | None = None
    due_on: date | None = None
    reference: str = ""
    meeting: Meeting | None = None
    is_simulated: bool = False


@transaction.atomic
def decide_obstacle(
    obstacle: Obstacle, *, by: Viewer, organisation: Organisation, new: NewDecision, on: date
) -> Decision:
    """Decide in the name of `organisation`: the body on whose desk it lies, one it passed, or the committee above.

    A decision stops the ladder, a deferral does not. Raises Forbidden, Refused, and Stale once it was closed.
    """
    _lock(OBSTACLE_LOCK, obstacle.pk)
    desk = _catch_up(obstacle, on)
    require(
        access.can_decide(by, organisation.pk, deciding_ids(obstacle, on)),
        _("Chỉ cơ quan đang giữ, đã giữ điểm nghẽn này hoặc ban chỉ đạo cấp trên được quyết định."),
    )
    _still_open(obstacle, new)
    refuse_if(_faults_of(obstacle, new, on))
    decision = Decision.objects.create(
        obstacle=obstacle,
        hop=desk,
        meeting=new.meeting,
        kind=new.kind,
        text=new.text.strip(),
        organisation=organisation,
        responsible=new.responsible,
        due_on=new.due_on,
        reference=new.reference.strip(),
        by_id=by.account_id,
        acting_for_id=by.acting_for(organisation.pk, *access.DECIDING_ROLES),
        decided_on=on,
        is_simulated=new.is_simulated,
    )
    _record_decision(decision, by)
    return decision


@transaction.atomic
def add_decision_task(
    decision: Decision, *, by: Viewer, programme: Programme | None, content: TaskContent, on: date
) -> DecisionTask:
    """Give the decision a task in the responsible body's programme; the decision is followed until it is done.

    Raises what programmes.assign_task raises; Refused when this decision is not carried out by tasks there.
    """
    _lock(OBSTACLE_LOCK, decision.obstacle_id)
    refuse_if(_faults_of_carrying(decision, programme))
    programme = cast(Programme, programme)
    task = assign_task(
        programme,
        by=by,
        content=content,
        decision=reference_of(decision),
        decided_on=max(decision.decided_on, programme.issued_on or decision.decided_on),
        on=on,
    )
    link = DecisionTask.objects.create(decision=decision, task=task)
    record("decision.became_task", by=by, subject=decision, task=task.code, obstacle=decision.obstacle.code, on=on)
    return link


def _record_decision(decision: Decision, by: Viewer) -> None:
    record(
        "obstacle.decided",
        by=by,
        subject=decision.obstacle,
        code=decision.obstacle.code,
        kind=decision.kind,
        text=decision.text,
        organisation=decision.organisation.code,
        responsible=decision.responsible.code if decision.responsible else None,
        due_on=decision.due_on,
        reference=decision.reference,
        acting_for=decision.acting_for_id,
        decided_on=decision.decided_on,
    )


def _still_open(obstacle: Obstacle, new: NewDecision) -> None:
    closing = closing_steps().filter(obstacle=obstacle).first()
    if closing is not None:
        raise Stale(
            _("Điểm nghẽn %(code)s đã đóng ngày %(day)s: “%(text)s”. Quyết định chưa được lưu.")
            % {"code": obstacle.code, "day": f"{closing.happened_on:%d/%m/%Y}", "text": closing.text},
            current=closing,
            submitted=new.text,
        )


def _faults_of(obstacle: Obstacle, new: NewDecision, on: date) -> list[Fault]:
    faults = []
    if new.kind not in Decision.Kind.values:
        faults.append(Fault("kind", _("Hãy chọn loại quyết định.")))
    if not new.text.strip():
        faults.append(Fault("text", _("Hãy ghi nội dung quyết định.")))
    faults += _faults_of_carrier(new, on)
    if len(new.reference.strip()) > 300:
        faults.append(Fault("reference", _("Hãy ghi ngắn gọn, không quá 300 chữ.")))
    if on < obstacle.raised_on:
        faults.append(Fault("", _("Ngày quyết định không thể trước ngày nêu điểm nghẽn.")))
    return faults


def _faults_of_carrier(new: NewDecision, on: date) -> list[Fault]:
    faults = []
    if new.kind == Decision.Kind.INSTRUCT and new.responsible is None:
        faults.append(Fault("responsible", _("Hãy ghi cơ quan phải thực hiện.")))
    if new.responsible is not None:
        faults += fault_of_ended(new.responsible, on, "responsible")
    if new.kind == Decision.Kind.INSTRUCT and new.due_on is None:
        faults.append(Fault("due_on", _("Hãy ghi ngày phải xong.")))
    if new.due_on is not None and new.due_on < on:
        faults.append(Fault("due_on", _("Ngày phải xong tính từ hôm nay trở đi.")))
    return faults


def _faults_of_carrying(decision: Decision, programme: Programme | None) -> list[Fault]:
    faults = []
    if decision.kind not in CARRIED_OUT:
        faults.append(Fault("", _("Quyết định này không giao việc nên không sinh nhiệm vụ.")))
    if programme is None:
        faults.append(Fault("programme", _("Hãy chọn chương trình nhận nhiệm vụ.")))
    elif decision.responsible_id and programme.organisation_id != decision.responsible_id:
        faults.append(Fault("programme", _("Hãy chọn chương trình của chính cơ quan phải thực hiện quyết định.")))
    return faults
