"""Cells that a spreadsheet cannot take for a formula, and states that stay apart."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from icalendar import Calendar
from lxml import etree
from python_calamine import CalamineWorkbook

from tests.architecture.pages import faults_of_page
from tests.public_site.issue import Files
from tests.public_site.nasty import FORMULAS, SCRIPTS, poisoned
from tests.trust.bars import bar
from thucthi.kernel.spreadsheets import may_run
from thucthi.public_site.rendering.cells import _text
from thucthi.public_site.rendering.pages import Cell, Place, Twin
from thucthi.public_site.rendering.site import render_site
from thucthi.public_site.rendering.twins import csv_bytes, written
from thucthi.public_site.rendering.workbook import Sheet, workbook_of
from thucthi.publication.shapes import Header, IssueData

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("Việc =1", "Việc =1"),
        (Decimal("-5.50"), "-5.50"),
        (0, "0"),
        (None, ""),
        (True, "true"),
        (date(2026, 11, 20), "2026-11-20"),
    ],
)
def test_cells(cell: Cell, expected: str) -> None:
    assert written(cell) == expected


def header(*, simulated: bool) -> Header:
    day = date(2026, 11, 20)
    return Header("1", "weekly", "2026-W47", "Tuần 47/2026", "Week 47/2026", day, day, day, simulated)


def test_each_row_of_a_table_says_of_which_issue_it_is() -> None:
    twin = Twin({}, ("a", "b"), [("x", None), ('"q"\n', 1)])
    assert b"".join(csv_bytes(twin, header(simulated=True))).decode() == (
        "\ufeffa,b,issue,as_of,notice\r\n"
        "x,,2026-W47,2026-11-20,Số liệu mô phỏng / Simulated data\r\n"
        '"""q""\n",1,2026-W47,2026-11-20,Số liệu mô phỏng / Simulated data\r\n'
    )
    assert b"".join(csv_bytes(twin, header(simulated=False))).endswith(b",1,2026-W47,2026-11-20,\r\n")


def test_a_table_without_rows_says_in_its_heading_that_figures_are_simulated() -> None:
    empty = Twin({}, ("a",), [])
    assert b"".join(csv_bytes(empty, header(simulated=True))).decode() == (
        "\ufeffa,issue,as_of,notice: Số liệu mô phỏng / Simulated data\r\n"
    )
    assert b"".join(csv_bytes(empty, header(simulated=False))).decode() == "\ufeffa,issue,as_of,notice\r\n"


def test_places() -> None:
    home, task = Place("", "vi"), Place("nhiem-vu/x", "en")
    assert (home.root, home.to("don-vi"), home.to(), home.other_language) == (
        "", "don-vi/index.html", "index.html", "en/index.html",
    )  # fmt: skip
    assert (task.root, task.to("don-vi", "a")) == ("../../../", "../../../en/don-vi/index.html#a")
    assert task.other_language == "../../../nhiem-vu/x/index.html"
    assert task.data("nhiem-vu/x", "index.csv") == "../../../nhiem-vu/x/index.csv"


def test_the_corpus_is_large_enough() -> None:
    assert len(set(FORMULAS)) >= 60


@bar("B22")
@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_no_text_is_left_that_a_spreadsheet_could_run(text: str) -> None:
    cell = written(text)
    assert cell == (text if text == "'=1" else f"'{text}")
    content = workbook_of([Sheet("A", ["x"], [[text]])], title="t", made_on=DAY)
    (kind,) = kinds_of(content)["A2"]
    assert kind == "s"
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


@bar("B22", planted=True)
def test_a_guard_that_lets_texts_through_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    # What was written is remembered, by the guard that held when it was written.
    _text.cache_clear()
    monkeypatch.setattr("thucthi.public_site.rendering.cells.may_run", lambda text: False)
    found = [text for text in FORMULAS if may_run(written(text))]
    _text.cache_clear()
    assert found != []


