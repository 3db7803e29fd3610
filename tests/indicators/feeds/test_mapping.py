"""From what a source sends to rows in our words, through the process that reads it."""

import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from thucthi.indicators.calculations.mapping import FIELDS, SourceMap, faults_of_settings, map_of, raw_rows
from thucthi.indicators.calculations.paths_of_json import PathWrong, items_at, steps_of, value_at
from thucthi.indicators.calculations.rows import RawRow
from thucthi.indicators.fetching import asking, statistics_exchange, tables
from thucthi.indicators.fetching.asking import NOT_READ, TOO_HEAVY, Asked, read
from thucthi.kernel.values import ValueState

COLUMNS = {"organisation": "Tỉnh", "period": "Kỳ", "value": "Giá trị"}
TABLE: dict[str, Any] = {"columns": COLUMNS, "constants": {"indicator": "5g"}}
CSV = 'Tỉnh,Kỳ,Giá trị,Ghi chú\nHN,2026-Q1,"40,5",\nHCM,2026-Q1,,trống\n,,,\nĐN,2026-Q1,0,\n'


def rows_of(asked: Asked) -> list[tuple[object, ...]]:
    assert asked.failure is None, str(asked.failure)
    return [(row.number, row.organisation, row.period, row.value, row.state) for row in asked.rows]


def test_a_table_is_read_by_its_headings_and_rows_keep_their_numbers() -> None:
    got = read(CSV.encode(), "table", TABLE)
    assert rows_of(got) == [
        (2, "HN", "2026-Q1", "40,5", None),
        (3, "HCM", "2026-Q1", None, None),
        (5, "ĐN", "2026-Q1", "0", None),
    ]
    assert {row.indicator for row in got.rows} == {"5g"}
    assert len(got.file_hash) == 64


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (CSV.encode("utf-8-sig"), {}),
        (CSV.encode("utf-16"), {}),
        (CSV.replace(",", ";").replace('"40;5"', "40,5").encode(), {}),
        (("Bảng 1\n\n" + CSV).encode(), {"header_row": 3}),
        (CSV.upper().encode(), {}),
        (CSV.encode(), {"columns": {"organisation": "#1", "period": "#2", "value": "#3"}}),
        (CSV.replace("\n", "\r\n").encode(), {"encoding": "utf-8", "delimiter": ","}),
    ],
)
def test_tables_of_many_hands_say_the_same(content: bytes, more: dict[str, object]) -> None:
    got = rows_of(read(content, "table", TABLE | more))
    assert [row[1:4] for row in got] == [("HN", "2026-Q1", "40,5"), ("HCM", "2026-Q1", None), ("ĐN", "2026-Q1", "0")]


def workbook(rows: list[list[object]], sheet: str = "Số liệu") -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return held.getvalue()


