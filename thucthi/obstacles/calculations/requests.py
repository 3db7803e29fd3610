"""Where a request to another body stands, and which side has held it for how long (D37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from thucthi.kernel.working_days import working_days_between


class RequestState(StrEnum):
    SENT = "sent"
    RECEIVED = "received"
    PARTIAL = "partial"
    FULL = "full"
    INSUFFICIENT = "insufficient"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Who has to move: the asked body answers, the asking body says whether the answer is enough."""

    ASKED = "asked"
    ASKING = "asking"


SETTLED = frozenset({RequestState.FULL, RequestState.WITHDRAWN})
_TURN = {
    RequestState.SENT: Side.ASKED,
    RequestState.RECEIVED: Side.ASKED,
    RequestState.INSUFFICIENT: Side.ASKED,
    RequestState.PARTIAL: Side.ASKING,
}


@dataclass(frozen=True, slots=True)
class Days:
    """A length of time in both measures; a day counts when its end has come."""

    calendar: int = 0
    working: int = 0

    def __add__(self, other: "Days") -> "Days":
        return Days(self.calendar + other.calendar, self.working + other.working)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long each side has held a request. `asked + asking == whole`, from the asking to `until`.

    `until`: the day on which it was settled, else the day of reading. `since`: since when the side that has to move
    has had it; None when it is settled.
    """

    asked: Days
    asking: Days
    whole: Days
    until: date
    turn: Side | None
    since: date | None


def request_state(steps: Sequence[str]) -> RequestState:
    """The state after these kinds of steps, in the order in which they were taken.

    Withdrawing ends it for good; taking note changes nothing once there is an answer; otherwise the last step decides.
    """
    state = RequestState.SENT
    for step in map(RequestState, steps):
        if state is RequestState.WITHDRAWN:
            break
        if step is not RequestState.RECEIVED or state is RequestState.SENT:
            state = step
    return state


def waiting_of(asked_on: date, steps: Sequence[tuple[str, date]], as_of: date) -> Waiting:
    """Both sides' time up to `as_of`, from (kind, day) in the order taken; later steps are not yet known.

    From an answer, whole or in part, until it is called insufficient the time is the asking body's own; while a full
    answer stands, nobody waits.
    """
    turns = _turns(asked_on, [step for step in steps if step[1] <= as_of])
    sums = {Side.ASKED: Days(), Side.ASKING: Days()}
    for (start, turn), (end, _next) in pairwise(turns):
        # Between a full answer and the word that it was not enough, the time was the asking body's.
        sums[turn or Side.ASKING] += days_between(start, end)
    since, turn = turns[-1]
    until = since if turn is None else max(as_of, since)
    if turn is not None:
        sums[turn] += days_between(since, until)
    return Waiting(
        asked=sums[Side.ASKED],
        asking=sums[Side.ASKING],
        whole=days_between(asked_on, until),
        until=until,
        turn=turn,
        since=None if turn is None else since,
    )


def _turns(asked_on: date, steps: Sequence[tuple[str, date]]) -> list[tuple[date, Side | None]]:
    """From which day on which side had to move; None: settled. A day earlier than the one before counts as that one."""
    turns: list[tuple[date, Side | None]] = [(asked_on, Side.ASKED)]
    for number, (_kind, day) in enumerate(steps, start=1):
        state = request_state([kind for kind, _day in steps[:number]])
        since, turn = turns[-1]
        if _TURN.get(state) is not turn:
            turns.append((max(day, since), _TURN.get(state)))
    return turns


def days_between(start: date, end: date) -> Days:
    return Days((end - start).days, working_days_between(start, end))


def days_late(turn: Side | None, due_on: date, since: date, as_of: date) -> int:
    """Working days for which the asked body has been late with an answer it still owes; 0 on any other turn.

    After an answer called insufficient the clock runs from that day, when it is later than the one asked for.
    """
    if turn is not Side.ASKED:
        return 0
    return max(0, working_days_between(max(due_on, since), as_of))
