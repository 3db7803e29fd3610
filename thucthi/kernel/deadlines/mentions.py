"""Finds the days, months, quarters and years named in a text, with or without their year."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

_YEAR = r"(?P<y>(?:19|20|21)\d\d)"
_OF_YEAR = rf"(?: ?[/.,-] ?| năm |,? năm | )(?:năm )?{_YEAR}\b"
_LEFT_EDGE = r"(?<![\w/])"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_HALVES = {"đầu": 1, "cuối": 2}
# "Đầu tháng", "giữa tháng" have no official last day: the 10th and the 20th are ours.
_LAST_DAY_OF_PART = {"đầu": 10, "giữa": 20}


class NotInCalendar(ValueError):
    """A day that no calendar has, such as 31/6 or month 13."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One named day or period: text[at:to]. `parts` are its numbers without the year; see `_READERS`."""

    at: int
    to: int
    precision: str
    parts: tuple[int, ...]
    year: int | None

    def days(self) -> tuple[date, date]:
        """First and last day. Raises NotInCalendar when there is no such day, or no year."""
        if self.year is None:
            raise NotInCalendar("a year is missing")
        try:
            return _READERS[self.precision](self.year, *self.parts)
        except ValueError as error:
            raise NotInCalendar(str(error)) from error

    def in_year(self, year: int) -> "Mention":
        """The same, in that year."""
        return replace(self, year=year)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _day(year: int, month: int, day: int) -> tuple[date, date]:
    return date(year, month, day), date(year, month, day)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _month_part(year: int, month: int, last_day: int) -> tuple[date, date]:
    first, last = _month(year, month)
    return first, date(year, month, last_day) if last_day else last


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    return _months(year, 3 * quarter - 2, 3 * quarter)


def _half(year: int, half: int) -> tuple[date, date]:
    return _months(year, 6 * half - 5, 6 * half)


def _school_year(year: int) -> tuple[date, date]:
    # The usual frame; the Ministry of Education sets the days of each year.
    return date(year, 9, 1), date(year + 1, 5, 31)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


_READERS: dict[str, Callable[..., tuple[date, date]]] = {
    "day": _day,
    "month_part": _month_part,
    "month": _month,
    "quarter": _quarter,
    "halfyear": _half,
    "school_year": _school_year,
    "year": _year,
}


def _read_parts(precision: str, found: re.Match[str]) -> tuple[int, ...]:
    named = found.groupdict()
    if precision == "day":
        return int(named["m"]), int(named["d"])
    if precision == "month_part":
        return int(named["m"]), _LAST_DAY_OF_PART.get(named["part"], 0)
    if precision == "month":
        return (int(named["m"]),)
    if precision == "quarter":
        return (_QUARTERS.get(named["q"], 0),)
    return (_HALVES[named["h"]],) if precision == "halfyear" else ()


# Tried in this order; what one has read is hidden from the next.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (precision, re.compile(_LEFT_EDGE + pattern))
    for precision, pattern in (
        ("day", rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)\b"),
        ("day", r"(?:ngày )?(?P<d>\d{1,2}) ?(?P<sep>[/.-]) ?(?P<m>\d{1,2}) ?(?P=sep) ?(?P<y>(?:19|20|21)\d\d|\d\d)\b"),
        ("day", rf"(?:ngày )?(?P<d>\d{{1,2}}) tháng (?P<m>\d{{1,2}})(?:(?:,? năm |[/.-]){_YEAR})?\b"),
        ("month_part", rf"(?P<part>đầu|giữa|cuối) tháng (?P<m>\d{{1,2}})\b(?:{_OF_YEAR})?"),
        ("halfyear", rf"(?:0?6|sáu) tháng (?P<h>đầu|cuối)(?: của)? năm(?: {_YEAR})?\b"),
        ("halfyear", rf"nửa (?P<h>đầu|cuối) năm(?: {_YEAR})?\b"),
        ("school_year", rf"năm học {_YEAR} ?[-/] ?\d{{4}}\b"),
        ("quarter", rf"(?:quý|q\.?) ?(?P<q>[ivx]+|\d)\b(?:{_OF_YEAR})?"),
        ("month", rf"(?:tháng|t\.?) ?(?P<m>\d{{1,2}})\b(?!/\d{{1,2}}\b)(?:{_OF_YEAR})?"),
        ("month", rf"(?P<m>\d{{1,2}}) ?[/.-] ?{_YEAR}\b"),
        ("day", rf"(?:ngày )?(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})\b(?![/%])(?:,? năm {_YEAR}\b)?"),
        ("year", rf"(?:năm ?){_YEAR}\b"),
        ("year", r"(?:trong|cuối|hết) năm(?: nay)?(?= *(?:$|[,;.)]))"),
        ("year", rf"{_YEAR}\b(?= *(?:$|[-,;.()¤]|và |đến |trở |hoặc ))"),
    )
)
# "Tháng 5, 6/2026", "Quý I và II/2026": the second number shares the first one's word.
_SHARED_WORD = re.compile(
    r"\b(quý|tháng) ?(\d{1,2}|[ivx]+) ?(,|và|-|đến) ?"
    r"(?=(?:\d{1,2}|[ivx]+) ?(?:/|-|\.|năm) ?(?:năm )?(?:19|20|21)\d\d\b)"
)


def find_mentions(text: str) -> tuple[str, list[Mention]]:
    """The text with its mentions' words blanked out, and the mentions in the order of the text.

    Positions refer to the text that is returned.
    """
    text = _SHARED_WORD.sub(r"\1 \2 \3 \1 ", text)
    found: list[Mention] = []
    for precision, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            year = match.groupdict().get("y")
            full_year = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
            found.append(Mention(match.start(), match.end(), precision, _read_parts(precision, match), full_year))
        text = pattern.sub(lambda match: "¤" * len(match[0]), text)
    return text, sorted(found, key=lambda mention: mention.at)
