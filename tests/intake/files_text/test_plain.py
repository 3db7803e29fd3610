"""Plain text and Markdown: lines to paragraphs, tables, pages, and what marks a heading."""

from collections.abc import Callable
from pathlib import Path

import pytest

from thucthi.intake.reading.files.plain import read_plain
from thucthi.intake.reading.source import Source

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


Read = Callable[..., Source]


@pytest.fixture
def read(tmp_path: Path):
    def _read(text: str) -> Source:
        path = tmp_path / "a.md"
        path.write_bytes(text.encode())
        return read_plain(path)

    return _read


def _texts(source: Source) -> list[str]:
    return [line.text for line in source.lines]


def _rows(source: Source) -> list[list[str]]:
    [table] = source.tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_lines_broken_by_width_are_one_paragraph(read: Read) -> None:
    assert _texts(
        read(
            "1. Các sở, ban, ngành và Ủy ban nhân dân các xã xây dựng kế hoạch của mình theo\n"
            "Chỉ thị của Chủ tịch Ủy ban nhân dân tỉnh, gửi Sở Nội vụ trước ngày\n"
            "25 tháng 3 năm 2026 để tổng hợp chung toàn tỉnh và báo cáo cấp có thẩm quyền.\n"
            "2. Sở Tài chính bố trí kinh phí thực hiện theo quy định của pháp luật về ngân\n"
            "sách; hướng dẫn các địa phương lập dự toán cho cả giai đoạn 2026 - 2030, kể cả\n"
            "- nếu có - phần vốn đối ứng.\n"
            "- Sở Y tế theo dõi.\n"
        )
    ) == [
        (
            "1. Các sở, ban, ngành và Ủy ban nhân dân các xã xây dựng kế hoạch của mình theo Chỉ thị của Chủ tịch Ủy "
            "ban nhân dân tỉnh, gửi Sở Nội vụ trước ngày 25 tháng 3 năm 2026 để tổng hợp chung toàn tỉnh và báo cáo "
            "cấp có thẩm quyền."
        ),
        (
            "2. Sở Tài chính bố trí kinh phí thực hiện theo quy định của pháp luật về ngân sách; hướng dẫn các địa "
            "phương lập dự toán cho cả giai đoạn 2026 - 2030, kể cả - nếu có - phần vốn đối ứng."
        ),
        "- Sở Y tế theo dõi.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a) Việc một\nb) việc hai",
        "I- MỤC TIÊU\n1- Đến năm 2030",
        "Điều 1. Phạm vi\nĐiều 2. Đối tượng",
        "- Sở A\n- sở B",
        "QUYẾT ĐỊNH\nVề việc ban hành quy chế",
        "ỦY BAN NHÂN DÂN\nTỈNH GIẢ ĐỊNH",
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH",
        "1.1. Nhóm một\n1.2. nhóm hai",
    ],
)
def test_items_and_headings_are_never_joined(read: Read, text: str) -> None:
    assert _texts(read(text)) == text.split("\n")


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Căn cứ Thông tư số 23/2026/TT-\nBTC ngày 02 tháng 3", "Căn cứ Thông tư số 23/2026/TT-BTC ngày 02 tháng 3"),
        ("thực hiện theo quy định tại\nĐiều 7 Luật Đất đai", "thực hiện theo quy định tại Điều 7 Luật Đất đai"),
        ("Số:\n15/KH-UBND", "Số: 15/KH-UBND"),
        ("VĂN PHÒNG CHÍNH\nPHỦ", "VĂN PHÒNG CHÍNH PHỦ"),
        ("CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM", MOTTO),
        ("về chuyển đổi số của\n\nđơn vị mình", "về chuyển đổi số của đơn vị mình"),
    ],
)
def test_what_cannot_end_goes_on(read: Read, text: str, joined: str) -> None:
    assert _texts(read(text)) == [joined]


def test_marks_of_markdown_are_taken_off_and_headings_known(read: Read) -> None:
    source = read(
        "---\ntitle: Bản ghi\nso-hieu: 1/KH\n---\n\n# KẾ HOẠCH\n\n**I. Mục tiêu**\n\n"
        "1\\. Nâng **tỷ lệ** lên *30%* (\\*) và [cổng dữ liệu](https://example.org/a).\n\n* Một việc\n\n"
        "> Trích dẫn<br>Dòng hai\n\n(*) Không kể dầu khí\n\n-----\n<!-- ghi chú -->\n"
    )
    assert [(line.text, line.is_strong) for line in source.lines] == [
        ("KẾ HOẠCH", True),
        ("I. Mục tiêu", True),
        ("1. Nâng tỷ lệ lên 30% (*) và cổng dữ liệu.", None),
        ("- Một việc", None),
        ("Trích dẫn", None),
        ("Dòng hai", None),
        ("(*) Không kể dầu khí", None),
    ]


def test_a_table_of_strokes(read: Read) -> None:
    source = read(
        "Phụ lục\n\n| TT | Nhiệm vụ | Chủ trì |\n|:---|---|---:|\n| **I.** | Thể chế | |\n"
        "| 1 | Rà soát A \\| B<br>- ý hai | Sở Tư pháp |\n| 2 | Việc hai,\ncòn tiếp | Sở Y tế |\n\nHết."
    )
    assert _rows(source) == [
        ["TT", "Nhiệm vụ", "Chủ trì"],
        ["I.", "Thể chế", ""],
        ["1", "Rà soát A | B\n- ý hai", "Sở Tư pháp"],
        ["2", "Việc hai,\ncòn tiếp", "Sở Y tế"],
    ]
    assert _texts(source) == ["Phụ lục", "Hết."]


