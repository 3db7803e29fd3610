"""Figures with their units in a sentence: numbers as Vietnamese writes them, ranges, shares, money, counted nouns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.targets.matching import any_of, searchable

_UNITS = rules("units")
_NUMBER = re.compile(r"(?<![\w.,])(?<![^\W\d][-_])(?:\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d+(?: ?,\d+|\.\d+)?)(?![\d])")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_MULTIPLIER = re.compile(rf"\s*({any_of(_UNITS['multipliers'])})(?!\s+(?:lệ|trọng|suất|số|giá|dân\b))")
_PER_YEAR = any_of(_UNITS["percent"]["per_year"])
_POINTS = re.compile(rf"\s*{any_of(_UNITS['percent']['points'])}")
_PERCENT = re.compile(rf"\s*{any_of(_UNITS['percent']['signs'])}")
_BASE = re.compile(rf"\s*({any_of(_UNITS['percent']['bases'])})")
_AFTER_PERCENT = re.compile(rf"\s*({_PER_YEAR})")
_MEASURE = re.compile(rf"\s*({any_of(_UNITS['measures']['money'] + _UNITS['measures']['physical'])})")
_TIME = re.compile(rf"\s*({any_of(_UNITS['measures']['widened'] + _UNITS['measures']['time'])})")
_LONG_NOUN = re.compile(rf"\s*({any_of(_UNITS['counted']['longer'])})")
_SHORT_NOUN = re.compile(rf"\s*({any_of(_UNITS['counted']['short'])})")
_ANY_NOUN = re.compile(r"\s*((?!và\b|hoặc\b|đến\b|năm\b|là\b|trên\b|so\b|trong\b)[^\W\d_]+(?: [^\W\d_]+)?)")
_PER = re.compile(
    r"\s*/\s*(?:[\d.]+ )?[^\W\d_]+(?: (?:dân|gái|trai|sinh|năm|người|sinh ra sống|đầu người|lao động|hộ))*(?:/năm)?"
    r"|\s+(?:trên|/) (?:một|1|01|10\.000|1\.000) ?(?:vạn |nghìn )?(?:dân|người dân|người)"
)
_GLUED = re.compile(r"[^\W\d_]")
_RANGE = re.compile(r"\s*(?:[-–—÷]|đến|tới|-)\s*(?:khoảng )?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`low` to `high` (None for a single figure), multiplied out; `kind` is percent, measure, time, counted or bare."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    unit: str | None
    kind: str
    number_end: int

    @property
    def is_share(self) -> bool:
        return self.kind == "percent"


def number(written: str) -> Decimal:
    """The value of digits as printed: "8.500" is eight thousand five hundred, "1,5" one and a half, "09" nine."""
    compact = written.replace(" ", "")
    if _THOUSANDS.fullmatch(compact):
        compact = compact.replace(".", "")
    return Decimal(compact.replace(",", "."))


def quantities(text: str) -> tuple[Quantity, ...]:
    """All figures of `text` in order, ranges joined; years, dates and numbers of documents are still among them."""
    small = searchable(text)
    single = [found for match in _NUMBER.finditer(small) if (found := _read(text, small, match))]
    return tuple(_joined(small, single))


def _read(text: str, small: str, match: re.Match[str]) -> Quantity | None:
    value = number(match[0])
    end = match.end()
    multiplier = _MULTIPLIER.match(small, end)
    if multiplier:
        value *= _UNITS["multipliers"][re.sub(r"\s+", " ", multiplier[1])]
        end = multiplier.end()
    kind, unit, unit_end = _unit(text, small, end)
    if end == match.end() and _GLUED.match(small, end) and kind not in ("measure", "percent"):
        return None
    return Quantity(match.start(), unit_end, value, None, unit, kind, end)


def _unit(text: str, small: str, at: int) -> tuple[str, str | None, int]:
    """The kind, the unit as written and where it ends."""
    if points := _POINTS.match(small, at):
        return _yearly(small, "điểm %", points.end())
    if percent := _PERCENT.match(small, at):
        base = _BASE.match(small, percent.end())
        if base:
            return "percent", f"% {text[base.start(1) : base.end(1)]}", base.end()
        return _yearly(small, "%", percent.end())
    for kind, pattern in (("measure", _MEASURE), ("time", _TIME), ("counted", _LONG_NOUN), ("counted", _SHORT_NOUN)):
        if found := pattern.match(small, at):
            return kind, *_with_per(text, small, found)
    if found := _ANY_NOUN.match(small, at):
        return "counted", *_with_per(text, small, found)
    return "bare", None, at


def _yearly(small: str, sign: str, at: int) -> tuple[str, str, int]:
    found = _AFTER_PERCENT.match(small, at)
    return ("percent", f"{sign}/năm", found.end()) if found else ("percent", sign, at)


def _with_per(text: str, small: str, found: re.Match[str]) -> tuple[str, int]:
    per = _PER.match(small, found.end())
    end = per.end() if per else found.end()
    return " ".join(text[found.start(1) : end].split()), end


def _joined(small: str, single: list[Quantity]) -> Iterator[Quantity]:
    waiting: Quantity | None = None
    for quantity in single:
        if waiting and (joined := _range(small, waiting, quantity)):
            waiting = joined
            continue
        if waiting:
            yield waiting
        waiting = quantity
    if waiting:
        yield waiting


def _range(small: str, first: Quantity, second: Quantity) -> Quantity | None:
    """Both as one when a dash or "đến" stands between and the first can lend or borrow the unit of the second."""
    if first.high is not None or not _RANGE.fullmatch(small, _gap_start(first), second.start):
        return None
    lends = _NUMBER.fullmatch(small, first.start, first.number_end) and first.kind == "bare"
    scale = _scale(small, second) if lends else Decimal(1)
    low, high = first.low * scale, second.low
    if low >= high:
        return None
    return replace(second, start=first.start, low=low, high=high)


def _gap_start(first: Quantity) -> int:
    return first.number_end if first.kind == "bare" else first.end


def _scale(small: str, second: Quantity) -> Decimal:
    written = _NUMBER.match(small, second.start)
    return second.low / number(written[0]) if written and number(written[0]) else Decimal(1)
