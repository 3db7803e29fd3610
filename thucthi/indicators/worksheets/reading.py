"""Reads the rows of a table file, one after another: XLSX, or CSV in any Unicode encoding with any usual separator."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from thucthi.indicators.worksheets.faults import (
    BOMB,
    DAMAGED,
    EMPTY,
    NOT_UTF8,
    TOO_MANY_ROWS,
    TOO_WIDE,
    WITH_PASSWORD,
    Unreadable,
)
from thucthi.indicators.worksheets.shapes import VALUES_SHEET, TableRow

MOST_ROWS = 200_000
MOST_COLUMNS = 200
_MOST_UNPACKED = 600 * 1024 * 1024
_CHUNK = 1024 * 1024
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW = re.compile(rb"<(?:\w+:)?row[ >]")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PERCENT_BUILT_IN = frozenset({"9", "10"})


def rows_of(path: Path) -> Iterator[TableRow]:
    """Every row that is not empty. Raises Unreadable with a sentence, also on the way."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Unreadable(EMPTY)
    if start.startswith(_OLD_OFFICE):
        raise Unreadable(WITH_PASSWORD)
    return _rows_of_workbook(path) if start.startswith(b"PK") else _rows_of_text(path)


def _rows_of_text(path: Path) -> Iterator[TableRow]:
    with path.open("rb") as file:
        start = file.read(4)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
        file.seek(0)
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            sample = text.read(64 * 1024)
            text.seek(0)
            if "\x00" in sample:
                raise Unreadable(DAMAGED)
            rows = csv.reader(text, delimiter=_separator(sample))
            yield from _counted(TableRow(rows.line_num, tuple(cells)) for cells in rows)
        except UnicodeError:
            raise Unreadable(NOT_UTF8) from None
        except csv.Error:
            raise Unreadable(DAMAGED) from None


def _separator(sample: str) -> str:
    """Of the usual ones, that which stands most often in the line that has the most of any: the headings."""
    lines = sample.splitlines()[:20]
    counts = {mark: max((line.count(mark) for line in lines), default=0) for mark in (";", "\t", ",")}
    return max(counts, key=lambda mark: counts[mark])


def _counted(rows: Iterator[TableRow]) -> Iterator[TableRow]:
    count = 0
    for row in rows:
        if not any(cell not in (None, "") for cell in row.cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(TOO_MANY_ROWS)
        if len(row.cells) > MOST_COLUMNS:
            raise Unreadable(TOO_WIDE)
        yield row


def _rows_of_workbook(path: Path) -> Iterator[TableRow]:
    percents = _examine(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_name(_chosen(book))
        # Rows are given from the first row of the sheet on, cells from the first column that is used.
        left = sheet.start[1] if sheet.start else 0
        yield from _counted(
            TableRow(at, (*(None for _ in range(left)), *row), percents.get(at, ()))
            for at, row in enumerate(sheet.iter_rows(), start=1)
        )
    except (CalamineError, OSError, ValueError, IndexError):
        raise Unreadable(DAMAGED) from None


def _chosen(book: CalamineWorkbook) -> str:
    """Our own sheet if it is there, else the first that a person sees."""
    names = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith("Visible")]
    return str(VALUES_SHEET if VALUES_SHEET in names else (names or book.sheet_names)[0])


def _examine(path: Path) -> dict[int, tuple[int, ...]]:
    """Look before anything is unpacked whole: refuse what is too much, and find cells shown as percentages."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise Unreadable(TOO_MANY_ROWS if _rows_in(archive) > MOST_ROWS else BOMB)
            sheets = sorted(name for name in archive.namelist() if _SHEET.fullmatch(name))
            if _rows_in(archive) > MOST_ROWS:
                raise Unreadable(TOO_MANY_ROWS)
            styles = _percent_styles(archive)
            first = next((name for name in sheets if name.endswith("/sheet1.xml")), sheets[0] if sheets else None)
            return _percent_cells(archive, first, styles) if styles and first else {}
    except (zipfile.BadZipFile, etree.XMLSyntaxError, OSError, NotImplementedError, RuntimeError):
        raise Unreadable(DAMAGED) from None


def _rows_in(archive: zipfile.ZipFile) -> int:
    """The most rows of any sheet, counted as the bytes pass by."""
    most = 0
    for name in archive.namelist():
        if not _SHEET.fullmatch(name):
            continue
        count, rest = 0, b""
        with archive.open(name) as stream:
            while (chunk := stream.read(_CHUNK)) and count <= MOST_ROWS:
                count += len(_ROW.findall(rest + chunk))
                rest = (rest + chunk)[-5:]
                rest = b"" if _ROW.search(rest) else rest
        most = max(most, count)
    return most


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """The numbers of those cell formats that show a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    with archive.open("xl/styles.xml") as stream:
        tree = etree.parse(stream, etree.XMLParser(resolve_entities=False, no_network=True))
    own = {
        form.get("numFmtId", "")
        for form in tree.iter(f"{_MAIN}numFmt")
        if "%" in re.sub(r'"[^"]*"|\\.', "", form.get("formatCode", ""))
    }
    wanted = _PERCENT_BUILT_IN | own
    formats = tree.find(f"{_MAIN}cellXfs")
    found = [] if formats is None else list(formats.iter(f"{_MAIN}xf"))
    return frozenset(str(at) for at, form in enumerate(found) if form.get("numFmtId") in wanted)


def _percent_cells(archive: zipfile.ZipFile, sheet: str, styles: frozenset[str]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    with archive.open(sheet) as stream:
        for _event, cell in etree.iterparse(stream, tag=f"{_MAIN}c", resolve_entities=False, no_network=True):
            place = _CELL.fullmatch(cell.get("r", ""))
            if cell.get("s") in styles and place:
                row = int(place[2])
                found[row] = (*found.get(row, ()), _column(place[1]))
            cell.clear()
            while cell.getprevious() is not None:
                del cell.getparent()[0]
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
