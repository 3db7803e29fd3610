"""Targets of whole texts: headings in force, tables, tables flattened to text. All made up."""

from datetime import date
from decimal import Decimal

from thucthi.intake.reading.outline import read_outline
from thucthi.intake.reading.shapes import HeaderRead, Operator, TargetRead
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder
from thucthi.intake.reading.targets import read_targets

HEADER = HeaderRead(number="12/NQ-CP", issued_on=date(2026, 2, 3))


def targets_of(source: Source, header: HeaderRead = HEADER) -> tuple[TargetRead, ...]:
    found = read_targets(source, read_outline(source), header)
    assert all(target.text == source.text[target.start : target.end] for target in found)
    return found


def prose(*lines: str) -> Source:
    builder = SourceBuilder()
    for line in lines:
        builder.add_line(line)
    return builder.finish()


def table(*rows: tuple[str, ...], above: tuple[str, ...] = ()) -> Source:
    builder = SourceBuilder()
    for line in above:
        builder.add_line(line)
    builder.add_table([[RawCell(text) for text in row] for row in rows])
    return builder.finish()


def test_headings_give_year_and_confidence() -> None:
    found = targets_of(
        prose(
            "II. MỤC TIÊU",
            "1. Mục tiêu đến năm 2030",
            "a) Số vườn ươm doanh nghiệp đạt 40 vườn ươm. Tỷ lệ xã có sân thể thao đạt 95%.",
            "2. Tầm nhìn đến năm 2045",
            "Tỷ lệ xã có sân thể thao đạt 100%.",
            "III. NHIỆM VỤ, GIẢI PHÁP",
            "1. Rà soát 3 quy trình và 12 biểu mẫu; tổ chức 2 lớp tập huấn.",
        )
    )
    assert [(target.low, target.year) for target in found] == [
        (Decimal(40), 2030),
        (Decimal(95), 2030),
        (Decimal(100), 2045),
    ]


def test_elsewhere_only_sure_ones() -> None:
    found = targets_of(
        prose(
            "III. NHIỆM VỤ, GIẢI PHÁP",
            "1. Phấn đấu đến năm 2029 tỷ lệ hồ sơ trực tuyến đạt tối thiểu 85%.",
            "2. Bố trí 5 cán bộ trực tiếp nhận hồ sơ.",
        )
    )
    assert [(target.low, target.year) for target in found] == [(Decimal(85), 2029)]


def test_a_year_that_opens_a_list_holds_for_its_bullets() -> None:
    found = targets_of(
        prose("II. MỤC TIÊU", "Đến năm 2028:", "- Tỷ lệ chợ có mã QR đạt 90%.", "- Tỷ lệ nhà máy xanh đạt 30%.")
    )
    assert [target.year for target in found] == [2028, 2028]


def test_table_with_group_rows_units_and_two_values_in_a_cell() -> None:
    found = targets_of(
        table(
            ("TT", "Chỉ tiêu", "Đơn vị", "Kết quả", "Cơ quan chủ trì theo dõi"),
            ("I", "Đến năm 2030", "", "", ""),
            ("1", "Xếp hạng hạ tầng cảng biển", "Thứ bậc", "≤ 4 Đông Nam Á; ≤ 45 Thế giới", "Bộ Xây dựng"),
            ("2", "Dịch vụ công", "", "", ""),
            ("2.1", "Tỉ lệ hồ sơ nộp trực tuyến", "%", "> 75%", "Bộ Nội vụ"),
            ("2.2", "Số tuyến cáp mới", "Tuyến", "09", "Bộ Khoa học và Công nghệ"),
            ("3", "Trình độ công nghệ", "", "Đạt mức tiên tiến", "Bộ Khoa học và Công nghệ"),
            ("II", "Đến năm 2045", "", "", ""),
            ("4", "Chi cho nghiên cứu", "% tổng chi", "≥ 3% và tăng dần", "Bộ Tài chính"),
        )
    )
    assert [(t.operator, t.low, t.unit, t.year, t.scope) for t in found] == [
        (Operator.AT_MOST, Decimal(4), "Thứ bậc", 2030, "Đông Nam Á"),
        (Operator.AT_MOST, Decimal(45), "Thứ bậc", 2030, "Thế giới"),
        (Operator.MORE_THAN, Decimal(75), "%", 2030, None),
        (Operator.EQUAL, Decimal(9), "Tuyến", 2030, None),
        (Operator.AT_LEAST, Decimal(3), "% tổng chi", 2045, None),
    ]


