"""Citations: numbers as normally written, with type, issuer and day."""

from datetime import date

import pytest

from thucthi.intake.reading.header.citations import find_citations
from thucthi.intake.reading.header.issuers import issuer_named, modern


def found(text: str) -> list[tuple[str, str | None, str | None, date | None]]:
    return [(each.number, each.type, each.issuer, each.issued_on) for each in find_citations(text)]


DAY = date(2025, 3, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nghị quyết số 12-NQ/TW ngày 2 tháng 3 năm 2025 của Bộ Chính trị về đọc sách",
            ("12-NQ/TW", "nghị quyết", "Bộ Chính trị", DAY),
        ),
        (
            "Quyết định 8/QĐ-TTg của Thủ tướng Chính phủ ngày 02/3/2025 phê duyệt",
            ("8/QĐ-TTg", "quyết định", "Thủ tướng Chính phủ", DAY),
        ),
        ("Luật Thư viện số 46/2019/QH14", ("46/2019/QH14", "luật", None, None)),
        ("Nghị quyết số 66.4/2026/NQ-CP", ("66.4/2026/NQ-CP", "nghị quyết", None, None)),
        ("Nghị quyết số 9/NQ-UBTVQH15", ("9/NQ-UBTVQH15", "nghị quyết", None, None)),
        ("Kế hoạch số 1-KH/ĐĐQH15", ("1-KH/ĐĐQH15", "kế hoạch", None, None)),
        ("Tờ trình số 4/TTr-BYT-BTC", ("4/TTr-BYT-BTC", "tờ trình", None, None)),
        ("văn bản số 31/BVHTTDL-TV", ("31/BVHTTDL-TV", "công văn", None, None)),
        ("Chỉ thị số 010/CT-UBND", ("010/CT-UBND", "chỉ thị", None, None)),
        (
            "Chương trình hành động số 5-CTr/TU ngày 02/03/2025 của Tỉnh ủy",
            ("5-CTr/TU", "chương trình hành động", "Tỉnh ủy", DAY),
        ),
        (
            "Thông tư số 3/2025/TT-BVHTTDL ngày 2/3/2025 của Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch hướng dẫn",
            ("3/2025/TT-BVHTTDL", "thông tư", "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch", DAY),
        ),
        (
            "NGHỊ QUYẾT SỐ 12-NQ/TW NGÀY 02 THÁNG 3 NĂM 2025 CỦA BỘ CHÍNH TRỊ VỀ ĐỌC SÁCH",
            ("12-NQ/TW", "nghị quyết", "Bộ Chính trị", DAY),
        ),
        ("QUYẾT ĐỊNH SỐ 8/QĐ-TTG", ("8/QĐ-TTg", "quyết định", None, None)),
        (
            "Nghị quyết số 12 -NQ/TW, ngày 02/3/2025 của Ban Chấp hành Trung ương Đảng khóa XIII",
            ("12-NQ/TW", "nghị quyết", "Ban Chấp hành Trung ương Đảng", DAY),
        ),
        (
            "Kế hoạch số 24/KH-UBND của UBND tỉnh, Kế hoạch năm",
            ("24/KH-UBND", "kế hoạch", "Ủy ban nhân dân tỉnh", None),
        ),
    ],
)
def test_forms_of_citations(text: str, expected: tuple[object, ...]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("206/2025/QHI15", "206/2025/QH15"),
        ("Thông tư 15/2025/T1-BTC", "15/2025/TT-BTC"),
        ("Thông báo số 26-TB/VPCP", "26/TB-VPCP"),
        ("Thông báo số 28-TB-VPCP", "28/TB-VPCP"),
        ("Nghị quyết số 57/NQ-TW", "57-NQ/TW"),
        ("Nghị định số 59/2014/NĐ- CP", "59/2014/NĐ-CP"),
    ],
)
def test_malformed_numbers_are_repaired_with_less_confidence(text: str, number: str) -> None:
    (citation,) = find_citations(text)
    assert citation.number == number
    assert citation.confidence < 1 or " " in text.rsplit("/", maxsplit=1)[-1]


def test_bare_numbers_after_a_type() -> None:
    assert [each[0] for each in found("theo Nghị quyết 57, ba nghị quyết 70 - 71 - 72 và Đề án 06")] == [
        "57",
        "70",
        "71",
        "72",
        "06",
    ]
    assert all(each.confidence == 0.5 for each in find_citations("Nghị quyết 57"))


@pytest.mark.parametrize(
    "text",
    [
        "dưới 4/100.000 trẻ",
        "15/20 chỉ tiêu",
        "ngày 16/9/2025",
        "hỗ trợ 24/7",
        "QCVN 05:2023/BTNMT",
        "4 nghị quyết 5 năm qua",
        "Nghị quyết 10 năm trước",
        "6 m2/học sinh",
        "Chỉ thị 20%",
        "Nghị quyết Đại hội lần thứ XIV",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert found(text) == []


def test_a_list_of_citations_and_their_places() -> None:
    text = (
        "Căn cứ Thông tư số 31/2023/TT-BTC ngày 25/5/2023 và Thông tư số 94/2024/TT-BTC; "
        "Tờ trình số 4/TTr-STC, 5/TTr-STC."
    )
    citations = find_citations(text)
    assert [text[each.start : each.end] for each in citations] == [
        "Thông tư số 31/2023/TT-BTC ngày 25/5/2023",
        "Thông tư số 94/2024/TT-BTC",
        "Tờ trình số 4/TTr-STC",
        "5/TTr-STC",
    ]


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        ("UBND TỈNH ĐỒNG THÁP", "Ủy ban nhân dân tỉnh Đồng Tháp"),
        ("BỘ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "Bộ Lao động - Thương binh và Xã hội"),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH", "Ủy ban nhân dân Thành phố Hồ Chí Minh"),
        ("HĐND PHƯỜNG VĨNH TUY", "Hội đồng nhân dân phường Vĩnh Tuy"),
        ("TỈNH UỶ ĐẮK LẮK", "Tỉnh ủy Đắk Lắk"),
        ("Uỷ ban nhân dân tỉnh Lào Cai", "Ủy ban nhân dân tỉnh Lào Cai"),
        ("BAN TUYÊN GIÁO VÀ DÂN VẬN TRUNG ƯƠNG", "Ban Tuyên giáo và Dân vận Trung ương"),
        ("NGÂN HÀNG NHÀ NƯỚC VIỆT NAM", "Ngân hàng Nhà nước Việt Nam"),
    ],
)
def test_names_in_capitals_get_the_case_of_running_text(printed: str, named: str) -> None:
    assert issuer_named(printed) == named


def test_tone_marks_are_put_in_one_place() -> None:
    assert (
        modern("Uỷ ban, văn hoá, thuỷ lợi, quý III, hoàn thành, KHOÁ")
        == "Ủy ban, văn hóa, thủy lợi, quý III, hoàn thành, KHÓA"
    )