def test_a_workbook_is_read_with_its_numbers() -> None:
    content = workbook([["Tỉnh", "Kỳ", "Giá trị"], [1, "2026-Q1", 40.5], ["HN", 2026, 41]])
    codes = {"organisation": {"1": "ubnd-an-binh"}}
    assert rows_of(read(content, "table", TABLE | {"codes": codes})) == [
        (2, "ubnd-an-binh", "2026-Q1", 40.5, None),
        (3, "HN", 2026, 41, None),
    ]
    missing = read(content, "table", TABLE | {"sheet": "Khác"})
    assert str(missing.failure) == "Tệp không có trang tính “Khác”. Các trang tính có trong tệp: Số liệu."


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", "table", tables.EMPTY),
        ("Tỉnh,Kỳ,Giá trị\n".encode(), "table", tables.EMPTY),
        (b"\xff\xff\xff", "table", tables.NOT_A_TABLE),
        (b"a\0b", "table", tables.NOT_A_TABLE),
        ('Tỉnh,Kỳ,Giá trị\n"a'.encode(), "table", tables.NOT_A_TABLE),
        (b"PK\x03\x04 no archive", "table", tables.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0 no workbook", "table", tables.NOT_A_TABLE),
        (b"<html>", "json", tables.NOT_JSON),
        (b"[" * 100_000, "json", TOO_HEAVY),
        (b"{}", "json", tables.EMPTY),
        (b"{}", "sdmx", statistics_exchange.NOT_SDMX),
        (b"<a/>", "sdmx", statistics_exchange.NOT_SDMX),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>', "sdmx", statistics_exchange.WITH_ENTITIES),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_sentence_and_no_row(content: bytes, kind: str, sentence: str) -> None:
    settings = TABLE if kind == "table" else TABLE | {"path": "a[*]"}
    got = read(content, kind, settings)
    assert (str(got.failure), got.rows) == (sentence, ())


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    got = read(b"A,B\n1,2\n", "table", TABLE)
    assert str(got.failure) == "Bảng không có cột “Tỉnh”. Các cột có trong bảng: A, B."


def bomb() -> bytes:
    """A workbook of 300 KB whose sheet unpacks to 300 MB of distinct cells."""
    honest, held = zipfile.ZipFile(io.BytesIO(workbook([["Tỉnh", "Kỳ", "Giá trị"]]))), io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in honest.namelist():
            content = honest.read(name)
            if name.endswith("sheet1.xml"):
                row = b"<row>" + b"<c><v>7</v></c>" * 1000 + b"</row>"
                content = content.replace(b"</sheetData>", row * 20_000 + b"</sheetData>")
            packed.writestr(name, content)
    return held.getvalue()


def test_a_bomb_in_a_workbook_ends_the_child_and_not_us() -> None:
    content = bomb()
    assert len(content) < 2_000_000
    got = read(content, "table", TABLE)
    assert (str(got.failure), got.rows) == (TOO_HEAVY, ())


def test_a_reader_that_breaks_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "confined", lambda *_, **__: (_ for _ in ()).throw(asking.Ended(status=1)))
    assert str(read(b"x", "table", TABLE).failure) == NOT_READ


JSON_FILE = b"""{"data": {"rows": [
 {"unit": {"code": "HN"}, "at": "2026-Q1", "v": 40.10},
 {"unit": {"code": "DN"}, "at": "2026-Q1", "v": null},
 {"unit": {"code": "HP"}, "at": "2026-Q1", "v": NaN},
 {"unit": {"code": "CT"}, "at": "2026-Q1", "v": 12345678901234567890.123456}
]}}"""


def test_json_is_read_by_paths_and_its_numbers_stay_exact() -> None:
    columns = {"organisation": "unit.code", "period": "at", "value": "v"}
    got = read(JSON_FILE, "json", {"path": "data.rows[*]", "columns": columns, "constants": {"indicator": "5g"}})
    assert rows_of(got) == [
        (1, "HN", "2026-Q1", Decimal("40.10"), None),
        (2, "DN", "2026-Q1", None, None),
        (3, "HP", "2026-Q1", "NaN", None),
        (4, "CT", "2026-Q1", Decimal("12345678901234567890.123456"), None),
    ]


def test_members_of_an_object_are_records_too() -> None:
    content = json.dumps({"values": {"HN": {"v": 1}, "DN": {"v": 2}}}).encode()
    columns = {"organisation": "$key", "value": "v"}
    got = read(content, "json", {"path": "values[*]", "columns": columns, "constants": {"period": "2026"}})
    assert [row[1:4] for row in rows_of(got)] == [("HN", "2026", Decimal(1)), ("DN", "2026", Decimal(2))]


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("", ()), ("a", ("a",)), ("a.b[*].c", ("a", "b", None, "c")), ("[*]", (None,)), ("[0][1].x y", (0, 1, "x y")),
    ],
)  # fmt: skip
def test_a_path_is_read_step_by_step(path: str, steps: tuple[object, ...]) -> None:
    assert steps_of(path) == steps


