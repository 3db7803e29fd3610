"""How large the sheets of a workbook may be: a single cell far off makes a grid of everything before it."""

from thucthi.intake.reading.files.faults import TOO_MANY_CELLS, TOO_WIDE, Unreadable

MOST_COLUMNS = 1_000
MOST_CELLS = 300_000


def check_grid(lines: int, columns: int) -> None:
    """Raises Unreadable when the smallest grid from the first cell is too large."""
    if columns > MOST_COLUMNS:
        raise Unreadable(TOO_WIDE)
    check_cells(lines * columns)


def check_cells(cells: int) -> None:
    if cells > MOST_CELLS:
        raise Unreadable(TOO_MANY_CELLS)
