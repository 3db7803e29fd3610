"""Web pages: the document's text and tables, without what stands around them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from thucthi.intake.reading.files import faults
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.source import Source

Read = Callable[..., Source]


@pytest.fixture
def read(tmp_path: Path):
    def _read(body: str, encoding: str = "utf-8") -> Source:
        path = tmp_path / "a.html"
        path.write_bytes(f"<!DOCTYPE html><html><body>{body}</body></html>".encode(encoding))
        return extract(path)

    return _read


def _texts(source: Source) -> list[str]:
    return [line.text for line in source.lines]


def test_paragraphs_breaks_and_headings(read: Read) -> None:
    source = read(
        "<h1>KẾ HOẠCH</h1><p>Thực hiện\n  Nghị quyết&nbsp;số <b>57</b>-NQ/TW<br>dòng hai</p>Chữ <i>trần</i>"
        "<div><p><strong>I. Mục tiêu</strong></p></div>"
    )
    assert [(line.text, line.is_strong) for line in source.lines] == [
        ("KẾ HOẠCH", True),
        ("Thực hiện Nghị quyết số 57-NQ/TW", False),
        ("dòng hai", False),
        ("Chữ trần", False),
        ("I. Mục tiêu", True),
    ]


def test_what_stands_around_the_document_is_left_out(read: Read) -> None:
    source = read(
        "<nav>Trang chủ</nav><header>Cổng thông tin</header>"
        "<ul><li><a>Giới thiệu</a><li><a>Tin tức</a><li><a>Liên hệ</a></ul>"
        "<script>var a = '<p>x</p>'</script><style>p{}</style><noscript>Bật JavaScript</noscript>"
        "<div style='display: none'>ẩn</div><p hidden>ẩn</p><!-- ghi chú --><p>Điều 1. Nội dung.</p>còn lại"
        "<form><input value=a><button>Gửi</button></form><footer>Bản quyền</footer>"
    )
    assert _texts(source) == ["Điều 1. Nội dung.", "còn lại"]


def test_the_marked_main_part_is_taken(read: Read) -> None:
    source = read("<div>Tin liên quan</div><main><p>Điều 1. Nội dung chính của văn bản.</p></main><div>Bình luận</div>")
    assert _texts(source) == ["Điều 1. Nội dung chính của văn bản."]


def test_numbers_of_lists_are_written_out(read: Read) -> None:
    source = read(
        "<ol type='I'><li>Mục tiêu</li><li>Nhiệm vụ<ol start='3'><li>Ba</li><li value='7'>Bảy</li>"
        "<li>Tám</li></ol></li></ol>"
        "<ol style='list-style-type: lower-alpha'><li>Một</li><li>Hai</li></ol><ul><li>Gạch</li><li>- Đã có</li></ul>"
        "<ol style='list-style:none'><li>Không số</li></ol><ol reversed><li>Hai</li><li>Một</li></ol>"
    )
    assert _texts(source) == [
        *("I. Mục tiêu", "II. Nhiệm vụ", "3. Ba", "7. Bảy", "8. Tám", "a) Một", "b) Hai"),
        *("- Gạch", "- Đã có", "Không số", "2. Hai", "1. Một"),
    ]


def test_tables_with_merged_cells(read: Read) -> None:
    source = read(
        "<table><caption>Phụ lục</caption><thead><tr><th rowspan='2'>TT</th><th rowspan='2'>Việc</th>"
        "<th colspan='2'>Cơ quan</th></tr><tr><th>Chủ trì</th><th>Phối hợp</th></tr></thead>"
        "<tr><td>1</td><td><p>Rà soát</p><p>- ý hai</p></td><td rowspan='9'>Sở A</td><td>Sở B<br>Sở C</td></tr>"
        "<tr><td>2</td><td>Ban hành</td><td></td></tr></table>"
    )
    [table] = source.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["TT", "Việc", "Cơ quan", "Cơ quan"],
        ["TT", "Việc", "Chủ trì", "Phối hợp"],
        ["1", "Rà soát\n- ý hai", "Sở A", "Sở B\nSở C"],
        ["2", "Ban hành", "Sở A", ""],
    ]
    assert _texts(source) == ["Phụ lục"]
    for cell in (cell for row in table.rows for cell in row.cells):
        assert source.text[cell.start : cell.end] == cell.text


def test_tables_that_lay_the_page_out_are_no_tables(read: Read) -> None:
    source = read(
        "<table><tr><td>Bên trái</td><td>"
        "<table><tr><td>TT</td><td>Việc</td></tr><tr><td>1</td><td>Một</td></tr></table>"
        "</td></tr></table><table><tr><td>Một cột</td></tr></table>"
    )
    assert _texts(source) == ["Bên trái", "Một cột"]
    assert [len(table.rows) for table in source.tables] == [2]


def test_a_letterhead_becomes_lines(read: Read) -> None:
    source = read(
        "<table><tr><td>SỞ NỘI VỤ</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr>"
        "<tr><td>Số: 5/KH-SNV</td><td>Giả Định, ngày 02 tháng 3 năm 2026</td></tr></table>"
    )
    assert source.tables == ()
    assert _texts(source)[0] == "SỞ NỘI VỤ"
    assert _texts(source)[3:] == ["Số: 5/KH-SNV", "Giả Định, ngày 02 tháng 3 năm 2026"]


def test_declared_entities_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "bung">]><p>Điều 1. &a; &b; hết</p>',
        "utf-8",
    )
    text = extract(path).text
    assert "Điều 1." in text
    assert "bung hết" not in text


def test_a_declaration_of_encoding_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text('<?xml version="1.0" encoding="utf-8"?><html><body><p>Kế hoạch</p></body></html>', "utf-8")
    assert _texts(extract(path)) == ["Kế hoạch"]


def test_utf_16(read: Read) -> None:
    assert _texts(read("<p>Kế hoạch của tỉnh</p>", "utf-16")) == ["Kế hoạch của tỉnh"]


@pytest.mark.parametrize("body", ["", "<p></p>", "<script>x</script>", "<img src='http://example.org/a.png'>"])
def test_a_page_without_words_is_refused(read: Read, body: str) -> None:
    with pytest.raises(Unreadable) as fault:
        read(body)
    assert str(fault.value) == faults.NO_WORDS


def test_deep_nesting_ends(read: Read) -> None:
    assert "đầu" in read("<p>đầu</p>" + "<div>" * 5_000 + "x").text
