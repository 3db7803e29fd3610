"""The words of a row, and the workbook written and read back: no database."""

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from thucthi.indicators.worksheets.reading import rows_of
from thucthi.indicators.worksheets.shapes import TableRow
from thucthi.reporting.calculations.bulk import CellFlaw, TypedCells, claim_of, lacks_of_a_row, read_row
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import Claim
from thucthi.reporting.worksheets.columns import HEADINGS, NEEDED, Line
from thucthi.reporting.worksheets.drawing import drawn
from thucthi.reporting.worksheets.reading import (
    MOST_ROWS_READ,
    MissingColumns,
    SheetFlaw,
    TooManyLines,
    filled_rows,
)
from thucthi.reporting.worksheets.writing import Words, workbook_of

WORDS = Words(
    "Đơn vị mẫu", "Chỉ điền nền vàng.", HEADINGS, ["Đúng kế hoạch", "Có nguy cơ chậm"], ["Cách điền"], 500, ("a", "b")
)
LINE = Line(
    "7", "3.1", "ubnd-01", "nv-1", "Việc", "Tuần 48/2026", "27/11/2026", "chưa có", "Đúng kế hoạch", "45", "Xong."
)
HEAD = TableRow(3, tuple(HEADINGS.values()))
# What a person can type: no control characters, no lone surrogates; the reader strips the ends.
WRITTEN = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=60).map(str.strip)


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ("Đúng kế hoạch", "on_plan"), ("dung ke hoach", "on_plan"), ("ĐÚNG  TIẾN ĐỘ", "on_plan"),
        ("nguy cơ", "at_risk"), ("Chậm", "behind"), ("behind", "behind"), ("at_risk", "at_risk"),
        ("", ""), ("  ", ""), ("tốt", None), ("=1+1", None),
    ],
)  # fmt: skip
def test_a_claim_is_read_from_its_words(words: str, claim: str | None) -> None:
    assert claim_of(words) == claim


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_a_cell_shows_can_be_read_again_in_either_language(language: str) -> None:
    with translation.override(language):
        assert [claim_of(str(label)) for _, label in Claim.choices] == list(Claim.values)


def test_a_row_changes_what_it_shows_and_keeps_the_rest() -> None:
    before = TypedReport(claim="behind", progress="30", note="Cũ", cause="money", asked_what="Cấp vốn", evidence=("4",))
    read = read_row(before, TypedCells("đúng kế hoạch", "45 %", "Mới"))
    assert read.flaws == ()
    assert read.typed == replace(before, claim="on_plan", progress="45 %", note="Mới")


@pytest.mark.parametrize(
    ("cells", "flaws", "is_kept"),
    [
        (TypedCells("tốt", "45", ""), (("claim", CellFlaw.CLAIM),), False),
        (TypedCells("", "nhiều", ""), (("progress", CellFlaw.PROGRESS),), True),
        (TypedCells("", "45,555", ""), (("progress", CellFlaw.PROGRESS_RANGE),), True),
        (TypedCells("", "10000", ""), (("progress", CellFlaw.PROGRESS_RANGE),), True),
        (TypedCells("", "", "x" * 501), (("note", CellFlaw.NOTE),), True),
        (TypedCells("", "", "x" * 20_001), (("note", CellFlaw.TOO_LONG),), False),
        (TypedCells("xấu", "nhiều", "x" * 501),
         (("claim", CellFlaw.CLAIM), ("progress", CellFlaw.PROGRESS), ("note", CellFlaw.NOTE)), False),
        (TypedCells("", "", ""), (), True),
    ],
)  # fmt: skip
def test_all_flaws_of_a_row_come_together(
    cells: TypedCells, flaws: tuple[tuple[str, CellFlaw], ...], is_kept: bool
) -> None:
    read = read_row(TypedReport(), cells)
    assert (read.flaws, read.typed is not None) == (flaws, is_kept)


@pytest.mark.parametrize(
    ("typed", "lacks"),
    [
        (TypedReport(claim="on_plan", progress="40"), False),
        (TypedReport(claim="behind", progress="40"), True),
        (TypedReport(claim="behind", cause="own_fault", done_about_it="Đã họp"), False),
        (TypedReport(claim="behind", cause="money", done_about_it="Đã họp"), True),
        (TypedReport(claim="behind", cause="money", done_about_it="a", asked_of="b", asked_what="c", asked_due_on="d"),
         False),
        (TypedReport(claim="on_plan", progress="100"), True),
        (TypedReport(claim="on_plan", progress="100", evidence=("1",)), False),
        (TypedReport(claim="on_plan", progress="nhiều", claims_completion="on"), True),
    ],
)  # fmt: skip
def test_what_a_row_has_no_cell_for_needs_the_full_form(typed: TypedReport, lacks: bool) -> None:
    assert lacks_of_a_row(typed) is lacks


def written(lines: list[Line], draw: Callable[[Words, Sequence[Line]], bytes] = workbook_of) -> Path:
    path = Path(tempfile.mkdtemp()) / "bang.xlsx"
    path.write_bytes(draw(WORDS, lines))
    return path


