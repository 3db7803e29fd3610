"""CSV, JSON, the workbook and Parquet: exact bytes where bytes matter, exact fields elsewhere."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.monitoring.pages.contents import ALL_STATES, contents, row
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.taking_away.contents import harmless, plain_number
from thucthi.monitoring.calculations.taking_away.parquet import parquet_of
from thucthi.monitoring.calculations.taking_away.tables import COLUMNS, csv_of, json_of
from thucthi.monitoring.calculations.taking_away.workbook import workbook_of

HEADING = (
    "indicator,unit,period,period_start,period_end,area,area_name,kind,breakdown,state,amount,numerator,denominator,"
    "source,remark,available_on,recorded_on,row,corrects,standing,simulated,as_of\r\n"
)


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_csv_has_these_bytes() -> None:
    line = (
        "ho-so-truc-tuyen,%,2026-01,2026-01-01,2026-01-31,VN,Cả nước,actual,,number,55.5,111,200,"
        "Cổng dịch vụ công,,2026-02-10,2026-02-11,1,,true,false,2026-08-15\r\n"
    )
    assert csv_of(contents(row(1))) == b"\xef\xbb\xbf" + (HEADING + line).encode()


def test_a_csv_of_nothing_is_its_heading() -> None:
    assert csv_of(contents()) == b"\xef\xbb\xbf" + HEADING.encode()


def test_a_csv_tells_the_six_states_apart_and_has_an_amount_only_beside_a_number() -> None:
    assert [(line["state"], line["amount"]) for line in read(csv_of(contents(*ALL_STATES)))] == [
        ("number", "55.5"),
        ("confirmed_zero", "0"),
        ("provisional", "-12.345678"),
        ("not_reported", ""),
        ("not_applicable", ""),
        ("confidential", ""),
        ("number", "99999999999999.999999"),
        ("number", "0.000001"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-cmd|'/c calc'!A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    line = read(csv_of(contents(row(1, source=text, remark=text))))[0]
    assert (line["source"], line["remark"]) == (f"'{text}", f"'{text}")


def test_a_negative_number_stays_a_number() -> None:
    assert read(csv_of(contents(row(1, amount=Decimal("-5")))))[0]["amount"] == "-5"


@given(st.decimals(min_value=Decimal("-1e14"), max_value=Decimal("1e14"), places=6))
def test_a_number_as_text_is_the_same_number(amount: Decimal) -> None:
    text = plain_number(amount)
    assert Decimal(text) == amount
    assert "E" not in text
    assert not text.startswith("-0") or amount < 0


@given(st.text())
def test_harmless_text_never_begins_like_a_formula(text: str) -> None:
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"} or harmless(text)[:1] == ""


def test_a_json_has_these_bytes() -> None:
    made = contents(row(1), areas={"VN": ("Cả nước", "Viet Nam")}, breakdowns={})
    assert json_of(made).decode() == (
        '{"format":"thucthi-indicator-values/1","as_of":"2026-08-15","notice":null,"with_history":false,'
        '"indicator":{"code":"ho-so-truc-tuyen","name":"Tỷ lệ hồ sơ trực tuyến",'
        '"name_en":"Share of files handled online","unit":"%","unit_en":"%","direction":"rise","kind":"ratio",'
        '"frequency":"monthly","definition":"Số hồ sơ trực tuyến trên tổng số hồ sơ.","method":"Tử số chia mẫu số.",'
        '"limits":"","source":"Cổng dịch vụ công","owner":"Bộ Khoa học","contact":"lien-he@vidu.example","version":2,'
        '"further":{"national_custodian":"Bộ Khoa học"}},"areas":{"VN":{"vi":"Cả nước","en":"Viet Nam"}},'
        '"breakdowns":{},"values":[{"period":"2026-01","period_start":"2026-01-01","period_end":"2026-01-31",'
        '"area":"VN","kind":"actual","breakdown":"","state":"number","amount":"55.5","numerator":"111",'
        '"denominator":"200","source":"Cổng dịch vụ công","remark":"","available_on":"2026-02-10",'
        '"recorded_on":"2026-02-11","row":1,"corrects":null,"standing":true,"simulated":false}]}'
    )


def test_json_keeps_the_digits_and_says_null_for_what_is_not_there() -> None:
    values = json.loads(json_of(contents(*ALL_STATES)))["values"]
    assert [each["amount"] for each in values] == [
        "55.5", "0", "-12.345678", None, None, None, "99999999999999.999999", "0.000001",
    ]  # fmt: skip


def test_simulated_values_are_announced() -> None:
    assert json.loads(json_of(contents(*ALL_STATES)))["notice"] == "Số liệu mô phỏng / Simulated data"


def sheet(data: bytes, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()


def test_the_workbook_has_values_definition_and_how_to_read() -> None:
    data = workbook_of(contents(*ALL_STATES), str)
    values = sheet(data, "Số liệu")
    amount = COLUMNS.index("amount")
    assert values[0][amount] == "Giá trị"
    assert [line[amount] for line in values[1:]] == [
        55.5, 0.0, -12.345678, "", "", "", "99999999999999.999999", 0.000001,
    ]  # fmt: skip
    assert values[1][COLUMNS.index("period_end")] == date(2026, 1, 31)
    assert ["Lưu ý", "Số liệu mô phỏng / Simulated data"] in sheet(data, "Định nghĩa")
    assert ["not_reported", "Đến hạn mà chưa báo cáo; không phải là 0"] in sheet(data, "Cách đọc")


def test_the_workbook_stores_a_formula_as_harmless_words() -> None:
    values = sheet(workbook_of(contents(*ALL_STATES), str), "Số liệu")
    assert values[8][COLUMNS.index("source")] == "'=SUM(A1)"


def test_parquet_has_typed_columns_and_null_only_where_nothing_is(tmp_path) -> None:
    file = tmp_path / "values.parquet"
    file.write_bytes(parquet_of(contents(*ALL_STATES)))
    found = duckdb.sql(f"SELECT amount, state, remark, source, period_end, corrects, simulated FROM '{file}'")
    kinds = dict(zip(found.columns, map(str, found.types), strict=True))
    assert kinds == {
        "amount": "DECIMAL(20,6)", "state": "VARCHAR", "remark": "VARCHAR", "source": "VARCHAR",
        "period_end": "DATE", "corrects": "BIGINT", "simulated": "BOOLEAN",
    }  # fmt: skip
    rows = found.fetchall()
    assert rows[5] == (None, "confidential", 'Theo quy định "mật"', "Cổng dịch vụ công", date(2026, 6, 30), None, False)
    assert rows[6][:2] == (Decimal("99999999999999.999999"), "number")
    assert (rows[7][0], rows[7][2], rows[7][3]) == (Decimal("0.000001"), "", "=SUM(A1)")


@pytest.mark.parametrize("text", ["\rĐầu dòng", "a\r\nb", "\n"])
def test_parquet_keeps_a_text_whose_line_ends_would_be_guessed_wrong(tmp_path, text: str) -> None:
    file = tmp_path / "values.parquet"
    file.write_bytes(parquet_of(contents(replace(ALL_STATES[0], source=text), *ALL_STATES[1:])))
    (found, *others) = duckdb.sql(f"SELECT source FROM '{file}'").fetchall()
    assert found == (text,)
    assert len(others) == len(ALL_STATES) - 1


@pytest.mark.parametrize("text", ["\uff1d1+1", " =1+1", "\u200b@SUM(1)"])
def test_a_formula_in_wide_letters_or_after_a_blank_is_harmless_too(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_parquet_of_nothing_has_the_columns(tmp_path) -> None:
    file = tmp_path / "values.parquet"
    file.write_bytes(parquet_of(contents()))
    found = duckdb.sql(f"SELECT * FROM '{file}'")
    assert (tuple(found.columns), found.fetchall()) == (COLUMNS, [])


def test_history_shows_the_row_that_was_corrected() -> None:
    old, new = row(1, is_standing=False), row(2, corrects=1, amount=Decimal(56))
    lines = read(csv_of(contents(old, new, has_history=True)))
    assert [(line["row"], line["corrects"], line["standing"]) for line in lines] == [
        ("1", "", "false"),
        ("2", "1", "true"),
    ]


def test_every_state_has_a_word_in_the_workbook() -> None:
    words = {line[0] for line in sheet(workbook_of(contents(), str), "Cách đọc")}
    assert {state.value for state in ValueState} <= words
