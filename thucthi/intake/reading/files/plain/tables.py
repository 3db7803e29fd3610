"""Tables written with upright strokes: Markdown's, and those of scraped pages with one cell on each line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from thucthi.intake.reading.files.plain import markup
from thucthi.intake.reading.files.plain.pages import Printed
from thucthi.intake.reading.files.plain.paragraphs import paragraphs

_STROKE = re.compile(r"(?<!\\)\|")
_LONE = re.compile(r"\s*\|\s*$")
_SEPARATOR = re.compile(r"\s*\|?[\s:|\\-]*-[\s:|\\-]*$")
_MOST_CELL_LINES = 12
_FEWEST_COLUMNS = 2
_MOST_COLUMNS = 30
_LETTERHEAD = re.compile(r"CỘNG\s+H[OÒÀ]+A?\s+XÃ|ĐẢNG\s+CỘNG\s+SẢN|Độc\s+lập|\b[Ss]ố:?\s*\d*[-/]|,\s*ngày\b")
_LETTERHEAD_ROWS = 4
_LETTERHEAD_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells' texts, each with its page; `lines` says how many printed lines it was made of."""

    rows: tuple[tuple[str, ...], ...]
    pages: tuple[int | None, ...]
    lines: int


def looks_like_letterhead(rows: Sequence[Sequence[str]]) -> bool:
    """The organisation, the motto, the number and the date, side by side at the head of a document."""
    words = " ".join(cell for row in rows for cell in row)
    is_small = len(rows) <= _LETTERHEAD_ROWS and max(map(len, rows), default=0) <= _LETTERHEAD_COLUMNS
    return is_small and _LETTERHEAD.search(words) is not None


def grid_at(lines: Sequence[Printed], place: int) -> Grid | None:
    """The table that begins on this line, if one does; one without rows where strokes part what is no table."""
    if _LONE.match(lines[place].text):
        return _scraped(lines, place)
    if "|" in lines[place].text:
        return _stroked(lines, place)
    return None


def _stroked(lines: Sequence[Printed], place: int) -> Grid:
    """Rows with strokes between cells; at least two, or one that begins and ends with a stroke."""
    rows: list[tuple[str, ...]] = []
    pages: list[int | None] = []
    at = place
    for start, end, text in _rows(lines, place):
        at = end
        if not _is_separator(text):
            rows.append(_cells(text))
            pages.append(lines[start].page)
    closed = lines[place].text.strip().startswith("|")
    if not rows or not (closed or len(rows) > 1) or max(map(len, rows)) < _FEWEST_COLUMNS:
        return Grid((), (), max(at - place, 1))
    kept = [0, *(number for number in range(1, len(rows)) if _folded(rows[number]) != _folded(rows[0]))]
    return Grid(tuple(rows[number] for number in kept), tuple(pages[number] for number in kept), at - place)


def _rows(lines: Sequence[Printed], place: int) -> Iterator[tuple[int, int, str]]:
    """Where each row begins and ends and its text; a row's cell may hold line breaks, an empty line ends the table."""
    strokes = len(_STROKE.findall(lines[place].text))
    is_open = not lines[place].text.strip().startswith("|")
    while place < len(lines) and "|" in lines[place].text:
        if is_open and len(_STROKE.findall(lines[place].text)) != strokes:
            return
        end, text = place + 1, lines[place].text.strip()
        if not is_open and not text.endswith("|"):
            end, text = _until_closed(lines, place)
        yield place, end, text
        place = _after_gap(lines, end) if not is_open else end


def _until_closed(lines: Sequence[Printed], place: int) -> tuple[int, str]:
    """A row whose last stroke comes only some lines below."""
    parts = [lines[place].text.strip()]
    for end in range(place + 1, min(place + _MOST_CELL_LINES, len(lines))):
        text = lines[end].text.strip()
        if not text or text.startswith("|"):
            break
        parts.append(text)
        if text.endswith("|"):
            return end + 1, "\n".join(parts)
    return place + 1, parts[0]


def _after_gap(lines: Sequence[Printed], place: int) -> int:
    """The next line with words when only the end of a page, or an empty line, parts it from the table."""
    at = place
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    goes_on = at < len(lines) and lines[at].text.strip().startswith("|") and not _LONE.match(lines[at].text)
    opens = at + 1 < len(lines) and _is_separator(lines[at + 1].text.strip())
    return at if goes_on and not (opens and at > place and not lines[at].opens_page) else place


def _is_separator(text: str) -> bool:
    return _SEPARATOR.fullmatch(text) is not None and "---" in text.replace("\\", "")


def _cells(text: str) -> tuple[str, ...]:
    body = text.strip()
    parts = _STROKE.split(body)
    parts = parts[1:] if body.startswith("|") else parts
    parts = parts[:-1] if len(parts) > 1 and not parts[-1].strip() else parts
    return tuple(_cell(part) for part in parts)


def _cell(text: str) -> str:
    kept = (line for line in markup.unmarked(text.strip()).split("\n") if not markup.is_rule(line) or len(line) < 3)
    return "\n".join(" ".join(line.split()) for line in kept if line.strip())


def _folded(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(cell.lower().split()) for cell in row)


def _scraped(lines: Sequence[Printed], place: int) -> Grid:
    """A table with a stroke alone on a line before each cell and after each row."""
    texts: list[str] = []
    at = place
    while (following := _next_stroke(lines, at + 1)) is not None:
        texts.append(_cell_of(lines[at + 1 : following]))
        at = following
    width = _width(texts)
    starts = range(0, len(texts), width + 1) if width else ()
    rows = tuple(tuple(texts[start : start + (width or 0)]) for start in starts)
    return Grid(rows, tuple(lines[place].page for _ in rows), at + 1 - place)


def _next_stroke(lines: Sequence[Printed], place: int) -> int | None:
    """The stroke after a cell; an empty line between words means that the text has gone on outside the table."""
    gap = False
    for at in range(place, min(place + _MOST_CELL_LINES + 1, len(lines))):
        if _LONE.match(lines[at].text):
            return at
        is_empty = not lines[at].text.strip()
        if gap and not is_empty:
            return None
        gap = gap or (is_empty and at > place)
    return None


def _cell_of(lines: Sequence[Printed]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs(lines))


def _width(texts: Sequence[str]) -> int | None:
    """The number of cells in each row: an empty one stands after every row, and only there for certain."""
    for width in range(_FEWEST_COLUMNS, min(_MOST_COLUMNS, len(texts)) + 1):
        gaps = texts[width :: width + 1]
        is_even = len(texts) % (width + 1) in {0, width}
        if is_even and all(not gap for gap in gaps) and all(texts[:width]):
            return width
    return None
