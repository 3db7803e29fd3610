"""Where the dispute of a figure stands, and by when it is to be answered."""

from datetime import date
from enum import StrEnum

from thucthi.kernel.working_days import add_working_days

ANSWER_WORKING_DAYS = 10


class DisputeState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def answer_due_on(raised_on: date) -> date:
    """The last working day on which an answer is in time; the day of raising is not counted."""
    return add_working_days(raised_on, ANSWER_WORKING_DAYS)


def dispute_state(due_on: date, verdict: str | None, as_of: date) -> DisputeState:
    """`verdict` is that of the answer given up to `as_of`, None when there is none."""
    if verdict is not None:
        return DisputeState(verdict)
    return DisputeState.OVERDUE if as_of > due_on else DisputeState.OPEN
