"""The periods that values belong to: a week, a month, a quarter, a half-year, a year.

`working_days.Period` is a period of reporting with a day on which the report is due; a `Span` is only a stretch of time
with a key. Keys of weeks and months are the same in both.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Frequency(StrEnum):
    """How often a value comes."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


MONTHS_OF = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}
PER_YEAR = {
    Frequency.WEEKLY: 52,
    Frequency.MONTHLY: 12,
    Frequency.QUARTERLY: 4,
    Frequency.HALF_YEARLY: 2,
    Frequency.YEARLY: 1,
}
_KEY = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|W(\d\d)|(\d\d)))?")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period; `start` and `end` are both inside it. Made by `span_of` and `span_containing`."""

    start: date
    end: date
    frequency: Frequency

    @property
    def key(self) -> str:
        """ "2026", "2026-H1", "2026-Q1", "2026-11", "2026-W47"; sorts by time within a frequency."""
        year = self.start.year
        match self.frequency:
            case Frequency.YEARLY:
                return f"{year}"
            case Frequency.HALF_YEARLY:
                return f"{year}-H{(self.start.month + 5) // 6}"
            case Frequency.QUARTERLY:
                return f"{year}-Q{(self.start.month + 2) // 3}"
            case Frequency.MONTHLY:
                return f"{year}-{self.start.month:02d}"
            case _:
                iso = self.start.isocalendar()
                return f"{iso.year}-W{iso.week:02d}"

    @property
    def next(self) -> "Span":
        return span_containing(self.end + _ONE_DAY, self.frequency)

    @property
    def previous(self) -> "Span":
        return span_containing(self.start - _ONE_DAY, self.frequency)

    @property
    def label_vi(self) -> str:
        """ "Năm 2026", "6 tháng đầu năm 2026", "Quý I/2026", "Tháng 11/2026", "Tuần 47/2026"."""
        year, _, part = self.key.partition("-")
        if not part:
            return f"Năm {year}"
        if part[0] == "H":
            return f"6 tháng {'đầu' if part == 'H1' else 'cuối'} năm {year}"
        if part[0] == "Q":
            return f"Quý {('I', 'II', 'III', 'IV')[int(part[1]) - 1]}/{year}"
        return f"Tuần {int(part[1:])}/{year}" if part[0] == "W" else f"Tháng {int(part)}/{year}"

    @property
    def label_en(self) -> str:
        """ "2026", "H1 2026", "Q1 2026", "11/2026", "Week 47/2026"."""
        year, _, part = self.key.partition("-")
        if not part:
            return year
        if part[0] in "HQ":
            return f"{part} {year}"
        return f"Week {int(part[1:])}/{year}" if part[0] == "W" else f"{int(part)}/{year}"


def span_of(key: str) -> Span:
    """The period of that key. Raises ValueError for what is not one."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key!r} is not the key of a period")
    year, (half, quarter, week, month) = int(found[1]), found.groups()[1:]
    if week:
        return span_containing(date.fromisocalendar(year, int(week), 1), Frequency.WEEKLY)
    if half:
        return span_containing(date(year, int(half) * 6, 1), Frequency.HALF_YEARLY)
    if quarter:
        return span_containing(date(year, int(quarter) * 3, 1), Frequency.QUARTERLY)
    return span_containing(date(year, int(month or 1), 1), Frequency.MONTHLY if month else Frequency.YEARLY)


def span_containing(day: date, frequency: Frequency) -> Span:
    """The period of that frequency that holds `day`; weeks are ISO weeks, Monday to Sunday."""
    if frequency is Frequency.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6), frequency)
    months = MONTHS_OF[frequency]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return Span(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]), frequency)


def spans_between(first: Span, last: Span) -> Iterator[Span]:
    """Every period from `first` to `last`, both included; none when `last` is the earlier one."""
    span = first
    while span <= last:
        yield span
        span = span.next