line = st.builds(
    lambda claim, figure, note: replace(LINE, claim=claim, progress=f"{figure}", figure=figure / 4, note=note),
    WRITTEN, st.integers(-40, 800), WRITTEN,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(line, min_size=1, max_size=6))
def test_what_is_written_is_read_back(lines: list[Line]) -> None:
    numbered = [replace(one, id=str(at + 1)) for at, one in enumerate(lines)]
    read = filled_rows(rows_of(written(numbered, drawn)))
    assert [(row.id, row.version, row.unit, row.claim, row.note, row.flaw) for row in read] == [
        (int(one.id), one.version, one.unit, one.claim, one.note, None) for one in numbered
    ]
    assert [row.progress for row in read] == [f"{one.figure:g}".replace(".", ",") for one in numbered]
    assert [row.number for row in read] == list(range(4, 4 + len(numbered)))


MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def parts(path: Path) -> tuple[etree._Element, etree._Element, list[str]]:
    """The first sheet, the styles and the shared texts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        names = ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml")
        sheet, styles, texts = (etree.fromstring(archive.read(name)) for name in names)
    return sheet, styles, ["".join(text.itertext()) for text in texts]


def test_the_workbook_hides_locks_and_offers() -> None:
    sheet, styles, texts = parts(written([replace(LINE, text="=cmd|'/c calc'!A1", note="=1+1")]))
    hidden = sheet.xpath("//m:col[@hidden='1']", namespaces=MAIN)
    assert [(int(one.get("min")), int(one.get("max"))) for one in hidden] == [(1, 3)]
    assert sheet.xpath("//m:sheetProtection/@sheet", namespaces=MAIN) == ["1"]
    assert sheet.xpath("//m:f", namespaces=MAIN) == []
    formats = styles.xpath("//m:cellXfs/m:xf", namespaces=MAIN)
    cells = dict(zip(HEADINGS, sheet.xpath("//m:row[@r='4']/m:c", namespaces=MAIN), strict=True))
    looks = {key: formats[int(cell.get("s"))] for key, cell in cells.items()}
    is_open = [key for key, look in looks.items() if look.xpath("m:protection/@locked", namespaces=MAIN) == ["0"]]
    assert is_open == ["claim", "progress", "note"]
    words = {key: texts[int(cells[key][0].text)] for key in ("text", "note") if cells[key].get("t") == "s"}
    assert words == {"text": "=cmd|'/c calc'!A1", "note": "=1+1"}
    rules = {one.get("type"): one for one in sheet.xpath("//m:dataValidation", namespaces=MAIN)}
    told = {kind: [one[0].text, rule_end(one), one.get("errorStyle")] for kind, one in rules.items()}
    assert told == {
        "list": ['"Đúng kế hoạch,Có nguy cơ chậm"', "", None],
        "decimal": ["0", "100", "warning"],
        "textLength": ["500", "", "warning"],
    }


def rule_end(rule: etree._Element) -> str:
    return rule[1].text if len(rule) > 1 else ""


def row(number: int, **cells: object) -> TableRow:
    values = {key: getattr(LINE, key) for key in HEADINGS} | cells
    return TableRow(number, tuple(values.values()))


def test_the_same_report_twice_names_the_first_line() -> None:
    read = filled_rows([HEAD, row(4), row(5, id=8.0), row(6, id="7")])
    assert [(one.number, one.flaw, one.same_as) for one in read] == [
        (4, None, 0),
        (5, None, 0),
        (6, SheetFlaw.TWICE, 4),
    ]


@pytest.mark.parametrize("pk", [None, "", "x", "-7", "7.5", 7.5, "9" * 13, True, date(2026, 1, 1)])
def test_a_spoiled_hidden_cell_is_told(pk: object) -> None:
    assert filled_rows([HEAD, row(4, id=pk)])[0].flaw is SheetFlaw.NO_ID


def test_columns_may_stand_elsewhere_and_in_english() -> None:
    english = ("Note", "Progress (% share of the product)", "Situation", "Code of the unit", "Version", "Row code")
    read = filled_rows([TableRow(1, english), TableRow(2, ("Xong", 0.455, "Chậm", "ubnd-01", "3.1", 7.0), (1,))])
    assert (read[0].id, read[0].claim, read[0].progress, read[0].note) == (7, "Chậm", "45,5", "Xong")


def test_a_renamed_column_is_named() -> None:
    head = tuple("Tình trạng mới" if heading == HEADINGS["claim"] else heading for heading in HEADINGS.values())
    with pytest.raises(MissingColumns) as missing:
        filled_rows([TableRow(3, head), row(4)])
    assert missing.value.keys == ("claim",)


def test_a_table_without_headings_misses_all() -> None:
    with pytest.raises(MissingColumns) as missing:
        filled_rows([TableRow(n, ("a", "b")) for n in range(1, 50)])
    assert missing.value.keys == NEEDED


def test_more_lines_than_we_ever_write_are_too_many() -> None:
    with pytest.raises(TooManyLines):
        filled_rows([HEAD, *(row(n, id=str(n)) for n in range(4, MOST_ROWS_READ + 6))])
