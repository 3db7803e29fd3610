"""A body says that a duty is not its own, with a legal reason and the right owner; its superior rules (D66)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import steers_from_the_centre
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.kernel.working_days import add_working_days
from thucthi.ledger.actions import record
from thucthi.obstacles import access
from thucthi.obstacles.actions.climbing import _catch_up, _catch_up_request
from thucthi.obstacles.actions.register import OBSTACLE_LOCK, _lock
from thucthi.obstacles.calculations.ladder import Rung
from thucthi.obstacles.calculations.ladder_tree import clock_on
from thucthi.obstacles.models import Cause, CoordinationRequest, Hop, Obstacle, Refusal, RefusalRuling
from thucthi.obstacles.selectors.ladder import clocks
from thucthi.obstacles.selectors.refusals import Duty, duty_of, holder_ids, is_over
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.drafts import fault_of_ended

REQUEST_LOCK = 7111


@dataclass(frozen=True)
class NewRefusal:
    """`proposed_owner`: the body whose duty it is, by `legal_basis`."""

    legal_basis: str
    reason: str
    proposed_owner: Organisation | None
    is_simulated: bool = False


@transaction.atomic
def refuse_duty(duty: Duty, *, by: Viewer, organisation: Organisation, new: NewRefusal, on: date) -> Refusal:
    """Refuse an obstacle, a request or a task that lies with `organisation`. Its clock goes on until it is ruled on.

    Raises Forbidden; Refused without a legal basis, a reason, another owner, or while an earlier refusal waits.
    """
    _hold(duty, on)
    require(
        access.can_refuse(by, organisation.pk, holder_ids(duty, on)),
        _("Chỉ người đứng đầu hoặc người được giao phê duyệt của cơ quan đang giữ việc này được từ chối."),
    )
    refuse_if(_faults_of(duty, organisation, new, on))
    refusal = Refusal.objects.create(
        **{_column(duty): duty},
        organisation=organisation,
        legal_basis=new.legal_basis.strip(),
        reason=new.reason.strip(),
        proposed_owner=cast(Organisation, new.proposed_owner),
        by_id=by.account_id,
        refused_on=on,
        is_simulated=new.is_simulated,
    )
    record(
        "duty.refused",
        by=by,
        subject=refusal,
        duty=duty.code,
        organisation=organisation.code,
        legal_basis=refusal.legal_basis,
        reason=refusal.reason,
        proposed_owner=refusal.proposed_owner.code,
        refused_on=on,
    )
    return refusal


@dataclass(frozen=True)
class NewRuling:
    """`upheld`: the duty goes to `owner`; otherwise it stays where it is and `owner` is not asked."""

    upheld: bool | None
    owner: Organisation | None
    text: str
    is_simulated: bool = False


@transaction.atomic
def rule_on_refusal(
    refusal: Refusal, *, by: Viewer, organisation: Organisation, new: NewRuling, on: date
) -> RefusalRuling:
    """Say, in the name of `organisation`, who keeps the duty. An obstacle or a request goes to the new owner's desk.

    A task's lead is changed by a decision of its programme's head (programmes.change_lead), which this ruling names.
    Raises Forbidden, Refused, and Stale when it was ruled on meanwhile.
    """
    duty = duty_of(refusal)
    desk = _hold(duty, on)
    central = steers_from_the_centre(by)
    require(
        access.can_rule(by, refusal.organisation.path, organisation.pk, from_the_centre=central),
        _("Chỉ cấp trên của cơ quan từ chối, hoặc cơ quan thường trực chỉ đạo ở trung ương, được phân xử."),
    )
    refuse_if(_faults_of_ruling(refusal, new, on))
    owner = cast(Organisation, new.owner) if new.upheld else refusal.organisation
    ruling = _insert_ruling(refusal, owner, new, organisation=organisation, by_id=by.account_id, ruled_on=on)
    if ruling.upheld and not isinstance(duty, Task) and not is_over(duty):
        _move(duty, desk, owner, by, on)
    record(
        "refusal.ruled",
        by=by,
        subject=refusal,
        duty=duty.code,
        upheld=ruling.upheld,
        owner=owner.code,
        text=ruling.text,
        organisation=organisation.code,
        ruled_on=on,
    )
    return ruling


def _insert_ruling(refusal: Refusal, owner: Organisation, new: NewRuling, **said: Any) -> RefusalRuling:
    try:
        with transaction.atomic():
            return RefusalRuling.objects.create(
                refusal=refusal,
                upheld=bool(new.upheld),
                owner=owner,
                text=new.text.strip(),
                is_simulated=new.is_simulated,
                **said,
            )
    except IntegrityError as ruled_meanwhile:
        raise Stale(_("Việc từ chối này vừa được phân xử. Hãy tải lại trang.")) from ruled_meanwhile


def _hold(duty: Duty, on: date) -> Hop | None:
    """Whoever else acts on the same duty waits; the desk on which it lies today."""
    if isinstance(duty, Obstacle):
        _lock(OBSTACLE_LOCK, duty.pk)
        return _catch_up(duty, on)
    if isinstance(duty, CoordinationRequest):
        _lock(REQUEST_LOCK, duty.pk)
        return _catch_up_request(duty, on)
    Task.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    return None


def _move(duty: Obstacle | CoordinationRequest, desk: Hop | None, owner: Organisation, by: Viewer, on: date) -> None:
    """The ladder begins anew at the right owner's desk."""
    cause = duty.cause if isinstance(duty, Obstacle) else Cause.COORDINATION
    Hop.objects.create(
        **{_column(duty): duty},
        number=desk.number + 1 if desk else 1,
        rung=Rung.OWNER.value,
        organisation=owner,
        because=Hop.Because.REFUSAL,
        started_on=on,
        due_on=add_working_days(on, clock_on(clocks(), cause, Rung.OWNER, on)),
        by_id=by.account_id,
        is_simulated=duty.is_simulated,
    )


