"""Reads the agenda that came back filled in. Takes nothing on trust: the file was made by anyone, anywhere.

`minutes_paper` starts a process for it: nothing else imports this module.
"""

import re
import struct
import zipfile
import zlib
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from thucthi.obstacles.calculations.agenda_paper import CODE, CONCLUSION, DAY_LINE, DUE, KINDS, NUMBER_LINE, RESPONSIBLE
from thucthi.obstacles.calculations.minutes_paper import MOST_BYTES, PaperFlaw, ReadConclusion, ReadMinutes

MOST_UNPACKED = 60 * 1024 * 1024
MOST_ENTRIES = 500
STEEPEST_RATIO = 150
RATIO_MATTERS_FROM = 2 * 1024 * 1024
MOST_ROWS, MOST_LETTERS = 500, 10_000
MAIN_PART, CONTENTS = "word/document.xml", "[Content_Types].xml"
XML_ENDINGS = (".xml", ".rels")
DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})|(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
DOTTED = re.compile(r"[.…\s]*")


NOT_AN_ARCHIVE = (
    zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError, RuntimeError, zlib.error, EOFError,
)  # fmt: skip
# What python-docx meets in a package that only looks like one.
BROKEN = (
    KeyError, ValueError, AttributeError, IndexError, TypeError, OSError, RecursionError, zipfile.BadZipFile,
    zlib.error, etree.LxmlError, NotImplementedError, OpcError,
)  # fmt: skip


def read(content: bytes) -> ReadMinutes | PaperFlaw:
    """What was filled in, or the first flaw of the file. Never raises for what a file holds."""
    honest = _honest_copy(content)
    if isinstance(honest, PaperFlaw):
        return honest
    try:
        body = docx.Document(BytesIO(honest)).element.body
        rows = _rows(body)
    except BROKEN:
        return PaperFlaw.BROKEN
    if rows is None:
        return PaperFlaw.NO_TABLE
    lines = [_text(paragraph) for paragraph in body.iterchildren(qn("w:p"))]
    number = _after(lines, NUMBER_LINE)
    return ReadMinutes("" if DOTTED.fullmatch(number) else number, day_in(_after(lines, DAY_LINE)), rows)


def day_in(text: str) -> date | None:
    """The first day written in the text, "30/11/2026" or "ngày 30 tháng 11 năm 2026"; None for none or no real day."""
    found = DAY.search(text)
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def kind_in(text: str) -> tuple[str, str]:
    """The kind with which a conclusion opens, and the rest of it; ("", all) when it opens with none."""
    folded = text.strip()
    for kind, word in sorted(KINDS.items(), key=lambda pair: -len(pair[1])):
        if folded.lower().startswith(word.lower()):
            rest = folded[len(word) :].lstrip(" :.–-\n")
            return kind, rest or folded
    return "", folded


def _honest_copy(content: bytes) -> bytes | PaperFlaw:
    """The same parts in an archive of our own making, whose sizes are true: one that lies unfolds without end."""
    if not content:
        return PaperFlaw.EMPTY
    if len(content) > MOST_BYTES:
        return PaperFlaw.TOO_BIG
    kept = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, zipfile.ZipFile(kept, "w") as copy:
            flaw = _flaw_of_entries(archive, len(content)) or _copied(archive, copy)
    except NOT_AN_ARCHIVE:
        return PaperFlaw.NOT_WORD
    return flaw or kept.getvalue()


def _flaw_of_entries(archive: zipfile.ZipFile, size: int) -> PaperFlaw | None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MOST_ENTRIES
        or len(names) < len(entries)
        or unpacked > MOST_UNPACKED
        or (unpacked > RATIO_MATTERS_FROM and unpacked > STEEPEST_RATIO * size)
        or any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in names)
    ):
        return PaperFlaw.BOMB
    if not {CONTENTS, MAIN_PART} <= names:
        return PaperFlaw.NOT_WORD
    return PaperFlaw.MACRO if any(name.lower().endswith("vbaproject.bin") for name in names) else None


def _copied(archive: zipfile.ZipFile, copy: zipfile.ZipFile) -> PaperFlaw | None:
    """Declarations can name entities that unfold without end, or files of this machine: none is let through."""
    for entry in archive.infolist():
        with archive.open(entry) as part:
            content = part.read(entry.file_size + 1)
        if entry.filename.lower().endswith(XML_ENDINGS) and _declares(content):
            return PaperFlaw.DECLARATIONS
        copy.writestr(entry.filename, content)
    return None


def _declares(content: bytes) -> bool:
    return b"<!" in content.replace(b"<!--", b"") or _is_wide(content)


def _is_wide(content: bytes) -> bool:
    """In an encoding in which the search for declarations would not see them."""
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:64]


def _rows(body: Any) -> tuple[ReadConclusion, ...] | None:
    """Of every table that has the four columns; None when there is none."""
    found: list[ReadConclusion] | None = None
    for table in body.iterchildren(qn("w:tbl")):
        lines = list(table.iterchildren(qn("w:tr")))[: MOST_ROWS + 1]
        headers = [cell.casefold() for cell in _cells(lines[0])] if lines else []
        wanted = [name.casefold() for name in (CODE, CONCLUSION, RESPONSIBLE, DUE)]
        if not set(wanted) <= set(headers):
            continue
        places = [headers.index(name) for name in wanted]
        found = (found or []) + [_conclusion(_cells(line), places) for line in lines[1:]]
    return None if found is None else tuple(row for row in found if row.code)


def _conclusion(cells: list[str], places: list[int]) -> ReadConclusion:
    code, said, responsible, due = (cells[place] if place < len(cells) else "" for place in places)
    kind, text = kind_in(said)
    return ReadConclusion(code.strip(), kind, text, " ".join(responsible.split()), due.strip(), day_in(due))


def _cells(row: Any) -> list[str]:
    """One text for each cell as it stands, so that a span of millions of columns costs nothing."""
    return ["\n".join(map(_text, cell.iter(qn("w:p")))).strip()[:MOST_LETTERS] for cell in row.iterchildren(qn("w:tc"))]


def _text(paragraph: Any) -> str:
    """What a reader sees: text that a tracked change struck out is not there."""
    parts = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        parts.append(node.text or "" if node.tag == qn("w:t") else " " if node.tag == qn("w:tab") else "\n")
    return "".join(parts)


def _after(lines: list[str], opening: str) -> str:
    """The rest of the first line that begins with these words."""
    for line in lines:
        if line.strip().startswith(opening):
            return line.strip()[len(opening) :].strip()[:MOST_LETTERS]
    return ""
