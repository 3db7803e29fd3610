"""PDF: lines to paragraphs, ruled tables over pages, what the margins repeat, and what cannot be read."""

from pathlib import Path

import pytest

from tests.intake.files_text.pdf_writer import Pdf, Sheet
from thucthi.intake.reading.files import faults
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.files.pdf import LETTERS_UNKNOWN, PICTURE, read_pdf
from thucthi.intake.reading.files.pdf.opening import MOST_PAGES, TOO_MANY_PAGES
from thucthi.intake.reading.source import Source

LEFTS = [60.0, 90.0, 300.0, 420.0, 540.0]
HEADINGS = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]


def _fault(path: Path) -> str:
    with pytest.raises(Unreadable) as fault:
        extract(path)
    return str(fault.value)


def _texts(source: Source) -> list[str]:
    return [line.text for line in source.lines]


def _rows(source: Source) -> list[list[str]]:
    [table] = source.tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def _filled(sheet: Sheet, rows: list[list[str]], top: float = 80, height: float = 40) -> None:
    sheet.grid(LEFTS, [top + height * number for number in range(len(rows) + 1)])
    for number, row in enumerate(rows):
        sheet.row(LEFTS, top + height * number, row)


def test_lines_broken_by_width_are_one_paragraph(tmp_path: Path) -> None:
    first = (
        "1. Các sở, ban, ngành xây dựng kế hoạch thực hiện trong phạm vi được giao. Văn phòng theo dõi, đôn đốc việc "
        "thực hiện và báo cáo Ủy ban nhân dân tỉnh trước ngày 25 hằng tháng để kịp thời xử lý vướng mắc."
    )
    second = "2. Sở Tài chính bố trí kinh phí."
    pdf = Pdf()
    sheet = pdf.sheet()
    top = sheet.column(80, 100, 440, first, indent=28)
    sheet.column(80, top + 4, 440, second, indent=28)
    assert _texts(read_pdf(pdf.save(tmp_path / "a.pdf"))) == [first, second]


def test_a_paragraph_goes_on_over_a_page_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pdf = Pdf()
    for number, text in enumerate(("Sở Xây dựng rà soát quy hoạch, tổng hợp khó khăn của các", "địa phương."), start=1):
        sheet = pdf.sheet()
        sheet.text(290, 30, f"Trang {number}")
        sheet.text(60, 100, text)
    source = read_pdf(pdf.save(tmp_path / "a.pdf"))
    assert _texts(source) == ["Sở Xây dựng rà soát quy hoạch, tổng hợp khó khăn của các địa phương."]
    assert source.lines[0].page == 1


def test_what_margins_of_several_pages_repeat_is_left_out(tmp_path: Path) -> None:
    pdf = Pdf()
    for number in range(1, 5):
        sheet = pdf.sheet()
        sheet.text(60, 30, f"Dự thảo lần {number}")
        sheet.text(60, 810, f"12.abc_KH(NV).doc {number}")
        sheet.text(60, 100, f"Điều {number}. Nội dung.")
    assert _texts(read_pdf(pdf.save(tmp_path / "a.pdf"))) == [f"Điều {number}. Nội dung." for number in range(1, 5)]


def test_two_texts_side_by_side_are_read_one_after_the_other(tmp_path: Path) -> None:
    pdf = Pdf()
    sheet = pdf.sheet()
    left = ("ỦY BAN NHÂN DÂN", "TỈNH GIẢ ĐỊNH", "Số: 12/KH-UBND")
    right = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Giả Định, ngày 05 tháng 3 năm 2026")
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        sheet.text(60, 60 + 18 * number, one)
        sheet.text(290, 60 + 18 * number, other)
    sheet.text(250, 150, "KẾ HOẠCH", bold=True)
    source = read_pdf(pdf.save(tmp_path / "a.pdf"))
    assert _texts(source) == [*left, *right, "KẾ HOẠCH"]
    assert [line.is_strong for line in source.lines] == [False] * 6 + [True]


