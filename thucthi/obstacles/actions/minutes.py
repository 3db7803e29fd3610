"""The minutes come back: one decision for each obstacle that was decided, and the meeting is shut (D47, D55)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Fault, refuse_if
from thucthi.ledger.actions import record
from thucthi.obstacles.access import MEETING_ROLES
from thucthi.obstacles.actions.climbing import _catch_up
from thucthi.obstacles.actions.meetings import _open_meeting
from thucthi.obstacles.actions.register import OBSTACLE_LOCK, _faults_of_asked, _lock
from thucthi.obstacles.calculations import CLOSED
from thucthi.obstacles.models import AgendaItem, Decision, Meeting, Obstacle
from thucthi.obstacles.selectors import with_state

LONGEST_NUMBER = 120


@dataclass(frozen=True)
class Conclusion:
    """What was decided about one obstacle of the agenda; wholly empty: it was not decided and stays open."""

    obstacle: Obstacle
    kind: str = ""
    text: str = ""
    responsible: Organisation | None = None
    due_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.kind or self.text.strip() or self.responsible or self.due_on)


@transaction.atomic
def record_minutes(
    meeting: Meeting,
    *,
    by: Viewer,
    number: str,
    minutes_on: date | None,
    conclusions: Sequence[Conclusion],
    on: date,
) -> list[Decision]:
    """Record the decisions of a meeting under the number of its minutes, and shut it.

    Faults name the field and the obstacle, as `text-DN-2026-00001`. Raises Forbidden, Refused (all faults at once),
    and Stale when somebody else has recorded the minutes meanwhile.
    """
    held = _open_meeting(meeting, by)
    said = [conclusion for conclusion in conclusions if not conclusion.is_empty]
    items = {item.obstacle_id: item for item in held.items.all()}
    for pk in sorted(items):
        _lock(OBSTACLE_LOCK, pk)
    refuse_if(_faults_of(held, number, minutes_on, said, on) + _faults_of_all(held, said, items, on))
    held.minutes_number, held.minutes_on = number.strip(), minutes_on
    held.version += 1
    held.save(update_fields=["minutes_number", "minutes_on", "version"])
    decisions = [_decide(held, conclusion, by, on) for conclusion in said]
    record(
        "meeting.minutes_recorded",
        by=by,
        subject=held,
        code=held.code,
        number=held.minutes_number,
        minutes_on=held.minutes_on,
        decisions=[_told(decision) for decision in decisions],
        undecided=sorted(
            held.items.exclude(obstacle__in=[row.obstacle for row in said]).values_list("obstacle__code", flat=True)
        ),
    )
    return decisions


def _decide(held: Meeting, conclusion: Conclusion, by: Viewer, on: date) -> Decision:
    return Decision.objects.create(
        obstacle=conclusion.obstacle,
        hop=_catch_up(conclusion.obstacle, on),
        meeting=held,
        kind=conclusion.kind,
        text=conclusion.text.strip(),
        organisation=held.committee,
        responsible=conclusion.responsible,
        due_on=conclusion.due_on,
        reference=held.minutes_number,
        by_id=by.account_id,
        acting_for_id=by.acting_for(held.committee_id, *MEETING_ROLES),
        decided_on=cast(date, held.minutes_on),
        is_simulated=held.is_simulated,
    )


def _told(decision: Decision) -> dict[str, object]:
    return {
        "obstacle": decision.obstacle.code,
        "kind": decision.kind,
        "text": decision.text,
        "responsible": decision.responsible.code if decision.responsible else None,
        "due_on": decision.due_on,
    }


def _faults_of(
    held: Meeting, number: str, minutes_on: date | None, said: Sequence[Conclusion], on: date
) -> list[Fault]:
    faults = []
    if not number.strip():
        faults.append(Fault("number", _("Hãy ghi số, ký hiệu của thông báo kết luận.")))
    elif len(number.strip()) > LONGEST_NUMBER:
        text = _("Nội dung này dài quá %(longest)s chữ. Đề nghị rút gọn.")
        faults.append(Fault("number", text % {"longest": LONGEST_NUMBER}))
    if minutes_on is None:
        faults.append(Fault("minutes_on", _("Hãy ghi ngày của thông báo kết luận.")))
    elif not held.held_on <= minutes_on <= on:
        text = _("Ngày của thông báo kết luận phải từ ngày họp %(day)s đến hôm nay.")
        faults.append(Fault("minutes_on", text % {"day": f"{held.held_on:%d/%m/%Y}"}))
    if not said:
        faults.append(Fault("", _("Hãy ghi kết luận cho ít nhất một điểm nghẽn của chương trình họp.")))
    return faults


def _faults_of_all(held: Meeting, said: Sequence[Conclusion], items: dict[int, AgendaItem], on: date) -> list[Fault]:
    closed = {state.value for state in CLOSED}
    rows = with_state(Obstacle.objects.filter(pk__in=items), on)
    shut = {row.pk for row in rows if row.state in closed}  # type: ignore[attr-defined]
    faults: list[Fault] = []
    for conclusion in said:
        code, pk = conclusion.obstacle.code, conclusion.obstacle.pk
        if pk not in items:
            text = _("Điểm nghẽn %(code)s không có trong chương trình họp.")
            faults.append(Fault("", text % {"code": code}))
        elif pk in shut:
            text = _("Điểm nghẽn %(code)s đã đóng trước khi có kết luận; hãy để trống mục này.")
            faults.append(Fault(f"text-{code}", text % {"code": code}))
        faults += [Fault(f"{fault.field}-{code}", fault.text) for fault in _faults_of_one(held, conclusion, on)]
    return faults


def _faults_of_one(held: Meeting, conclusion: Conclusion, on: date) -> list[Fault]:
    faults = []
    instructs = conclusion.kind == Decision.Kind.INSTRUCT
    if conclusion.kind not in Decision.Kind.values:
        faults.append(Fault("kind", _("Hãy chọn loại kết luận.")))
    if not conclusion.text.strip():
        faults.append(Fault("text", _("Hãy ghi nội dung kết luận.")))
    if conclusion.responsible is not None:
        faults += [Fault("responsible", fault.text) for fault in _faults_of_asked(conclusion.responsible, on)]
    elif instructs:
        faults.append(Fault("responsible", _("Hãy ghi cơ quan thực hiện.")))
    if conclusion.due_on is None and instructs:
        faults.append(Fault("due_on", _("Hãy ghi thời hạn thực hiện.")))
    elif conclusion.due_on is not None and conclusion.due_on < held.held_on:
        faults.append(Fault("due_on", _("Thời hạn thực hiện không thể trước ngày họp.")))
    return faults
