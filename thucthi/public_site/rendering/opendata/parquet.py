"""A table of an issue as Parquet."""

from collections.abc import Iterable

from thucthi.public_site.rendering.opendata.shapes import Column, Kind

TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.NUMBER: "DECIMAL(28,6)",
    Kind.COUNT: "BIGINT",
    Kind.DAY: "DATE",
    Kind.FLAG: "BOOLEAN",
}


def types_of(columns: Iterable[Column]) -> dict[str, str]:
    """By the name of the column, as kernel/parquet.py takes them."""
    return {column.name: TYPES[column.kind] for column in columns}
