"""Figures to reach in one sentence; every sentence here is made up."""

from decimal import Decimal

import pytest

from thucthi.intake.reading.shapes import Change, Operator, TargetRead
from thucthi.intake.reading.targets.quantities import number, quantities
from thucthi.intake.reading.targets.sentence import targets_in


def only(sentence: str, **context: object) -> TargetRead:
    found = targets_in(sentence, **({"year": 2030, "is_expected": True} | context))  # type: ignore[arg-type]
    assert len(found) == 1, [target.text for target in found]
    return found[0]


def figures(sentence: str, **context: object) -> list[tuple[str, str, str | None, int | None]]:
    found = targets_in(sentence, **({"year": 2030, "is_expected": True} | context))  # type: ignore[arg-type]
    return [(target.operator.value, str(target.low), target.unit, target.year) for target in found]


@pytest.mark.parametrize(
    ("written", "value"),
    [("8.500", "8500"), ("1,5", "1.5"), ("09", "9"), ("12.375,3", "12375.3"), ("0.8", "0.8"), ("8 ,5", "8.5")],
)
def test_digits_as_printed(written: str, value: str) -> None:
    assert number(written) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("400 triệu USD", "400000000", None, "USD"),
        ("2 vạn lao động", "20000", None, "lao động"),
        ("22 - 23 triệu lượt khách", "22000000", "23000000", "lượt khách"),
        ("10%-15%", "10", "15", "%"),
        ("10 - 12%/năm", "10", "12", "%/năm"),
        ("1 - 1,5 điểm%/năm", "1", "1.5", "điểm %/năm"),
        ("183 - 236 GW", "183", "236", "GW"),
        ("30% GRDP", "30", None, "% GRDP"),
        ("12 người trên một vạn dân", "12", None, "người trên một vạn dân"),
        ("từ 5 đến 7 công nghệ", "5", "7", "công nghệ"),
    ],
)
def test_figures_with_units(text: str, low: str, high: str | None, unit: str) -> None:
    (found,) = quantities(text)
    assert (found.low, found.high, found.unit) == (Decimal(low), None if high is None else Decimal(high), unit)


@pytest.mark.parametrize(
    ("words", "operator"),
    [
        ("đạt tối thiểu 60%", Operator.AT_LEAST),
        ("đạt từ 60% trở lên", Operator.AT_LEAST),
        ("không dưới 60%", Operator.AT_LEAST),
        ("đạt trên 60%", Operator.MORE_THAN),
        ("không vượt quá 60%", Operator.AT_MOST),
        ("giảm xuống dưới 60%", Operator.LESS_THAN),
        ("đạt khoảng 60%", Operator.ABOUT),
        ("đạt khoảng trên 60%", Operator.MORE_THAN),
        ("đạt 60%", Operator.EQUAL),
        ("đạt 60 - 65%", Operator.RANGE),
    ],
)
def test_operators(words: str, operator: Operator) -> None:
    target = only(f"Tỷ lệ hồ sơ lưu trữ số {words}.")
    assert (target.operator, target.low, target.indicator) == (operator, Decimal(60), "Tỷ lệ hồ sơ lưu trữ số")


def test_text_is_the_smallest_span_with_its_place() -> None:
    sentence = "Mở rộng mạng lưới; tỷ lệ xã có thư viện số đạt trên 70%; các thư viện hoạt động tốt."
    target = only(sentence, start=100)
    assert target.text == "tỷ lệ xã có thư viện số đạt trên 70%"
    assert (target.start, target.end) == (100 + sentence.index("tỷ lệ"), 100 + sentence.index("; các"))


@pytest.mark.parametrize(
    ("sentence", "change"),
    [
        ("Số hợp tác xã kiểu mới tăng thêm 15%.", Change.INCREASE),
        ("Giảm lượng điện tiêu thụ khoảng 12 - 14%.", Change.DECREASE),
        ("Doanh thu dịch vụ số tăng bình quân 18%/năm.", Change.GROWTH),
        ("Tốc độ tăng doanh thu dịch vụ số đạt 18%.", Change.GROWTH),
        ("Tăng tỷ lệ hộ dùng nước máy lên trên 90%.", Change.LEVEL),
        ("Tỷ lệ thất thoát nước giảm xuống dưới 10%.", Change.LEVEL),
    ],
)
def test_states_and_changes(sentence: str, change: Change) -> None:
    assert only(sentence).change is change


def test_two_years_in_one_sentence() -> None:
    found = figures("Tỷ lệ đường xã trải nhựa đến năm 2028 đạt 80%, đến năm 2035 đạt 100%.")
    assert found == [("=", "80", "%", 2028), ("=", "100", "%", 2035)]


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("Bưu điện xã có mạng cáp quang đạt 90% vào năm 2027.", 2027),
        ("Trước năm 2030, hoàn thành 250 km đường ven biển.", 2029),
        ("Giai đoạn 2026 - 2029, sản lượng tăng 5%/năm.", 2029),
        ("Lượng rác chôn lấp giảm 20% so với năm 2024.", 2030),
        ("Tỷ lệ chuyển đổi số đạt 70%, tầm nhìn đến năm 2045.", 2030),
    ],
)
def test_years(sentence: str, year: int) -> None:
    assert only(sentence).year == year


def test_operator_and_verb_carry_over_a_joined_list() -> None:
    found = targets_in("Cắt giảm tối thiểu 25% thời gian, 25% biểu mẫu trong năm 2027.", is_expected=True)
    assert [(t.operator, t.change, t.year) for t in found] == [(Operator.AT_LEAST, Change.DECREASE, 2027)] * 2
    assert [t.indicator for t in found] == ["thời gian", "biểu mẫu"]


