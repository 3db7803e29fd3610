"""How a cell is written, in every table that leaves the site: nothing in it can be taken for a formula."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from thucthi.kernel.spreadsheets import may_run
from thucthi.public_site.rendering.pages import Cell
from thucthi.publication.shapes import Header

BYTE_ORDER_MARK = "\ufeff"
SIMULATED = "Số liệu mô phỏng / Simulated data"
LINES_OF_A_PIECE = 5_000
END_OF_LINE = "\r\n"


@lru_cache(maxsize=20_000)
def _text(value: str) -> str:
    return f"'{value}" if may_run(value) else value


def plain_number(value: Decimal) -> str:
    """Digits and a point, never an exponent."""
    return f"{value:f}"


# By the exact type: a table of values has a million cells, and a chain of questions is felt there.
_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "",
    str: _text,
    bool: lambda value: "true" if value else "false",
    int: str,
    Decimal: plain_number,
    date: lru_cache(maxsize=5_000)(date.isoformat),
}


def written(value: Cell) -> str:
    """A cell: numbers and days plainly, nothing for what does not exist, text that cannot be taken for a formula."""
    writer = _WRITERS.get(type(value))
    return writer(value) if writer else _text(str(value))


def closing_cells(header: Header) -> tuple[Cell, ...]:
    """Of every row of a table beside a page: issue, day, notice."""
    return (header.issue, header.as_of, SIMULATED if header.simulated else "")


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180 in UTF-8 with a mark for spreadsheets."""
    return b"".join(csv_pieces(columns, rows))


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same, some thousand lines at a time."""
    return in_pieces(csv_head(columns), map(csv_line, rows))


def in_pieces(head: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    """`head` with the first of them."""
    waiting = iter(lines)
    yield head + b"".join(islice(waiting, LINES_OF_A_PIECE))
    while piece := b"".join(islice(waiting, LINES_OF_A_PIECE)):
        yield piece


def csv_head(columns: Sequence[str]) -> bytes:
    """What a CSV begins with: the mark for spreadsheets and the line of its columns, which are taken as they are."""
    return f"{BYTE_ORDER_MARK}{csv_text(columns)}".encode()


def csv_line(row: Iterable[Cell]) -> bytes:
    return csv_text([written(cell) for cell in row]).encode()


def csv_text(cells: Sequence[str]) -> str:
    """A line of cells that are `written`, with its end."""
    return str(_line(cells))


class _Echo:
    """Gives back what is written."""

    write = staticmethod(str)


_line = csv.writer(_Echo(), lineterminator=END_OF_LINE).writerow
