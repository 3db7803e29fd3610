"""The head of a document: in one column, in two, in a table, or none at all."""

from datetime import date

import pytest

from thucthi.intake.reading.header import read_header
from thucthi.intake.reading.shapes import HeaderRead
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder


def source(*lines: str) -> Source:
    builder = SourceBuilder()
    for line in lines:
        builder.add_line(line)
    return builder.finish()


def in_table(*rows: tuple[str, str], after: tuple[str, ...]) -> Source:
    builder = SourceBuilder()
    builder.add_table([[RawCell(cell) for cell in row] for row in rows])
    for line in after:
        builder.add_line(line)
    return builder.finish()


def fields(read: HeaderRead) -> tuple[object, ...]:
    return read.number, read.type, read.issuer, read.issued_on, read.place, read.title


MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "---------------")


def test_a_state_head_in_lines() -> None:
    read = read_header(
        source(
            "ỦY BAN NHÂN DÂN",
            "TỈNH LÂM ĐỒNG",
            "-------",
            *MOTTO,
            "Số: 77/KH-UBND",
            "Lâm Đồng, ngày 05 tháng 3 năm 2026",
            "KẾ HOẠCH",
            "Triển khai phong trào đọc sách trên địa bàn tỉnh",
            "giai đoạn 2026 - 2030",
            "Thực hiện Quyết định số 9/QĐ-TTg ngày 02/01/2026 của Thủ tướng Chính phủ, tỉnh ban hành Kế hoạch.",
        )
    )
    assert fields(read) == (
        "77/KH-UBND",
        "kế hoạch",
        "Ủy ban nhân dân tỉnh Lâm Đồng",
        date(2026, 3, 5),
        "Lâm Đồng",
        "Triển khai phong trào đọc sách trên địa bàn tỉnh giai đoạn 2026 - 2030",
    )
    assert [(each.kind, each.number) for each in read.relations] == [("implements", "9/QĐ-TTg")]


def test_a_head_in_a_table_of_two_columns() -> None:
    read = read_header(
        in_table(
            (
                "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ CẦN THƠ\n-------",
                "CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
            ),
            ("Số: 5/QĐ-UBND", "Cần Thơ, ngày 1 tháng 12 năm 2025"),
            after=(
                "QUYẾT ĐỊNH",
                "BAN HÀNH QUY CHẾ SỬ DỤNG KHO SÁCH",
                "DÙNG CHUNG",
                "ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ",
                "Căn cứ Luật Thư viện;",
                "QUYẾT ĐỊNH:",
            ),
        )
    )
    assert fields(read) == (
        "5/QĐ-UBND",
        "quyết định",
        "Ủy ban nhân dân thành phố Cần Thơ",
        date(2025, 12, 1),
        "Cần Thơ",
        "BAN HÀNH QUY CHẾ SỬ DỤNG KHO SÁCH DÙNG CHUNG",
    )