@pytest.mark.parametrize("path", [".", "a.", "a..b", "a[", "a[x]", "a]", "[*", "a[-1]", "a" + ".b" * 30])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(PathWrong):
        steps_of(path)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3)))
def test_a_path_that_leads_nowhere_finds_nothing(tree: object) -> None:
    assert list(items_at(tree, steps_of("a.b[*]"))) == []
    assert value_at(tree, steps_of("a")) is None
    assert [item for _, item in items_at(tree, steps_of("[*]"))] == (tree if isinstance(tree, list) else [])


XML_NAMES = (
    'xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" '
    'xmlns:generic="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic" '
    'xmlns:common="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"'
)
SDMX_XML = f"""<?xml version="1.0" encoding="UTF-8"?><message:GenericData {XML_NAMES}><message:Header>
<message:ID>x</message:ID><message:Test>false</message:Test><message:Prepared>2026-01-01T00:00:00</message:Prepared>
<message:Sender id="GSO"/><message:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><common:Structure>
<Ref agencyID="GSO" id="DSD" version="1.0"/></common:Structure></message:Structure></message:Header>
<message:DataSet structureRef="S" action="Replace"><generic:Series><generic:SeriesKey>
<generic:Value id="INDICATOR" value="I5G"/><generic:Value id="REF_AREA" value="VN-HN"/></generic:SeriesKey>
<generic:Obs><generic:ObsDimension value="2026-Q1"/><generic:ObsValue value="40.50"/></generic:Obs>
<generic:Obs><generic:ObsDimension value="2026-Q2"/><generic:ObsValue value="41.5"/><generic:Attributes>
<generic:Value id="OBS_STATUS" value="P"/></generic:Attributes></generic:Obs>
<generic:Obs><generic:ObsDimension value="2026-Q3"/><generic:Attributes>
<generic:Value id="OBS_STATUS" value="M"/></generic:Attributes></generic:Obs>
<generic:Obs><generic:ObsDimension value="2026-Q4"/><generic:ObsValue value="9"/><generic:Attributes>
<generic:Value id="CONF_STATUS" value="C"/></generic:Attributes></generic:Obs>
</generic:Series></message:DataSet></message:GenericData>""".encode()
SDMX_CSV = (
    b"DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\n"
    b"GSO:F,I5G,VN-HN,2026-Q1,40.50,A,F\nGSO:F,I5G,VN-HN,2026-Q2,41.5,P,\nGSO:F,I5G,VN-HN,2026-Q3,,M,\n"
    b"GSO:F,I5G,VN-HN,2026-Q4,9,A,C\n"
)


