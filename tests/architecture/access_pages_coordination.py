"""Something behind every address of coordination, of the board and of meetings, for access_world."""

from typing import Any

from django.utils import timezone

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.obstacles.actions import NewMeeting, NewObstacle, NewRequest, create_meeting, put_on_agenda, raise_obstacle
from thucthi.obstacles.actions import send_request as send


def pages_of_coordination(state: State) -> dict[str, dict[str, Any]]:
    """The province asks finance for something; the government meets about an obstacle of the province."""
    today = timezone.localdate()
    request = NewRequest(state.province, state.finance, "Cho ý kiến về định mức chi.", working_days=5, code="yeu-cau")
    send(by=SYSTEM, new=request, on=today)
    meeting = create_meeting(
        by=SYSTEM, new=NewMeeting(state.government, "Phiên họp mẫu", today, code="phien"), on=today
    )
    stuck = NewObstacle(
        code="nghen-hop",
        task=None,
        organisation=state.province,
        cause="money",
        condition="Chưa có định mức.",
        asked_of=state.finance,
        asked_what="Ban hành định mức.",
        due_on=today,
    )
    put_on_agenda(meeting, by=SYSTEM, obstacles=[raise_obstacle(by=SYSTEM, new=stuck, on=today)], on=today)
    plain = ("waiting", "send_request", "board", "meetings", "call_meeting", "put_on_agenda")
    of_the_meeting = ("meeting", "agenda_paper", "take_off_agenda", "move_on_agenda", "minutes", "read_paper")
    return {
        **{f"obstacles:{name}": {} for name in plain},
        **{f"obstacles:{name}": {"code": "phien"} for name in of_the_meeting},
        "obstacles:request": {"code": "yeu-cau"},
    }
