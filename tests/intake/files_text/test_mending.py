"""Repairs of recognised text: what is certain is mended, good text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.intake.reading.files.encodings.mending import mended


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("tăng 8 ,5% và 1 .200 tỷ đồng", "tăng 8,5% và 1.200 tỷ đồng"),
        ("đạt 55 % dân số", "đạt 55% dân số"),
        ("cơ chế , chính sách ; đất đai .", "cơ chế, chính sách; đất đai."),
        ("nguyên nhân chủ yếu :", "nguyên nhân chủ yếu:"),
        ("cơ chế ,chính sách", "cơ chế, chính sách"),
        ("các năm 2025 ,2026", "các năm 2025 ,2026"),
        ("“dân vận ” và ( kể cả ) xã", "“dân vận” và (kể cả) xã"),
        ("Quyết định 140/NQ -CP, 66 -NQ/TW, 59/2014/NĐ- CP", "Quyết định 140/NQ-CP, 66-NQ/TW, 59/2014/NĐ-CP"),
        ("dự án ( nhóm A )", "dự án (nhóm A)"),
        ('công tác "dân vận ", phong trào', 'công tác "dân vận", phong trào'),
    ],
)
def test_spaces_before_signs_and_inside_numbers(broken: str, whole: str) -> None:
    assert mended(broken) == whole


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("nghị quyết và q uyết định", "nghị quyết và quyết định"),
        ("các ngành và ng ành nghề", "các ngành và ngành nghề"),
        ("xây dựng nền và xây dựn g nhà", "xây dựng nền và xây dựng nhà"),
        ("Nhà nước và Nhà n ước ta", "Nhà nước và Nhà nước ta"),
        ("chiến lược, c hiến dịch", "chiến lược, chiến dịch"),
        ("CHỦ THỂ và CHỦ T HỂ", "CHỦ THỂ và CHỦ THỂ"),
    ],
)
def test_split_words_known_from_elsewhere_in_the_text(broken: str, whole: str) -> None:
    assert mended(broken) == whole


@pytest.mark.parametrize(
    "text",
    [
        "điểm b khoản 2, điểm c và điểm d Điều 5",
        "a) Sở Y tế; b) Sở Nội vụ; c) Sở Tư pháp",
        "nhóm c ở vùng cao và nhóm b ở đồng bằng",
        "dài 5 m, rộng 3 m, nặng 20 kg; 5 km và 3 ha",
        "giai đoạn 2026 - 2030, tầm nhìn đến năm 2045",
        "số ..../KH-UBND ngày ... tháng ... năm 2026",
        "| 1 | Việc một | | : --- | , |",
        "Phần đầu đạt 8%/năm",
        "Hà Nội - Hải Phòng - Quảng Ninh",
        "Số: 12/KH-UBND\n. Dòng sau",
        "q uẩn",
    ],
)
def test_good_text_stays(text: str) -> None:
    assert mended(text) == text


@given(st.text(alphabet="abc dđ\n,.;:%0123()ếựng", max_size=120))
def test_only_spaces_change_and_lines_stay(text: str) -> None:
    after = mended(text)
    assert after.replace(" ", "") == text.replace(" ", "")
    assert after.count("\n") == text.count("\n")
