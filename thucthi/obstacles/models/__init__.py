"""What is stuck, who can remove it, what is asked, how it climbs, what was decided (D9, D35, D37, D44)."""

from thucthi.obstacles.models.coordination import CoordinationRequest, RequestStep
from thucthi.obstacles.models.decisions import AgendaItem, Decision, DecisionTask, Meeting
from thucthi.obstacles.models.ladder import Hop, LadderRule, LadderRung, Refusal, RefusalRuling
from thucthi.obstacles.models.register import ANSWERING, CLOSING, AffectedTask, Cause, Obstacle, ObstacleStep, StepKind

__all__ = [
    "ANSWERING",
    "CLOSING",
    "AffectedTask",
    "AgendaItem",
    "Cause",
    "CoordinationRequest",
    "Decision",
    "DecisionTask",
    "Hop",
    "LadderRule",
    "LadderRung",
    "Meeting",
    "Obstacle",
    "ObstacleStep",
    "Refusal",
    "RefusalRuling",
    "RequestStep",
    "StepKind",
]
