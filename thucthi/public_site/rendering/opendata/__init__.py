"""The open data of an issue: every table once as CSV, workbook and Parquet, and the descriptions of all of them."""

from collections.abc import Iterable, Iterator

from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.parquet_writer import Writer, parquet_writer
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.cells import csv_head
from thucthi.public_site.rendering.opendata import bodies, figures, tasks
from thucthi.public_site.rendering.opendata.catalogue import catalogue_of, json_ld_of, turtle_of
from thucthi.public_site.rendering.opendata.lines import TwoFiles, lines_of
from thucthi.public_site.rendering.opendata.package import DataFile, Described, package_of
from thucthi.public_site.rendering.opendata.parquet import types_of
from thucthi.public_site.rendering.opendata.shapes import Column, Row, Table, day, flag, text
from thucthi.public_site.rendering.workbook import Sheet, workbook_of
from thucthi.publication.files import Content
from thucthi.publication.shapes import Header

FOLDER = "data"
TABLES: tuple[Table, ...] = (*tasks.TABLES, *figures.TABLES, *bodies.TABLES)
# They close every row, so that a table that was cut out or copied still says of what issue it is.
CLOSING: tuple[Column, ...] = (
    text("issue", "kỳ công bố", "issue"),
    day("as_of", "số liệu đến ngày", "data up to"),
    flag("simulated", "số liệu mô phỏng", "whether the figures are simulated"),
)
CSV, XLSX, PARQUET = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
)
# A longer table has no workbook: writing one takes ten times as long as all other formats together, and few machines
# open it. Measured in docs/adr/0032.
MOST_ROWS_OF_A_WORKBOOK = 50_000
FEW_ROWS = 2_000


def open_data_files(book: Book) -> Iterator[tuple[str, Content]]:
    """Path and content: the tables, then what describes them. What comes in pieces is to be taken before the next."""
    header = book.data.header
    described = []
    with parquet_writer() as writer:
        for table in TABLES:
            columns = (*table.columns, *CLOSING)
            files = []
            path = f"{FOLDER}/{table.name}.csv"
            head = csv_head([column.name for column in columns])
            rows = TwoFiles(head, lines_of(book, table, closing_cells(header)), writer.source())
            yield path, rows
            files.append(DataFile(path, CSV, rows.size, rows.sha256))
            for suffix, media_type, content in _other_formats(book, table, columns, writer):
                path = f"{FOLDER}/{table.name}.{suffix}"
                files.append(DataFile(path, media_type, len(content), sha256_hex(content)))
                yield path, content
            described.append(Described(table, columns, files))
    yield "datapackage.json", package_of(header, described)
    graph = catalogue_of(header, described)
    yield "catalog.ttl", turtle_of(graph)
    yield "catalog.jsonld", json_ld_of(graph)


def row_count(book: Book, table: Table) -> int:
    return table.count(book) if table.count else sum(1 for _ in table.rows(book))


def listed(book: Book) -> list[tuple[Table, int, bool]]:
    """Each table with the number of its rows, and whether it has a workbook."""
    counts = [(table, row_count(book, table)) for table in TABLES]
    return [(table, count, count <= MOST_ROWS_OF_A_WORKBOOK) for table, count in counts]


def rows_of(book: Book, table: Table) -> Iterator[Row]:
    closing = closing_cells(book.data.header)
    return ((*row, *closing) for row in table.rows(book))


def closing_cells(header: Header) -> Row:
    return (header.issue, header.as_of, header.simulated)


def _other_formats(
    book: Book, table: Table, columns: tuple[Column, ...], writer: Writer
) -> Iterable[tuple[str, str, bytes]]:
    count = row_count(book, table)
    if count <= MOST_ROWS_OF_A_WORKBOOK:
        yield "xlsx", XLSX, _workbook(book, table, columns, count)
    yield "parquet", PARQUET, writer.parquet_of_source(types_of(columns))


def _workbook(book: Book, table: Table, columns: tuple[Column, ...], count: int) -> bytes:
    meaning = Sheet(
        "Cột - Columns",
        ("column", "type", "unit", "vi", "en"),
        [(each.name, each.kind.value, each.unit, each.vi, each.en) for each in columns],
        (22, 10, 22, 48, 48),
    )
    data = Sheet(table.name, [column.name for column in columns], rows_of(book, table))
    return workbook_of(
        [data, meaning],
        title=f"{table.vi} / {table.en}",
        made_on=book.data.header.as_of,
        many_rows=count > FEW_ROWS,
    )
