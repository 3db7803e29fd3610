"""Pages of obstacles."""

from thucthi.obstacles.views.board import board
from thucthi.obstacles.views.decisions import decide, decision_task, impact
from thucthi.obstacles.views.meetings import agenda_paper, call_meeting, meeting, meetings, move, put_on, take_off
from thucthi.obstacles.views.minutes import minutes, read_paper
from thucthi.obstacles.views.refusals import refusal, refusals, refuse_obstacle, refuse_request, refuse_task
from thucthi.obstacles.views.register import ROWS, STANDARD_FILTER, add_obstacle, obstacle, obstacles
from thucthi.obstacles.views.requests import request_page, send, waiting
from thucthi.obstacles.views.rules import end_ladder_rule, ladder_rules, set_ladder_rule

__all__ = [
    "ROWS",
    "STANDARD_FILTER",
    "add_obstacle",
    "agenda_paper",
    "board",
    "call_meeting",
    "decide",
    "decision_task",
    "end_ladder_rule",
    "impact",
    "ladder_rules",
    "meeting",
    "meetings",
    "minutes",
    "move",
    "obstacle",
    "obstacles",
    "put_on",
    "read_paper",
    "refusal",
    "refusals",
    "refuse_obstacle",
    "refuse_request",
    "refuse_task",
    "request_page",
    "send",
    "set_ladder_rule",
    "take_off",
    "waiting",
]
