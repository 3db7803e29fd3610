"""Cuts a long text into the passages around a few places, each place lit and addressable."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Place:
    """`text[start:end]` belongs to the thing of this number."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are lit or not; `numbers` are the things whose place begins with this piece."""

    words: str
    is_lit: bool
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text; `is_cut` at its beginning or end tells that something is left out there."""

    pieces: tuple[Piece, ...]
    is_cut_before: bool
    is_cut_after: bool


def passages(text: str, places: Iterable[Place], *, around: int) -> tuple[Passage, ...]:
    """The passages that hold every place with at least `around` letters before and after, in order, none twice.

    They begin and end at line breaks or spaces. Places that share letters are lit as one.
    """
    known = sorted(
        {Place(place.number, *_inside(text, place)) for place in places},
        key=lambda place: (place.start, place.end, place.number),
    )
    windows: list[tuple[int, int]] = []
    for place in known:
        start, end = _widened(text, place, around)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(windows[-1][1], end))
        else:
            windows.append((start, end))
    return tuple(_passage(text, window, known) for window in windows)


def _inside(text: str, place: Place) -> tuple[int, int]:
    start = min(max(place.start, 0), len(text))
    return start, min(max(place.end, start), len(text))


def _widened(text: str, place: Place, around: int) -> tuple[int, int]:
    start, end = max(place.start - around, 0), min(place.end + around, len(text))
    line_before, line_after = text.rfind("\n", 0, start), text.find("\n", end)
    word_before, word_after = text.rfind(" ", 0, start), text.find(" ", end)
    begins = line_before if start - line_before <= around else max(line_before, word_before)
    if 0 <= line_after - end <= around:
        return begins + 1, line_after
    return begins + 1, min((at for at in (line_after, word_after) if at >= 0), default=len(text))


def _passage(text: str, window: tuple[int, int], places: list[Place]) -> Passage:
    start, end = window
    inside = [place for place in places if start <= place.start and place.end <= end]
    cuts = sorted({start, end, *(at for place in inside for at in (place.start, place.end))})
    pieces = []
    for left, right in pairwise(cuts):
        is_lit = any(place.start <= left and right <= place.end for place in inside)
        begun = tuple(place.number for place in inside if place.start == left)
        pieces.append(Piece(text[left:right], is_lit, begun))
    return Passage(tuple(pieces), is_cut_before=start > 0, is_cut_after=end < len(text))