def test_a_whole_never_carries_more_than() -> None:
    assert figures("Trên 75% trạm bơm và 100% hồ chứa được giám sát từ xa.") == [
        (">", "75", "%", 2030),
        ("=", "100", "%", 2030),
    ]


def test_shared_predicate() -> None:
    found = targets_in("100% nhà máy và ít nhất 60% bến cảng đạt tiêu chuẩn xanh.", year=2030, is_expected=True)
    assert [t.indicator for t in found] == ["nhà máy đạt tiêu chuẩn xanh", "bến cảng đạt tiêu chuẩn xanh"]


def test_floor_for_each_province() -> None:
    found = targets_in(
        "Ít nhất 85% trẻ em biết bơi, không có tỉnh, thành phố đạt dưới 60%.", year=2030, is_expected=True
    )
    assert (found[1].operator, found[1].low, found[1].scope) == (Operator.AT_LEAST, Decimal(60), "mỗi tỉnh, thành phố")
    assert found[1].indicator == found[0].indicator


def test_ranks_with_scope() -> None:
    found = targets_in(
        "Thuộc nhóm 3 nước dẫn đầu ASEAN, nhóm 40 nước đứng đầu thế giới về logistics.", year=2030, is_expected=True
    )
    assert [(t.operator, t.low, t.scope) for t in found] == [
        (Operator.AT_MOST, Decimal(3), "ASEAN"),
        (Operator.AT_MOST, Decimal(40), "thế giới"),
    ]
    assert all(t.indicator.endswith("về logistics") for t in found)


def test_by_place() -> None:
    found = targets_in("Số điểm sạc đến năm 2030: Hà Nội 200, TP. Hồ Chí Minh 500.", is_expected=True)
    assert [(t.scope, t.low, t.indicator) for t in found] == [
        ("Hà Nội", Decimal(200), "Số điểm sạc"),
        ("TP. Hồ Chí Minh", Decimal(500), "Số điểm sạc"),
    ]


def test_parts_of_a_whole() -> None:
    found = targets_in("Cơ cấu lao động: dịch vụ 50%; công nghiệp 35%; nông nghiệp 15%.", year=2030, is_expected=True)
    assert [(t.scope, t.low) for t in found] == [
        ("dịch vụ", Decimal(50)),
        ("công nghiệp", Decimal(35)),
        ("nông nghiệp", Decimal(15)),
    ]
    assert {t.indicator for t in found} == {"Cơ cấu lao động"}


def test_group_with_places() -> None:
    found = targets_in("Tỷ lệ hộ có mạng đạt 95% ở đô thị và 80% ở nông thôn.", year=2030, is_expected=True)
    assert [(t.low, t.scope) for t in found] == [(Decimal(95), "ở đô thị"), (Decimal(80), "ở nông thôn")]


def test_figures_inside_a_name_are_no_targets() -> None:
    target = only("80% xã có từ 3 cán bộ chuyên trách được tập huấn.")
    assert (target.low, target.indicator) == (Decimal(80), "xã có từ 3 cán bộ chuyên trách được tập huấn")


def test_what_it_changed_from_is_no_target() -> None:
    target = only("Nâng tỷ lệ che phủ cây xanh từ 31% năm 2025 lên 45%.")
    assert (target.low, target.indicator) == (Decimal(45), "tỷ lệ che phủ cây xanh")


@pytest.mark.parametrize(
    "sentence",
    [
        "Mức thu lệ phí là 150.000 đồng/hồ sơ.",
        "Thời gian giải quyết không quá 15 ngày làm việc kể từ ngày nhận đủ hồ sơ.",
        "Thực hiện Quyết định số 12/QĐ-UBND ngày 05/3/2026 và Điều 7 của Quy chế.",
        "Người từ 15 tuổi trở lên được cấp thẻ.",
        "Người có từ 3 năm kinh nghiệm trở lên được ưu tiên.",
        "Phạt tiền từ 5.000.000 đồng đến 10.000.000 đồng đối với hành vi vi phạm.",
        "Hội nghị chỉ tiến hành khi có mặt ít nhất 2/3 số người được triệu tập.",
        "Thành lập 03 tổ công tác và giao 05 nhiệm vụ cho các đơn vị.",
        "Trong 6 tháng đầu năm, tỉnh đã giải ngân 4.200 tỷ đồng, đạt 55% kế hoạch.",
        "Sau 5 năm thực hiện, tỷ lệ hộ nghèo đã giảm từ 9,8% xuống còn 3,2%.",
        "Họp lần thứ 3 với 25 đại biểu tham dự.",
    ],
)
def test_norms_reports_and_numbers_of_papers_are_no_targets(sentence: str) -> None:
    assert targets_in(sentence) == ()


def test_a_report_where_targets_are_expected_is_marked() -> None:
    assert only("Năm 2024, số thuê bao ước đạt 5.000 thuê bao.").is_fact
    assert only("Năm 2024, tỷ lệ thuê bao đạt 90%.", reported_before=2026).is_fact


def test_a_report_in_brackets_is_left_out() -> None:
    target = only("Tỷ lệ thuê bao chính chủ đạt 90% (đến nay mới đạt 39,5%).")
    assert (target.low, target.is_fact) == (Decimal(90), False)


def test_headings_and_aims_raise_confidence() -> None:
    bare = targets_in("Phấn đấu tỷ lệ hộ có mạng đạt 90%.")[0].confidence
    assert bare < targets_in("Phấn đấu tỷ lệ hộ có mạng đạt 90%.", is_expected=True)[0].confidence == 1.0


def test_old_and_new_tone_marks_read_alike() -> None:
    assert figures("Tỉ lệ số hoá đạt tối thiểu 50%.") == figures("Tỉ lệ số hóa đạt tối thiểu 50%.")
