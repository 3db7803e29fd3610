"""The extracted text of a file, with the lines and tables in it; every reader of a format builds one of these."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from thucthi.intake.reading.shapes import Warned

CELL_JOIN = " | "
_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = re.compile(r"[^\S\n]+")


def clean(text: str) -> str:
    """Composed letters, no invisible ones, single spaces; line breaks stay, each line trimmed."""
    composed = unicodedata.normalize("NFC", text).translate(_DROPPED)
    lines = (_SPACES.sub(" ", line).strip() for line in re.split(r"\r\n|[\r\n\v\f\u2028\u2029]", composed))
    return "\n".join(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. `is_strong` when the file marks it as bold, centred or a heading; None where it cannot say."""

    text: str
    start: int
    end: int
    page: int | None = None
    is_strong: bool | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a table's grid. A merged cell stands in every place that it covers, `is_repeat` in all but one."""

    text: str
    start: int
    end: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`number` counts from 1 through the file; rows may differ in length. `name` is a sheet's."""

    number: int
    rows: tuple[Row, ...]
    start: int
    end: int
    name: str = ""


Block = Line | Table


@dataclass(frozen=True, slots=True)
class Source:
    text: str
    blocks: tuple[Block, ...]
    warnings: tuple[Warned, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Line))

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the file has it, before it gets a place: `rows` × `columns` is what it covers."""

    text: str
    columns: int = 1
    rows: int = 1


class SourceBuilder:
    """Puts lines and tables one under the other and keeps where each stands.

    A row's cells are joined by " | "; paragraphs inside a cell keep their line breaks.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._warnings: list[Warned] = []
        self._tables = 0

    def warn(self, where: str, text: str) -> None:
        self._warnings.append(Warned(where, text))

    def add_line(self, text: str, *, page: int | None = None, is_strong: bool | None = None) -> None:
        """One paragraph; each line break inside makes another. Empty ones are left out."""
        for line in clean(text).splitlines():
            start = self._write(line)
            self._blocks.append(Line(line, start, start + len(line), page, is_strong))
            self._write("\n")

    def add_table(self, rows: Iterable[Sequence[RawCell]], *, name: str = "", pages: Sequence[int | None] = ()) -> None:
        """A table given row by row; cells covered by a merged one above or before are left out of `rows`."""
        start = self._length
        covered: dict[int, tuple[int, Cell]] = {}
        made: list[Row] = []
        for place, raw in enumerate(rows):
            row = self._add_row(raw, covered)
            if row is not None:
                made.append(replace(row, page=pages[place] if place < len(pages) else None))
        if made:
            self._tables += 1
            self._blocks.append(Table(self._tables, tuple(made), start, made[-1].end, name))

    def finish(self) -> Source:
        text = "".join(self._parts).rstrip("\n")
        return Source(text, tuple(self._blocks), tuple(self._warnings))

    def _write(self, text: str) -> int:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start

    def _add_row(self, raw: Sequence[RawCell], covered: dict[int, tuple[int, Cell]]) -> Row | None:
        cells: list[Cell] = []
        start = self._length
        waiting = list(raw)
        while waiting or any(column >= len(cells) for column in covered):
            column = len(cells)
            if column in covered:
                cells.append(self._take_covered(column, covered))
            elif waiting:
                cells += self._place(waiting.pop(0), column, covered, is_first=not self._wrote_since(start))
            else:
                cells.append(Cell("", self._length, self._length))
        if not any(cell.text and not cell.is_repeat for cell in cells):
            return Row(tuple(cells), start, start) if any(cell.text for cell in cells) else None
        end = self._length
        self._write("\n")
        return Row(tuple(cells), start, end)

    def _wrote_since(self, start: int) -> bool:
        return self._length > start

    @staticmethod
    def _take_covered(column: int, covered: dict[int, tuple[int, Cell]]) -> Cell:
        left, cell = covered.pop(column)
        if left > 1:
            covered[column] = (left - 1, cell)
        return cell

    def _place(self, raw: RawCell, column: int, covered: dict[int, tuple[int, Cell]], *, is_first: bool) -> list[Cell]:
        if not is_first:
            self._write(CELL_JOIN)
        text = clean(raw.text)
        start = self._write(text)
        own = Cell(text, start, start + len(text))
        repeat = replace(own, is_repeat=True)
        if raw.rows > 1:
            covered |= {column + step: (raw.rows - 1, repeat) for step in range(raw.columns)}
        return [own, *[repeat] * (raw.columns - 1)]
