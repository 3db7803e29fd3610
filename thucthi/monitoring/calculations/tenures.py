"""Who held a post in which part of an interval: results belong to the head of those days (D32).

A gap belongs to nobody and stays apart; what one holder left behind is never moved back or forward to another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from thucthi.monitoring.calculations.intervals import ONE_DAY, Interval, days_within, interval, without


@dataclass(frozen=True, slots=True)
class Held:
    """A tenure: both days included, `last` None while it runs."""

    tenure_id: int
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Share:
    """A stretch of days under one holder; `tenure_id` None: nobody headed the body on those days."""

    tenure_id: int | None
    days: Interval


def shares_of(tenures: Iterable[Held], whole: Interval) -> tuple[Share, ...]:
    """`whole` divided among its holders and the gaps between them, in order: the days add up, none counts twice.

    Raises ValueError for two holders on one day; the database refuses them too.
    """
    shares: list[Share] = []
    free = whole.first
    for held in sorted(tenures, key=lambda each: each.first):
        part = interval(max(held.first, whole.first), min(held.last or whole.last, whole.last))
        if part is None:
            continue
        if part.first < free:
            raise ValueError(f"two holders on {part.first}")
        gap = interval(free, part.first - ONE_DAY)
        shares += [Share(None, gap)] if gap else []
        shares.append(Share(held.tenure_id, part))
        free = part.last + ONE_DAY
    rest = interval(free, whole.last)
    return (*shares, Share(None, rest)) if rest else tuple(shares)


def share_on(shares: Sequence[Share], day: date) -> Share | None:
    """The share that holds the day, None outside all of them."""
    return next((share for share in shares if share.days.holds(day)), None)


def lateness(deadline: date, answered_on: date | None, as_of: date) -> Interval | None:
    """The days on which something was late: from the day after its deadline to the answer, else to `as_of`."""
    return interval(deadline + ONE_DAY, min(answered_on or as_of, as_of))


@dataclass(frozen=True, slots=True)
class Course:
    """What a task had to reach and when it was stopped, over time.

    `ends`: (from which day on, last day due or None), in order, the first from the day of issue; `stopped`: days on
    which it was suspended or ended by decision; `done_on`: the day the accepted completion was handed in; `ended_on`:
    the day it was cancelled or superseded.
    """

    ends: tuple[tuple[date, date | None], ...]
    stopped: tuple[Interval, ...] = ()
    done_on: date | None = None
    ended_on: date | None = None


def overdue_spans(course: Course, as_of: date) -> list[Interval]:
    """The days on which a task was overdue by the deadline that stood on each of them; stopped days do not count."""
    last = min(course.done_on or as_of, as_of)
    late = []
    for place, (since, end) in enumerate(course.ends):
        later = course.ends[place + 1 :]
        until = min(later[0][0] - ONE_DAY, last) if later else last
        span = interval(max(since, end + ONE_DAY), until) if end else None
        late += [span] if span else []
    return without(late, course.stopped)


def days_by_share(spans: Iterable[Interval], shares: Iterable[Share]) -> dict[Share, int]:
    """How many of the days fall to each share; with shares that cover them all, they add up to the whole."""
    days = list(spans)
    return {share: days_within(days, share.days) for share in shares}
