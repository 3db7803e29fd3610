"""Where things stand, from what was done about them."""

from thucthi.obstacles.calculations.impact import Column, column_of, impact_of
from thucthi.obstacles.calculations.outcomes import UNFINISHED, WITHOUT_DUTY, Outcome, outcome_of
from thucthi.obstacles.calculations.requests import (
    SETTLED,
    Days,
    RequestState,
    Side,
    Waiting,
    days_between,
    days_late,
    request_state,
    waiting_of,
)
from thucthi.obstacles.calculations.states import (
    CLOSED,
    FURTHEST_FIRST,
    LONG_AFTER,
    VERY_LONG_AFTER,
    Age,
    State,
    age_of,
    current_round,
    state_after,
)

__all__ = [
    "Age",
    "CLOSED",
    "Column",
    "Days",
    "FURTHEST_FIRST",
    "LONG_AFTER",
    "Outcome",
    "RequestState",
    "SETTLED",
    "Side",
    "State",
    "UNFINISHED",
    "VERY_LONG_AFTER",
    "WITHOUT_DUTY",
    "Waiting",
    "age_of",
    "column_of",
    "current_round",
    "days_between",
    "days_late",
    "impact_of",
    "outcome_of",
    "request_state",
    "state_after",
    "waiting_of",
]
