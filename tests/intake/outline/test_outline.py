"""The numbered places of a text: which lines make clauses, under what, and what they are called."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.intake.reading.outline import Outline, numbering_faults, read_outline
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder


def source(*lines: str) -> Source:
    builder = SourceBuilder()
    for line in lines:
        builder.add_line(line)
    return builder.finish()


def paths(*lines: str) -> list[str]:
    return [clause.path for clause in read_outline(source(*lines)).clauses]


def test_a_party_resolution() -> None:
    assert paths(
        "NGHỊ QUYẾT",
        "về chuyển đổi số",
        "Tình hình chung còn nhiều việc.",
        "I- QUAN ĐIỂM",
        "1- Đi trước một bước.",
        "2- Lấy người dân làm trung tâm.",
        "II- MỤC TIÊU",
        "1. Đến năm 2030",
        "- Hạ tầng đạt chuẩn.",
        "- Dữ liệu liên thông.",
        "2. Tầm nhìn 2045",
        "III- NHIỆM VỤ",
        "1. Về thể chế",
        "1.1- Rà soát luật",
        "a) Luật thứ nhất",
        "b) Luật thứ hai",
        "1.2- Thí điểm",
        "+ Nơi có điều kiện",
        "2. Về hạ tầng",
        "Nơi nhận:",
        "- Các tỉnh ủy,",
        "- Lưu Văn phòng.",
    ) == [
        "I",
        "I.1",
        "I.2",
        "II",
        "II.1",
        "II.1.-1",
        "II.1.-2",
        "II.2",
        "III",
        "III.1",
        "III.1.1",
        "III.1.1.a",
        "III.1.1.b",
        "III.1.2",
        "III.1.2.+1",
        "III.2",
    ]


def test_a_state_act_with_an_annexed_regulation() -> None:
    assert paths(
        "Điều 1. Ban hành kèm theo Quyết định này Quy chế.",
        "Điều 2. Hiệu lực thi hành.",
        "1. Từ ngày ký.",
        "a) Trừ khoản 2;",
        "2. Thay thế văn bản trước.",
        "Điều 3. Trách nhiệm thi hành.",
        "Nơi nhận:",
        "- Như Điều 3;",
        "TM. ỦY BAN NHÂN DÂN",
        "QUY CHẾ",
        "Phối hợp công tác",
        "(Ban hành kèm theo Quyết định số 12/QĐ-UBND)",
        "Chương I",
        "QUY ĐỊNH CHUNG",
        "Điều 1. Phạm vi",
        "Điều 2. Đối tượng",
        "Chương II",
        "Mục 1. TRÌNH TỰ",
        "Điều 3. Hồ sơ",
        "1. Đơn.",
        "PHỤ LỤC I",
        "Mẫu đơn",
        "I. PHẦN CHUNG",
        "PHỤ LỤC II",
        "1. Họ tên",
    ) == [
        "Điều 1",
        "Điều 2",
        "Điều 2.1",
        "Điều 2.1.a",
        "Điều 2.2",
        "Điều 3",
        "Quy chế",
        "Chương I",
        "Quy chế.Điều 1",
        "Quy chế.Điều 2",
        "Chương II",
        "Chương II.Mục 1",
        "Quy chế.Điều 3",
        "Quy chế.Điều 3.1",
        "Phụ lục I",
        "Phụ lục I.I",
        "Phụ lục II",
        "Phụ lục II.1",
    ]


def test_letters_run_through_the_vietnamese_alphabet() -> None:
    letters = "abcdđeghiklmnopqrstuvxy"
    assert paths("1. Nhiệm vụ:", *(f"{letter}) Việc {letter}" for letter in letters)) == [
        "1",
        *(f"1.{x}" for x in letters),
    ]


def test_i_is_a_letter_after_h_and_a_numeral_before_ii() -> None:
    assert paths("1. Hồ sơ", "g) Một", "h) Hai", "i) Ba", "k) Bốn")[-2:] == ["1.i", "1.k"]
    outline = read_outline(source("1. Hồ sơ", "a) Gồm có", "i) Đơn", "ii) Bản sao", "b) Khác"))
    assert [(each.path, each.kind) for each in outline.clauses][2:] == [
        ("1.a.i", "small_roman"),
        ("1.a.ii", "small_roman"),
        ("1.b", "letter"),
    ]


def test_capital_letters_above_and_below_numerals() -> None:
    assert paths("A- TÌNH HÌNH", "I- KẾT QUẢ", "B- NHIỆM VỤ", "I- MỤC TIÊU", "C- TỔ CHỨC") == [
        "A",
        "A.I",
        "B",
        "B.I",
        "C",
    ]
    assert paths("I. TÌNH HÌNH", "A. Kết quả", "1. Một", "B. Hạn chế", "II. NHIỆM VỤ") == [
        "I",
        "I.A",
        "I.A.1",
        "I.B",
        "II",
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["33. Hạ tầng", "33.1. Cảng", "33.2. Đường", "33.2.7 Cầu lớn"], ["33", "33.1", "33.2", "33.2.7"]),
        (["(1) Một", "(2) Hai"], ["(1)", "(2)"]),
        (["a) Bộ Tài chính:", "(1) Bố trí vốn;", "(2) Kiểm tra;", "b) Bộ Nội vụ"], ["a", "a.(1)", "a.(2)", "b"]),
        (["1. Các bộ:", "- Bộ thứ nhất:", "a) Một;", "b) Hai;"], ["1", "1.-1", "1.-1.a", "1.-1.b"]),
        (
            ["Điều 4. Nội dung gồm:", "I. QUAN ĐIỂM", "1. Một", "II. MỤC TIÊU"],
            ["Điều 4", "Điều 4.I", "Điều 4.I.1", "Điều 4.II"],
        ),
        (
            ["Phần thứ nhất", "Chương I", "Điều 1. Một", "Phần thứ hai", "Chương I"],
            ["Phần thứ nhất", "Phần thứ nhất.Chương I", "Điều 1", "Phần thứ hai", "Phần thứ hai.Chương I"],
        ),
    ],
)
def test_shapes(lines: list[str], expected: list[str]) -> None:
    assert paths(*lines) == expected


def test_a_repeated_path_is_told_apart() -> None:
    assert paths("I. MỘT", "1. Việc", "2. Việc", "Nhóm khác", "1. Việc", "2. Việc") == [
        "I",
        "I.1",
        "I.2",
        "I.1~2",
        "I.2~2",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Điều 5 Nghị định này quy định về việc khác.",
        "Mục 2 Chương này áp dụng chung.",
        "1.000 tỷ đồng được bố trí.",
        "2025 là năm bản lề.",
        "-5% so với năm trước",
        "Phụ lục này là một phần của kế hoạch.",
        "12. tháng sau mới xong việc",
        "15.10.2025 họp giao ban",
        "Phần mềm dùng chung được nâng cấp.",
    ],
)
def test_lines_that_only_look_numbered(line: str) -> None:
    assert paths("I. MỘT", line) == ["I"]


def test_amendments_in_quotation_marks_make_no_clauses() -> None:
    assert paths(
        "Điều 1. Sửa đổi, bổ sung một số điều",
        "1. Sửa đổi Điều 4 như sau:",
        "“Điều 4. Hồ sơ",
        "1. Đơn đề nghị;",
        "2. Bản sao.”.",
        "2. Bãi bỏ Điều 9.",
        "Điều 2. Hiệu lực",
    ) == ["Điều 1", "Điều 1.1", "Điều 1.2", "Điều 2"]


def test_a_quotation_never_closed_hides_nothing() -> None:
    assert paths("1. Sửa như sau:", "“Điều 4. Hồ sơ", "2. Việc khác", "3. Việc nữa")[0] == "1"
    assert paths("1. Sửa như sau:", "“Điều 4. Hồ sơ", "2. Việc khác", "3. Việc nữa")[-2:] == ["2", "3"]


def test_tables_make_no_clauses_and_belong_to_the_one_they_stand_in() -> None:
    builder = SourceBuilder()
    builder.add_line("PHỤ LỤC I")
    builder.add_table([[RawCell("1."), RawCell("Xây dựng đề án")], [RawCell("2."), RawCell("Thẩm định")]])
    builder.add_line("PHỤ LỤC II")
    made = builder.finish()
    outline = read_outline(made)
    assert [each.path for each in outline.clauses] == ["Phụ lục I", "Phụ lục II"]
    found = outline.at(made.tables[0].rows[1].start)
    assert found is not None
    assert found.path == "Phụ lục I"


def test_a_page_without_line_breaks() -> None:
    filler = "Nội dung được nêu đầy đủ và chi tiết trong văn bản này. " * 30
    page = (
        f"CHƯƠNG TRÌNH I- MỤC ĐÍCH 1. Cụ thể hóa. 2. Phân công. II- NHIỆM VỤ 1. Về thể chế a) Thể chế chung "
        f"- Rà soát luật. - Sửa Luật Lao động - Xã hội. b) Thể chế riêng - Thí điểm. 2. Về hạ tầng {filler}"
    )
    assert paths(page) == [
        "I",
        "I.1",
        "I.2",
        "II",
        "II.1",
        "II.1.a",
        "II.1.a.-1",
        "II.1.a.-2",
        "II.1.b",
        "II.1.b.-1",
        "II.2",
    ]


def test_places_words_and_ancestors() -> None:
    made = source(
        "Mở đầu.", "II. NHIỆM VỤ", "Lời dẫn.", "1. Việc một:", "a) Phần đầu", "và phần sau.", "Nơi nhận:", "- Như trên;"
    )
    outline = read_outline(made)
    assert all(made.text[each.start : each.end] == each.text for each in outline.clauses)
    last = outline.clauses[-1]
    assert last.text == "a) Phần đầu\nvà phần sau."
    assert [each.path for each in outline.above(last)] == ["II.1", "II"]
    assert outline.at(made.text.index("Lời dẫn")) == outline.clauses[0]
    assert outline.at(0) is None
    assert outline.at(made.text.index("Như trên")) is None


def test_what_is_missing_among_siblings_is_said() -> None:
    outline = read_outline(source("I. MỘT", "1. Việc", "3. Việc", "a) Một", "c) Hai", "IV. HAI", "1. Việc", "1. Việc"))
    assert [(each.where, each.text) for each in numbering_faults(outline)] == [
        ("I.3", "Sau “1” là “3”, không thấy 2; xin kiểm tra lại bản gốc."),
        ("I.3.c", "Sau “a” là “c”, không thấy b; xin kiểm tra lại bản gốc."),
        ("IV", "Sau “I” là “IV”, không thấy II, III; xin kiểm tra lại bản gốc."),
        ("IV.1~2", "Số thứ tự “1” ghi hai lần; xin kiểm tra lại bản gốc."),
    ]
    assert numbering_faults(read_outline(source("1. Một", "d) Bốn", "e) Năm", "2. Hai"))) == ()
    assert numbering_faults(Outline()) == ()


LINES = st.lists(
    st.builds(
        "{} {}".format,
        st.sampled_from(
            [
                "I.",
                "II-",
                "1.",
                "2.",
                "1.1.",
                "a)",
                "b)",
                "đ)",
                "i)",
                "(1)",
                "-",
                "+",
                "Điều 1.",
                "Chương I",
                "“Điều 2.",
                "Phụ lục 1",
                "",
            ]
        ),
        st.sampled_from(["Việc chung", "việc riêng:", "kết thúc”.", "Nơi nhận: các bộ"]),
    ),
    max_size=25,
)


@given(LINES)
def test_clauses_never_overlap_and_paths_are_unique(lines: list[str]) -> None:
    made = source(*lines)
    clauses = read_outline(made).clauses
    assert len({each.path for each in clauses}) == len(clauses)
    assert all(len(each.path) <= 60 for each in clauses)
    assert all(before.end <= after.start for before, after in pairwise(clauses))
    assert all(each.parent is None or each.parent < place for place, each in enumerate(clauses))
    assert all(made.text[each.start : each.end] == each.text for each in clauses)