def test_a_head_with_one_row_for_each_line() -> None:
    read = read_header(
        in_table(
            ("UBND TỈNH GIA LAI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "Độc lập - Tự do - Hạnh phúc"),
            ("Số: 12/BC-SVHTTDL", "Gia Lai, ngày 9 tháng 6 năm 2026"),
            after=("BÁO CÁO", "Kết quả sáu tháng"),
        )
    )
    assert read.issuer == "Sở Văn hóa, Thể thao và Du lịch tỉnh Gia Lai"
    assert (read.number, read.title) == ("12/BC-SVHTTDL", "Kết quả sáu tháng")


def test_head_and_motto_run_together_in_one_line() -> None:
    read = read_header(
        source(
            "CHÍNH PHỦ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Số: 8/NQ-CP Hà Nội, ngày 2 tháng 2 năm 2026",
            "NGHỊ QUYẾT",
            "Về phiên họp thường kỳ",
        )
    )
    assert (read.issuer, read.number, read.issued_on) == ("Chính phủ", "8/NQ-CP", date(2026, 2, 2))


@pytest.mark.parametrize(
    ("head", "signature", "expected"),
    [
        ("BAN CHẤP HÀNH TRUNG ƯƠNG", "T/M BỘ CHÍNH TRỊ", "Bộ Chính trị"),
        ("BAN CHẤP HÀNH TRUNG ƯƠNG", "T/M BAN BÍ THƯ", "Ban Bí thư"),
        ("BAN CHẤP HÀNH TRUNG ƯƠNG", "T/M BAN CHẤP HÀNH TRUNG ƯƠNG", "Ban Chấp hành Trung ương"),
        ("BỘ CHÍNH TRỊ", "TỔNG BÍ THƯ", "Bộ Chính trị"),
    ],
)
def test_who_issues_for_the_centre_is_told_by_the_signature(head: str, signature: str, expected: str) -> None:
    read = read_header(
        source(
            head,
            "*",
            "ĐẢNG CỘNG SẢN VIỆT NAM",
            "Số 91-CT/TW",
            "Hà Nội, ngày 3 tháng 4 năm 2026",
            "CHỈ THỊ",
            "về văn hóa đọc",
            "Đọc sách là việc cần làm.",
            "1. Các cấp ủy làm gương.",
            "Nơi nhận:",
            "- Các tỉnh ủy,",
            signature,
        )
    )
    assert fields(read) == ("91-CT/TW", "chỉ thị", expected, date(2026, 4, 3), "Hà Nội", "về văn hóa đọc")


def test_the_line_of_the_type_names_the_issuer() -> None:
    read = read_header(
        source(
            "ĐẢNG CỘNG SẢN VIỆT NAM",
            "Số 12-NQ/TW",
            "NGHỊ QUYẾT CỦA BỘ CHÍNH TRỊ về văn hóa đọc",
            "Trong thời gian qua, việc đọc đã có tiến bộ.",
        )
    )
    assert (read.issuer, read.title) == ("Bộ Chính trị", "về văn hóa đọc")


@pytest.mark.parametrize(
    ("above", "own", "number", "expected"),
    [
        ("TỈNH ỦY AN GIANG", "BAN TỔ CHỨC", "4-HD/BTCTU", "Ban Tổ chức Tỉnh ủy An Giang"),
        ("UBND THÀNH PHỐ HUẾ", "SỞ Y TẾ", "4/KH-SYT", "Sở Y tế thành phố Huế"),
        ("BỘ TÀI CHÍNH", "CỤC THUẾ", "4/TB-CT", "Cục Thuế"),
        ("ỦY BAN NHÂN DÂN", "XÃ TÂN AN", "4/KH-UBND", "Ủy ban nhân dân xã Tân An"),
        ("HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ HỒ CHÍ MINH", "4/NQ-HĐND", "Hội đồng nhân dân Thành phố Hồ Chí Minh"),
        ("CHỦ TỊCH", "ỦY BAN NHÂN DÂN TỈNH CÀ MAU", "4/CT-CTUBND", "Chủ tịch Ủy ban nhân dân tỉnh Cà Mau"),
        (
            "BAN CHỈ ĐẠO TRUNG ƯƠNG",
            "VỀ PHÁT TRIỂN THƯ VIỆN",
            "4-KH/BCĐTW",
            "Ban Chỉ đạo Trung ương về phát triển thư viện",
        ),
        ("BỘ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG", "4/QĐ-BNNMT", "Bộ Nông nghiệp và Môi trường"),
        ("UỶ BAN NHÂN DÂN", "TỈNH THANH HOÁ", "4/QĐ-UBND", "Ủy ban nhân dân tỉnh Thanh Hóa"),
        ("ĐẢNG ỦY", "CHÍNH PHỦ", "4-NQ/ĐU", "Đảng ủy Chính phủ"),
        ("VĂN PHÒNG", "CHÍNH PHỦ", "4/TB-VPCP", "Văn phòng Chính phủ"),
    ],
)
def test_bodies_of_two_lines(above: str, own: str, number: str, expected: str) -> None:
    read = read_header(
        source(
            above,
            own,
            "-------",
            *MOTTO,
            f"Số: {number}",
            "Huế, ngày 6 tháng 6 năm 2026",
            "THÔNG BÁO",
            "Về việc nghỉ lễ",
        )
    )
    assert (read.issuer, read.number) == (expected, number)


def test_a_letter_has_no_type_line() -> None:
    read = read_header(
        source(
            "BỘ XÂY DỰNG",
            *MOTTO,
            "Số: 345/BXD-VP",
            "V/v rà soát quy hoạch",
            "thư viện xã",
            "Hà Nội, ngày 6 tháng 6 năm 2026",
            "Kính gửi: Các sở",
        )
    )
    assert fields(read) == (
        "345/BXD-VP",
        "công văn",
        "Bộ Xây dựng",
        date(2026, 6, 6),
        "Hà Nội",
        "rà soát quy hoạch thư viện xã",
    )


def test_number_and_day_left_blank() -> None:
    read = read_header(
        source(
            "CHÍNH PHỦ", *MOTTO, "Số:      /NQ-CP", "Hà Nội, ngày    tháng 7 năm 2026", "NGHỊ QUYẾT", "Về thư viện số"
        )
    )
    assert fields(read) == (None, "nghị quyết", "Chính phủ", None, "Hà Nội", "Về thư viện số")


def test_the_number_tells_the_type_that_no_line_names() -> None:
    read = read_header(
        source(
            "CHÍNH PHỦ",
            *MOTTO,
            "Số: 3/NQ-CP",
            "Hà Nội, ngày 5 tháng 5 năm 2026",
            "CHÍNH PHỦ",
            "Căn cứ Luật Thư viện;",
            "QUYẾT NGHỊ:",
        )
    )
    assert fields(read) == ("3/NQ-CP", "nghị quyết", "Chính phủ", date(2026, 5, 5), "Hà Nội", None)


def test_an_annex_is_not_the_document_that_its_caption_names() -> None:
    read = read_header(
        source(
            "PHỤ LỤC II",
            "DANH MỤC NHIỆM VỤ",
            "VỀ VĂN HÓA ĐỌC",
            "(Kèm theo Nghị quyết số 18/NQ-CP ngày 01 tháng 01 năm 2026 của Chính phủ)",
        )
    )
    assert fields(read) == (None, None, None, None, None, "DANH MỤC NHIỆM VỤ VỀ VĂN HÓA ĐỌC")
    assert [(each.kind, each.number) for each in read.relations] == [("based_on", "18/NQ-CP")]


def test_a_caption_without_a_number_tells_nothing() -> None:
    assert read_header(source("PHỤ LỤC I", "(Kèm theo Nghị quyết số /NQ-CP ngày 01 tháng 01 năm 2026)")).relations == ()


def test_a_document_shown_under_its_number() -> None:
    read = read_header(
        source(
            "Chỉ thị số 91-CT/TW",
            "Ban Bí thư đã ban hành Chỉ thị số 91-CT/TW (ngày 03/4/2026) của Ban Bí thư về văn hóa đọc.",
            "Đọc sách là việc cần làm.",
        )
    )
    assert fields(read) == ("91-CT/TW", "chỉ thị", "Ban Bí thư", date(2026, 4, 3), None, "về văn hóa đọc")


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (
            "Hội nghị toàn quốc quán triệt nghị quyết",
            "Chiều 16/9, hội nghị bàn về Nghị quyết số 57-NQ/TW và việc thực hiện.",
        ),
        ("Đưa nghị quyết vào cuộc sống", "Hà Nội, ngày hội sách mở cửa."),
    ],
)
def test_nothing_is_invented_for_a_text_without_a_head(lines: tuple[str, ...]) -> None:
    assert fields(read_header(source(*lines))) == (None,) * 6


