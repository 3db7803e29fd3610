"""Asking another body for its part, and recording what became of it (D37)."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.kernel.working_days import add_working_days
from thucthi.ledger.actions import record
from thucthi.obstacles import access
from thucthi.obstacles.actions.climbing import _catch_up_request
from thucthi.obstacles.actions.register import _faults_of_asked
from thucthi.obstacles.models import CoordinationRequest, RequestStep
from thucthi.obstacles.selectors import OPEN_TO_ASKED, OPEN_TO_ASKING, possible_steps, sides_of
from thucthi.programmes.models import Task

# Two keys of PostgreSQL's advisory locks: rows of facts cannot be locked by a role that may not change them.
REQUEST_CODES_LOCK, REQUEST_LOCK = 7120, 7121
LONGEST_WAIT = 250


@dataclass(frozen=True)
class NewRequest:
    """What `asking` wants of `asked`, by a day or within so many working days (exactly one). `code` None: assigned."""

    asking: Organisation
    asked: Organisation | None
    text: str
    task: Task | None = None
    due_on: date | None = None
    working_days: int | None = None
    code: str | None = None
    is_simulated: bool = False


@transaction.atomic
def send_request(*, by: Viewer, new: NewRequest, on: date) -> CoordinationRequest:
    """Put a request to another body. Raises Forbidden, Refused (all faults at once)."""
    require(
        access.can_send_request(by, new.asking.pk, _task_parties(new.task, on)),
        _("Chỉ người báo cáo, người đứng đầu hoặc cơ quan thường trực của đơn vị tham gia nhiệm vụ được gửi yêu cầu."),
    )
    refuse_if(_faults_of(new, on))
    request = CoordinationRequest.objects.create(
        code=new.code or _next_code(on.year),
        task=new.task,
        asking=new.asking,
        asked=cast(Organisation, new.asked),
        text=new.text.strip(),
        asked_on=on,
        due_on=new.due_on or add_working_days(on, cast(int, new.working_days)),
        by_id=by.account_id,
        is_simulated=new.is_simulated,
    )
    _catch_up_request(request, on)
    record(
        "request.sent",
        by=by,
        subject=request,
        code=request.code,
        task=new.task.code if new.task else None,
        asking=request.asking.code,
        asked=request.asked.code,
        text=request.text,
        asked_on=on,
        due_on=request.due_on,
    )
    return request


@transaction.atomic
def add_request_step(
    request: CoordinationRequest, *, by: Viewer, kind: str, text: str, organisation: Organisation, on: date
) -> RequestStep:
    """Record, in the name of `organisation`, that it was received, answered, found insufficient or withdrawn.

    Raises Forbidden, Refused, and Stale when the step no longer makes sense after what somebody else recorded.
    """
    _lock(REQUEST_LOCK, request.pk)
    answers = kind in OPEN_TO_ASKED
    allowed = access.can_answer_request if answers else access.can_judge_request
    require(allowed(by, organisation.pk, sides_of(request, on)), _who_may(answers))
    _catch_up_request(request, on)
    steps = list(request.steps.order_by("pk"))
    refuse_if(_faults_of_step(request, kind, text, on, steps))
    if not possible_steps([step.kind for step in steps], [RequestStep.Kind(kind)]):
        raise Stale(_clash(request, steps), current=steps[-1] if steps else None, submitted=text)
    step = RequestStep.objects.create(
        request=request,
        kind=kind,
        text=text.strip(),
        organisation=organisation,
        by_id=by.account_id,
        happened_on=on,
        is_simulated=request.is_simulated,
    )
    record(
        f"request.{_PAST[step.kind]}",
        by=by,
        subject=request,
        code=request.code,
        kind=step.kind,
        text=step.text,
        organisation=organisation.code,
        happened_on=on,
    )
    return step


_PAST = {
    "received": "received",
    "partial": "answered_in_part",
    "full": "answered",
    "insufficient": "found_insufficient",
    "withdrawn": "withdrawn",
}


def _clash(request: CoordinationRequest, steps: list[RequestStep]) -> str:
    if not steps:
        return _("Yêu cầu %(code)s chưa được trả lời nên chưa thể ghi bước này.") % {"code": request.code}
    last = steps[-1]
    return _("Yêu cầu %(code)s đã được ghi “%(kind)s” ngày %(day)s: “%(text)s”. Bước vừa ghi chưa được lưu.") % {
        "code": request.code,
        "kind": last.get_kind_display(),
        "day": f"{last.happened_on:%d/%m/%Y}",
        "text": last.text,
    }


def _who_may(answers: bool) -> str:
    if answers:
        return _("Chỉ cơ quan được yêu cầu được tiếp nhận và trả lời yêu cầu này.")
    return _("Chỉ cơ quan đã gửi yêu cầu được đánh giá câu trả lời hoặc rút lại yêu cầu.")


def _faults_of_step(
    request: CoordinationRequest, kind: str, text: str, on: date, steps: list[RequestStep]
) -> list[Fault]:
    faults = []
    if kind not in OPEN_TO_ASKED + OPEN_TO_ASKING:
        faults.append(Fault("kind", _("Hãy chọn việc đã làm trong danh sách.")))
    if not text.strip() and kind != RequestStep.Kind.RECEIVED:
        faults.append(Fault("text", _("Hãy ghi rõ nội dung trả lời hoặc lý do.")))
    if on < max([request.asked_on, *(step.happened_on for step in steps)]):
        faults.append(Fault("", _("Ngày thực hiện không thể trước ngày của bước đã ghi trước đó.")))
    return faults


def _faults_of(new: NewRequest, on: date) -> list[Fault]:
    faults = []
    if new.asked is None:
        faults.append(Fault("asked", _("Hãy ghi cơ quan được yêu cầu phối hợp.")))
    elif new.asked.pk == new.asking.pk:
        faults.append(Fault("asked", _("Không thể gửi yêu cầu cho chính đơn vị mình; hãy chọn cơ quan khác.")))
    else:
        faults += [Fault("asked", fault.text) for fault in _faults_of_asked(new.asked, on)]
    if not new.text.strip():
        faults.append(Fault("text", _("Hãy ghi rõ cần cơ quan đó làm gì, cung cấp gì.")))
    faults += _faults_of_deadline(new, on)
    if new.code and CoordinationRequest.objects.filter(code=new.code).exists():
        text = _("Mã %(code)s đã được dùng; hãy để trống để hệ thống cấp mã.")
        faults.append(Fault("code", text % {"code": new.code}))
    return faults


def _faults_of_deadline(new: NewRequest, on: date) -> list[Fault]:
    if new.due_on is None and new.working_days is None:
        return [Fault("due_on", _("Hãy ghi ngày cần trả lời, hoặc số ngày làm việc."))]
    if new.due_on is not None and new.working_days is not None:
        return [Fault("due_on", _("Chỉ ghi một trong hai: ngày cần trả lời hoặc số ngày làm việc."))]
    if new.due_on is not None and new.due_on < on:
        return [Fault("due_on", _("Ngày cần trả lời phải từ hôm nay trở đi."))]
    if new.working_days is not None and not 1 <= new.working_days <= LONGEST_WAIT:
        text = _("Số ngày làm việc phải từ 1 đến %(most)s.") % {"most": LONGEST_WAIT}
        return [Fault("working_days", text)]
    return []


def _task_parties(task: Task | None, on: date) -> set[int] | None:
    if task is None:
        return None
    parties = set(task.coordinators.values_list("pk", flat=True))
    if task.lead:
        parties |= {task.lead.pk, *(heir.pk for heir in answering_for(task.lead, on))}
    return parties


def _next_code(year: int) -> str:
    """YC-2026-00001, 00002, …: one at a time, so that two at once never get the same."""
    _lock(REQUEST_CODES_LOCK, year)
    taken = CoordinationRequest.objects.filter(code__regex=rf"^YC-{year}-\d{{5}}$")
    last = taken.order_by("-code").values_list("code", flat=True).first()
    return f"YC-{year}-{int(last[-5:]) + 1 if last else 1:05d}"


def _lock(kind: int, key: int) -> None:
    """Held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::bigint::bit(32)::integer)", [kind, key])
