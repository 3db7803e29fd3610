"""Cells out of CSV, spreadsheets and JSON; run in a process of its own (`records`)."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook

from thucthi.indicators.calculations.mapping import FIELDS, JSON, SourceMap, map_of
from thucthi.indicators.calculations.paths_of_json import items_at, steps_of, value_at
from thucthi.indicators.calculations.said import N_
from thucthi.kernel.confinement import Cannot, answering
from thucthi.kernel.vietnamese_text import fold

MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
Cells = tuple[int, list[object]]

EMPTY = N_("Tệp không có dòng số liệu nào. Đề nghị kiểm tra lại địa chỉ với bên cung cấp.")
NOT_A_TABLE = N_("Không đọc được tệp như một bảng. Đề nghị kiểm tra lại loại tệp và bảng mã.")
NOT_JSON = N_("Nội dung không phải là JSON. Đề nghị kiểm tra lại địa chỉ với bên cung cấp.")
NO_SHEET = N_("Tệp không có trang tính “%(name)s”. Các trang tính có trong tệp: %(names)s.")
NO_COLUMN = N_("Bảng không có cột “%(name)s”. Các cột có trong bảng: %(names)s.")
TOO_MANY_ROWS = N_("Tệp có quá nhiều dòng (hơn 200.000). Đề nghị bên cung cấp chỉ gửi các kỳ cần thiết.")


def cannot(sentence: str, **values: str) -> Cannot:
    """The sentence with what fills it, as the asking side reads it."""
    clean = {name: "".join(filter(str.isprintable, value))[:300] for name, value in values.items()}
    return Cannot(json.dumps([sentence, clean]))


def work(given: bytes) -> list[Cells]:
    """`given` is one line of JSON {kind, settings} and the content after it."""
    head, _, content = given.partition(b"\n")
    order = json.loads(head)
    source_map = map_of(order["settings"])
    if order["kind"] == JSON:
        return limited(json_cells(content, source_map))
    return limited(table_cells(content, source_map))


def limited(cells: Iterable[Cells]) -> list[Cells]:
    found = list(islice(cells, MOST_ROWS + 1))
    if not found:
        raise cannot(EMPTY)
    if len(found) > MOST_ROWS:
        raise cannot(TOO_MANY_ROWS)
    return found


def json_cells(content: bytes, source_map: SourceMap) -> Iterator[Cells]:
    """Numbers stay as they were written, so that none is changed by the machine's rounding."""
    try:
        tree = json.loads(content, parse_float=str, parse_int=str, parse_constant=str)
    except ValueError:
        raise cannot(NOT_JSON) from None
    paths = [steps_of(source_map.columns[name]) if source_map.columns.get(name) else None for name in FIELDS]
    for number, (key, item) in enumerate(items_at(tree, steps_of(source_map.path)), start=1):
        yield number, [None if path is None else value_at(item, path, key) for path in paths]


def table_cells(content: bytes, source_map: SourceMap) -> Iterator[Cells]:
    """The number of a row is the one that a person sees beside it."""
    rows = iter(_rows(content, source_map))
    header = next(islice(rows, source_map.header_row - 1, None), None)
    if header is None:
        raise cannot(EMPTY)
    places = [_place(source_map.columns.get(name, ""), header) for name in FIELDS]
    for number, row in enumerate(rows, start=source_map.header_row + 1):
        cells = [None if place is None or place >= len(row) else _plain(row[place]) for place in places]
        if any(cell not in (None, "") for cell in cells):
            yield number, cells


def _rows(content: bytes, source_map: SourceMap) -> Iterable[Sequence[object]]:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _rows_of_workbook(content, source_map)
    return _rows_of_text(_text(content, source_map.encoding), source_map.delimiter)


def _rows_of_workbook(content: bytes, source_map: SourceMap) -> Iterable[Sequence[object]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        wanted = source_map.sheet or (names[0] if names else "")
        if wanted not in names:
            raise cannot(NO_SHEET, name=wanted, names=", ".join(names))
        sheet = workbook.get_sheet_by_name(wanted)
    except (CalamineError, OSError, ValueError):
        raise cannot(NOT_A_TABLE) from None
    if sheet.total_height > MOST_ROWS + 100:
        raise cannot(TOO_MANY_ROWS)
    return sheet.iter_rows() if sheet.total_width <= MOST_COLUMNS else ()


def _text(content: bytes, encoding: str) -> str:
    if not encoding:
        encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError:
        raise cannot(NOT_A_TABLE) from None


def _rows_of_text(text: str, delimiter: str) -> Iterator[list[str]]:
    if "\0" in text:
        raise cannot(NOT_A_TABLE)
    first = text.partition("\n")[0]
    chosen = delimiter or max(",;\t|", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=chosen, strict=True)
    except csv.Error:
        raise cannot(NOT_A_TABLE) from None


def _place(wanted: str, header: Sequence[object]) -> int | None:
    """Where a column stands: by its heading, whatever its letters' case, or by its number (`#3`)."""
    if not wanted:
        return None
    if wanted.startswith("#") and wanted[1:].isdecimal() and 1 <= int(wanted[1:]) <= len(header):
        return int(wanted[1:]) - 1
    headings = [" ".join(str(cell).split()) for cell in header[:MOST_COLUMNS]]
    exact = [place for place, heading in enumerate(headings) if fold(heading) == fold(wanted)]
    if not exact:
        raise cannot(NO_COLUMN, name=wanted, names=", ".join(heading for heading in headings if heading))
    return exact[0]


def _plain(cell: object) -> object:
    if isinstance(cell, date):
        # A day, or a day with a time; a period is never finer than a day.
        return cell.isoformat()[:10]
    return cell if isinstance(cell, str | int | float | bool) else None if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(answering(work))
