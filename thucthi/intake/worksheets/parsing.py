"""Reads a programme's sheet back, in the process that `reading` starts: nothing else imports this module."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from thucthi.intake.worksheets.columns import CODE, COLUMNS, EDITABLE, IDENTITY, N_, VERSION, SheetRow, letter_of
from thucthi.intake.worksheets.reading import SheetFault, SheetRead
from thucthi.intake.worksheets.writing import HEADING_ROW, TASKS_SHEET

_FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"
_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"
_SHEET_FILE = re.compile(r"xl/worksheets/sheet1\.xml")
_WHOLE_NUMBER = re.compile(r"\d{1,18}")


def parsed(path: Path) -> SheetRead:
    """The rows of a workbook made by `workbook_of` and edited since. Never raises for what a person may send."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        cells = book.get_sheet_by_name(TASKS_SHEET).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        sentence = N_("Tệp không phải bảng chương trình tải từ hệ thống. Đề nghị tải lại bảng mẫu rồi sửa trên đó.")
        return SheetRead("", (), (SheetFault("", None, "", sentence),))
    rows = [[_words(cell) for cell in row] for row in cells]
    if not _is_ours(rows):
        sentence = N_("Dòng tiêu đề của bảng đã bị đổi. Đề nghị tải lại bảng mẫu, giữ nguyên các cột rồi sửa.")
        return SheetRead("", (), (SheetFault("", HEADING_ROW + 1, "", sentence),))
    faults = list(_formulas(path))
    read: list[SheetRow] = []
    for number, row in enumerate(rows[HEADING_ROW + 1 :], start=HEADING_ROW + 2):
        _read_row(number, row, read, faults)
    return SheetRead(rows[0][0], tuple(read), (*faults, *_repeated(read)))


def _is_ours(rows: Sequence[Sequence[str]]) -> bool:
    # The headings are in the language of whoever made the file; their number and the mark in A1 tell it is ours.
    return len(rows) > HEADING_ROW and len(rows[HEADING_ROW]) >= len(COLUMNS) and bool(rows[0][0])


def _read_row(number: int, row: Sequence[str], read: list[SheetRow], faults: list[SheetFault]) -> None:
    values = {column.key: words for column, words in zip(COLUMNS, row, strict=False)}
    if not any(values.get(key, "") for key in EDITABLE) and not values.get(IDENTITY):
        return
    identity, version = values.get(IDENTITY, ""), values.get(VERSION, "")
    if any(words and not _WHOLE_NUMBER.fullmatch(words) for words in (identity, version)):
        sentence = N_("Hai cột ẩn nhận biết nhiệm vụ đã bị sửa. Đề nghị tải lại bảng mẫu cho dòng này.")
        faults.append(SheetFault(f"{letter_of(IDENTITY)}{number}", number, IDENTITY, sentence, identity))
        return
    kept = {key: values.get(key, "") for key in (CODE, *EDITABLE)}
    is_new = not identity
    read.append(SheetRow(number, None if is_new else int(identity), int(version) if version else None, kept))


def _repeated(rows: Sequence[SheetRow]) -> Iterator[SheetFault]:
    seen: dict[int, int] = {}
    for row in rows:
        if row.identity is None:
            continue
        if row.identity in seen:
            sentence = N_("Nhiệm vụ này đã có ở một dòng khác. Để thêm nhiệm vụ, đề nghị nhập vào dòng trống ở cuối.")
            yield SheetFault(f"{letter_of(CODE)}{row.number}", row.number, CODE, sentence, row.values[CODE])
        seen[row.identity] = row.number


def _formulas(path: Path) -> Iterator[SheetFault]:
    """Cells that compute: their result depends on who opens the file, so it is not taken for what a person wrote."""
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if _SHEET_FILE.fullmatch(name)), None)
        if name is None:
            return
        with archive.open(name) as stream:
            for _event, cell in etree.iterparse(stream, tag=_CELL, resolve_entities=False, no_network=True):
                if cell.find(_FORMULA) is not None:
                    yield _formula_fault(cell.get("r", ""))
                cell.clear()


def _formula_fault(cell: str) -> SheetFault:
    digits = re.sub(r"\D", "", cell)
    sentence = N_("Ô này là công thức. Đề nghị chép kết quả rồi dán dạng giá trị.")
    return SheetFault(cell, int(digits) if digits else None, "", sentence)


def _words(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "strftime"):
        return f"{cell:%d/%m/%Y}"
    lines = (" ".join(line.split()) for line in str(cell).splitlines())
    return "\n".join(line for line in lines if line)
