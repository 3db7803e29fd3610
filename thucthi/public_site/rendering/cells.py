"""How a cell is written, in every table that leaves the site: nothing in it can be taken for a formula."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from thucthi.public_site.rendering.pages import Cell

BYTE_ORDER_MARK = "\ufeff"
SIMULATED = "Số liệu mô phỏng / Simulated data"
# A spreadsheet takes a cell that begins so for a formula; also written wide or small, as Asian keyboards do.
FORMULA_STARTS = frozenset(
    "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207c\u207a\u207b\u208c\u208a\u208b"
)
# Some readers throw these away before they look at the first character.
PASSED_OVER = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
LINES_OF_A_PIECE = 5_000


def may_run(text: str) -> bool:
    """Whether a spreadsheet could run the text: by its first character, or by the first one that is not blank."""
    if text[:1] in {"\t", "\r", "\n", "\0"}:
        return True
    for character in text:
        if character in FORMULA_STARTS:
            return True
        if unicodedata.category(character) not in PASSED_OVER:
            return False
    return False


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
    return b"".join(_pieces(columns, rows))


def _pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
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