def _column(duty: Duty) -> str:
    if isinstance(duty, Obstacle):
        return "obstacle"
    return "request" if isinstance(duty, CoordinationRequest) else "task"


def _faults_of(duty: Duty, organisation: Organisation, new: NewRefusal, on: date) -> list[Fault]:
    faults = []
    if not new.legal_basis.strip():
        faults.append(Fault("legal_basis", _("Hãy ghi điều, khoản và văn bản quy định việc này không thuộc cơ quan.")))
    elif len(new.legal_basis.strip()) > 500:
        faults.append(Fault("legal_basis", _("Hãy ghi ngắn gọn, không quá 500 chữ.")))
    if not new.reason.strip():
        faults.append(Fault("reason", _("Hãy ghi rõ lý do từ chối.")))
    if new.proposed_owner is None:
        faults.append(Fault("proposed_owner", _("Hãy đề xuất cơ quan đúng thẩm quyền.")))
    elif new.proposed_owner.pk == organisation.pk:
        faults.append(Fault("proposed_owner", _("Hãy đề xuất một cơ quan khác.")))
    else:
        faults += fault_of_ended(new.proposed_owner, on, "proposed_owner")
    if is_over(duty):
        faults.append(Fault("", _("Việc này đã kết thúc nên không còn gì để từ chối.")))
    if Refusal.objects.filter(**{_column(duty): duty}, ruling__isnull=True).exists():
        faults.append(Fault("", _("Một lần từ chối trước còn chờ cấp trên phân xử.")))
    return faults


def _faults_of_ruling(refusal: Refusal, new: NewRuling, on: date) -> list[Fault]:
    faults = []
    if new.upheld is None:
        faults.append(Fault("upheld", _("Hãy chọn: chuyển cơ quan khác, hay giữ nguyên.")))
    if not new.text.strip():
        faults.append(Fault("text", _("Hãy ghi căn cứ và nội dung phân xử.")))
    if new.upheld and new.owner is None:
        faults.append(Fault("owner", _("Hãy ghi cơ quan nhận việc.")))
    elif new.upheld and new.owner is not None:
        if new.owner.pk == refusal.organisation_id:
            faults.append(Fault("owner", _("Cơ quan này chính là nơi từ chối; nếu không đồng ý, hãy chọn giữ nguyên.")))
        faults += fault_of_ended(new.owner, on, "owner")
    return faults
