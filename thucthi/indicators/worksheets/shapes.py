"""What is read from a table and written to one, without the libraries that do it."""

from dataclasses import dataclass
from datetime import date, time, timedelta

VALUES_SHEET, HELP_SHEET = "Số liệu", "Hướng dẫn"
HEADING_ROW = 2
Cell = str | int | float | bool | date | time | timedelta | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` is the row that a person sees; `percents` are the places of cells that are shown as percentages."""

    number: int
    cells: tuple[Cell, ...]
    percents: tuple[int, ...] = ()