def test_relations_keep_the_strongest_for_each_number() -> None:
    made = source(
        "CHÍNH PHỦ",
        *MOTTO,
        "Số: 20/2026/NĐ-CP",
        "NGHỊ ĐỊNH",
        "SỬA ĐỔI, BỔ SUNG MỘT SỐ ĐIỀU CỦA NGHỊ ĐỊNH SỐ 11/2024/NĐ-CP NGÀY 01 THÁNG 02 NĂM 2024",
        "Căn cứ Luật Thư viện số 46/2019/QH14;",
        "Căn cứ Nghị định số 11/2024/NĐ-CP sửa đổi Nghị định số 10/2020/NĐ-CP;",
        "Điều 1. Thay thế cụm từ tại khoản 2 Điều 3 Nghị định số 12/2024/NĐ-CP.",
        "Điều 2. Nghị định này thay thế Nghị định số 13/2023/NĐ-CP về thư viện và Nghị định số 14/2023/NĐ-CP.",
        "Điều 3. Các văn bản sau hết hiệu lực:",
        "a) Quyết định số 15/QĐ-TTg;",
        "b) Quyết định số 16/QĐ-TTg theo Nghị định số 17/2020/NĐ-CP;",
        "Điều 4. Các bộ tiếp tục triển khai thực hiện Nghị quyết số 57-NQ/TW; xem Công văn số 18/BVHTTDL-TV; "
        "Nghị định số 20/2026/NĐ-CP.",
    )
    read = read_header(made)
    assert [(each.number, each.kind) for each in read.relations] == [
        ("11/2024/NĐ-CP", "amends"),
        ("46/2019/QH14", "based_on"),
        ("10/2020/NĐ-CP", "refers"),
        ("12/2024/NĐ-CP", "amends"),
        ("13/2023/NĐ-CP", "replaces"),
        ("14/2023/NĐ-CP", "replaces"),
        ("15/QĐ-TTg", "replaces"),
        ("16/QĐ-TTg", "replaces"),
        ("17/2020/NĐ-CP", "refers"),
        ("57-NQ/TW", "implements"),
        ("18/BVHTTDL-TV", "refers"),
    ]
    assert all(
        each.number.replace("-", "").split("/")[0] in made.text[each.start : each.end].replace("-", "")
        for each in read.relations
    )


