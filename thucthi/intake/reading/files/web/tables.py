"""Tables of a page: which hold data and which only lay the page out."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_PARTS = ("thead", "tbody", "tfoot")
_FEWEST_COLUMNS = 2
_MOST_SPANNED = 1_000
_WIDEST = 200


@dataclass(frozen=True, slots=True)
class Placed:
    element: etree._Element
    columns: int
    rows: int


def is_data(table: etree._Element) -> bool:
    """Whether a table has columns of its own; one that holds other tables, or one column, lays the page out."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return any(len(_cells(row)) >= _FEWEST_COLUMNS for row in _rows(table))


def rows_of(table: etree._Element) -> Iterator[list[Placed]]:
    rows = _rows(table)
    for place, row in enumerate(rows):
        yield [
            Placed(
                cell,
                min(_span(cell, "colspan"), _WIDEST),
                min(_span(cell, "rowspan") or len(rows), len(rows) - place),
            )
            for cell in _cells(row)
        ]


def _rows(table: etree._Element) -> list[etree._Element]:
    rows: list[etree._Element] = []
    for child in table:
        rows += [child] if child.tag == "tr" else child.iterchildren("tr") if child.tag in _PARTS else []
    return rows


def _cells(row: etree._Element) -> list[etree._Element]:
    return list(row.iterchildren("td", "th"))


def _span(cell: etree._Element, name: str) -> int:
    """How many places a cell covers; a rowspan of 0 (all the rest) stays 0."""
    text = cell.get(name, "1").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(int(text), _MOST_SPANNED) or (0 if name == "rowspan" else 1)
