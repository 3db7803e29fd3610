"""How a cell is written, in every table that leaves the site: nothing in it can be taken for a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from thucthi.kernel.spreadsheets import may_run
from thucthi.public_site.rendering.pages import Cell

BYTE_ORDER_MARK = "\ufeff"
SIMULATED = "Số liệu mô phỏng / Simulated data"
LINES_OF_A_PIECE = 5_000


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


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180 in UTF-8 with a mark for spreadsheets."""
    return b"".join(csv_pieces(columns, rows))


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same, some thousand lines at a time."""
    stream = io.StringIO(newline="")
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow([written(cell) for cell in row])
        if number % LINES_OF_A_PIECE == 0:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()
