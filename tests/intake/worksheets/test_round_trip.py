"""A programme as a workbook: what goes out comes back, what changed is told cell by cell."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.intake.worksheets.columns import CODE, COLUMNS, EDITABLE, IDENTITY, VERSION, Choices, SheetRow, letter_of
from thucthi.intake.worksheets.differences import compare
from thucthi.intake.worksheets.drawing import drawn
from thucthi.intake.worksheets.parsing import parsed
from thucthi.intake.worksheets.reading import read_sheet
from thucthi.intake.worksheets.writing import Sheet, workbook_of

HEADINGS = {column.key: column.heading for column in COLUMNS}


def row(number: int, identity: int | None, version: int | None = 1, **values: str) -> SheetRow:
    given = dict.fromkeys((CODE, *EDITABLE), "") | values
    if identity:
        given |= {IDENTITY: str(identity), VERSION: str(version)}
    return SheetRow(number, identity, version if identity else None, given)


def written(tmp_path: Path, rows: list[SheetRow], name: str = "bang.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(workbook_of(sheet_of(rows)))
    return path


def sheet_of(rows: list[SheetRow]) -> Sheet:
    return Sheet(
        "ct-thu", "Chương trình thử", "Chỉ sửa ô trắng.", HEADINGS, rows,
        {Choices.GROUPS: ["I. Thể chế", "II. Hạ tầng"], Choices.BODIES: ["Bộ Tài chính", "Bộ Y tế"]},
    )  # fmt: skip


def standing(rows: list[SheetRow]) -> list[SheetRow]:
    return [replace(each, values={key: each.values[key] for key in (CODE, *EDITABLE)}) for each in rows]


ROWS = [
    row(4, 11, 3, code="ct-01", text="Xây dựng đề án A", lead="Bộ Tài chính", deadline_raw="Quý IV/2026", weight="2"),
    row(5, 12, 1, code="ct-02", text="Ban hành quy chế B", coordinators="Bộ Y tế\nBộ Tài chính"),
]


def test_a_sheet_that_nobody_touched_changes_nothing(tmp_path: Path) -> None:
    read = read_sheet(written(tmp_path, ROWS))
    assert (read.programme, read.faults) == ("ct-thu", ())
    assert [(each.number, each.identity, each.version) for each in read.rows] == [(4, 11, 3), (5, 12, 1)]
    found = compare(standing(ROWS), read.rows)
    assert (found.changes, found.faults, found.untouched, found.absent) == ((), (), 2, ())


def test_changed_and_new_cells_are_named(tmp_path: Path) -> None:
    changed = replace(ROWS[0], values={**ROWS[0].values, "product": "Quyết định", "weight": "5"})
    new = row(6, None, text="Công bố kết quả C")
    read = read_sheet(written(tmp_path, [changed, ROWS[1], new]))
    found = compare(standing(ROWS), read.rows)
    told = {change.code: [(cell.cell, cell.before, cell.after) for cell in change.cells] for change in found.changes}
    assert told == {
        "ct-01": [("I4", "", "Quyết định"), ("M4", "2", "5")],
        "": [("E6", "", "Công bố kết quả C")],
    }
    assert found.faults == ()


def test_a_row_left_out_stays_and_one_edited_meanwhile_is_refused(tmp_path: Path) -> None:
    changed = replace(ROWS[0], values={**ROWS[0].values, "text": "Xây dựng đề án A mới"})
    read = read_sheet(written(tmp_path, [changed]))
    now = [replace(ROWS[0], version=4), ROWS[1]]
    found = compare(standing(now), read.rows)
    assert found.absent == ("ct-02",)
    assert [(fault.cell, fault.row, "đã được sửa trên hệ thống" in fault.sentence) for fault in found.faults] == [
        ("C4", 4, True)
    ]


def test_a_task_of_another_programme_or_named_twice_is_refused(tmp_path: Path) -> None:
    read = read_sheet(written(tmp_path, [ROWS[0], ROWS[0], row(6, 99, 1, code="x", text="Lạ")]))
    assert [(fault.cell, fault.field) for fault in read.faults] == [("C5", CODE)]
    assert [fault.cell for fault in compare(standing(ROWS), read.rows).faults] == ["C6"]


def test_words_that_look_like_a_formula_stay_words(tmp_path: Path) -> None:
    nasty = '=HYPERLINK("http://example.org";"x")'
    path = written(tmp_path, [row(4, 11, 1, code="ct-01", text=nasty, product="+1", lead="@SUM(A1)", weight="-2")])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in styles
    values = read_sheet(path).rows[0].values
    assert (values["text"], values["product"], values["lead"], values["weight"]) == (nasty, "+1", "@SUM(A1)", "-2")


def test_a_formula_typed_into_a_cell_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    broken = tmp_path / "cong-thuc.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                cell = data.index(b'<c r="M4"')
                data = data[:cell] + b'<c r="M4"><f>1+1</f><v>2</v></c>' + data[data.index(b"</c>", cell) + 4 :]
            new.writestr(item, data)
    faults = read_sheet(broken).faults
    assert [(fault.cell, fault.row, "công thức" in fault.sentence) for fault in faults] == [("M4", 4, True)]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no workbook at all"])
def test_another_file_is_answered_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "khac.xlsx"
    path.write_bytes(content)
    read = read_sheet(path)
    assert read.rows == ()
    assert [fault.sentence for fault in read.faults] == [
        "Tệp không phải bảng chương trình tải từ hệ thống. Đề nghị tải lại bảng mẫu rồi sửa trên đó."
    ]


def test_columns_have_the_letters_a_person_sees() -> None:
    assert [letter_of(key) for key in (IDENTITY, CODE, "text", "weight")] == ["A", "C", "E", "M"]


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=4))
def test_whatever_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, words: list[tuple[str, str]]) -> None:
    rows = [
        row(4 + place, place + 1, 1, code=f"c{place}", text=" ".join(text.split()), product=" ".join(product.split()))
        for place, (text, product) in enumerate(words)
    ]
    path = tmp_path_factory.mktemp("bang") / "bang.xlsx"
    path.write_bytes(drawn(sheet_of(rows)))
    assert compare(standing(rows), parsed(path).rows).changes == ()