def test_year_columns_give_one_target_each() -> None:
    found = targets_of(
        table(
            ("STT", "Chỉ tiêu", "ĐVT", "Thực hiện 2025", "Kế hoạch 2026", "Năm 2027"),
            ("1", "Sản lượng chè", "tấn", "8.100", "8.500", "9.000"),
        )
    )
    assert [(t.low, t.year, t.unit) for t in found] == [(Decimal(8500), 2026, "tấn"), (Decimal(9000), 2027, "tấn")]


def test_caption_gives_the_year_and_brackets_the_unit() -> None:
    found = targets_of(
        table(
            ("TT", "Chỉ tiêu", "Mục tiêu", "Chủ trì"),
            ("1", "Thu nhập bình quân (USD)", "7.200", "Bộ Tài chính"),
            ("2", "Giảm tỉ lệ hộ nghèo (%)", "Giảm 1 - 1,5 điểm%/năm", "Bộ Nông nghiệp và Môi trường"),
            above=("CÁC CHỈ TIÊU CHỦ YẾU GIAI ĐOẠN 2026 - 2030",),
        )
    )
    assert [(t.low, t.high, t.unit, t.year, t.change.value) for t in found] == [
        (Decimal(7200), None, "USD", 2030, "level"),
        (Decimal(1), Decimal("1.5"), "điểm %/năm", 2030, "decrease"),
    ]


def test_a_table_of_tasks_holds_no_targets() -> None:
    rows = (
        ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Kết quả", "Thời hạn"),
        ("1", "Xây dựng 5 nền tảng", "Bộ Tài chính", "5 nền tảng", "2026"),
    )
    assert targets_of(table(*rows)) == ()


def test_flattened_table() -> None:
    source = prose(
        "CÁC CHỈ TIÊU GIAI ĐOẠN 2026 - 2030 TT Chỉ tiêu Mục tiêu Cấp uỷ chủ trì 1 Tốc độ tăng sản lượng (%) ≥ 9,5 "
        "Bộ Tài chính 2 Thu nhập đầu người (USD) 7.400 Bộ Tài chính 4 Tỉ lệ cây xanh (%) 12 - 14 Bộ Xây dựng"
    )
    assert [(t.operator, t.low, t.unit, t.year) for t in targets_of(source)] == [
        (Operator.AT_LEAST, Decimal("9.5"), "%", 2030),
        (Operator.EQUAL, Decimal(7400), "USD", 2030),
        (Operator.RANGE, Decimal(12), "%", 2030),
    ]


def test_flattened_table_of_places_with_the_unit_in_its_heading() -> None:
    source = prose(
        "TT Ngành, lĩnh vực/Địa phương Tốc độ bình quân 2026 - 2030 (%/năm) Cấp uỷ chủ trì 1 Dịch vụ vận tải 9,5 "
        "Bộ Xây dựng 2 Thành phố Huế(*) 10,0 3 Lạng Sơn 10,0 - 11,0"
    )
    assert [(t.scope, t.low, t.unit, t.year) for t in targets_of(source)] == [
        ("Dịch vụ vận tải", Decimal("9.5"), "%/năm", 2030),
        ("Thành phố Huế", Decimal("10.0"), "%/năm", 2030),
        ("Lạng Sơn", Decimal("10.0"), "%/năm", 2030),
    ]


def test_two_row_heading() -> None:
    builder = SourceBuilder()
    builder.add_table(
        [
            [RawCell("TT", rows=2), RawCell("Mục tiêu, chỉ tiêu", rows=2), RawCell("Mục tiêu", columns=2)],
            [RawCell("Năm 2027"), RawCell("Năm 2030")],
            [RawCell("1"), RawCell("Số bến xe thông minh (bến)"), RawCell("12"), RawCell("≥ 30")],
        ]
    )
    found = targets_of(builder.finish())
    assert [(t.operator, t.low, t.year) for t in found] == [
        (Operator.EQUAL, Decimal(12), 2027),
        (Operator.AT_LEAST, Decimal(30), 2030),
    ]
