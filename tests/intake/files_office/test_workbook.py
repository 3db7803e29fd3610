"""Sheets become tables that say what a person sees in them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.intake.files_office import old_excel, open_sheet
from tests.intake.files_office.building import write_zip
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import (
    DAMAGED,
    NO_VISIBLE_SHEET,
    NO_WORDS,
    TOO_MANY_CELLS,
    TOO_WIDE,
    WITH_MACROS,
    WITH_PASSWORD,
    Unreadable,
)
from thucthi.intake.reading.files.workbook import HIDDEN_CELLS, HIDDEN_SHEET
from thucthi.intake.reading.files.workbook.cells import Format, Look, format_of, written
from thucthi.intake.reading.shapes import Warned
from thucthi.intake.reading.source import Table


def _made(path: Path, fill: Callable[[Any], None]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    fill(book)
    book.close()
    return path


def _texts(table: Table) -> list[list[str]]:
    return [["^" if each.is_repeat else each.text for each in row.cells] for row in table.rows]


def _fault(path: Path) -> str:
    with pytest.raises(Unreadable) as fault:
        extract(path)
    return str(fault.value)


def test_each_visible_sheet_with_words_is_a_table(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("Nhiệm vụ").write_row(0, 0, ["TT", "Việc"])
        book.add_worksheet("Trống")
        hidden = book.add_worksheet("Ẩn")
        hidden.write(0, 0, "kín")
        hidden.hide()
        book.add_worksheet("Chỉ tiêu").write(0, 0, "GRDP")

    source = extract(_made(tmp_path / "a.xlsx", fill))
    assert [(table.number, table.name, _texts(table)) for table in source.tables] == [
        (1, "Nhiệm vụ", [["TT", "Việc"]]),
        (2, "Chỉ tiêu", [["GRDP"]]),
    ]
    assert source.warnings == (Warned("Ẩn", HIDDEN_SHEET),)
    assert source.text == "TT | Việc\nGRDP"


def test_values_read_as_they_are_seen(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        form = {look: book.add_format({"num_format": look}) for look in ("dd/mm/yyyy", "mm/yyyy", "0%", "0.0%")}
        sheet.write_row(0, 0, [1.1, 12.0, 2.5, 0.1 + 0.2, 1234567])
        sheet.write_datetime(1, 1, datetime(2025, 12, 31, tzinfo=UTC).replace(tzinfo=None), form["dd/mm/yyyy"])
        sheet.write_datetime(1, 2, datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None), form["mm/yyyy"])
        sheet.write_number(1, 3, 0.95, form["0%"])
        sheet.write_number(1, 4, 0.125, form["0.0%"])
        sheet.write(1, 5, True)

    source = extract(_made(tmp_path / "a.xlsx", fill))
    assert _texts(source.tables[0]) == [
        ["1.1", "12", "2,5", "0,3", "1234567", ""],
        ["", "31/12/2025", "06/2026", "95%", "12,5%", "Có"],
    ]


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("0%", Format(Look.PER_CENT)),
        ("0.00%;[Red]-0.00%", Format(Look.PER_CENT, 2)),
        ('0.0"%"', None),
        ("mmm-yy", Format(Look.MONTH)),
        ("[$-42A]mm/yyyy", Format(Look.MONTH)),
        ("yyyy", Format(Look.YEAR)),
        ("dd/mm/yyyy", None),
        ("General", None),
        ("#,##0.00", None),
    ],
)
def test_formats_that_change_what_is_said(code: str, form: Format | None) -> None:
    assert format_of(code) == form


def test_odd_values() -> None:
    assert written(1e300) == "1e+300"
    assert written(-0.5) == "-0,5"
    assert written(date(2026, 1, 2), Format(Look.YEAR)) == "2026"
    assert written(datetime(2026, 1, 2, 7, 30, tzinfo=UTC)) == "02/01/2026 07:30"
    assert written("một_x000D_\nhai") == "một\nhai"


def test_merged_cells_titles_and_trailing_emptiness(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "PHỤ LỤC NHIỆM VỤ")
        sheet.write_row(2, 0, ["TT", "Việc", "Chủ trì"])
        sheet.merge_range(3, 2, 4, 2, "Bộ A")
        sheet.write_row(3, 0, [1, "Rà soát"])
        sheet.write_row(4, 0, [2, "Ban hành"])
        sheet.write_string(20, 9, "  ")

    table = extract(_made(tmp_path / "a.xlsx", fill)).tables[0]
    assert _texts(table) == [
        ["PHỤ LỤC NHIỆM VỤ", "^", "^"],
        ["TT", "Việc", "Chủ trì"],
        ["1", "Rà soát", "Bộ A"],
        ["2", "Ban hành", "^"],
    ]


def test_hidden_rows_are_read_and_said(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("B")
        sheet.write_column(0, 0, ["a", "b"])
        sheet.set_row(1, None, None, {"hidden": True})

    source = extract(_made(tmp_path / "a.xlsx", fill))
    assert source.text == "a\nb"
    assert source.warnings == (Warned("B", HIDDEN_CELLS),)


def test_an_open_document_sheet(tmp_path: Path) -> None:
    spans = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    path = open_sheet.workbook(
        tmp_path / "a.ods",
        open_sheet.sheet(
            "Biểu 1",
            open_sheet.row(open_sheet.text("Bộ A", spans), open_sheet.valued("percentage", "0.95", "95%")),
            open_sheet.row(
                open_sheet.covered(), open_sheet.valued("date", "2026-06-01", "06/2026"), open_sheet.empty(9)
            ),
            open_sheet.row(open_sheet.valued("float", "12", "12"), open_sheet.valued("float", "2.5", "2,5")),
            open_sheet.row(open_sheet.empty(16_384), times=1_048_573),
        ),
    )
    table = extract(path).tables[0]
    assert (table.name, _texts(table)) == ("Biểu 1", [["Bộ A", "95%"], ["^", "06/2026"], ["12", "2,5"]])


def test_an_old_excel_sheet(tmp_path: Path) -> None:
    stream = old_excel.workbook(
        old_excel.label(0, 0, "Chủ trì"),
        old_excel.label(0, 1, "Hạn"),
        old_excel.label(1, 0, "Bộ A"),
        old_excel.figure(1, 1, 2026),
        old_excel.figure(2, 1, 2.5),
        old_excel.merged(1, 2, 0, 0),
    )
    table = extract(old_excel.compound(tmp_path / "a.xls", Workbook=stream)).tables[0]
    assert (table.name, _texts(table)) == ("Biểu", [["Chủ trì", "Hạn"], ["Bộ A", "2026"], ["^", "2,5"]])


def test_locked_old_excel_and_one_with_macros(tmp_path: Path) -> None:
    locked = old_excel.workbook(old_excel.label(0, 0, "a"), is_locked=True)
    assert _fault(old_excel.compound(tmp_path / "a.xls", Workbook=locked)) == WITH_PASSWORD
    plain = old_excel.workbook(old_excel.label(0, 0, "a"))
    assert _fault(old_excel.compound(tmp_path / "b.xls", Workbook=plain, _VBA_PROJECT=b"")) == WITH_MACROS


def _excel_with(tmp_path: Path, cells: str) -> Path:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return write_zip(
        tmp_path / "rong.xlsx",
        {
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r0" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        },
    )


def test_a_sheet_of_100_000_columns_is_refused(tmp_path: Path) -> None:
    placed = '<row r="1"><c r="A1"><v>1</v></c><c r="EQXD1"><v>1</v></c></row>'
    assert _fault(_excel_with(tmp_path, placed)) == TOO_WIDE
    unplaced = f"<row>{'<c><v>1</v></c>' * 100_000}</row>"
    assert _fault(_excel_with(tmp_path, unplaced)) == TOO_WIDE
    wide = open_sheet.text("x", 'table:number-columns-repeated="100000"')
    path = open_sheet.workbook(tmp_path / "a.ods", open_sheet.sheet("S", open_sheet.row(wide)))
    assert _fault(path) == TOO_WIDE


def test_a_cell_far_down_is_refused_before_its_grid_is_made(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>'
    assert _fault(_excel_with(tmp_path, far)) == TOO_MANY_CELLS
    tall = open_sheet.row(open_sheet.text("x", 'table:number-columns-repeated="900"'), times=1_048_576)
    assert _fault(open_sheet.workbook(tmp_path / "a.ods", open_sheet.sheet("S", tall))) == TOO_MANY_CELLS


def test_formats_alone_make_no_grid(tmp_path: Path) -> None:
    styled = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert extract(_excel_with(tmp_path, styled)).text == "1"


def test_a_workbook_with_nothing_to_see(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book.add_worksheet()
        hidden = book.add_worksheet("Ẩn")
        hidden.write(0, 0, "kín")
        hidden.hide()

    assert _fault(_made(tmp_path / "a.xlsx", hide)) == NO_VISIBLE_SHEET
    assert _fault(_made(tmp_path / "b.xlsx", lambda book: book.add_worksheet())) == NO_WORDS


def test_an_open_document_with_a_password(tmp_path: Path) -> None:
    manifest = (
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    parts = {"mimetype": open_sheet.MIMETYPE, "content.xml": b"\x93\x17", "META-INF/manifest.xml": manifest}
    assert _fault(write_zip(tmp_path / "a.ods", parts)) == WITH_PASSWORD


def test_a_sheet_that_is_no_xml_is_damaged(tmp_path: Path) -> None:
    assert _fault(_excel_with(tmp_path, "<row><c>")) == DAMAGED
