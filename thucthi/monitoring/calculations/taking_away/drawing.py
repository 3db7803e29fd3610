"""Draws the workbook that `workbook` composes, in a process of its own: nothing else imports this module."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from xlsxwriter.workbook import Workbook

from thucthi.monitoring.calculations.taking_away.tables import Cell, written
from thucthi.monitoring.calculations.taking_away.workbook import Pairs, Values

# A spreadsheet keeps fifteen digits of a number; one with more is stored as text, or its end would be invented.
DIGITS_KEPT = 15


def drawn(values: Values, pairs: Sequence[Pairs]) -> bytes:
    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, settings) as book:
        _write_values(book, values)
        for each in pairs:
            _write_pairs(book, each)
    return out.getvalue()


def _write_values(book: Workbook, values: Values) -> None:
    sheet = book.add_worksheet(values.title)
    words = book.add_format({"num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "quote_prefix": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for place, (heading, width) in enumerate(zip(values.headings, values.widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, head)
    for line, row in enumerate(values.rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(line, place, cell, day)
            elif _is_kept(cell):
                sheet.write_number(line, place, float(cell))  # type: ignore[arg-type]
            elif cell is not None and cell != "":
                sheet.write_string(line, place, written(cell), words)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(values.rows), 1), len(values.headings) - 1)


def _is_kept(cell: Cell) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return False
    return len(Decimal(cell).normalize().as_tuple().digits) <= DIGITS_KEPT


def _write_pairs(book: Workbook, pairs: Pairs) -> None:
    sheet = book.add_worksheet(pairs.title)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 100)
    name = book.add_format({"bold": True, "valign": "top", "quote_prefix": True})
    words = book.add_format({"num_format": "@", "text_wrap": True, "quote_prefix": True})
    for line, (left, right) in enumerate(pairs.lines):
        sheet.write_string(line, 0, written(left), name)
        sheet.write_string(line, 1, written(right), words)
