"""When the next value of a series is expected, and how far that day lies ahead or behind."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from thucthi.kernel.periods import Frequency, Span, span_containing, span_of


class Freshness(StrEnum):
    """new: the next period has not ended · due: it has, and its delay still runs · late: the delay has run out."""

    NEW = "new"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Staleness:
    """`last` is the newest period with an answer (None: none yet), `next_span` the one awaited.

    `expected_by` is the last day on which its value is in time. `days_late` counts from there: 3 is three days after
    it, −3 three days before it, 0 the day itself.
    """

    last: Span | None
    next_span: Span
    expected_by: date
    days_late: int
    state: Freshness


def staleness(
    last: str | None, *, frequency: Frequency, delay_days: int, as_of: date, first_owed: date | None = None
) -> Staleness:
    """How a series stands on `as_of` when `last` is the key of its newest period with an answer.

    Without any answer yet, the period that holds `first_owed` is awaited (without that day: the one that ended last).
    Raises ValueError when `last` is not a key.
    """
    known = span_of(last) if last else None
    if known:
        awaited = known.next
    else:
        today = span_containing(as_of, frequency)
        awaited = span_containing(first_owed, frequency) if first_owed else today.previous
    expected_by = awaited.end + timedelta(days=delay_days)
    state = Freshness.DUE if as_of > awaited.end else Freshness.NEW
    if as_of > expected_by:
        state = Freshness.LATE
    return Staleness(known, awaited, expected_by, (as_of - expected_by).days, state)
