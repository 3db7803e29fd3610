"""Finds what comes back: "thường xuyên", "hằng quý", "trước ngày 25 hằng tháng"."""

import re
from collections.abc import Callable, Iterable

from thucthi.kernel.deadlines.mentions import Mention, NotInCalendar
from thucthi.kernel.deadlines.wording import HIDDEN

YEARLY = "yearly"
_ORDER = ("ongoing", "daily", "weekly", "monthly", "quarterly", "halfyear", YEARLY)
_NAMES = {"ngày": "daily", "tuần": "weekly", "tháng": "monthly", "quý": "quarterly", "năm": YEARLY}
_NAMES_BY_MONTHS = {1: "monthly", 3: "quarterly", 6: "halfyear", 12: YEARLY}
_NOT_NUMBERED = r"(?! ?\d+\b(?! (?:lần|đợt))| (?:[ivx]+|học|sau|tiếp|nay|này)\b)"
_UNIT = rf"(?:(?:0?[136]|12) tháng\b(?! (?:đầu|cuối))|(?:ngày|tuần|tháng|quý|năm)\b{_NOT_NUMBERED})"
_EACH = r"(?:hằng|mỗi|từng|theo|định kỳ)"
# Any year serves to see whether a day exists; a leap year has them all.
_LEAP_YEAR = 2024


def _monthly_on(found: re.Match[str]) -> list[str]:
    day = int(found["day"])
    if not 1 <= day <= 31:
        raise NotInCalendar(f"no month has a day {day}")
    return [f"monthly@{day:02d}"]


def _named_units(found: re.Match[str]) -> list[str]:
    return [_name_of(unit) for unit in re.findall(rf"{_UNIT}(?=\W|$)", found[0])]


def _name_of(unit: str) -> str:
    number, _, word = unit.rpartition(" ")
    return _NAMES_BY_MONTHS[int(number)] if number else _NAMES[word]


_Reader = Callable[[re.Match[str]], list[str]]
# Tried in this order; what one has read is hidden from the next.
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (re.compile(r"(?<![\w/])(?:ngày )?(?P<day>\d{1,2}) (?:của )?(?:hằng|mỗi|từng) tháng\b"), _monthly_on),
    (re.compile(r"\bngày (?P<day>\d{1,2}) (?:của )?tháng (?:sau|tiếp theo)\b"), _monthly_on),
    (re.compile(rf"\b{_EACH} {_UNIT}(?:(?:,|,? và|,? hoặc|/) ?(?:{_EACH} )*{_UNIT})*"), _named_units),
    (re.compile(rf"\b\d+ ?\(?(?:đợt|lần) ?/ ?{_UNIT}"), lambda found: _named_units(found)[-1:]),
    (re.compile(r"\b(?:0?[136]|12) tháng(?= ?(?:/|một|1) ?lần)"), lambda found: [_name_of(found[0])]),
    (
        re.compile(rf"\b(?:đầu|giữa|cuối) (?P<unit>tuần|tháng|quý)\b{_NOT_NUMBERED}"),
        lambda found: [_NAMES[found["unit"]]],
    ),
    (re.compile(r"\bthường xuyên\b|\bliên tục\b"), lambda found: ["ongoing"]),
)
# "Ngày 30 tháng 01 của năm tiếp theo" comes back every year.
_NEXT_YEAR = re.compile(r"(?<=\d)(?: của)? năm (?:sau|tiếp theo|kế tiếp|liền kề)\b")


def take_rhythms(text: str) -> tuple[str, list[str]]:
    """The text without its rhythms, and the rhythms. Raises NotInCalendar for "ngày 32 hằng tháng"."""
    rhythms: list[str] = []
    text, next_years = _NEXT_YEAR.subn(HIDDEN, text)
    if next_years:
        rhythms.append(YEARLY)
    for pattern, read in _PATTERNS:
        for found in pattern.finditer(text):
            rhythms += read(found)
        text = pattern.sub(HIDDEN, text)
    return text, rhythms


def anchor(mention: Mention) -> str:
    """The place in the year of a mention without year: yearly@12-15, yearly@12, yearly@Q4.

    Raises NotInCalendar when no year has such a day.
    """
    mention.in_year(_LEAP_YEAR).days()
    if mention.precision in ("day", "month_part"):
        month, day = mention.parts
        return f"{YEARLY}@{month:02d}-{day:02d}" if day else f"{YEARLY}@{month:02d}"
    if mention.precision == "month":
        return f"{YEARLY}@{mention.parts[0]:02d}"
    if mention.precision in ("quarter", "halfyear"):
        return f"{YEARLY}@{mention.precision[0].upper()}{mention.parts[0]}"
    return YEARLY


def spell(rhythms: Iterable[str]) -> str | None:
    """All rhythms once, in a fixed order, the plain one left out where its place is known; None for none."""
    names = set(rhythms)
    placed = {name.partition("@")[0] for name in names if "@" in name}
    kept = sorted(names - placed, key=lambda name: (_ORDER.index(name.partition("@")[0]), name))
    return "; ".join(kept) or None
