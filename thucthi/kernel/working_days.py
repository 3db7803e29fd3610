"""Vietnamese working days, reporting periods, and the day a report is due.

Public holidays, their substitutes and make-up Saturdays come from the `holidays` package (Labour Code, article 112,
and the yearly decisions on swapped days, as far as its release knows them). Outside 1901–2100 it knows none, and
only Saturday and Sunday are free.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
FRIDAY_OFFSET = timedelta(days=4)
LAST_DAY_FOR_MONTHLY_REPORTS = 24


@lru_cache(maxsize=256)
def _free_and_make_up_days(year: int) -> tuple[frozenset[date], frozenset[date]]:
    # Neighbouring years too: a day swapped across New Year is decided in the other year. A new calendar each time,
    # because the package fills a shared one lazily, which two threads may see half filled.
    calendar = holidays.country_holidays("VN", years=range(max(year - 1, 1), year + 2))
    return (
        frozenset(day for day in calendar if day.year == year),
        frozenset(day for day in calendar.weekend_workdays if day.year == year),
    )


def is_working_day(day: date) -> bool:
    """Monday to Friday unless it is a public holiday or its substitute; also a Saturday worked in exchange."""
    free, make_up = _free_and_make_up_days(day.year)
    return day in make_up or (day.weekday() < SATURDAY and day not in free)


def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day` (before it, for n < 0); `day` itself is not counted.

    n = 0 gives `next_working_day(day)`. From a working day, going n and then -n comes back.
    """
    if n == 0:
        return next_working_day(day)
    step = ONE_DAY if n > 0 else -ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(a: date, b: date) -> int:
    """Working days after `a` up to and including `b`; negative, with the ends swapped, when `b` is earlier.

    So `working_days_between(a, add_working_days(a, n)) == n` for every n > 0, and for every n from a working day.
    """
    if b < a:
        return -working_days_between(b, a)
    return sum(is_working_day(a + timedelta(days=offset)) for offset in range(1, (b - a).days + 1))


class PeriodKind(StrEnum):
    """The two rhythms of reporting and publishing (demand D42)."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """An ISO week (Monday to Sunday) or a calendar month; `start` and `end` are both inside it.

    Raises ValueError when they are not the ends of one whole period of that kind.
    """

    start: date
    end: date
    kind: PeriodKind

    def __post_init__(self) -> None:
        if (self.start, self.end) != _ends(self.start, self.kind):
            raise ValueError(f"{self.start}..{self.end} is not one {self.kind} period")

    @property
    def key(self) -> str:
        """ISO year and week "2026-W47", or year and month "2026-11"; sorts by time within a kind."""
        if self.kind is PeriodKind.MONTHLY:
            return f"{self.start:%Y-%m}"
        year, week, _ = self.start.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def label_vi(self) -> str:
        """As a reader says it: "Tuần 47/2026", "Tháng 11/2026"."""
        return f"{'Tuần' if self.kind is PeriodKind.WEEKLY else 'Tháng'} {self._place_in_year()}"

    @property
    def label_en(self) -> str:
        """The same in English: "Week 47/2026", "Month 11/2026"."""
        return f"{'Week' if self.kind is PeriodKind.WEEKLY else 'Month'} {self._place_in_year()}"

    def _place_in_year(self) -> str:
        if self.kind is PeriodKind.MONTHLY:
            return f"{self.start.month}/{self.start.year}"
        year, week, _ = self.start.isocalendar()
        return f"{week}/{year}"


def _ends(day: date, kind: PeriodKind) -> tuple[date, date]:
    if kind is PeriodKind.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    return first, day.replace(day=monthrange(day.year, day.month)[1])


def weekly_period(day: date) -> Period:
    """The ISO week, Monday to Sunday, that holds `day`."""
    return Period(*_ends(day, PeriodKind.WEEKLY), PeriodKind.WEEKLY)


def monthly_period(day: date) -> Period:
    """The calendar month that holds `day`."""
    return Period(*_ends(day, PeriodKind.MONTHLY), PeriodKind.MONTHLY)


def report_due_on(period: Period) -> date:
    """The last day on which the report of `period` is on time; always a working day.

    Weekly: the Friday of the week. Monthly: the 24th ("trước ngày 25 hằng tháng", read strictly, so that the
    collecting office has it in hand on the 25th). Where that day is not worked, the last working day before it
    within the period; where there is none (the week of Tết), the first working day after it.
    """
    if period.kind is PeriodKind.WEEKLY:
        wanted = period.start + FRIDAY_OFFSET
    else:
        wanted = period.start.replace(day=LAST_DAY_FOR_MONTHLY_REPORTS)
    day = wanted
    while day >= period.start:
        if is_working_day(day):
            return day
        day -= ONE_DAY
    return next_working_day(wanted)
