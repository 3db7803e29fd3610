"""Draws the workbook of a dossier, in a process of its own: nothing else imports this module."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from thucthi.monitoring.calculations.dossier_file import DossierSheet


def drawn(sheets: Sequence[DossierSheet]) -> bytes:
    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, settings) as book:
        for sheet in sheets:
            _fill(book, sheet)
    return out.getvalue()


def _fill(book: xlsxwriter.Workbook, said: DossierSheet) -> None:
    sheet = book.add_worksheet(said.title)
    sheet.write_string(0, 0, said.notice, book.add_format({"italic": True}))
    sheet.write_row(1, 0, said.headings, book.add_format({"bold": True, "text_wrap": True}))
    for place, row in enumerate(said.rows, start=2):
        sheet.write_row(place, 0, row)
    sheet.freeze_panes(2, 0)
    sheet.set_column(0, 2, 28)
    sheet.set_column(3, len(said.headings) - 1, 14)
