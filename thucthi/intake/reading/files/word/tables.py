"""The grid of a table: merged cells, columns that miss each other by a hair."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from thucthi.intake.reading.files.word.names import Element, child, number, value, w
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
    for place, row in enumerate(grid):
        raw = []
        for cell in row:
            above = _above(grid, place, cell) if cell.is_below else None
            if above is None:
                text = "" if cell.element is None else text_of(cell.element)
                raw.append(RawCell(text, columns=cell.right - cell.left, rows=_height(grid, place, cell)))
        yield raw


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """Children of that name, also those inside content controls and insertions."""
    for inner in parent:
        if inner.tag == w(name):
            yield inner
        elif inner.tag in _WRAPPERS:
            yield from _inside(inner, name)


def _row(row: Element) -> list[GridCell]:
    properties = child(row, "trPr")
    at = min(number(properties, "gridBefore") or 0, _MOST_COLUMNS)
    cells = [GridCell(None, 0, at)] if at else []
    for element in _inside(row, "tc"):
        own = child(element, "tcPr")
        right = min(at + max(number(own, "gridSpan") or 1, 1), _MOST_COLUMNS)
        if value(own, "hMerge") == "continue" and cells:
            cells[-1] = GridCell(cells[-1].element, cells[-1].left, right, cells[-1].is_below)
        elif right > at:
            merged = child(own, "vMerge")
            is_below = merged is not None and merged.get(w("val"), "continue") == "continue"
            cells.append(GridCell(element, at, right, is_below))
        at = right
    return cells


def _above(grid: Grid, place: int, cell: GridCell) -> GridCell | None:
    """The cell of an earlier row that covers this one."""
    for row in reversed(grid[:place]):
        same = next((other for other in row if (other.left, other.right) == (cell.left, cell.right)), None)
        if same is None or not same.is_below:
            return same
    return None


def _height(grid: Grid, place: int, cell: GridCell) -> int:
    rows = 1
    for row in grid[place + 1 :]:
        if not any(other.is_below and (other.left, other.right) == (cell.left, cell.right) for other in row):
            break
        rows += 1
    return rows


def _width(column: Element) -> int:
    said = column.get(w("w"), "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _straightened(grid: Grid, widths: Sequence[int]) -> Grid:
    """The same cells on a grid without hair's breadth columns, unless one with words would vanish."""
    if not any(0 <= width < _HAIR for width in widths) or max((row[-1].right for row in grid if row), default=0) > len(
        widths
    ):
        return grid
    places = [0]
    since = 0
    for width in widths:
        since += width
        if since >= _HAIR:
            places.append(places[-1] + 1)
            since = 0
        else:
            places.append(places[-1])
    moved = [
        [GridCell(cell.element, places[cell.left], places[cell.right], cell.is_below) for cell in row] for row in grid
    ]
    vanished = [cell for row in moved for cell in row if cell.left == cell.right]
    if any(cell.element is not None and any(True for _ in cell.element.iter(w("t"))) for cell in vanished):
        return grid
    return [[cell for cell in row if cell.left < cell.right] for row in moved]
