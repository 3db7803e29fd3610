"""Draws the workbook that `writing` describes, in a process of its own: nothing else imports this module."""

from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from thucthi.indicators.worksheets.shapes import HEADING_ROW, HELP_SHEET, VALUES_SHEET
from thucthi.indicators.worksheets.writing import Column, Template

_PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True, "sort": True,
    "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip
SETTINGS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def drawn(template: Template) -> bytes:
    """The .xlsx file. Every cell is a text: what a person types stays as it was typed, "45 %" and "1.234,5" included,
    nothing becomes a date by itself, and nothing in the file is a formula."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, SETTINGS) as book:
        _write_values(book, template)
        _write_help(book, template)
    return out.getvalue()


def _write_values(book: Workbook, template: Template) -> None:
    # "@" with the quote mark: a text that begins with "=" stays a text when somebody edits its cell.
    wording = {"num_format": "@", "quote_prefix": True, "valign": "top", "border": 1, "text_wrap": True}
    is_open = book.add_format({**wording, "locked": False, "bg_color": "#FFFDE7"})
    is_closed = book.add_format({**wording, "bg_color": "#EEEEEE"})
    head = book.add_format({**wording, "bold": True, "bg_color": "#DDE7F0"})
    sheet = book.add_worksheet(VALUES_SHEET)
    sheet.write_string(0, 0, template.title, book.add_format({"bold": True, "quote_prefix": True}))
    sheet.write_string(1, 0, template.notes, book.add_format({"quote_prefix": True}))
    for place, column in enumerate(template.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEADING_ROW, place, column.heading, head)
        _offer(sheet, column, place, HEADING_ROW + 1, HEADING_ROW + len(template.rows))
    for at, row in enumerate(template.rows, start=HEADING_ROW + 1):
        for place, column in enumerate(template.columns):
            _write_cell(sheet, at, place, row.get(column.key, ""), is_open if column.is_open else is_closed)
    sheet.freeze_panes(HEADING_ROW + 1, 2)
    sheet.protect("", _PROTECTION)


def _offer(sheet: Worksheet, column: Column, place: int, first: int, last: int) -> None:
    if column.choices and last >= first:
        rule = {"validate": "list", "source": list(column.choices), "error_type": "information"}
        sheet.data_validation(first, place, last, place, rule)


def _write_cell(sheet: Worksheet, at: int, place: int, words: str, form: Format) -> None:
    if words:
        sheet.write_string(at, place, words, form)
    else:
        sheet.write_blank(at, place, None, form)


def _write_help(book: Workbook, template: Template) -> None:
    sheet = book.add_worksheet(HELP_SHEET)
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    sheet.set_column(0, 0, 100)
    for at, line in enumerate(template.help):
        sheet.write_string(at, 0, line, wrapped)
    sheet.protect()
