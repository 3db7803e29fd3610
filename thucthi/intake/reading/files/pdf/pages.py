"""What stands on each page, in the order in which it is read; what the margins repeat is left out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pdfplumber.page import Page

from thucthi.intake.reading.files.pdf.grids import Grid, grids_of
from thucthi.intake.reading.files.pdf.letters import Line, Word, lines_of, words_of

_MARGIN = 0.09
_PAGE_NUMBER = re.compile(r"[-–\s]*(?:[Tt]rang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–\s]*")
_STAMP = re.compile(r"\S{1,60}\.(?:docx?|pdf|rtf|xlsx?)(?:\s+\d{1,4})?")
_FEWEST_PAGES = 3
_PICTURE = 0.4
_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class PageRead:
    """`is_picture` when the page holds an image and no letters."""

    number: int
    blocks: tuple[Line | Grid, ...]
    is_picture: bool
    top: float
    bottom: float


def page_read(page: Page) -> PageRead:
    words = words_of(page)
    grids = grids_of(page, words) if words else ()
    free = [word for word in words if not any(_inside(word, grid) for grid in grids)]
    blocks = _in_order(lines_of(free) if free else [], grids)
    return PageRead(page.page_number, tuple(blocks), not words and _is_picture(page), page.bbox[1], page.bbox[3])


def _inside(word: Word, grid: Grid) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return grid.box[0] <= x <= grid.box[2] and grid.box[1] <= y <= grid.box[3]


def _is_picture(page: Page) -> bool:
    area = sum((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images)
    return bool(area > _PICTURE * page.width * page.height)


def _in_order(rows: Sequence[Sequence[Line]], grids: Sequence[Grid]) -> Iterator[Line | Grid]:
    """From top to bottom; two texts side by side, as in the head and foot of a document, one after the other."""
    waiting = list(grids)
    band: list[Sequence[Line]] = []
    for row in rows:
        while waiting and waiting[0].box[1] < row[0].top:
            yield from _by_column(band)
            band = []
            yield waiting.pop(0)
        band.append(row)
    yield from _by_column(band)
    yield from waiting


def _by_column(rows: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Runs of rows with two texts, or with one that keeps to its side of the gap, are read column by column."""
    run: list[Sequence[Line]] = []
    for row in rows:
        if run and not _keeps_to(row, run):
            yield from _columns(run)
            run = []
        if run or len(row) == _COLUMNS:
            run.append(row)
        else:
            yield from row
    yield from _columns(run)


def _gap(run: Sequence[Sequence[Line]]) -> tuple[float, float]:
    pairs = [row for row in run if len(row) == _COLUMNS]
    return max(row[0].x1 for row in pairs), min(row[1].x0 for row in pairs)


def _keeps_to(row: Sequence[Line], run: Sequence[Sequence[Line]]) -> bool:
    left, right = _gap(run)
    if len(row) == _COLUMNS:
        return row[0].x1 < right and row[1].x0 > left
    near = row[0].top - run[-1][0].bottom < 2 * row[0].size
    return near and len(row) == 1 and (row[0].x1 < (left + right) / 2 or row[0].x0 > (left + right) / 2)


def _columns(run: Sequence[Sequence[Line]]) -> Iterator[Line]:
    if not run:
        return
    left, right = _gap(run)
    middle = (left + right) / 2
    lines = [line for row in run for line in row]
    yield from (line for line in lines if line.x0 < middle)
    yield from (line for line in lines if line.x0 >= middle)


def without_margins(pages: Sequence[PageRead]) -> tuple[tuple[int, tuple[Line | Grid, ...]], ...]:
    """Each page's number and blocks without page numbers, stamps and what the margins of several pages repeat."""
    seen = Counter(_folded(line) for page in pages for line in _in_margins(page))
    repeated = {text for text, count in seen.items() if count >= max(_FEWEST_PAGES, len(pages) // 3)}
    return tuple(
        (page.number, tuple(block for block in page.blocks if not _is_marginal(block, page, repeated)))
        for page in pages
    )


def _in_margins(page: PageRead) -> Iterator[Line]:
    depth = _MARGIN * (page.bottom - page.top)
    for block in page.blocks:
        if isinstance(block, Line) and (block.bottom < page.top + depth or block.top > page.bottom - depth):
            yield block


def _is_marginal(block: Line | Grid, page: PageRead, repeated: set[str]) -> bool:
    if not isinstance(block, Line) or block not in _in_margins(page):
        return False
    is_number = _PAGE_NUMBER.fullmatch(block.text) or _STAMP.fullmatch(block.text)
    return is_number is not None or _folded(block) in repeated


def _folded(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())