def test_a_plan_that_is_to_amend_does_not_amend() -> None:
    read = read_header(
        source(
            "BỘ Y TẾ",
            *MOTTO,
            "Số: 2/KH-BYT",
            "KẾ HOẠCH",
            "Công tác năm",
            "1. Sửa đổi, bổ sung Nghị định số 11/2024/NĐ-CP.",
        )
    )
    assert [(each.kind, each.number) for each in read.relations] == [("refers", "11/2024/NĐ-CP")]


def test_a_law_is_numbered_by_its_type() -> None:
    read = read_header(source("QUỐC HỘI", *MOTTO, "Luật số: 46/2019/QH14", "LUẬT", "THƯ VIỆN", "Căn cứ Hiến pháp;"))
    assert (read.number, read.type, read.issuer, read.title) == ("46/2019/QH14", "luật", "Quốc hội", "THƯ VIỆN")


def test_a_congress_issues_under_its_own_name() -> None:
    lines = (
        "NGHỊ QUYẾT",
        "ĐẠI HỘI ĐẠI BIỂU TOÀN QUỐC LẦN THỨ XIV",
        "CỦA ĐẢNG CỘNG SẢN VIỆT NAM",
        "Đại hội họp tại Hà Nội.",
    )
    read = read_header(source(*lines))
    assert (read.type, read.issuer, read.title) == ("nghị quyết", "Đại hội đại biểu toàn quốc", None)
