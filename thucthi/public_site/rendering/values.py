"""All standing values of an indicator as one lean CSV: what repeats stands in the heading or on the page."""

import csv
import io
from collections.abc import Iterable, Iterator

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.indicators import FOLDER, VALUES_FILE
from thucthi.public_site.rendering.twins import BYTE_ORDER_MARK, SIMULATED, written
from thucthi.publication.shapes import Header, ValueData

COLUMNS = (
    "period", "organisation", "kind", "breakdown", "state", "amount", "numerator", "denominator", "available_on",
    "is_correction",
)  # fmt: skip


def value_files(book: Book) -> Iterator[tuple[str, bytes]]:
    """Path and content, by the order of codes."""
    for code, rows in book.data.values.items():
        yield f"{FOLDER}/{code}/{VALUES_FILE}", _csv(rows, book.data.header)


def _csv(rows: Iterable[ValueData], header: Header) -> bytes:
    """No organisation is the whole country. Issue, day and notice stand once, in the heading."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    notice = f"notice: {SIMULATED}" if header.simulated else "notice"
    writer.writerow([*COLUMNS, f"issue: {header.issue}", f"as_of: {header.as_of.isoformat()}", notice])
    for row in rows:
        writer.writerow([written(getattr(row, column)) for column in COLUMNS])
    return (BYTE_ORDER_MARK + stream.getvalue()).encode()
