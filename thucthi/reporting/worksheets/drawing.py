"""Draws the workbook that `writing` describes, in a process of its own: nothing else imports this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from thucthi.indicators.worksheets.drawing import SETTINGS
from thucthi.indicators.worksheets.shapes import HEADING_ROW, HELP_SHEET, VALUES_SHEET
from thucthi.reporting.worksheets.columns import HEADINGS, HIDDEN, OPEN, Line
from thucthi.reporting.worksheets.writing import Words

_WIDTHS = {"code": 18, "text": 60, "period": 16, "due": 12, "before": 26, "claim": 22, "progress": 12, "note": 60}
_PROTECTION = {
    "format_columns": True, "format_rows": True, "autofilter": True, "select_locked_cells": True,
    "select_unlocked_cells": True,
}  # fmt: skip


@dataclass(frozen=True)
class _Looks:
    open_text: Format
    open_figure: Format
    closed: Format
    head: Format
    title: Format


def drawn(words: Words, lines: Sequence[Line]) -> bytes:
    """The .xlsx file. Words are texts and nothing is a formula, whatever a note or a task begins with."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, SETTINGS) as book:
        sheet = book.add_worksheet(VALUES_SHEET)
        looks = _looks(book)
        sheet.write_string(0, 0, "", looks.title)
        sheet.write_string(0, len(HIDDEN), words.title, looks.title)
        sheet.write_string(1, len(HIDDEN), words.notes, looks.title)
        _write_headings(sheet, words, looks)
        for at, line in enumerate(lines, start=HEADING_ROW + 1):
            _write_line(sheet, at, line, looks)
        _offer(sheet, words, HEADING_ROW + 1, HEADING_ROW + len(lines))
        sheet.freeze_panes(HEADING_ROW + 1, len(HIDDEN) + 1)
        sheet.protect("", _PROTECTION)
        _write_help(book, words)
    return out.getvalue()


def _looks(book: Workbook) -> _Looks:
    # "@" with the quote mark: a text that begins with "=" stays a text when somebody edits its cell.
    wording = {"num_format": "@", "quote_prefix": True, "valign": "top", "border": 1, "text_wrap": True}
    figure = {"num_format": "0.##", "valign": "top", "border": 1, "locked": False, "bg_color": "#FFFDE7"}
    return _Looks(
        open_text=book.add_format({**wording, "locked": False, "bg_color": "#FFFDE7"}),
        open_figure=book.add_format(figure),
        closed=book.add_format({**wording, "bg_color": "#EEEEEE"}),
        head=book.add_format({**wording, "bold": True, "bg_color": "#DDE7F0"}),
        title=book.add_format({"bold": True, "quote_prefix": True}),
    )


def _write_headings(sheet: Worksheet, words: Words, looks: _Looks) -> None:
    for place, key in enumerate(HEADINGS):
        sheet.set_column(place, place, _WIDTHS.get(key, 8), None, {"hidden": key in HIDDEN})
        sheet.write_string(HEADING_ROW, place, words.headings[key], looks.head)


def _write_line(sheet: Worksheet, at: int, line: Line, looks: _Looks) -> None:
    for place, key in enumerate(HEADINGS):
        words = getattr(line, key)
        figure = line.figure if key == "progress" else None
        form = looks.open_figure if key == "progress" else looks.open_text if key in OPEN else looks.closed
        if figure is not None:
            sheet.write_number(at, place, figure, form)
        elif words:
            sheet.write_string(at, place, words, form)
        else:
            sheet.write_blank(at, place, None, form)


def _offer(sheet: Worksheet, words: Words, first: int, last: int) -> None:
    """A list, and limits that warn: 130 % may be said, by whoever means it."""
    if last < first:
        return
    places = {key: place for place, key in enumerate(HEADINGS)}
    of_claim = {"validate": "list", "source": list(words.claims), "error_type": "stop"}
    of_progress = {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100, "error_type": "warning",
        "error_message": words.limits[0],
    }  # fmt: skip
    of_note = {
        "validate": "length", "criteria": "<=", "value": words.longest_note, "error_type": "warning",
        "error_message": words.limits[1],
    }  # fmt: skip
    for key, rule in (("claim", of_claim), ("progress", of_progress), ("note", of_note)):
        sheet.data_validation(first, places[key], last, places[key], rule)


def _write_help(book: Workbook, words: Words) -> None:
    sheet = book.add_worksheet(HELP_SHEET)
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    sheet.set_column(0, 0, 100)
    for at, line in enumerate(words.help):
        sheet.write_string(at, 0, line, wrapped)
    sheet.protect()
