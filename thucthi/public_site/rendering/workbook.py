"""Tables as a workbook: words are words, numbers are numbers, days are days, and the same rows give the same bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from thucthi.kernel.spreadsheets import may_run
from thucthi.public_site.rendering.pages import Cell

# A spreadsheet keeps fifteen digits of a number; one with more is stored as text, or its end would be invented.
DIGITS_KEPT = 15
# It also holds no more letters in a cell; the CSV has the whole text.
LETTERS_KEPT = 32_767
# Days are counted from here; spreadsheets disagree about those before March 1900, so they are words.
DAY_ZERO, FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
WIDEST, NARROWEST = 60, 10
SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """`widths`: letters per column, else by the heading."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()


@dataclass(frozen=True)
class _Looks:
    head: Format
    day: Format
    words: Format


def workbook_of(sheets: Iterable[Sheet], *, title: str, made_on: date, many_rows: bool = False) -> bytes:
    """`made_on` stands for the hour of making, which would differ from run to run."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {**SETTINGS, "constant_memory": many_rows}) as book:
        book.set_properties({"title": title, "created": datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)})
        looks = _Looks(
            book.add_format({"bold": True, "bg_color": "#DDE7F0", "quote_prefix": True}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "@", "quote_prefix": True}),
        )
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, looks)
    return out.getvalue()


def _write(target: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    widths = sheet.widths or [min(max(len(name) + 2, NARROWEST), WIDEST) for name in sheet.columns]
    for place, (name, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        target.set_column(place, place, width)
        target.write_string(0, place, name, looks.head)
    target.freeze_panes(1, 0)
    for line, row in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(row):
            _write_cell(target, line, place, cell, looks)


def _write_cell(target: Worksheet, line: int, place: int, cell: Cell, looks: _Looks) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        target.write_boolean(line, place, cell)
    elif isinstance(cell, int | Decimal):
        _write_number(target, line, place, Decimal(cell))
    elif isinstance(cell, date):
        _write_day(target, line, place, cell, looks)
    elif cell:
        text = cell if len(cell) <= LETTERS_KEPT else f"{cell[: LETTERS_KEPT - 1]}…"
        target.write_string(line, place, text, looks.words if may_run(text) else None)


def _write_day(target: Worksheet, line: int, place: int, day: date, looks: _Looks) -> None:
    if day < FIRST_DAY:
        target.write_string(line, place, day.isoformat())
    else:
        target.write_number(line, place, (day - DAY_ZERO).days, looks.day)


def _write_number(target: Worksheet, line: int, place: int, amount: Decimal) -> None:
    if len(amount.normalize().as_tuple().digits) > DIGITS_KEPT:
        target.write_string(line, place, f"{amount:f}")
    else:
        target.write_number(line, place, float(amount))
