"""Files of values as people send them."""

import io
from collections.abc import Sequence

import xlsxwriter

HEADINGS = ("Mã chỉ tiêu", "Mã đơn vị", "Kỳ", "Giá trị", "Nguồn", "Ghi chú, lý do")


def workbook(
    rows: Sequence[Sequence[object]], *, headings: Sequence[str] = HEADINGS, percent: int | None = None
) -> bytes:
    """An .xlsx with these rows; the column `percent` is formatted as a percentage."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "nan_inf_to_errors": True}) as book:
        sheet, shape = book.add_worksheet("Bảng 1"), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, headings)
        for at, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write(at, place, cell, shape if place == percent else None)
    return out.getvalue()


def csv_text(rows: Sequence[Sequence[object]], *, separator: str = ";") -> str:
    return "\n".join(separator.join(map(str, row)) for row in [HEADINGS[:5], *rows]) + "\n"
