"""The same rows as a page, as JSON and CSV; both say which issue they are of and whether the figures are invented."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from thucthi.kernel.canonical import canonical_json
from thucthi.public_site.rendering.pages import Cell, Twin
from thucthi.publication.shapes import Header

BYTE_ORDER_MARK = "\ufeff"
SIMULATED = "Số liệu mô phỏng / Simulated data"
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def written(value: Cell) -> str:
    """A cell: numbers and days plainly, nothing for what does not exist, text that cannot be taken for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def csv_bytes(twin: Twin, header: Header) -> bytes:
    """UTF-8 with a mark for spreadsheets; the last three columns repeat issue, day and notice in each row.

    A table without rows carries the notice in its heading: a row for it would be counted as one.
    """
    closing: Sequence[Cell] = (header.issue, header.as_of, SIMULATED if header.simulated else "")
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    notice = f"notice: {SIMULATED}" if header.simulated and not twin.rows else "notice"
    writer.writerow([*twin.columns, "issue", "as_of", notice])
    for row in twin.rows:
        writer.writerow([written(cell) for cell in (*row, *closing)])
    return (BYTE_ORDER_MARK + stream.getvalue()).encode()


def json_bytes(twin: Twin, header: Header) -> bytes:
    return canonical_json({"issue": header, "notice": SIMULATED if header.simulated else None, "data": twin.about})
