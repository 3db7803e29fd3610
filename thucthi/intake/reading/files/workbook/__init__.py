"""Reads .xlsx, .xls and .ods: each sheet that a person sees and that holds words is a table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from thucthi.intake.reading.files.archives import Archive
from thucthi.intake.reading.files.faults import (
    DAMAGED,
    N_,
    NO_VISIBLE_SHEET,
    WITH_MACROS,
    WITH_PASSWORD,
    Unreadable,
)
from thucthi.intake.reading.files.kinds import Kind, has_ole_macros, is_locked_old_excel, kind_of
from thucthi.intake.reading.files.workbook.cells import Place, SheetFacts
from thucthi.intake.reading.files.workbook.excel import facts_of_excel
from thucthi.intake.reading.files.workbook.grids import check_cells, check_grid
from thucthi.intake.reading.files.workbook.open_document import facts_of_open_document
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder

HIDDEN_SHEET = N_("Trang này đang ẩn nên không được đọc. Nếu cần, hãy bỏ ẩn rồi đọc lại.")
HIDDEN_CELLS = N_("Trang này có dòng hoặc cột đang ẩn; nội dung ẩn vẫn được đọc.")
_EMPTY = SheetFacts()


def read_workbook(path: Path) -> Source:
    """Sheets as tables with their names, numbers and days as a person sees them. Raises Unreadable."""
    facts = _facts(path)
    builder = SourceBuilder()
    cells = 0
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for place, sheet in enumerate(book.sheets_metadata):
                if _is_shown(sheet, builder):
                    values = book.get_sheet_by_index(place)
                    cells += _area(values)
                    check_cells(cells)
                    _add_sheet(builder, values, facts.get(sheet.name, _EMPTY))
    except PasswordError as error:
        raise Unreadable(WITH_PASSWORD) from error
    except CalamineError as error:
        raise Unreadable(DAMAGED) from error
    source = builder.finish()
    if not source.text and source.warnings:
        raise Unreadable(NO_VISIBLE_SHEET)
    return source


def _facts(path: Path) -> Mapping[str, SheetFacts]:
    """What the values of cells do not tell, by sheet; refuses a workbook that is not safe to open."""
    kind = kind_of(path)
    if kind is Kind.OLD_EXCEL:
        content = path.read_bytes()
        if is_locked_old_excel(content):
            raise Unreadable(WITH_PASSWORD)
        if has_ole_macros(content):
            raise Unreadable(WITH_MACROS)
        return {}
    with Archive(path) as archive:
        # The library that reads the values inflates by itself and trusts what the parts declare.
        archive.verify()
        return facts_of_open_document(archive) if kind is Kind.OPEN_SHEET else facts_of_excel(archive)


def _is_shown(sheet: SheetMetadata, builder: SourceBuilder) -> bool:
    if sheet.typ is not SheetTypeEnum.WorkSheet:
        return False
    if sheet.visible is not SheetVisibleEnum.Visible:
        builder.warn(sheet.name, HIDDEN_SHEET)
    return sheet.visible is SheetVisibleEnum.Visible


def _area(sheet: CalamineSheet) -> int:
    """How many cells the grid from the first one has. Raises Unreadable when too many."""
    if sheet.end is None:
        return 0
    lines, columns = sheet.end[0] + 1, sheet.end[1] + 1
    check_grid(lines, columns)
    return lines * columns


def _add_sheet(builder: SourceBuilder, sheet: CalamineSheet, facts: SheetFacts) -> None:
    if sheet.start is None:
        return
    if facts.has_hidden:
        builder.warn(sheet.name, HIDDEN_CELLS)
    index = sheet.start[1]
    words = [
        [facts.shown((line, column), value, is_index=column == index) for column, value in enumerate(row)]
        for line, row in enumerate(sheet.to_python(skip_empty_area=False))
    ]
    builder.add_table(_rows(_cut(words), _merged(sheet) or facts.merged), name=sheet.name)


def _merged(sheet: CalamineSheet) -> dict[Place, Place]:
    """First cell of each merged range → how many lines and columns it covers."""
    ranges = sheet.merged_cell_ranges or []
    return {(top, left): (bottom - top + 1, right - left + 1) for (top, left), (bottom, right) in ranges}


def _cut(words: Sequence[list[str]]) -> list[list[str]]:
    """Without empty lines and columns after the last word, and without empty columns before the first."""
    filled = [column for row in words for column, text in enumerate(row) if text.strip()]
    height = max((line + 1 for line, row in enumerate(words) if any(text.strip() for text in row)), default=0)
    return [row[: max(filled) + 1] for row in words[:height]] if filled else []


def _rows(words: list[list[str]], merged: Mapping[Place, Place]) -> list[list[RawCell]]:
    covered: set[Place] = set()
    made = []
    for line, row in enumerate(words):
        raw = []
        for column, text in enumerate(row):
            if (line, column) in covered:
                continue
            lines, columns = merged.get((line, column), (1, 1))
            lines, columns = min(lines, len(words) - line), min(columns, len(row) - column)
            if (lines, columns) != (1, 1):
                covered |= {(line + down, column + right) for down in range(lines) for right in range(columns)}
            raw.append(RawCell(text, columns=columns, rows=lines))
        made.append(raw)
    return made
