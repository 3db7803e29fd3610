"""A table of an issue as Parquet."""

from collections.abc import Iterable

from thucthi.kernel.parquet import quoted
from thucthi.kernel.parquet_writer import Writer
from thucthi.public_site.rendering.cells import written
from thucthi.public_site.rendering.opendata.shapes import Column, Kind, Row
from thucthi.public_site.rendering.pages import Cell

TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.NUMBER: "DECIMAL(28,6)",
    Kind.COUNT: "BIGINT",
    Kind.DAY: "DATE",
    Kind.FLAG: "BOOLEAN",
}


def parquet_of(writer: Writer, columns: Iterable[Column], rows: Iterable[Row]) -> bytes:
    types = {column.name: TYPES[column.kind] for column in columns}
    return writer.parquet_of(types, (map(_field, row) for row in rows))


def _field(cell: Cell) -> str:
    return quoted(cell) if type(cell) is str else written(cell)
