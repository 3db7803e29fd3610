"""Vietnamese working days, reporting periods, and the day a report is due.

Public holidays, their substitutes and make-up Saturdays come from the `holidays` package (Labour Code, article 112,
and the yearly decisions on swapped days, as far as its release knows them). Outside 1901–2100 it knows none, and
only Saturday and Sunday are free.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from thucthi.kernel.periods import Frequency, Span, span_containing

ONE_DAY = timedelta(days=1)
SATURDAY = 5
FRIDAY = 5
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


@lru_cache(maxsize=100_000)
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
    """The rhythms of reporting; issues are published weekly and monthly (demand D42)."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


_FREQUENCY: dict[PeriodKind, Frequency] = {
    kind: Frequency(kind.value) for kind in PeriodKind if kind is not PeriodKind.DAILY
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A day, an ISO week (Monday to Sunday), a month, a quarter, a half-year or a year; both ends are inside it.

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
        """ "2026-11-16", "2026-W47", "2026-11", "2026-Q4", "2026-H2", "2026"; sorts by time within a kind."""
        return self.start.isoformat() if self.kind is PeriodKind.DAILY else self._span().key

    @property
    def label_vi(self) -> str:
        """As a reader says it: "Ngày 16/11/2026", "Tuần 47/2026", "Tháng 11/2026", "Quý IV/2026"."""
        return f"Ngày {self.start:%d/%m/%Y}" if self.kind is PeriodKind.DAILY else self._span().label_vi

    @property
    def label_en(self) -> str:
        """The same in English: "Day 16/11/2026", "Week 47/2026", "Month 11/2026", "Q4 2026"."""
        if self.kind is PeriodKind.DAILY:
            return f"Day {self.start:%d/%m/%Y}"
        return f"Month {self._span().label_en}" if self.kind is PeriodKind.MONTHLY else self._span().label_en

    def _span(self) -> Span:
        return span_containing(self.start, _FREQUENCY[self.kind])


def _ends(day: date, kind: PeriodKind) -> tuple[date, date]:
    if kind is PeriodKind.DAILY:
        return day, day
    span = span_containing(day, _FREQUENCY[kind])
    return span.start, span.end


def period_containing(day: date, kind: PeriodKind) -> Period:
    """The period of that kind that holds `day`."""
    return Period(*_ends(day, kind), kind)


def weekly_period(day: date) -> Period:
    """The ISO week, Monday to Sunday, that holds `day`."""
    return period_containing(day, PeriodKind.WEEKLY)


def monthly_period(day: date) -> Period:
    """The calendar month that holds `day`."""
    return period_containing(day, PeriodKind.MONTHLY)


def report_due_on(period: Period, due_day: int | None = None) -> date:
    """The last day on which the report of `period` is on time; always a working day.

    Daily: that day. Weekly: the Friday of the week, or the day `due_day` of it (1 Monday … 7 Sunday). Longer periods:
    the 24th of their last month ("trước ngày 25", read strictly, so that the collecting office has it in hand on the
    25th), or the day `due_day` of that month, its last day where it has no such day. Where that day is not worked, the
    last working day before it within the period; where there is none (the week of Tết), the first working day after.
    """
    wanted = _wanted_day(period, due_day)
    day = wanted
    while day >= period.start:
        if is_working_day(day):
            return day
        day -= ONE_DAY
    return next_working_day(wanted)


def _wanted_day(period: Period, due_day: int | None) -> date:
    if period.kind is PeriodKind.DAILY:
        return period.start
    if period.kind is PeriodKind.WEEKLY:
        return period.start + ONE_DAY * ((due_day or FRIDAY) - 1)
    wanted = due_day or LAST_DAY_FOR_MONTHLY_REPORTS
    return period.end.replace(day=min(wanted, period.end.day))


def is_reported_in(period: Period) -> bool:
    """Whether anything is reported for it: every period but a day that nobody works."""
    return period.kind is not PeriodKind.DAILY or is_working_day(period.start)


def grace_ends_on(due_on: date, grace_days: int) -> date | None:
    """The last day that still counts as on time, `grace_days` working days after the due day; None without grace."""
    return add_working_days(due_on, grace_days) if grace_days else None
