"""The grid of a table: merged cells, columns that miss each other by a hair."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from thucthi.intake.reading.files.faults import TOO_WIDE, Unreadable
from thucthi.intake.reading.files.word.names import VAL, Element, child, number, properties, w
from thucthi.intake.reading.source import RawCell

_MOST_COLUMNS = 1_000
# Two edges closer than this (in twentieths of a point: about 2 mm) were meant to be one.
_HAIR = 120
_WRAPPERS = {w("sdt"), w("sdtContent"), w("customXml"), w("ins"), w("moveTo")}


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell from column `left` up to `right` of the grid; `is_below`: the one above reaches into it."""

    element: Element | None
    left: int
    right: int
    is_below: bool = False


Grid = list[list[GridCell]]


def grid_of(table: Element) -> Grid:
    """Cells row by row, with places; rows deleted by a tracked change are left out."""
    rows = [_row(row) for row in _inside(table, "tr") if child(row, "trPr", "del") is None]
    return _straightened(rows, [_width(column) for column in table.iterfind(f"{w('tblGrid')}/{w('gridCol')}")])


def raw_rows(grid: Grid, text_of: Callable[[Element], str]) -> Iterator[list[RawCell]]:
    """Rows as the builder of a source takes them: cells that are covered by one above are left out."""
    heights = _heights(grid)
    for line, row in enumerate(grid):
        raw = []
        for place, cell in enumerate(row):
            if (line, place) in heights:
                text = "" if cell.element is None else text_of(cell.element)
                raw.append(RawCell(text, columns=cell.right - cell.left, rows=heights[line, place]))
        yield raw


def _heights(grid: Grid) -> dict[tuple[int, int], int]:
    """How many lines each cell covers, by line and place in the line; covered cells have no entry."""
    heights: dict[tuple[int, int], int] = {}
    above: dict[tuple[int, int], tuple[int, int]] = {}
    for line, row in enumerate(grid):
        here = {}
        for place, cell in enumerate(row):
            edges = (cell.left, cell.right)
            first = above.get(edges, (line, place)) if cell.is_below else (line, place)
            heights[first] = heights.get(first, 0) + 1
            here[edges] = first
        above = here
    return heights


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """Children of that name, also those inside content controls and insertions."""
    for inner in parent:
        if inner.tag == w(name):
            yield inner
        elif inner.tag in _WRAPPERS:
            yield from _inside(inner, name)


def _row(row: Element) -> list[GridCell]:
    at = min(number(row.find(w("trPr")), "gridBefore") or 0, _MOST_COLUMNS)
    cells = [GridCell(None, 0, at)] if at else []
    for element in _inside(row, "tc"):
        said = properties(element.find(w("tcPr")))
        merged = said.get(w("vMerge"))
        is_below = merged is not None and merged.get(VAL, "continue") == "continue"
        right = min(at + _spanned(said.get(w("gridSpan"))), _MOST_COLUMNS)
        across = said.get(w("hMerge"))
        if across is not None and across.get(VAL, "continue") == "continue" and cells:
            cells[-1] = replace(cells[-1], right=right)
        elif right == at:
            raise Unreadable(TOO_WIDE)
        else:
            cells.append(GridCell(element, at, right, is_below))
        at = right
    return cells


def _spanned(span: Element | None) -> int:
    said = "" if span is None else span.get(VAL, "")
    return max(int(said), 1) if said.isascii() and said.isdigit() and len(said) < 9 else 1


def _width(column: Element) -> int:
    said = column.get(w("w"), "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _straightened(grid: Grid, widths: Sequence[int]) -> Grid:
    """The same cells on a grid without hair's breadth columns, unless one with words would vanish."""
    widest = max((row[-1].right for row in grid if row), default=0)
    if min(widths, default=_HAIR) >= _HAIR or min(widths) <= 0 or widest > len(widths):
        return grid
    places = _edges(widths)
    moved = [
        [GridCell(cell.element, places[cell.left], places[cell.right], cell.is_below) for cell in row] for row in grid
    ]
    vanished = [cell for row in moved for cell in row if cell.left == cell.right]
    if any(cell.element is not None and any(True for _ in cell.element.iter(w("t"))) for cell in vanished):
        return grid
    return [[cell for cell in row if cell.left < cell.right] for row in moved]


def _edges(widths: Sequence[int]) -> list[int]:
    """For each edge between columns, its number among those that lie apart."""
    places, since = [0], 0
    for width in widths:
        since += width
        is_apart = since >= _HAIR
        places.append(places[-1] + is_apart)
        since = 0 if is_apart else since
    return places
