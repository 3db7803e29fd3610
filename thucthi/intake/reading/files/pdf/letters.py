"""Words of a page, put together to lines, and lines inside one cell to its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from pdfplumber.page import Page

from thucthi.intake.reading.files.plain.joining import glued, is_label
from thucthi.kernel.vietnamese_text import nfc

_SPACE = 0.15
"""Of the size of the letters: a wider gap parts words where no space is written."""
_COLUMN_GAP = 2.2
"""Of the size of the letters: a wider gap parts two texts that stand side by side."""
_NARROWEST_GAP = 18.0
_HALF = 0.5
_BOLD = ("bold", "black", "heavy", "demi")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one level, from left to right, without a wide gap between them."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    is_bold: bool
    first_width: float


def words_of(page: Page) -> tuple[Word, ...]:
    # The letters of a word may be of several fonts; asked for by font, they would come in the order of drawing.
    found = page.extract_words(x_tolerance_ratio=_SPACE, return_chars=True)
    return tuple(_word(raw, raw["chars"]) for raw in found)


def _word(raw: dict[str, Any], letters: Sequence[dict[str, Any]]) -> Word:
    is_bold = all(any(mark in letter["fontname"].lower() for mark in _BOLD) for letter in letters)
    size = median(letter["size"] for letter in letters)
    return Word(nfc(raw["text"]), raw["x0"], raw["x1"], raw["top"], raw["bottom"], size, is_bold)


def _overlap(first: Word | Line, second: Word | Line) -> float:
    """How much of the lower of two heights they share, 0 to 1."""
    shared = min(first.bottom, second.bottom) - max(first.top, second.top)
    return shared / max(min(first.bottom - first.top, second.bottom - second.top), 0.1)


def rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """Words level with each other, each row from left to right, rows from top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: ((word.top + word.bottom) / 2, word.x0)):
        if rows and _overlap(rows[-1][0], word) > _HALF:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.x0) for row in rows]


def lines_of(words: Sequence[Word]) -> list[list[Line]]:
    """Rows of a page, each as the texts that stand side by side in it."""
    return [[_line(part) for part in _parted(row)] for row in rows_of(words)]


def _parted(row: Sequence[Word]) -> Iterator[list[Word]]:
    part = [row[0]]
    for before, word in pairwise(row):
        if word.x0 - before.x1 > max(_NARROWEST_GAP, _COLUMN_GAP * word.size):
            yield part
            part = []
        part.append(word)
    yield part


def _line(words: Sequence[Word]) -> Line:
    return Line(
        " ".join(word.text for word in words),
        words[0].x0,
        words[-1].x1,
        min(word.top for word in words),
        max(word.bottom for word in words),
        median(word.size for word in words),
        all(word.is_bold for word in words),
        words[0].x1 - words[0].x0,
    )


def cell_text(words: Sequence[Word], right: float) -> str:
    """The words of a cell, lines broken for want of room joined; items of a list stay on lines of their own."""
    lines = [_line(row) for row in rows_of(words)]
    if not lines:
        return ""
    margin = min(line.x0 for line in lines)
    reach = max(right - 2 * lines[0].size, *(line.x1 for line in lines))
    text = lines[0].text
    for before, line in pairwise(lines):
        had_room = reach - before.x1 > line.first_width + line.size * _HALF
        is_item = is_label(line.text, before.text) and (had_room or before.text[-1] in ".;:")
        starts_anew = had_room and not line.text[0].islower() and line.x0 - margin < reach / 4 and _is_left(lines)
        text = f"{text}\n{line.text}" if is_item or starts_anew else glued(text, line.text)
    return text


def _is_left(lines: Sequence[Line]) -> bool:
    """Whether lines begin at one margin; in a centred cell short lines say nothing."""
    margin = min(line.x0 for line in lines)
    return all(line.x0 - margin < line.size for line in lines)
