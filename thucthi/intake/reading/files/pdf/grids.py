"""Ruled tables of a page: which cells there are, what they cover, and the words inside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.page import Page

from thucthi.intake.reading.files.pdf.letters import Word, cell_text
from thucthi.intake.reading.source import RawCell

Box = tuple[float, float, float, float]
Edge = dict[str, Any]

_SAME = 3.0
"""Points within which two rulings are one."""
_SHORTEST = 8.0
"""Shorter ones are the ends of thick rulings."""
_FEWEST_RULINGS = 2
_MOST_EDGES = 6_000
"""A drawing, not a table; finding cells in it would take minutes."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's rows without the places that a merged cell covers; `columns` are where its columns begin."""

    box: Box
    columns: tuple[float, ...]
    rows: tuple[tuple[RawCell, ...], ...]


def grids_of(page: Page, words: Sequence[Word]) -> tuple[Grid, ...]:
    """The tables of a page from top to bottom; a frame round one text is none."""
    if not _has_rulings(page):
        return ()
    found = (_grid([cell for cell in table.cells if cell], words) for table in page.find_tables(_settings(page)))
    return tuple(sorted((grid for grid in found if grid), key=lambda grid: grid.box[1]))


def _has_rulings(page: Page) -> bool:
    edges = page.edges
    upright = sum(edge["orientation"] == "v" for edge in edges)
    return min(upright, len(edges) - upright) >= _FEWEST_RULINGS and len(edges) <= _MOST_EDGES


def _settings(page: Page) -> dict[str, object]:
    upright = [edge for edge in page.vertical_edges if edge["bottom"] - edge["top"] > _SHORTEST]
    level = [edge for edge in page.horizontal_edges if edge["x1"] - edge["x0"] > _SHORTEST]
    return {
        "explicit_vertical_lines": _missing(upright, level, "x0", "x1"),
        "explicit_horizontal_lines": _missing(level, upright, "top", "bottom"),
        "snap_tolerance": _SAME,
        "join_tolerance": _SAME,
    }


def _missing(edges: Sequence[Edge], across: Sequence[Edge], start: str, end: str) -> list[float]:
    """Outer sides that are not drawn: a table open to the left and right, or a row that a page's end cuts open."""
    if len(across) <= _FEWEST_RULINGS or not edges:
        return []
    first, last = min(edge[start] for edge in across), max(edge[end] for edge in across)
    sides = [first] if min(edge[start] for edge in edges) > first + 2 * _SAME else []
    return [*sides, last] if max(edge[end] for edge in edges) < last - 2 * _SAME else sides


def _grid(cells: Sequence[Box], words: Sequence[Word]) -> Grid | None:
    lefts = _merged([cell[0] for cell in cells] + [cell[2] for cell in cells])
    tops = _merged([cell[1] for cell in cells] + [cell[3] for cell in cells])
    if len(lefts) < _FEWEST_RULINGS + 1 or len(cells) < _FEWEST_RULINGS:
        return None
    inside = _by_cell(words, cells)
    placed = {
        (_at(tops, top), _at(lefts, left)): RawCell(
            cell_text(inside.get((left, top, right, bottom), []), right),
            columns=max(_at(lefts, right) - _at(lefts, left), 1),
            rows=max(_at(tops, bottom) - _at(tops, top), 1),
        )
        for left, top, right, bottom in cells
    }
    rows = tuple(_rows(placed, len(tops) - 1, len(lefts) - 1))
    return Grid((lefts[0], tops[0], lefts[-1], tops[-1]), tuple(lefts[:-1]), rows)


def _rows(placed: dict[tuple[int, int], RawCell], height: int, width: int) -> Iterator[tuple[RawCell, ...]]:
    """Each row's cells without the places that a merged one covers; where a ruling is missing stands an empty cell."""
    covered: set[tuple[int, int]] = set()
    for row in range(height):
        cells: list[RawCell] = []
        for column in range(width):
            if (row, column) in covered:
                continue
            cell = placed.get((row, column), RawCell(""))
            cells.append(cell)
            covered |= {(row + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}
        yield tuple(cells)


def _by_cell(words: Sequence[Word], cells: Sequence[Box]) -> dict[Box, list[Word]]:
    """A word belongs to the cell in which its middle lies."""
    found: dict[Box, list[Word]] = {}
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        home = next((cell for cell in cells if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]), None)
        if home is not None:
            found.setdefault(home, []).append(word)
    return found


def _merged(places: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _SAME:
            kept.append(place)
    return kept


def _at(places: Sequence[float], place: float) -> int:
    return min(range(len(places)), key=lambda number: abs(places[number] - place))
