"""Pages joined to one text: paragraphs over line and page breaks, tables over pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from thucthi.intake.reading.files.pdf.grids import Grid
from thucthi.intake.reading.files.pdf.letters import Line
from thucthi.intake.reading.files.plain.joining import Broken, glued, goes_on, is_label
from thucthi.intake.reading.source import RawCell

_SAME_COLUMN = 8.0
_INDENT = 6.0
_WIDE_GAP = 1.7
_MOST_HEADINGS = 4
_MOSTLY = 0.7

Row = tuple[RawCell, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    page: int
    is_strong: bool


@dataclass(slots=True)
class Joined:
    """A table as it grows over pages."""

    columns: tuple[float, ...]
    rows: list[Row] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


def flow(pages: Sequence[tuple[int, Sequence[Line | Grid]]]) -> Iterator[Paragraph | Joined]:
    """The blocks of a document in order; only what two pages have in common is put together."""
    layout = Layout.of(pages)
    table: Joined | None = None
    lines: list[tuple[int, Line]] = []
    for number, blocks in pages:
        for block in blocks:
            if isinstance(block, Line):
                if table:
                    yield table
                    table = None
                lines.append((number, block))
            elif table and _same_columns(table.columns, block.columns) and not lines:
                _append(table, block, number)
            else:
                if table:
                    yield table
                yield from _paragraphs(lines, layout)
                lines = []
                table = Joined(block.columns, list(block.rows), [number] * len(block.rows))
    yield from _paragraphs(lines, layout)
    if table:
        yield table


@dataclass(frozen=True, slots=True)
class Layout:
    """Where lines of the text begin and end, and how far apart they are."""

    left: float
    right: float
    step: float

    @classmethod
    def of(cls, pages: Sequence[tuple[int, Sequence[Line | Grid]]]) -> "Layout":
        lines = [block for _, blocks in pages for block in blocks if isinstance(block, Line)]
        if not lines:
            return cls(0, 0, 0)
        ends = sorted(line.x1 for line in lines)
        starts = sorted(line.x0 for line in lines)
        return cls(starts[len(starts) // 10], ends[int(len(ends) * 0.9)], median(line.size for line in lines))


def _paragraphs(lines: Sequence[tuple[int, Line]], layout: Layout) -> Iterator[Paragraph]:
    made: Paragraph | None = None
    last: tuple[int, Line] | None = None
    for number, line in lines:
        if made and last and _continues(made, last, (number, line), layout):
            made = replace(made, text=glued(made.text, line.text), is_strong=made.is_strong and line.is_bold)
        else:
            if made:
                yield made
            made = Paragraph(line.text, number, line.is_bold)
        last = number, line
    if made:
        yield made


def _continues(made: Paragraph, last: tuple[int, Line], now: tuple[int, Line], layout: Layout) -> bool:
    (page, before), (number, line) = last, now
    is_full = before.x1 + line.first_width + line.size / 4 > layout.right
    gap = number == page and line.top - before.bottom > _WIDE_GAP * line.size
    beside = number == page and line.top < before.bottom - line.size / 2
    if beside or abs(before.size - line.size) > line.size / 4 or (before.is_bold != line.is_bold and not is_full):
        return False
    if is_full and not gap and not is_label(line.text, made.text) and not _is_indented(before, line):
        return not made.text.isupper() or line.text.isupper()
    width = len(before.text) if is_full else None
    is_new = _is_indented(before, line) and before.text[-1] in ".;:"
    return not is_new and goes_on(made.text, line.text, Broken(before.text, gap, width))


def _is_indented(before: Line, line: Line) -> bool:
    """Whether a first line begins here: further to the right than the line above."""
    return line.x0 > before.x0 + _INDENT


def _same_columns(first: Sequence[float], second: Sequence[float]) -> bool:
    return len(first) == len(second) and all(
        abs(one - other) < _SAME_COLUMN for one, other in zip(first, second, strict=True)
    )


def _append(table: Joined, grid: Grid, page: int) -> None:
    """Goes on with a table on the next page, without the headings printed again there."""
    rows = list(grid.rows)
    heads = 0
    while heads < min(_MOST_HEADINGS, len(rows), len(table.rows)) and _folded(rows[heads]) == _folded(
        table.rows[heads]
    ):
        heads += 1
    rows = rows[heads:]
    if rows and table.pages[-1] != page and _is_broken(table.rows, rows[0]):
        table.rows[-1] = tuple(_both(one, other) for one, other in zip(table.rows[-1], rows.pop(0), strict=True))
    table.rows += rows
    table.pages += [page] * len(rows)


def _repeated_headings(rows: Sequence[Row], following: Sequence[Row]) -> int:
    """How many rows at the top of a page say again what the table's first rows say."""
    pairs = list(zip(rows[:_MOST_HEADINGS], following, strict=False))
    return next((place for place, (one, other) in enumerate(pairs) if _folded(one) != _folded(other)), len(pairs))


def _folded(row: Row) -> tuple[tuple[str, int], ...]:
    return tuple(("".join(cell.text.lower().split()), cell.columns) for cell in row)


def _is_broken(rows: Sequence[Row], row: Row) -> bool:
    """Whether a page ended inside a row: its index stands in one half only, and words go on."""
    last = rows[-1]
    if len(last) != len(row) or any(cell.columns > 1 or cell.rows > 1 for cell in (*last, *row)):
        return False
    indexed = sum(bool(other[0].text) for other in rows if other) >= _MOSTLY * len(rows)
    if not indexed or bool(last[0].text) == bool(row[0].text):
        return False
    texts = [cell.text for cell in row[1:] if cell.text]
    return bool(texts) and (texts[0][0].islower() or _runs_on(last, row) or len(texts) < len(row) - 1)


def _runs_on(last: Row, row: Row) -> bool:
    """Whether the first cell that both halves fill ends in the upper half without an end."""
    both = next(
        ((one.text, two.text) for one, two in zip(last[1:], row[1:], strict=True) if one.text and two.text), None
    )
    return both is not None and both[0][-1] not in ".;:" and not is_label(both[1])


def _both(first: RawCell, second: RawCell) -> RawCell:
    if not first.text or not second.text:
        return RawCell(first.text or second.text)
    glue = "\n" if is_label(second.text, first.text) and first.text[-1] in ".;:" else " "
    return RawCell(f"{first.text}{glue}{second.text}")