@pytest.mark.parametrize("text", ["Việc", "1=1", "", "số -5", "Đ+", "(=1)", "’=1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert written(text) == text


def read_back(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def kinds_of(content: bytes) -> dict[str, tuple[str]]:
    """Address of a cell → its type as the file says it: s a word, n a number, b a truth."""
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    cells = etree.fromstring(sheet).iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c")
    return {cell.get("r"): ({"inlineStr": "s"}.get(cell.get("t", "n"), cell.get("t", "n")),) for cell in cells}


def test_a_workbook_keeps_numbers_days_and_nothing_apart() -> None:
    row: list[Cell] = [Decimal("-5.50"), 0, None, "", True, DAY, "x", Decimal("1234567890123456.5")]
    content = workbook_of([Sheet("A", list("abcdefgh"), [row])], title="t", made_on=DAY)
    read = read_back(content)
    assert read == [list("abcdefgh"), [-5.5, 0.0, "", "", True, DAY, "x", "1234567890123456.5"]]
    kinds = kinds_of(content)
    assert (kinds["A2"], kinds["B2"], kinds["E2"], kinds["H2"]) == (("n",), ("n",), ("b",), ("s",))
    assert "C2" not in kinds


def test_a_workbook_is_the_same_each_time_and_a_long_one_says_the_same() -> None:
    rows: list[list[Cell]] = [[f"=dòng {number}", number, DAY] for number in range(200)]
    made = [
        workbook_of([Sheet("A", ["a", "b", "c"], rows)], title="t", made_on=DAY, many_rows=many)
        for many in (False, False, True, True)
    ]
    assert made[0] == made[1]
    assert made[2] == made[3]
    short, long = (
        CalamineWorkbook.from_filelike(io.BytesIO(each)).get_sheet_by_index(0).to_python() for each in made[1:3]
    )
    assert short == long


def test_a_day_before_spreadsheets_agree_is_a_word() -> None:
    days: list[Cell] = [date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31)]
    read = read_back(workbook_of([Sheet("A", list("abc"), [days])], title="t", made_on=DAY))
    assert read[1] == ["1900-02-28", date(1900, 3, 1), date(9999, 12, 31)]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    content = workbook_of([Sheet("A", ["a"], [["x" * 40_000]])], title="t", made_on=DAY)
    read = read_back(content)
    assert (len(read[1][0]), read[1][0][-2:]) == (32_767, "x…")


def test_the_workbook_beside_a_page_has_the_rows_of_its_csv(site: Files) -> None:
    compared = 0
    for name in (each for each in site if each.endswith("index.xlsx")):
        rows = list(csv.reader(io.StringIO(site[name[:-4] + "csv"].decode("utf-8-sig"), newline="")))
        sheet = read_back(site[name])
        assert sheet[0] == rows[0], name
        assert len(sheet) == len(rows), name
        for cells, texts in zip(sheet[1:], rows[1:], strict=True):
            for cell, text in zip(cells, texts, strict=True):
                assert same(cell, text), (name, cell, text)
                compared += 1
    assert compared > 1_000


def same(cell: object, text: str) -> bool:
    if isinstance(cell, bool):
        return text == str(cell).lower()
    if isinstance(cell, float):
        return Decimal(text) == Decimal(str(cell))
    return str(cell) == text.removeprefix("'")


@bar("B22")
def test_every_text_of_every_object_is_harmless_in_every_table(data: IssueData) -> None:
    with translation.override("vi"):
        made = dict(render_site(poisoned(data, FORMULAS)))
    seen = 0
    for name in (each for each in made if each.endswith(".csv")):
        for row in csv.reader(io.StringIO(made[name].decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not may_run(cell) or re.fullmatch(r"-?\d+(\.\d+)?", cell), (name, cell)
                seen += cell.startswith("'")
    for name in (each for each in made if each.endswith(".xlsx")):
        book = zipfile.ZipFile(io.BytesIO(made[name]))
        for part in book.namelist():
            assert b"<f>" not in book.read(part), (name, part)
    assert seen > 200


def test_calendars_and_feeds_say_what_is_due_and_nothing_runs(data: IssueData) -> None:
    with translation.override("vi"):
        made = dict(render_site(poisoned(data, SCRIPTS)))
    for name, content in made.items():
        if name.endswith(".html"):
            assert faults_of_page(content.decode()) == [], name
        elif name.endswith(".atom"):
            etree.fromstring(content)
        elif name.endswith(".ics"):
            Calendar.from_ical(content)
        elif name.endswith((".json", ".jsonld")):
            json.loads(content)
