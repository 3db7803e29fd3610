"""Everything that writes in this app."""

from thucthi.obstacles.actions.climbing import (
    CLIMB_LOCK,
    Climbed,
    NewRule,
    Position,
    climb_ladders,
    end_ladder_rule,
    set_ladder_rule,
)
from thucthi.obstacles.actions.decisions import NewDecision, add_decision_task, decide_obstacle
from thucthi.obstacles.actions.meetings import (
    MEETING_CODES_LOCK,
    NewMeeting,
    create_meeting,
    move_on_agenda,
    put_on_agenda,
    take_off_agenda,
)
from thucthi.obstacles.actions.minutes import Conclusion, record_minutes
from thucthi.obstacles.actions.refusals import NewRefusal, NewRuling, refuse_duty, rule_on_refusal
from thucthi.obstacles.actions.register import CODES_LOCK, OBSTACLE_LOCK, NewObstacle, add_step, raise_obstacle
from thucthi.obstacles.actions.requests import (
    REQUEST_CODES_LOCK,
    REQUEST_LOCK,
    NewRequest,
    add_request_step,
    send_request,
)

__all__ = [
    "CLIMB_LOCK",
    "CODES_LOCK",
    "Climbed",
    "Conclusion",
    "MEETING_CODES_LOCK",
    "NewDecision",
    "NewMeeting",
    "NewObstacle",
    "NewRefusal",
    "NewRequest",
    "NewRule",
    "NewRuling",
    "OBSTACLE_LOCK",
    "Position",
    "REQUEST_CODES_LOCK",
    "REQUEST_LOCK",
    "add_decision_task",
    "add_request_step",
    "add_step",
    "climb_ladders",
    "create_meeting",
    "decide_obstacle",
    "end_ladder_rule",
    "move_on_agenda",
    "put_on_agenda",
    "raise_obstacle",
    "record_minutes",
    "refuse_duty",
    "rule_on_refusal",
    "send_request",
    "set_ladder_rule",
    "take_off_agenda",
]