def test_a_table_on_two_pages_is_one_without_its_headings_again(tmp_path: Path) -> None:
    pdf = Pdf()
    _filled(pdf.sheet(), [HEADINGS, ["1", "Lập danh mục dự án", "Sở Tài chính", "Quý I/2026"]])
    _filled(pdf.sheet(), [HEADINGS, ["2", "Ban hành quy chế phối hợp", "Sở Nội vụ", "6/2026"]])
    source = read_pdf(pdf.save(tmp_path / "a.pdf"))
    assert _rows(source) == [
        HEADINGS,
        ["1", "Lập danh mục dự án", "Sở Tài chính", "Quý I/2026"],
        ["2", "Ban hành quy chế phối hợp", "Sở Nội vụ", "6/2026"],
    ]
    assert [row.page for row in source.tables[0].rows] == [1, 1, 2]


@pytest.mark.parametrize("open_below", [False, True], ids=["closed at the page's end", "cut open by it"])
def test_a_row_that_a_page_cuts_is_one_row(tmp_path: Path, open_below: bool) -> None:
    pdf = Pdf()
    sheet = pdf.sheet()
    sheet.grid(LEFTS, [700, 730, 780], open_below=open_below)
    sheet.row(LEFTS, 700, HEADINGS)
    sheet.row(LEFTS, 730, ["1", "Xây dựng đề án phát triển hạ tầng số của", "Sở Khoa học và", "2026"])
    _filled(pdf.sheet(), [["", "tỉnh", "Công nghệ", ""], ["2", "Tổng kết", "Sở Nội vụ", "2027"]])
    assert _rows(read_pdf(pdf.save(tmp_path / "a.pdf"))) == [
        HEADINGS,
        ["1", "Xây dựng đề án phát triển hạ tầng số của tỉnh", "Sở Khoa học và Công nghệ", "2026"],
        ["2", "Tổng kết", "Sở Nội vụ", "2027"],
    ]


def test_merged_cells_cover_their_places(tmp_path: Path) -> None:
    pdf = Pdf()
    sheet = pdf.sheet()
    for left in (LEFTS[0], LEFTS[-1]):
        sheet.rule(left, 80, left, 200)
    for left in LEFTS[1:-1]:
        sheet.rule(left, 80, left, 110)
        sheet.rule(left, 140, left, 200)
    for top in (80, 110, 140, 200):
        sheet.rule(LEFTS[0], top, LEFTS[-1], top)
    sheet.rule(LEFTS[0], 170, LEFTS[2], 170)
    sheet.rule(LEFTS[3], 170, LEFTS[4], 170)
    sheet.row(LEFTS, 80, HEADINGS)
    sheet.text(63, 115, "I. Hoàn thiện thể chế", size=10)
    sheet.row(LEFTS, 140, ["1", "Việc một", "Sở Tư pháp", "2026"])
    sheet.row(LEFTS, 170, ["2", "Việc hai", "", "2027"])
    source = read_pdf(pdf.save(tmp_path / "a.pdf"))
    assert _rows(source)[1:] == [
        ["I. Hoàn thiện thể chế"] * 4,
        ["1", "Việc một", "Sở Tư pháp", "2026"],
        ["2", "Việc hai", "Sở Tư pháp", "2027"],
    ]
    assert [cell.is_repeat for cell in source.tables[0].rows[1].cells] == [False, True, True, True]
    assert [cell.is_repeat for cell in source.tables[0].rows[3].cells] == [False, False, True, False]


def test_lines_in_a_cell_are_joined_but_not_the_items_of_a_list(tmp_path: Path) -> None:
    pdf = Pdf()
    sheet = pdf.sheet()
    sheet.grid(LEFTS, [80, 110, 200])
    sheet.row(LEFTS, 80, HEADINGS)
    sheet.column(LEFTS[1] + 3, 113, 200, "Rà soát, sửa đổi quy định về quản lý tài sản công của tỉnh", size=10)
    sheet.text(LEFTS[2] + 3, 113, "- Sở Tài chính;", size=10)
    sheet.text(LEFTS[2] + 3, 126, "- Sở Nội vụ.", size=10)
    assert _rows(read_pdf(pdf.save(tmp_path / "a.pdf")))[1] == [
        "",
        "Rà soát, sửa đổi quy định về quản lý tài sản công của tỉnh",
        "- Sở Tài chính;\n- Sở Nội vụ.",
        "",
    ]


