"""Declared counts against what follows: told only where it is certain."""

import pytest

from thucthi.intake.reading.outline import declared_counts, read_outline
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder


def told(source: Source) -> list[tuple[str, str]]:
    return [(each.where, each.text) for each in declared_counts(source, read_outline(source))]


def source(*lines: str) -> Source:
    builder = SourceBuilder()
    for line in lines:
        builder.add_line(line)
    return builder.finish()


def test_groups_announced_in_a_clause() -> None:
    made = source(
        "II. NHIỆM VỤ", "1. Thực hiện 3 nhóm nhiệm vụ sau đây:", "a) Đọc sách", "b) Viết sách", "2. Việc khác"
    )
    assert told(made) == [("II.1", "Văn bản nêu 3 nhóm nhiệm vụ, đọc được 2; xin kiểm tra lại.")]


def test_a_heading_that_counts() -> None:
    assert told(source("I. BỐN ĐỘT PHÁ", "1. Một", "2. Hai", "3. Ba")) == [
        ("I", "Văn bản nêu 4 đột phá, đọc được 3; xin kiểm tra lại.")
    ]


def test_a_programme_and_its_section() -> None:
    made = source(
        "I. MỤC ĐÍCH",
        "1. Chương trình này gồm 10 nhóm nhiệm vụ, giải pháp.",
        "II. NHIỆM VỤ, GIẢI PHÁP",
        "1. Một",
        "2. Hai",
    )
    assert told(made) == [("I.1", "Văn bản nêu 10 nhóm nhiệm vụ, đọc được 2; xin kiểm tra lại.")]


def test_sentences_of_a_paragraph() -> None:
    made = source(
        "Về giải pháp, hội nghị nêu 4 nhóm trọng điểm. Đọc sách. Viết sách. In sách đẹp...", "Mục khác bắt đầu."
    )
    assert told(made) == [
        ("Về giải pháp, hội nghị nêu 4 nhóm trọng điểm.", "Văn bản nêu 4 nhóm, đọc được 3; xin kiểm tra lại.")
    ]


def test_numbered_rows_of_a_table() -> None:
    builder = SourceBuilder()
    builder.add_line("1. Kế hoạch này đề ra 3 chỉ tiêu về đọc sách.")
    builder.add_table([[RawCell(a), RawCell(b)] for a, b in (("TT", "Chỉ tiêu"), ("1", "Bạn đọc"), ("2", "Đầu sách"))])
    assert told(builder.finish()) == [("1", "Văn bản nêu 3 chỉ tiêu, đọc được 2; xin kiểm tra lại.")]


@pytest.mark.parametrize(
    "lines",
    [
        ("1. Thực hiện 2 nhóm nhiệm vụ sau đây:", "a) Đọc", "b) Viết"),
        ("1. Thực hiện hơn 60 nhiệm vụ sau đây:", "a) Đọc", "b) Viết"),
        ("1. Đã hoàn thành 5 nhiệm vụ trong năm.", "a) Đọc", "b) Viết"),
        ("1. Gồm 3 nhiệm vụ và 2 giải pháp sau:", "a) Đọc", "b) Viết"),
        ("Hội nghị nêu 4 nhóm trọng điểm. Đọc sách. Viết sách; in sách; bán sách.", "Mục khác."),
        ("Hội nghị nêu 8 nhóm trọng điểm. Đọc sách. Viết sách.", "Ảnh hội nghị", "Cùng với đó là in sách. Bán sách."),
        (
            "Nghị quyết trước gồm 9 nhóm nhiệm vụ.",
            "I. NHIỆM VỤ",
            "1. Một",
            "2. Hai",
            "II. NHIỆM VỤ KHÁC",
            "1. Một",
            "2. Hai",
        ),
        ("Kế hoạch 5 năm", "I. MỤC TIÊU", "1. Một", "2. Hai"),
    ],
)
def test_silent_where_it_is_not_certain(lines: tuple[str, ...]) -> None:
    assert told(source(*lines)) == []
