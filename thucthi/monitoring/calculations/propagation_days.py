"""Working days by number, so that adding fifty thousand lags costs fifty thousand look-ups."""

from bisect import bisect_left, bisect_right
from datetime import date
from functools import lru_cache

from thucthi.kernel.working_days import is_working_day


@lru_cache(maxsize=512)
def _working_days_of(year: int) -> tuple[int, ...]:
    """Ordinals of the working days of a year; kept, because asking what is a holiday takes longest."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return tuple(ordinal for ordinal in range(first, last + 1) if is_working_day(date.fromordinal(ordinal)))


class WorkingCalendar:
    """`count(day)`: working days from the calendar's first year up to and including `day`; `day(n)`: the n-th of them.

    Agrees with kernel.working_days: `day(count(d) + n) == add_working_days(d, n)` for n ≥ 1. Grows year by year as it
    is asked. Raises ValueError for a day before its first year, OverflowError after the year 9999.
    """

    def __init__(self, first_year: int) -> None:
        self._base = date(first_year, 1, 1).toordinal()
        self._next_year = first_year
        self._days: list[int] = []

    def count(self, day: date) -> int:
        ordinal = day.toordinal()
        if ordinal < self._base:
            raise ValueError(f"{day} lies before the calendar")
        while day.year >= self._next_year:
            self._grow()
        return bisect_right(self._days, ordinal)

    def day(self, number: int) -> date:
        while number > len(self._days):
            self._grow()
        return date.fromordinal(self._days[number - 1])

    def first_at(self, day: date) -> int:
        """The number of the first working day at or after `day`."""
        self.count(day)
        place = bisect_left(self._days, day.toordinal())
        while place == len(self._days):
            self._grow()
        return place + 1

    def _grow(self) -> None:
        if self._next_year > date.max.year:
            raise OverflowError("no working days after the year 9999")
        self._days.extend(_working_days_of(self._next_year))
        self._next_year += 1