def test_a_frame_round_one_text_is_no_table(tmp_path: Path) -> None:
    pdf = Pdf()
    sheet = pdf.sheet()
    sheet.grid([60, 540], [80, 130])
    sheet.text(70, 90, "Nội dung trong khung.")
    source = read_pdf(pdf.save(tmp_path / "a.pdf"))
    assert _texts(source) == ["Nội dung trong khung."]
    assert source.tables == ()


def test_a_table_open_at_its_sides_keeps_its_outer_columns(tmp_path: Path) -> None:
    pdf = Pdf()
    sheet = pdf.sheet()
    for top in (80, 120, 160, 200):
        sheet.rule(LEFTS[0], top, LEFTS[-1], top)
    for left in LEFTS[1:-1]:
        sheet.rule(left, 80, left, 200)
    rows = [HEADINGS, ["1", "Việc một", "Sở A", "2026"], ["2", "Việc hai", "Sở B", "2027"]]
    for number, row in enumerate(rows):
        sheet.row(LEFTS, 80 + 40 * number, row)
    assert _rows(read_pdf(pdf.save(tmp_path / "a.pdf"))) == rows


def test_places_are_true(tmp_path: Path) -> None:
    pdf = Pdf()
    sheet = pdf.sheet()
    sheet.text(60, 50, "Phụ lục")
    _filled(sheet, [HEADINGS, ["1", "Lập danh mục", "Sở Tài chính", "2026"]])
    source = read_pdf(pdf.save(tmp_path / "a.pdf"))
    for line in source.lines:
        assert source.text[line.start : line.end] == line.text
    for cell in (cell for row in source.tables[0].rows for cell in row.cells):
        assert source.text[cell.start : cell.end] == cell.text


def test_scanned_pages_are_named(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.sheet().text(60, 100, "Điều 1. Nội dung.")
    pdf.sheet().picture()
    pdf.sheet().picture()
    pdf.sheet().text(60, 100, "Điều 2. Nội dung.")
    pdf.sheet().picture()
    source = read_pdf(pdf.save(tmp_path / "a.pdf"))
    assert [(warned.where, warned.text) for warned in source.warnings] == [("Trang 2–3", PICTURE), ("Trang 5", PICTURE)]


def test_only_scanned_pages_are_refused(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.sheet().picture()
    pdf.sheet().picture()
    assert _fault(pdf.save(tmp_path / "a.pdf")) == faults.ONLY_PICTURES


def test_blank_pages_are_refused(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.sheet()
    assert _fault(pdf.save(tmp_path / "a.pdf")) == faults.NO_WORDS


def test_a_password_is_named(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.sheet().text(60, 100, "Nội dung")
    assert _fault(pdf.save(tmp_path / "a.pdf", encrypted=True)) == faults.WITH_PASSWORD


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_cut_off(tmp_path: Path, share: float) -> None:
    pdf = Pdf()
    for _ in range(20):
        pdf.sheet().text(60, 100, "Điều 1. Nội dung dài để tệp lớn hơn phần cuối được xem.")
    whole = pdf.save(tmp_path / "a.pdf").read_bytes()
    cut = tmp_path / "b.pdf"
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert _fault(cut) == faults.DAMAGED


def test_nothing_but_a_beginning_and_an_end(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nkhong co gi\n%%EOF\n")
    assert _fault(path) == faults.DAMAGED


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    pdf = Pdf()
    for _ in range(MOST_PAGES + 1):
        pdf.sheet()
    assert _fault(pdf.save(tmp_path / "a.pdf")) == TOO_MANY_PAGES


def test_a_font_that_keeps_its_letters_to_itself_is_refused(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.sheet().text(60, 100, "Điều 1. Nội dung của văn bản")
    assert _fault(pdf.save(tmp_path / "a.pdf", says_letters=False)) == LETTERS_UNKNOWN


def test_old_fonts_are_named(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.sheet().text(60, 100, "X©y dùng kÕ ho¹ch ph¸t triÓn h¹ tÇng; Së Tµi chÝnh bè trÝ kinh phÝ")
    assert "TCVN3" in _fault(pdf.save(tmp_path / "a.pdf"))