def sdmx_json() -> bytes:
    def ids(*names: str) -> list[dict[str, str]]:
        return [{"id": name, "name": name} for name in names]

    series = [("INDICATOR", ids("I5G")), ("REF_AREA", ids("VN-HN"))]
    times = ids("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
    marks = [("OBS_STATUS", ids("P", "M")), ("CONF_STATUS", ids("C"))]
    found = {"0": [40.5, None, None], "1": [41.5, 0, None], "2": [None, 1, None], "3": [9, None, 0]}
    return json.dumps({
        "header": {"id": "a", "test": False, "prepared": "2026-01-01T00:00:00", "sender": {"id": "GSO"}},
        "dataSets": [{"action": "Information", "series": {"0:0": {"attributes": [], "observations": found}}}],
        "structure": {
            "name": "x",
            "dimensions": {
                "dataSet": [],
                "series": [{"id": name, "name": name, "values": values} for name, values in series],
                "observation": [{"id": "TIME_PERIOD", "name": "t", "role": "time", "values": times}],
            },
            "attributes": {
                "dataSet": [],
                "series": [],
                "observation": [{"id": name, "name": name, "values": values} for name, values in marks],
            },
        },
    }).encode()  # fmt: skip


SDMX_SETTINGS = {
    "columns": {"indicator": "INDICATOR", "organisation": "REF_AREA", "period": "TIME_PERIOD", "value": "OBS_VALUE"},
    "codes": {"indicator": {"I5G": "5g"}, "organisation": {"VN-HN": "ubnd-an-binh"}},
}


@pytest.mark.parametrize("content", [SDMX_XML, SDMX_CSV, sdmx_json()], ids=["xml", "csv", "json"])
def test_the_three_forms_of_sdmx_say_the_same(content: bytes) -> None:
    got = read(content, "sdmx", SDMX_SETTINGS)
    assert rows_of(got) == [
        (1, "ubnd-an-binh", "2026-Q1", Decimal("40.50"), None),
        (2, "ubnd-an-binh", "2026-Q2", Decimal("41.5"), "provisional"),
        (3, "ubnd-an-binh", "2026-Q3", None, "not_reported"),
        (4, "ubnd-an-binh", "2026-Q4", None, "confidential"),
    ]
    assert {row.indicator for row in got.rows} == {"5g"}


def test_a_missing_dimension_is_named() -> None:
    columns = SDMX_SETTINGS["columns"] | {"organisation": "PROVINCE"}
    got = read(SDMX_CSV, "sdmx", {"columns": columns})
    assert str(got.failure).startswith(
        "Dữ liệu SDMX không có chiều “PROVINCE”. Các chiều có trong dữ liệu: CONF_STATUS"
    )


def mapped(kind: str, given: SourceMap, **cells: object) -> RawRow:
    return next(raw_rows([(1, [cells.get(name) for name in FIELDS])], given, kind=kind))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("2026-S1", "2026-H1"), ("2026-M03", "2026-03"), ("2026-A1", "2026"), ("2026-Q1", "2026-Q1"), ("2026", "2026")],
)
def test_periods_of_sdmx_become_ours(theirs: str, ours: str) -> None:
    assert mapped("sdmx", SourceMap(), period=theirs, value="1").period == ours


def test_a_point_is_a_decimal_mark_only_where_the_source_says_so() -> None:
    assert mapped("table", SourceMap(decimal_mark="."), value=" 1.234 ").value == Decimal("1.234")
    assert mapped("table", SourceMap(), value="1.234").value == "1.234"
    assert mapped("table", SourceMap(decimal_mark="."), value="1.234,5").value == "1.234,5"
    assert mapped("json", SourceMap(), value=True).value == "True"


def test_marks_of_a_table_are_states_when_it_says_so() -> None:
    given = SourceMap(states={"c": "confidential", "p": "provisional"})
    assert (mapped("table", given, value="7", state="c").value, mapped("table", given, state="c").state) == (
        None,
        "confidential",
    )
    assert mapped("table", given, value="7", state="p").state == "provisional"
    assert mapped("table", given, value="", state="p") == RawRow(1)
    assert mapped("table", given, value="7", state="sơ bộ").state == "sơ bộ"


def test_settings_are_judged_all_at_once() -> None:
    assert faults_of_settings("table", TABLE) == []
    assert faults_of_settings("sdmx", SDMX_SETTINGS) == []
    wrong = {
        "columns": {"indicator": "a[", "period": "b[*]", "nothing": "x"},
        "states": {"c": "secret"},
        "delimiter": ";;",
        "encoding": "latin-1",
        "header_row": 0,
        "decimal_mark": "x",
        "path": "a..b",
        "password": "x",
    }
    fields = [fault.field for fault in faults_of_settings("json", wrong)]
    assert fields == [
        "password", "columns.organisation", "columns.value", "nothing", "path", "columns.indicator", "columns.period",
        "delimiter", "encoding", "header_row", "decimal_mark", "states",
    ]  # fmt: skip
    assert map_of(wrong).header_row == 0
    assert {state.value for state in ValueState} >= set(SourceMap(states={"c": "confidential"}).states.values())


def test_a_file_of_too_many_rows_is_refused() -> None:
    content = "Tỉnh,Kỳ,Giá trị\n".encode() + b"a,2026,1\n" * 200_001
    assert str(read(content, "table", TABLE).failure) == tables.TOO_MANY_ROWS
