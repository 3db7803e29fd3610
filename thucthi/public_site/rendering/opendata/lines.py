"""The rows of a table as lines of both its files, CSV and Parquet, from one pass over what they say."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TextIO

from thucthi.kernel.parquet import quoted
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.cells import END_OF_LINE, LINES_OF_A_PIECE, csv_text, written
from thucthi.public_site.rendering.opendata.shapes import Row, Table
from thucthi.public_site.rendering.pages import Cell
from thucthi.publication.frozen import fields_of

# The line of the CSV, and that from which the Parquet is made.
Line = tuple[str, str]
# Parts of tasks that say the same are written once while they are among the last so many.
PARTS_KEPT = 4_000


def line_of(row: Sequence[Cell]) -> Line:
    texts = [written(cell) for cell in row]
    fields = [quoted(cell) if type(cell) is str else text for cell, text in zip(row, texts, strict=True)]
    return csv_text(texts), f"{','.join(fields)}\n"


def lines_of(book: Book, table: Table, closing: Row) -> Iterator[Line]:
    """`closing` are the last cells of every row."""
    if table.parts is None:
        yield from (line_of((*row, *closing)) for row in table.rows(book))
        return
    name, cells = table.parts

    @lru_cache(PARTS_KEPT)
    def rest(part: object) -> Line:
        return line_of((*cells(part), *closing))

    for code, parts in fields_of(book.data.tasks, "code", name):
        first = csv_text([written(code)]).removesuffix(END_OF_LINE), quoted(code)
        for line in map(rest, parts):
            yield f"{first[0]},{line[0]}", f"{first[1]},{line[1]}"


class TwoFiles:
    """The content of the CSV in pieces; as they are taken, the lines for the Parquet go into `source`.

    `size` and `sha256` are those of all pieces that were taken.
    """

    def __init__(self, head: bytes, lines: Iterable[Line], source: TextIO) -> None:
        self._head, self._lines, self._source = head, lines, source
        self._digest, self.size = hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        lines = iter(self._lines)
        with self._source:
            yield self._counted(self._head)
            while taken := list(islice(lines, LINES_OF_A_PIECE)):
                self._source.writelines(line for _csv, line in taken)
                yield self._counted("".join([line for line, _source in taken]).encode())

    def _counted(self, piece: bytes) -> bytes:
        self._digest.update(piece)
        self.size += len(piece)
        return piece

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
