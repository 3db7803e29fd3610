"""Rows of values: good ones, and what is wrong with the others, where, and what to do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.indicators.calculations.reading import (
    Known,
    KnownIndicator,
    KnownOrganisation,
    RawRow,
    RowsRead,
    is_old_file,
    read_rows,
)
from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import ValueState

RATE = KnownIndicator(
    1, "ty-le-truc-tuyen", "Tỷ lệ hồ sơ trực tuyến", Frequency.MONTHLY, "%", Decimal(100), Decimal(0), Decimal(100),
    parts={"gioi": frozenset({"nam", "nu"})},
)  # fmt: skip
MONEY = KnownIndicator(2, "chi-khcn", "Chi khoa học", Frequency.QUARTERLY, "tỷ đồng", source="Bộ Tài chính")
LEVEL = KnownIndicator(3, "muc-do", "Mức độ", Frequency.YEARLY, rubric=("thấp", "vừa", "cao"))
KNOWN = Known(
    {one.code: one for one in (RATE, MONEY, LEVEL)},
    {
        "ubnd-an-binh": KnownOrganisation(10, "ubnd-an-binh", "UBND tỉnh An Bình"),
        "bo-khoa-hoc": KnownOrganisation(11, "bo-khoa-hoc", "Bộ Khoa học", may_write=False),
    },
    today=date(2026, 11, 30),
)
ROW = RawRow(5, "ty-le-truc-tuyen", "ubnd-an-binh", "10/2026", "45,5", source="Báo cáo tháng")


def told(*rows: RawRow, known: Known = KNOWN) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, str(one.said)) for one in read_rows(rows, known).faults]


def warned(*rows: RawRow) -> list[tuple[int, str, str]]:
    read = read_rows(rows, KNOWN)
    assert (read.fault_count, len(read.good)) == (0, len(rows))
    return [(one.row, one.column, str(one.said)) for one in read.warnings]


def test_a_good_row_is_read_whole() -> None:
    read = read_rows([ROW], KNOWN)
    good = read.good[0]
    assert (read.total, read.fault_count, read.warning_count) == (1, 0, 0)
    assert good.line == (1, 10, "actual", "", "2026-10")
    assert good.said == ("number", Decimal("45.5"), None, None)
    assert (good.source, good.span.end) == ("Báo cáo tháng", date(2026, 10, 31))


def test_a_row_in_which_nothing_is_said_is_passed_over() -> None:
    read = read_rows([replace(ROW, value=None), replace(ROW, number=6, value="  ")], KNOWN)
    assert (read.total, read.empty, read.good, read.faults) == (2, 2, [], [])


def test_a_typed_zero_is_counted_as_confirmed() -> None:
    read = read_rows([replace(ROW, value="0")], KNOWN)
    assert (read.zeros, read.good[0].state) == (1, ValueState.CONFIRMED_ZERO)


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        (
            {"indicator": "ty-le-truc-tuyenn"},
            "indicator",
            "Không có chỉ tiêu mã “ty-le-truc-tuyenn”. Có phải “ty-le-truc-tuyen” (Tỷ lệ hồ sơ trực tuyến)?",
        ),
        (
            {"indicator": "Tỷ lệ hồ sơ trực tuyến"},
            "indicator",
            "Không có chỉ tiêu mã “Tỷ lệ hồ sơ trực tuyến”. Có phải “ty-le-truc-tuyen” (Tỷ lệ hồ sơ trực tuyến)?",
        ),
        (
            {"indicator": "zzz"},
            "indicator",
            "Không có chỉ tiêu mã “zzz”. Đề nghị ghi mã như trong bảng mẫu.",
        ),
        ({"indicator": None}, "indicator", "Chưa ghi mã chỉ tiêu. Đề nghị ghi mã như trong bảng mẫu."),
        (
            {"organisation": "ubnd-an-bin"},
            "organisation",
            "Không có đơn vị mã “ubnd-an-bin”. Có phải “ubnd-an-binh” (UBND tỉnh An Bình)?",
        ),
        ({"organisation": ""}, "organisation", "Chưa ghi mã đơn vị. Số của cả nước đề nghị ghi “cả nước”."),
        (
            {"organisation": "bo-khoa-hoc"},
            "organisation",
            "Không được ghi số liệu của “Bộ Khoa học”. Đề nghị bỏ dòng này, hoặc gửi đơn vị đó ghi.",
        ),
        (
            {"organisation": "Cả nước"},
            "organisation",
            "Không được ghi số liệu của “Cả nước”. Đề nghị bỏ dòng này, hoặc gửi đơn vị đó ghi.",
        ),
        (
            {"period": "Q3/2026"},
            "period",
            "Kỳ “Q3/2026” không đúng chu kỳ của chỉ tiêu. Đề nghị ghi dạng 11/2026.",
        ),
        (
            {"kind": "dự báo"},
            "kind",
            (
                "Không có loại số liệu “dự báo”. Đề nghị ghi: số chính thức, số đơn vị báo cáo, số ước tính "
                "hoặc số điều tra mẫu."
            ),
        ),
        (
            {"breakdown": "gioi:khac"},
            "breakdown",
            "Chỉ tiêu này không có phân tổ “gioi:khac”. Đề nghị để trống hoặc ghi như trong bảng mẫu.",
        ),
        ({"numerator": "5"}, "denominator", "Tử số và mẫu số phải ghi cả hai. Đề nghị ghi phần còn thiếu."),
        (
            {"numerator": "5", "denominator": "0"},
            "denominator",
            "Mẫu số bằng 0 nên không tính được tỷ lệ. Đề nghị ghi “không áp dụng”, hoặc sửa mẫu số.",
        ),
        (
            {"state": "mật"},
            "state",
            "Trạng thái “mật” thì không ghi số. Đề nghị bỏ số hoặc sửa trạng thái.",
        ),
        (
            {"state": "Sơ bộ", "value": ""},
            "state",
            "Trạng thái “Sơ bộ” cần có số. Đề nghị ghi số hoặc sửa trạng thái.",
        ),
        (
            {"source": ""},
            "source",
            "Chưa ghi nguồn số liệu. Đề nghị ghi cơ quan, báo cáo hoặc hệ thống có số này.",
        ),
        ({"remark": "a" * 501}, "remark", "Ô này dài hơn 500 ký tự. Đề nghị ghi gọn lại."),
    ],
)
def test_a_faulty_row_says_what_is_wrong_and_what_to_do(change: dict[str, object], column: str, sentence: str) -> None:
    assert told(replace(ROW, **change)) == [(5, column, sentence)]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    row = replace(ROW, organisation="", period="hôm qua", value="nhiều")
    assert [(number, column) for number, column, _ in told(row)] == [(5, "organisation"), (5, "period"), (5, "value")]


def test_the_same_line_twice_in_a_file_is_a_fault_of_the_second() -> None:
    again = replace(ROW, number=9, period="T10/2026", value="46")
    sentence = "Dòng này trùng với dòng 5 (cùng chỉ tiêu, đơn vị và kỳ). Đề nghị bỏ một dòng."
    assert told(ROW, again) == [(9, "indicator", sentence)]
    assert told(ROW, replace(again, breakdown="gioi:nam"), replace(again, number=10, kind="ước tính")) == []


def test_a_value_outside_of_the_usual_is_asked_about_and_taken() -> None:
    sentence = "Số 130 cao hơn mức thường gặp (100). Nếu đúng, đề nghị ghi lý do vào cột ghi chú."
    assert warned(replace(ROW, value="130")) == [(5, "remark", sentence)]
    assert warned(replace(ROW, value="130", remark="gồm cả hồ sơ tồn")) == []


def test_a_ratio_is_computed_from_its_parts_and_a_difference_is_asked_about() -> None:
    computed = read_rows([replace(ROW, value=None, numerator="1", denominator="3")], KNOWN).good[0]
    assert computed.said == ("number", Decimal("33.333333"), Decimal(1), Decimal(3))
    sentence = "Tử số chia mẫu số được 33,33, khác số đã ghi 45,5. Đề nghị kiểm tra lại."
    assert warned(replace(ROW, numerator="1", denominator="3")) == [(5, "value", sentence)]
    assert warned(replace(ROW, value="33,3", numerator="1", denominator="3")) == []


@pytest.mark.parametrize(
    ("value", "state", "said"),
    [
        ("", "chưa có", ("not_reported", None)),
        ("", "Không áp dụng", ("not_applicable", None)),
        ("", "Mật", ("confidential", None)),
        ("", "Số không đã xác nhận", ("confirmed_zero", Decimal(0))),
        ("0", "Sơ bộ", ("provisional", Decimal(0))),
        ("12", "Sơ bộ", ("provisional", Decimal(12))),
        ("0", "Có số liệu", ("confirmed_zero", Decimal(0))),
    ],
)
def test_a_state_may_be_chosen_beside_the_value(value: str, state: str, said: tuple[str, Decimal | None]) -> None:
    assert read_rows([replace(ROW, value=value, state=state)], KNOWN).good[0].said[:2] == said


def test_levels_of_a_qualitative_indicator_have_names() -> None:
    row = RawRow(3, "muc-do", "ubnd-an-binh", "2025", "Vừa", source="Hội đồng")
    assert read_rows([row], KNOWN).good[0].amount == Decimal(2)
    assert read_rows([replace(row, value=3)], KNOWN).good[0].amount == Decimal(3)
    sentence = "Chỉ tiêu này theo thang 3 mức. Đề nghị ghi số từ 1 đến 3 hoặc tên mức."
    assert told(replace(row, value="4")) == [(3, "value", sentence)]
    assert told(replace(row, value="rất cao")) == [(3, "value", sentence)]


def test_a_file_of_an_earlier_period_is_noticed() -> None:
    def read(period: str) -> RowsRead:
        return read_rows([replace(ROW, period=period)], KNOWN)

    assert is_old_file(read("9/2026").good, opened=0, today=KNOWN.today)
    assert not is_old_file(read("9/2026").good, opened=1, today=KNOWN.today)
    assert not is_old_file(read("10/2026").good, opened=0, today=KNOWN.today)
    assert not is_old_file([], opened=0, today=KNOWN.today)


cells = st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.booleans() | st.dates()


@given(
    st.lists(
        st.builds(RawRow, st.integers(1, 9), *[cells | st.sampled_from(["muc-do", "ubnd-an-binh", "2025", "1"])] * 11)
    )
)
def test_no_row_makes_the_reader_stumble(rows: list[RawRow]) -> None:
    read = read_rows(rows, KNOWN)
    assert read.total == len(rows) == len(read.good) + read.fault_count + read.empty
