"""Small questions about the words of drafts: their parts in a text, the table that was pasted."""

import csv
import io
from collections.abc import Sequence
from html import escape

from thucthi.kernel.vietnamese_text import fold

# The six columns of the table that programmes commonly have (STT comes first and is not counted among them).
SIX_COLUMNS = ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm, kết quả")
_HEADING_WORDS = ("chu tri", "thoi han", "thoi gian", "san pham", "nhiem vu", "noi dung")
MOST_ROWS = 2_000


def rows_of(pasted: str) -> list[list[str]]:
    """Cells of what was copied from Word or Excel: tabs between cells, line breaks inside quotes stay in the cell."""
    lines = pasted.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    try:
        rows = list(csv.reader(io.StringIO(lines), delimiter="\t", strict=True))
    except csv.Error:
        # A quotation mark that is no cell's border: every line is a row as it stands.
        rows = [line.split("\t") for line in lines.split("\n")]
    cleaned = [[cell.strip() for cell in row] for row in rows]
    return [row for row in cleaned if any(row)]


def has_heading(row: Sequence[str]) -> bool:
    """Whether the row names columns: at least two cells hold words that only headings pair."""
    return sum(1 for cell in row if len(cell) < 60 and any(word in fold(cell) for word in _HEADING_WORDS)) >= 2


def table_as_page(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a small HTML table with a heading; rows without a number get an empty first cell."""
    body = [list(row) for row in rows]
    if not has_heading(body[0]):
        widest = max(len(row) for row in body)
        heading = list(SIX_COLUMNS if widest >= len(SIX_COLUMNS) else SIX_COLUMNS[1:])[:widest]
        body.insert(0, heading)
    lines = ["<!doctype html>", '<html lang="vi"><head><meta charset="utf-8"><title>Bảng</title></head><body><table>']
    for row in body:
        lines.append("<tr>" + "".join(f"<td>{_paragraphs(cell)}</td>" for cell in row) + "</tr>")
    lines.append("</table></body></html>")
    return "\n".join(lines).encode()


def _paragraphs(cell: str) -> str:
    return "<br>".join(escape(line.strip()) for line in cell.split("\n"))


def places_of_parts(text: str, start: int, end: int, parts: Sequence[str]) -> list[tuple[int, int]]:
    """Where each part stands in `text[start:end]`, one after the other; the whole stretch for one not found there."""
    found = []
    begin = start
    for part in parts:
        words = part.strip()
        at = text.find(words, begin, end) if words else -1
        found.append((at, at + len(words)) if at >= 0 else (start, end))
        begin = at + len(words) if at >= 0 else begin
    return found


def parts_of(typed: str) -> list[str]:
    """The parts of a text between empty lines."""
    parts: list[list[str]] = [[]]
    for line in typed.replace("\r\n", "\n").split("\n"):
        if line.strip():
            parts[-1].append(line.strip())
        elif parts[-1]:
            parts.append([])
    return [" ".join(part) for part in parts if part]
