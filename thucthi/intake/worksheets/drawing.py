"""Draws the workbook that `writing` describes, in a process of its own: nothing else imports this module."""

from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from thucthi.intake.worksheets.columns import COLUMNS, Choices, SheetRow
from thucthi.intake.worksheets.writing import HEADING_ROW, LISTS_SHEET, ROOM_FOR_NEW, TASKS_SHEET, Sheet

_PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True, "sort": True,
    "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip


def drawn(sheet: Sheet) -> bytes:
    """The .xlsx file. All words are stored as words: nothing in it is a formula or becomes one when edited."""
    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, settings) as book:
        _write_tasks(book, sheet)
        _write_lists(book, sheet)
    return out.getvalue()


def _write_tasks(book: Workbook, sheet: Sheet) -> None:
    # "@" with the quote mark: a text that begins with "=" stays a text when somebody edits its cell.
    wording = {"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top", "border": 1}
    is_open, is_closed = (
        book.add_format({**wording, "locked": False}),
        book.add_format({**wording, "bg_color": "#EEEEEE"}),
    )
    head = book.add_format({**wording, "bold": True, "bg_color": "#DDE7F0", "align": "center"})
    tasks = book.add_worksheet(TASKS_SHEET)
    tasks.write_string(0, 2, sheet.title, book.add_format({"bold": True, "quote_prefix": True}))
    tasks.write_string(0, 0, sheet.programme)
    tasks.write_string(1, 2, sheet.notes)
    for place, column in enumerate(COLUMNS):
        tasks.set_column(place, place, column.width, None, {"hidden": column.is_hidden})
        tasks.write_string(HEADING_ROW, place, sheet.headings[column.key], head)
    first = HEADING_ROW + 1
    for at, row in enumerate(sheet.rows, start=first):
        _write_row(tasks, at, row, is_open, is_closed)
    last = first + len(sheet.rows) + ROOM_FOR_NEW - 1
    for at in range(first + len(sheet.rows), last + 1):
        _write_row(tasks, at, None, is_open, is_closed)
    _offer(tasks, sheet, first, last)
    tasks.freeze_panes(first, 0)
    tasks.protect("", _PROTECTION)


def _write_row(tasks: Worksheet, at: int, row: SheetRow | None, is_open: Format, is_closed: Format) -> None:
    for place, column in enumerate(COLUMNS):
        form = is_closed if column.is_locked else is_open
        words = row.values.get(column.key, "") if row else ""
        if words:
            tasks.write_string(at, place, words, form)
        else:
            tasks.write_blank(at, place, None, form)


def _offer(tasks: Worksheet, sheet: Sheet, first: int, last: int) -> None:
    for list_at, choice in enumerate(Choices):
        count = len(sheet.choices.get(choice, ()))
        for place, column in enumerate(COLUMNS):
            if column.choices is choice and count:
                letter = chr(ord("A") + list_at)
                source = f"='{LISTS_SHEET}'!${letter}$1:${letter}${count}"
                tasks.data_validation(
                    first, place, last, place, {"validate": "list", "source": source, "error_type": "information"}
                )


def _write_lists(book: Workbook, sheet: Sheet) -> None:
    lists = book.add_worksheet(LISTS_SHEET)
    for list_at, choice in enumerate(Choices):
        for at, words in enumerate(sheet.choices.get(choice, ())):
            lists.write_string(at, list_at, words)
    lists.protect()
    lists.hide()
