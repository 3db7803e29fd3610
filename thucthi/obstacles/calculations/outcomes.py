"""What became of a decision: the words of a follow-up annex (624/TB-VPCP, Annex II)."""

from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    DONE = "done"
    DONE_LATE = "done_late"
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    NO_DEADLINE = "no_deadline"
    NOTHING_TO_DO = "nothing_to_do"


UNFINISHED = frozenset({Outcome.IN_TIME, Outcome.OVERDUE, Outcome.NO_DEADLINE})
WITHOUT_DUTY = frozenset({"decline", "defer"})


def outcome_of(kind: str, due_on: date | None, done_on: date | None, as_of: date) -> Outcome:
    """`kind` of the decision; `done_on`: when the obstacle it answered was gone, None while it stands.

    A decision that gives nobody anything to do has no outcome, whatever happens to the obstacle.
    """
    if kind in WITHOUT_DUTY:
        return Outcome.NOTHING_TO_DO
    if done_on is not None and done_on <= as_of:
        return Outcome.DONE_LATE if due_on is not None and done_on > due_on else Outcome.DONE
    if due_on is None:
        return Outcome.NO_DEADLINE
    return Outcome.OVERDUE if due_on < as_of else Outcome.IN_TIME
