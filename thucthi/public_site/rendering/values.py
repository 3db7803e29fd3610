"""All standing values of an indicator as one lean CSV: what repeats stands in the heading or on the page."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.cells import SIMULATED, csv_pieces
from thucthi.public_site.rendering.indicators import FOLDER, VALUES_FILE
from thucthi.publication.files import Content
from thucthi.publication.shapes import Header, ValueData

COLUMNS = (
    "period", "organisation", "kind", "breakdown", "state", "amount", "numerator", "denominator", "available_on",
    "is_correction",
)  # fmt: skip


def value_files(book: Book) -> Iterator[tuple[str, Content]]:
    """Path and content, by the order of codes."""
    for code, rows in book.data.values.items():
        yield f"{FOLDER}/{code}/{VALUES_FILE}", _csv(rows, book.data.header)


def _csv(rows: Iterable[ValueData], header: Header) -> Iterator[bytes]:
    """No organisation is the whole country. Issue, day and notice stand once, in the heading."""
    notice = f"notice: {SIMULATED}" if header.simulated else "notice"
    columns = [*COLUMNS, f"issue: {header.issue}", f"as_of: {header.as_of.isoformat()}", notice]
    return csv_pieces(columns, map(attrgetter(*COLUMNS), rows))
