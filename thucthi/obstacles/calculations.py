"""Where an obstacle stands, from what was done about it."""

from collections.abc import Collection
from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({State.REMOVED, State.WITHDRAWN})
# The furthest step decides, in this order, whatever the order in which they were taken.
FURTHEST_FIRST = (State.REMOVED, State.WITHDRAWN, State.ANSWERED, State.ACKNOWLEDGED)


class Age(StrEnum):
    """How long an obstacle has stood open, in working days: up to 15, up to 30, longer."""

    FRESH = "fresh"
    LONG = "long"
    VERY_LONG = "very_long"


LONG_AFTER = 15
VERY_LONG_AFTER = 30


def state_after(steps: Collection[str]) -> State:
    """The state of an obstacle about which these kinds of steps were taken."""
    return next((state for state in FURTHEST_FIRST if state in steps), State.NEW)


def age_of(working_days: int) -> Age:
    if working_days > VERY_LONG_AFTER:
        return Age.VERY_LONG
    return Age.LONG if working_days > LONG_AFTER else Age.FRESH