def test_a_table_goes_on_over_a_page_without_its_headings_again(read: Read) -> None:
    source = read(
        "<!-- page: 4 -->\n| TT | Việc |\n|---|---|\n| 1 | Một |\n\n"
        "<!-- page: 5 -->\n| TT | Việc |\n|---|---|\n| 2 | Hai |\n"
    )
    assert _rows(source) == [["TT", "Việc"], ["1", "Một"], ["2", "Hai"]]
    assert [row.page for row in source.tables[0].rows] == [4, 4, 5]


def test_a_scraped_letterhead_becomes_lines(read: Read) -> None:
    source = read(
        f"|\n**ỦY BAN NHÂN\nDÂN**\n**TỈNH GIẢ ĐỊNH**\n--------\n|\n**{MOTTO}**\n"
        "Độc lập - Tự do - Hạnh phúc\n-------\n|\n|\nSố:\n12/KH-UBND\n|\n"
        "*Giả Định, ngày\n05 tháng 3 năm 2026*\n|\n\n\n**KẾ HOẠCH**\n"
    )
    assert _texts(source) == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH GIẢ ĐỊNH",
        MOTTO,
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND",
        "Giả Định, ngày 05 tháng 3 năm 2026",
        "KẾ HOẠCH",
    ]
    assert source.tables == ()


def test_a_scraped_table_keeps_its_empty_cells(read: Read) -> None:
    rows = [["TT", "Nhiệm vụ", "Chủ trì"], ["1", "Việc một", ""], ["2", "Việc hai", "Sở Nội vụ"]]
    source = read("".join("|\n" + "".join(f"{cell}\n|\n" for cell in row) for row in rows))
    assert _rows(source) == rows


def test_strokes_that_are_no_table_leave_lines(read: Read) -> None:
    source = read("|\nmột việc\n|\nhai việc\n|\n|\nba việc\n|\nbốn việc\n|\nnăm việc\n|\n")
    assert _texts(source) == [f"{number} việc" for number in ("một", "hai", "ba", "bốn", "năm")]


def test_page_marks_stamps_and_repeated_headings(read: Read) -> None:
    pages = [
        f"[[Chương trình - Trang {number}]]\n7.abc_CTr(NV).doc {number} TT NHIỆM VỤ CHỦ TRÌ THỜI HẠN {words}\n"
        for number, words in enumerate(
            ["1. Xây dựng đề án phát triển Sở Y tế 2026", "và hạ tầng số Ngân sách", "3. Tổng kết Sở Nội vụ 2027"],
            start=1,
        )
    ]
    source = read("\n".join(pages))
    assert [(line.text, line.page) for line in source.lines] == [
        ("TT NHIỆM VỤ CHỦ TRÌ THỜI HẠN 1. Xây dựng đề án phát triển Sở Y tế 2026 và hạ tầng số Ngân sách", 1),
        ("3. Tổng kết Sở Nội vụ 2027", 3),
    ]


def test_lone_page_numbers_in_order_are_left_out(read: Read) -> None:
    items = [f"{number}. Nội dung thứ {number}." for number in range(1, 34)]
    source = read("\n".join("\n".join(items[11 * page - 11 : 11 * page]) + f"\n{page}" for page in (1, 2, 3)))
    assert _texts(source) == items
    assert [line.page for line in source.lines] == [1] * 11 + [2] * 11 + [3] * 11


def test_lone_numbers_of_a_list_stay(read: Read) -> None:
    text = "TT\n1\nViệc một\n2\nViệc hai\n3\nViệc ba"
    assert _texts(read(text.replace("\n", "\n\n"))) == text.split("\n")


def test_form_feeds_part_pages(read: Read) -> None:
    source = read("Sở A xây dựng đề án phát triển\fhạ tầng số.\fĐiều 2. Hiệu lực.")
    assert [(line.text, line.page) for line in source.lines] == [
        ("Sở A xây dựng đề án phát triển hạ tầng số.", None),
        ("Điều 2. Hiệu lực.", 3),
    ]


def test_places_are_true_and_reading_is_repeatable(read: Read) -> None:
    text = "# KẾ HOẠCH\nđạt 8 ,5% ;\n| a | b |\n|---|---|\n| c\u200bc | e\u0302\u0301 |\n\nKết thúc ."
    source = read(text)
    for line in source.lines:
        assert source.text[line.start : line.end] == line.text
    for cell in (cell for row in source.tables[0].rows for cell in row.cells):
        assert source.text[cell.start : cell.end] == cell.text
    assert read(text) == source


@pytest.mark.parametrize("hostile", ["|\n", "**a\n", "- ", "| a\n", "<!--", "\\-", "1 ,2 ", " ", "a\n|\n", "b c d "])
def test_hostile_repetition_ends(read: Read, hostile: str) -> None:
    assert read(hostile * 3_000 + "x").text
