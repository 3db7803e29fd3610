"""Where an obstacle stands, from what was done about it."""

from collections.abc import Collection, Iterable
from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    REOPENED = "reopened"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({State.REMOVED, State.WITHDRAWN})
# The furthest step decides, in this order, whatever the order in which they were taken.
FURTHEST_FIRST = (State.REMOVED, State.WITHDRAWN, State.ANSWERED, State.ACKNOWLEDGED, State.REOPENED)


class Age(StrEnum):
    """How long an obstacle has stood open, in working days: up to 15, up to 30, longer."""

    FRESH = "fresh"
    LONG = "long"
    VERY_LONG = "very_long"


LONG_AFTER = 15
VERY_LONG_AFTER = 30


def state_after(steps: Collection[str]) -> State:
    """The state of an obstacle about which these kinds of steps were taken within its current round."""
    return next((state for state in FURTHEST_FIRST if state in steps), State.NEW)


def current_round(steps: Iterable[tuple[int, str]]) -> set[str]:
    """The kinds of the newest round among (round, kind): what was done before a reopening no longer counts."""
    taken = list(steps)
    newest = max((number for number, _kind in taken), default=1)
    return {kind for number, kind in taken if number == newest}


def age_of(working_days: int) -> Age:
    if working_days > VERY_LONG_AFTER:
        return Age.VERY_LONG
    return Age.LONG if working_days > LONG_AFTER else Age.FRESH
