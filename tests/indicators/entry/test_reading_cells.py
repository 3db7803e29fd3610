"""What people type as a value, and what is made of it."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.indicators.calculations.reading import CellRead, decimal_mark_of, read_cell, read_period
from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import ValueState, format_en, format_vi

kept_amounts = st.decimals(
    min_value=Decimal("-99999999999999"), max_value=Decimal("99999999999999"), places=6, allow_nan=False
)


def read(text: object, unit: str = "tỷ đồng", mark: str = ",", **other: bool) -> tuple[str, Decimal | None]:
    cell = read_cell(text, unit=unit, decimal_mark=mark, **other)
    return (str(cell.fault) if cell.fault else str(cell.state), cell.amount)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234.5", "1234.5"),
        ("1'234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("0,234", "0.234"),
        ("0.234", "0.234"),
        ("1234.567", "1234.567"),
        ("1 234.567", "1234.567"),
        ("-5,2", "-5.2"),
        ("−5,2", "-5.2"),
        ("– 5,2", "-5.2"),
        ("+5", "5"),
        ("45 tỷ đồng", "45"),
        ("45 TỶ ĐỒNG", "45"),
        (7, "7"),
        (7.25, "7.25"),
        (0.1 + 0.2, "0.3"),
        (Decimal("8.5"), "8.5"),
    ],
)
def test_a_number_is_read_with_comma_or_point(text: object, amount: str) -> None:
    assert read(text) == ("number", Decimal(amount))
    assert read_cell(text, unit="tỷ đồng").warnings == ()


def test_an_unclear_mark_is_settled_by_the_locale_and_warned_of() -> None:
    vietnamese, english = read_cell("1.234", unit="", decimal_mark=","), read_cell("1.234", unit="", decimal_mark=".")
    assert (vietnamese.amount, english.amount) == (Decimal(1234), Decimal("1.234"))
    assert [str(said) for said in vietnamese.warnings] == [
        "“1.234” được hiểu là 1234 (dấu ngăn hàng nghìn). Nếu là số thập phân, đề nghị ghi 1,234."
    ]
    assert [str(said) for said in english.warnings] == [
        "“1.234” được hiểu là số thập phân 1.234. Nếu dấu đó ngăn hàng nghìn, đề nghị ghi 1234."
    ]
    assert read_cell("1,234", unit="", decimal_mark=",").amount == Decimal("1.234")
    assert read_cell("1,234", unit="", decimal_mark=".").amount == Decimal(1234)


def test_the_other_cells_of_a_column_tell_its_decimal_mark() -> None:
    assert decimal_mark_of(["1.234", "12.5", None, 7], ",") == "."
    assert decimal_mark_of(["1,234", "1.234,5"], ".") == ","
    assert decimal_mark_of(["1,234", "1.234.567"], ".") == ","
    assert decimal_mark_of(["1.5", "1,5"], ",") == ","
    assert decimal_mark_of(["1.234", "chưa có"], ".") == "."


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("0", "confirmed_zero"),
        ("0,0", "confirmed_zero"),
        (0, "confirmed_zero"),
        (-0.0, "confirmed_zero"),
        ("12 (sơ bộ)", "provisional"),
        ("12 sơ bộ", "provisional"),
        ("12p", "provisional"),
        ("0 (p)", "provisional"),
        ("chưa có", "not_reported"),
        ("…", "not_reported"),
        ("..", "not_reported"),
        ("-", "not_reported"),
        ("–", "not_reported"),
        ("n/a", "not_applicable"),
        ("N/A", "not_applicable"),
        ("Không áp dụng", "not_applicable"),
        ("x", "confidential"),
        ("Mật", "confidential"),
    ],
)
def test_a_word_or_a_zero_becomes_its_state(text: object, state: str) -> None:
    amounts = {"confirmed_zero": Decimal(0), "provisional": Decimal(0 if str(text).startswith("0") else 12)}
    assert read(text) == (state, amounts.get(state))


@pytest.mark.parametrize("text", [None, "", "   ", "\u00a0"])
def test_an_empty_cell_says_nothing_and_is_no_zero(text: object) -> None:
    assert read_cell(text, unit="") == CellRead()
    assert read_cell(text, unit="").is_empty


def test_a_dash_is_no_zero_and_says_so() -> None:
    assert [str(said) for said in read_cell("-", unit="").warnings] == [
        "Dấu “-” được hiểu là chưa có số liệu. Nếu là số không, đề nghị ghi 0; nếu không thuộc diện, “không áp dụng”."
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "tám mươi",
            (
                "“tám mươi” không phải là số. Đề nghị ghi một số, hoặc “chưa có”, “không áp dụng”, “mật”; "
                "ô trống thì bỏ qua."
            ),
        ),
        ("NaN", "“NaN” không phải là số xác định. Đề nghị ghi lại con số, hoặc “chưa có”."),
        (float("nan"), "“nan” không phải là số xác định. Đề nghị ghi lại con số, hoặc “chưa có”."),
        (float("inf"), "“inf” không phải là số xác định. Đề nghị ghi lại con số, hoặc “chưa có”."),
        ("-Infinity", "“-Infinity” không phải là số xác định. Đề nghị ghi lại con số, hoặc “chưa có”."),
        ("1e30", "Số “1e30” quá lớn: nhiều nhất 14 chữ số phần nguyên. Đề nghị kiểm tra số và đơn vị tính."),
        (1e30, "Số “1e+30” quá lớn: nhiều nhất 14 chữ số phần nguyên. Đề nghị kiểm tra số và đơn vị tính."),
        (10**30, f"Số “1{'0' * 30}” quá lớn: nhiều nhất 14 chữ số phần nguyên. Đề nghị kiểm tra số và đơn vị tính."),
        ("1,2E+5", "“1,2E+5” viết dạng rút gọn nên có thể đã mất chữ số. Đề nghị ghi đủ các chữ số."),
        ("1,2,3", "Dấu chấm, dấu phẩy trong “1,2,3” không rõ nghĩa. Đề nghị ghi dạng 1.234,5 hoặc 1234,5."),
        ("1.23.456,7", "Dấu chấm, dấu phẩy trong “1.23.456,7” không rõ nghĩa. Đề nghị ghi dạng 1.234,5 hoặc 1234,5."),
        ("#REF!", "Ô này là lỗi của công thức (#REF!). Đề nghị sửa công thức rồi dán dạng giá trị."),
        ("=1+1", "Ô này là công thức (=1+1). Đề nghị chép kết quả rồi dán dạng giá trị."),
        ("0,0000001", "Số “0,0000001” nhỏ hơn 0,000001 nên không ghi được. Đề nghị kiểm tra số và đơn vị tính."),
        (
            "45 %",
            "“45 %” là phần trăm nhưng chỉ tiêu này tính bằng “tỷ đồng”. Đề nghị ghi theo đơn vị đó.",
        ),
        (
            datetime.fromisoformat("2026-01-02"),
            (
                "Ô này là ngày tháng (2026-01-02 00:00:00), không phải là số. "
                "Đề nghị đặt lại định dạng ô là số rồi ghi lại."
            ),
        ),
    ],
)
def test_what_cannot_be_a_value_is_refused_with_what_to_do(text: object, sentence: str) -> None:
    assert read(text) == (sentence, None)


def test_percent_is_at_home_in_a_percent_column_only() -> None:
    assert read("45 %", unit="%") == ("number", Decimal(45))
    assert read("45,5%", unit="% dân số") == ("number", Decimal("45.5"))
    assert read(0.45, unit="%", is_percent_cell=True) == ("number", Decimal(45))
    assert read(0.07, unit="%", is_percent_cell=True) == ("number", Decimal(7))
    assert read(0.45, unit="%") == ("number", Decimal("0.45"))
    assert read(0.45, is_percent_cell=True)[0].startswith("“45 %” là phần trăm nhưng chỉ tiêu này tính bằng")


def test_more_than_six_decimals_are_rounded_and_said() -> None:
    cell = read_cell("33,33333333", unit="")
    assert cell.amount == Decimal("33.333333")
    assert [str(said) for said in cell.warnings] == [
        "“33,33333333” có nhiều hơn 6 chữ số thập phân, được làm tròn thành 33,333333."
    ]


@given(kept_amounts)
def test_what_was_written_out_is_read_back(amount: Decimal) -> None:
    assert read_cell(format_vi(amount), unit="", decimal_mark=",").amount == amount
    assert read_cell(format_en(amount), unit="", decimal_mark=".").amount == amount
    assert read_cell(amount, unit="").amount == amount


@given(
    st.text() | st.text(alphabet="0123456789.,-+ eE%()p'") | st.floats() | st.integers() | st.decimals() | st.booleans()
)
def test_no_cell_makes_the_reader_stumble(text: object) -> None:
    for mark in (",", "."):
        cell = read_cell(text, unit="%", decimal_mark=mark)
        assert (cell.fault is None) or (cell.state is None and cell.amount is None and str(cell.fault))
        if cell.state is ValueState.NUMBER:
            assert 0 < abs(cell.amount or 0) < 10**14


@pytest.mark.parametrize(
    ("text", "frequency", "key"),
    [
        ("11/2026", Frequency.MONTHLY, "2026-11"),
        ("T11/2026", Frequency.MONTHLY, "2026-11"),
        ("T11-2026", Frequency.MONTHLY, "2026-11"),
        ("Tháng 11/2026", Frequency.MONTHLY, "2026-11"),
        ("tháng 11 năm 2026", Frequency.MONTHLY, "2026-11"),
        ("2026-11", Frequency.MONTHLY, "2026-11"),
        ("01/11/2026", Frequency.MONTHLY, "2026-11"),
        ("30/11/2026", Frequency.MONTHLY, "2026-11"),
        (date(2026, 11, 1), Frequency.MONTHLY, "2026-11"),
        (datetime.fromisoformat("2026-11-01"), Frequency.MONTHLY, "2026-11"),
        ("Q4/2026", Frequency.QUARTERLY, "2026-Q4"),
        ("Quý IV/2026", Frequency.QUARTERLY, "2026-Q4"),
        ("Quý 4 năm 2026", Frequency.QUARTERLY, "2026-Q4"),
        ("IV/2026", Frequency.QUARTERLY, "2026-Q4"),
        ("2026-Q4", Frequency.QUARTERLY, "2026-Q4"),
        ("6 tháng đầu năm 2026", Frequency.HALF_YEARLY, "2026-H1"),
        ("H2/2026", Frequency.HALF_YEARLY, "2026-H2"),
        ("2026-H2", Frequency.HALF_YEARLY, "2026-H2"),
        ("2026", Frequency.YEARLY, "2026"),
        (2026, Frequency.YEARLY, "2026"),
        (2026.0, Frequency.YEARLY, "2026"),
        ("Năm 2026", Frequency.YEARLY, "2026"),
        ("Tuần 47/2026", Frequency.WEEKLY, "2026-W47"),
        ("2026-W47", Frequency.WEEKLY, "2026-W47"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: object, frequency: Frequency, key: str) -> None:
    span = read_period(text, frequency).span
    assert span is not None
    assert span.key == key


@pytest.mark.parametrize(
    ("text", "frequency", "sentence"),
    [
        (
            "11/2026",
            Frequency.QUARTERLY,
            "Kỳ “11/2026” không đúng chu kỳ của chỉ tiêu. Đề nghị ghi dạng Quý IV/2026.",
        ),
        ("13/2026", Frequency.MONTHLY, "Không hiểu kỳ “13/2026”. Đề nghị ghi dạng 11/2026."),
        ("hôm qua", Frequency.MONTHLY, "Không hiểu kỳ “hôm qua”. Đề nghị ghi dạng 11/2026."),
        ("", Frequency.YEARLY, "Chưa ghi kỳ số liệu. Đề nghị ghi dạng 2026."),
        ("12/2026", Frequency.MONTHLY, "Kỳ “12/2026” chưa đến. Đề nghị kiểm tra lại tháng, năm."),
        ("11/2062", Frequency.MONTHLY, "Kỳ “11/2062” chưa đến. Đề nghị kiểm tra lại tháng, năm."),
        ("11/0226", Frequency.MONTHLY, "Không hiểu kỳ “11/0226”. Đề nghị ghi dạng 11/2026."),
    ],
)
def test_a_period_that_cannot_be_is_refused(text: str, frequency: Frequency, sentence: str) -> None:
    read = read_period(text, frequency, today=date(2026, 11, 30))
    assert (read.span, str(read.fault)) == (None, sentence)


@given(st.text() | st.integers() | st.dates() | st.datetimes(), st.sampled_from(list(Frequency)))
def test_no_period_makes_the_reader_stumble(text: object, frequency: Frequency) -> None:
    read = read_period(text, frequency, today=date(2026, 11, 30))
    assert (read.span is None) != (read.fault is None)


@given(st.dates(date(1946, 1, 1), date(2099, 12, 31)), st.sampled_from(list(Frequency)))
def test_a_period_written_out_is_read_back(day: date, frequency: Frequency) -> None:
    from_key = read_period(read_period(f"{day.year}", Frequency.YEARLY).span.key, Frequency.YEARLY)
    assert from_key.span is not None
    span = read_period(day if frequency is Frequency.WEEKLY else date(day.year, 1, 1), frequency).span
    assert span is not None
    assert [read_period(said, frequency).span for said in (span.key, span.label_vi)] == [span, span]
