"""Rows of a flattened table found in running text by their numbers, which go on from one another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from thucthi.intake.reading.bodies.wording import CAPITAL

_GROUP = re.compile(rf"(?<!\S)(?P<roman>[IVX]{{1,5}})\s?[-–.]\s*(?=[{CAPITAL}][{CAPITAL}\s,;]{{6,}})")
_NUMBER = re.compile(rf"(?<!\S)(?P<number>\d{{1,3}}(?:\.\d{{1,3}}){{0,3}})\.?\s+(?=[{CAPITAL}\"“(])")
_LARGEST_GAP = 3


@dataclass(frozen=True, slots=True)
class RunningRow:
    """`start`, `end` of the row's words after its number; `index` is "" for a group's title."""

    index: str
    start: int
    end: int
    is_group: bool


def running_rows(text: str, start: int, end: int) -> list[RunningRow]:
    marks = list(_marks(text, start, end))
    ends = [*(mark[0] for mark in marks[1:]), end]
    return [
        RunningRow(index, after, upto, is_group)
        for (_at, after, index, is_group), upto in zip(marks, ends, strict=True)
    ]


def _marks(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, bool]]:
    """(place, end of the number, number, whether a group) for numbers that follow the one before."""
    now: tuple[int, ...] = ()
    found = [*_GROUP.finditer(text, start, end), *_NUMBER.finditer(text, start, end)]
    for mark in sorted(found, key=lambda each: each.start()):
        if mark.re is _GROUP:
            now = ()
            yield mark.start(), mark.end(), "", True
            continue
        number = tuple(int(part) for part in mark["number"].split("."))
        if _follows(number, now) and (len(number) > 1 or text[mark.end("number")] == "."):
            now = number
            yield mark.start(), mark.end(), mark["number"], False


def _follows(number: tuple[int, ...], before: tuple[int, ...]) -> bool:
    """The next on its level or one above, the first of the level below, or the first of a group."""
    if not before:
        return number[-1] == 1
    if number[: len(before)] == before:
        return len(number) > len(before) and set(number[len(before) :]) == {1}
    level = next(place for place, pair in enumerate(zip(number, before, strict=False)) if pair[0] != pair[1])
    step = number[level] - before[level]
    return 1 <= step <= _LARGEST_GAP and set(number[level + 1 :]) <= {1}
