"""The words by which running text gives work, as patterns over text of one spelling."""

import re
from collections.abc import Iterable
from functools import cache

from thucthi.intake.reading.rules import rules

LABEL = re.compile(
    r"\s*(?:(?:[-–—+•*●]\s*)?(?:(?:điều|khoản)\s+\d+[.:]?|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zđ]{1,2}|[ivxlc]+)\)|"
    r"\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.\-]|[ivxlc]+[.\-](?=\s)|[a-zđ]\.)(?!\d)|[-–—+•*●])\s*",
    re.IGNORECASE,
)


def lowered(text: str) -> str:
    """Lower case of the same length."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def any_of(entries: Iterable[str], *, literal: bool = True) -> str:
    """A pattern of whole words, the longest entry first."""
    chosen = sorted(entries, key=len, reverse=True)
    return r"(?<!\w)(?:" + "|".join(re.escape(each) if literal else each for each in chosen) + r")(?!\w)"


@cache
def pattern(file: str, key: str, *, literal: bool = True, before: str = "", after: str = "") -> re.Pattern[str]:
    """The entries of one list of the rules as one pattern, with something before and after it."""
    return re.compile(before + any_of(rules(file)[key], literal=literal) + after)


def ends_label(text: str) -> int:
    """Where the words begin after "1.", "a)", "-", "(2)" and the like."""
    place = 0
    while found := LABEL.match(text, place):
        place = found.end()
    return place
