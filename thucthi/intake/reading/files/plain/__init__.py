"""Plain text and Markdown."""

import re
from pathlib import Path

from thucthi.intake.reading.files.encodings import decoded
from thucthi.intake.reading.files.encodings.mending import mended
from thucthi.intake.reading.files.plain import markup
from thucthi.intake.reading.files.plain.pages import Printed, printed_lines
from thucthi.intake.reading.files.plain.paragraphs import paragraphs, wrap_width
from thucthi.intake.reading.files.plain.tables import Grid, grid_at, looks_like_letterhead
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder
from thucthi.kernel.vietnamese_text import nfc

_WHOLE_FILE = "Toàn tệp"
_SPACES = re.compile(r"[^\S\n\f]+")


def read_plain(path: Path) -> Source:
    """The text of a .txt or .md file, its tables told from its paragraphs. Raises Unreadable."""
    found = decoded(path.read_bytes())
    builder = SourceBuilder()
    for warning in found.warnings:
        builder.warn(_WHOLE_FILE, warning)
    add_text(builder, found.text)
    return builder.finish()


def add_text(builder: SourceBuilder, text: str) -> None:
    """Puts the lines and tables of a text into `builder`."""
    spaced = _SPACES.sub(" ", nfc(text).replace("\r\n", "\n").replace("\r", "\n"))
    lines = printed_lines(mended(markup.tidied(markup.without_front_matter(spaced))))
    width = wrap_width(lines)
    waiting: list[Printed] = []
    place = 0
    while place < len(lines):
        grid = grid_at(lines, place)
        if grid is None or not grid.rows:
            length = grid.lines if grid else 1
            waiting += lines[place : place + length]
            place += length
            continue
        _add_lines(builder, waiting, width)
        waiting = []
        _add_grid(builder, grid)
        place += grid.lines
    _add_lines(builder, waiting, width)


def _add_lines(builder: SourceBuilder, lines: list[Printed], width: int | None) -> None:
    for paragraph in paragraphs(lines, width):
        builder.add_line(paragraph.text, page=paragraph.page, is_strong=paragraph.is_strong)


def _add_grid(builder: SourceBuilder, grid: Grid) -> None:
    if not looks_like_letterhead(grid.rows):
        builder.add_table([[RawCell(cell) for cell in row] for row in grid.rows], pages=grid.pages)
        return
    for cell in (cell for row in grid.rows for cell in row):
        builder.add_line(cell, page=grid.pages[0])
