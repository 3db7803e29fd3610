"""Reads the filled workbook: columns are found by their headings, in whatever order and language they come back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from thucthi.indicators.worksheets.shapes import Cell, TableRow
from thucthi.kernel.vietnamese_text import fold
from thucthi.reporting.worksheets.columns import HEADINGS, NEEDED

SEARCHED_ROWS = 30
MOST_ROWS_READ = 2_000
_ENGLISH = {
    "row code": "id",
    "version": "version",
    "code of the unit": "unit",
    "situation": "claim",
    "progress (% share of the product)": "progress",
    "note": "note",
    "notes": "note",
}
_FIELD_OF = {fold(heading): key for key, heading in HEADINGS.items()} | _ENGLISH


class SheetFlaw(StrEnum):
    NO_ID = "no_id"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class FilledRow:
    """`number` is the row a person sees; `flaw` says why the line cannot be told apart; `same_as` the first of two."""

    number: int
    id: int | None
    version: str
    unit: str
    claim: str
    progress: str
    note: str
    flaw: SheetFlaw | None = None
    same_as: int = 0


class MissingColumns(ValueError):
    """These columns (keys) are not there; all of them when no row of headings was found."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        super().__init__(", ".join(keys))


class TooManyLines(ValueError):
    """More lines than a workbook of ours ever holds."""


def filled_rows(table: Iterable[TableRow]) -> list[FilledRow]:
    """The lines below the headings. Raises MissingColumns, TooManyLines, and whatever reading the file raises."""
    places: dict[str, int] = {}
    best: dict[str, int] = {}
    rows: list[FilledRow] = []
    first_of: dict[int, int] = {}
    for at, row in enumerate(table):
        if places:
            rows.append(_filled(row, places, first_of))
            if len(rows) > MOST_ROWS_READ:
                raise TooManyLines
            continue
        found = _places(row.cells)
        best = max(best, found, key=len)
        if all(key in found for key in NEEDED):
            places = found
        elif at >= SEARCHED_ROWS:
            break
    if not places:
        raise MissingColumns(tuple(key for key in NEEDED if key not in best))
    return rows


def _places(cells: Iterable[Cell]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        key = _FIELD_OF.get(fold(cell)) if isinstance(cell, str) and len(cell) < 60 else None
        if key:
            places.setdefault(key, at)
    return places


def _filled(row: TableRow, places: Mapping[str, int], first_of: dict[int, int]) -> FilledRow:
    cells = {key: row.cells[at] if at < len(row.cells) else None for key, at in places.items()}
    written = _text(cells["id"])
    pk = int(written) if written.isascii() and written.isdigit() and len(written) <= 12 else None
    filled = FilledRow(
        row.number,
        pk,
        _text(cells["version"]),
        _text(cells["unit"]),
        _text(cells["claim"]),
        _text(cells["progress"], is_percent=places["progress"] in row.percents),
        _text(cells["note"]),
    )
    if pk is None:
        return replace(filled, flaw=SheetFlaw.NO_ID)
    if pk in first_of:
        return replace(filled, flaw=SheetFlaw.TWICE, same_as=first_of[pk])
    first_of[pk] = row.number
    return filled


def _text(cell: Cell, *, is_percent: bool = False) -> str:
    """A figure as one types it, with a decimal comma; a cell shown as 45 % holds 0.45."""
    if cell is None:
        return ""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return str(cell).replace("\r\n", "\n").strip()
    amount = Decimal(repr(cell)) * (100 if is_percent else 1)
    plain = f"{amount:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")
