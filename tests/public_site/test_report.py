"""The monthly report: figures of the pages, layout of the decree, the mark on every page, the same bytes again."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import docx
import pdfplumber
from django.template import engines
from django.utils import translation
from docx.oxml.ns import qn

from tests.kernel.test_printing import fonts_in, needs_pango
from tests.public_site.paper_issue import DOCUMENT, HEADER, book_of, indicator, obstacle, tally, task
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Place, Reader
from thucthi.public_site.rendering.papers import paper_files
from thucthi.public_site.rendering.papers.content import MOST_ROWS, SIMULATED, TEXT_WIDTH, MonthlyReport, Office, office
from thucthi.public_site.rendering.papers.report import monthly_report
from thucthi.publication.shapes import ChangeData, ChangesData, CorrectionData, InstrumentData, StandingData, Word

OFFICE = Office("Cơ quan cấp trên", "Cơ quan mẫu", "BC-CQM", "Hà Nội", "Chánh Văn phòng")
MOVED = ChangeData(
    "deadline", "30/06/2026", "10/09/2026", date(2026, 6, 30), date(2026, 9, 10), "12/QĐ-CP", date(2026, 6, 1), "Lý do"
)
FULL = book_of(
    replace(DOCUMENT, tally=tally(8, done=2, overdue=2, owed=4, reported=1)),
    tasks=(
        task(
            "nv-1", "overdue", date(2026, 9, 10), obstacles=("vm-1",), changes=(MOVED,),
            standing=StandingData("in_progress", "overdue", "reported", None, Decimal(130), None, None, None, None),
        ),
        task("nv-2", "overdue", date(2026, 10, 1)),
        task("nv-3", "on_time", date(2026, 12, 31)),
    ),
    indicators=(
        indicator("a", amount="60", way="130", met=True),
        indicator("b", amount=None, way=None, state="confidential", met=None),
    ),
    obstacles=(obstacle("vm-1", 42), replace(obstacle("vm-2", 3), closed_on=date(2026, 10, 5), state="closed")),
)  # fmt: skip


def report(book: Book = FULL) -> MonthlyReport:
    with translation.override("vi"):
        return monthly_report(book, Reader(book, Place("", "vi")), OFFICE)


def files(book: Book = FULL) -> dict[str, bytes]:
    return {
        name: text for language in ("vi", "en") for name, text in paper_files(book, engines["jinja2"].env, language)
    }


def rows(made: MonthlyReport, title: str) -> list[tuple[str, ...]]:
    (table,) = [table for section in made.sections for table in section.tables if table.title == title]
    return [tuple(row) for row in table.rows]


def test_the_sections_in_their_order() -> None:
    assert [section.title for section in report().sections] == [
        "Những điều đã cam kết", "Kết quả đến nay", "Việc chậm và cơ quan chịu trách nhiệm", "Điểm nghẽn",
        "Văn bản phải ban hành", "Thay đổi so với kỳ trước", "Đề nghị",
    ]  # fmt: skip


def test_every_figure_has_what_it_is_a_part_of() -> None:
    made = report()
    assert rows(made, "Nhiệm vụ theo văn bản") == [
        ("Nghị quyết 1-NQ/TW", "01/03/2025", "8", "2", "4", "0", "2", "3/4"),
    ]
    assert made.sections[1].paragraphs[0] == (
        "8 nhiệm vụ: 2 hoàn thành, 4 trong hạn, 0 sắp đến hạn, 2 quá hạn; 3/4 báo cáo của kỳ gần nhất chưa gửi."
    )
    assert made.sections[2].paragraphs[0].startswith("2/8 nhiệm vụ quá hạn.")
    assert made.sections[3].paragraphs == [
        "1/2 điểm nghẽn đã nêu còn mở; 1/1 đã quá hạn trả lời. Số ngày mở là ngày làm việc, tính đến ngày 31/10/2026."
    ]


def test_what_is_late_names_who_answers_the_old_deadline_and_the_days() -> None:
    made = report()
    assert rows(made, "Cơ quan có nhiệm vụ quá hạn") == [("Bộ Mẫu", "Bộ trưởng", "2/8", "3/4")]
    assert rows(made, "Nhiệm vụ quá hạn") == [
        (
            "Việc mẫu nv-1 [nv-1]", "Bộ Mẫu", "10/09/2026\n(đã lùi 1 lần, hạn đầu 30/06/2026)", "51",
            "130 % / chưa có",
        ),
        ("Việc mẫu nv-2 [nv-2]", "Bộ Mẫu", "01/10/2026", "30", "chưa có / chưa có"),
    ]  # fmt: skip


def test_indicators_are_not_cut_at_100_and_the_confidential_one_says_so() -> None:
    assert rows(report(), "Chỉ tiêu và mục tiêu") == [
        ("Tỷ lệ a", "≥ 50 % (2030)", "60 % (Quý 3/2026)", "130 %", "đã đạt"),
        ("Tỷ lệ b", "≥ 50 % (2030)", "không công bố", "–", "chưa kết luận được"),
    ]


def test_what_is_stuck_and_what_is_asked() -> None:
    made = report()
    assert rows(made, "Điểm nghẽn đang mở") == [
        ("Chưa có mặt bằng [vm-1]", "Bộ Mẫu", "Chính phủ", "01/09/2026", "42", "01/10/2026"),
    ]
    assert made.sections[6].paragraphs == ["Đề nghị Bộ Mẫu gửi báo cáo kỳ gần nhất còn thiếu."]
    assert rows(made, "Đề nghị quyết định để gỡ điểm nghẽn") == [
        ("Chính phủ", "Quyết định giao đất [vm-1]", "01/10/2026"),
    ]


def text_owed(code: str, due_on: date | None, days_late: int | None, issued_on: date | None = None) -> InstrumentData:
    return InstrumentData(
        code=code, document="1-nq-tw", clause=None, type="decree", title=f"Văn bản {code}", drafter="bo-mau",
        due_on=due_on, deadline_text="", stage="drafting", since=date(2026, 6, 1), timeliness="within",
        days_late=days_late, issued_on=issued_on, in_force_on=None, issued_document=None, steps=(), tasks=(),
    )  # fmt: skip


def test_texts_owed_the_latest_first() -> None:
    texts = (
        text_owed("a", None, None),
        text_owed("b", date(2026, 12, 31), 0),
        text_owed("c", date(2026, 9, 30), 31),
        text_owed("d", date(2026, 9, 30), 0, issued_on=date(2026, 9, 1)),
    )
    words = FULL.data.vocabulary | {
        "instrument_type": {"decree": Word("Nghị định", "Decree")},
        "instrument_stage": {"drafting": Word("Soạn thảo", "Drafting")},
    }
    made = report(Book(replace(FULL.data, instruments=texts, vocabulary=words)))
    assert made.sections[4].paragraphs == ["3/4 văn bản phải ban hành còn nợ; 1/3 đã quá hạn."]
    assert rows(made, "Văn bản còn nợ") == [
        ("Nghị định: Văn bản c [c]", "Bộ Mẫu", "Soạn thảo", "30/09/2026", "31"),
        ("Nghị định: Văn bản b [b]", "Bộ Mẫu", "Soạn thảo", "31/12/2026", "0"),
        ("Nghị định: Văn bản a [a]", "Bộ Mẫu", "Soạn thảo", "–", "–"),
    ]
    settled = report(Book(replace(FULL.data, instruments=texts[3:], vocabulary=words)))
    assert settled.sections[4].paragraphs == ["0/1 văn bản phải ban hành còn nợ."]
    assert report().sections[4].paragraphs == ["Kỳ này không có văn bản nào phải ban hành được công bố."]


def test_changes_and_corrections_since_last_time() -> None:
    data = replace(
        FULL.data,
        changes=ChangesData(("nv-9",), ("nv-1", "nv-2"), (), ("vm-2",)),
        corrections=(CorrectionData("2026-09", date(2026, 10, 4), "Số đúng là 8."),),
    )
    assert report(Book(data)).sections[5].paragraphs == [
        "Từ ngày 30/09/2026 đến ngày 31/10/2026:",
        "- Hoàn thành: 1 nhiệm vụ (nv-9).",
        "- Mới quá hạn: 2 nhiệm vụ (nv-1, nv-2).",
        "- Mới giao: 0 nhiệm vụ.",
        "- Điểm nghẽn đã gỡ: 1 (vm-2).",
        "- Đính chính kỳ 2026-09 (ngày 04/10/2026): Số đúng là 8.",
    ]


def test_an_empty_issue_is_a_report_that_says_so() -> None:
    made = report(book_of())
    assert made.sections[2].paragraphs == ["Không có nhiệm vụ nào quá hạn (0/0)."]
    assert made.sections[3].paragraphs == ["Không có điểm nghẽn nào đang mở (0/0 điểm nghẽn đã nêu)."]
    assert made.sections[6].paragraphs == [
        "Mọi cơ quan phải báo cáo kỳ gần nhất đều đã gửi.",
        "Không có đề nghị nào khác, vì không có điểm nghẽn đang mở.",
    ]


def test_a_long_list_is_cut_and_says_where_its_whole_is() -> None:
    many = tuple(task(f"nv-{n:03d}", "overdue", date(2026, 9, 10)) for n in range(MOST_ROWS + 1))
    made = report(book_of(replace(DOCUMENT, tally=tally(41, overdue=41)), tasks=many))
    assert len(rows(made, "Nhiệm vụ quá hạn")) == MOST_ROWS == 40
    notes = [table.note for section in made.sections for table in section.tables if table.note]
    assert notes == ["Bảng nêu 40 trong 41 dòng; toàn bộ ở trang “Nhiệm vụ quá hạn” của kỳ công bố."]


def test_every_table_is_as_wide_as_the_text() -> None:
    assert {sum(table.widths) for section in report().sections for table in section.tables} == {TEXT_WIDTH}


def test_the_office_is_what_the_settings_say_and_dots_where_they_say_nothing(settings) -> None:
    settings.REPORT_HEAD = {}
    assert office() == Office("", "Cơ quan thường trực chỉ đạo", "…………", "…………", "Thủ trưởng cơ quan")
    settings.REPORT_HEAD = {"superior": "A", "issuer": "B", "symbol": "BC-B", "place": "Hà Nội", "post": "C"}
    assert office() == Office("A", "B", "BC-B", "Hà Nội", "C")


def test_the_word_file_has_the_layout_of_the_decree() -> None:
    document = docx.Document(io.BytesIO(files()["bao-cao.docx"]))
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert [node.text for node in section.header._element.iter(qn("w:instrText"))] == ["PAGE"]
    assert list(section.first_page_header._element.iter(qn("w:instrText"))) == []
    assert {run.font.name for paragraph in document.paragraphs for run in paragraph.runs} == {"Times New Roman"}
    head = "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ngày 31 tháng 10 năm 2026"):
        assert said in head
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.text.startswith("Bảng ")] == [
        "Bảng 1. Nhiệm vụ theo văn bản", "Bảng 2. Chỉ tiêu và mục tiêu", "Bảng 3. Cơ quan có nhiệm vụ quá hạn",
        "Bảng 4. Nhiệm vụ quá hạn", "Bảng 5. Điểm nghẽn đang mở", "Bảng 6. Đề nghị quyết định để gỡ điểm nghẽn",
    ]  # fmt: skip
    signature = "\n".join(cell.text for row in document.tables[-1].rows for cell in row.cells)
    assert signature == (
        "Nơi nhận:\n- Các cơ quan có tên trong báo cáo;\n- Cổng công khai (cùng kỳ công bố);\n- Lưu: VT.\n"
        "THỦ TRƯỞNG CƠ QUAN\n(Chữ ký, họ và tên)"
    )


@needs_pango
def test_the_pdf_says_what_the_word_file_says_in_tinos_alone() -> None:
    made = files()
    assert fonts_in(made["bao-cao.pdf"]) == {
        ("Tinos", True), ("Tinos-Bold", True), ("Tinos-Italic", True), ("Tinos-Bold-Italic", True),
    }  # fmt: skip
    document = docx.Document(io.BytesIO(made["bao-cao.docx"]))
    with pdfplumber.open(io.BytesIO(made["bao-cao.pdf"])) as pdf:
        sheets = [page.extract_text() for page in pdf.pages]
        assert {(round(page.width), round(page.height)) for page in pdf.pages} == {(595, 842)}
    printed = "".join("".join(sheets).split())
    cells = [cell.text for table in document.tables[1:-1] for row in table.rows[1:] for cell in row.cells]
    short = [cell for cell in cells if cell and len(cell) < 8]
    assert len(short) >= 20
    for cell in (*short, "Bảng 4. Nhiệm vụ quá hạn", "THỦ TRƯỞNG CƠ QUAN", "Việc mẫu nv-1"):
        assert "".join(cell.split()) in printed
    assert [sheet.splitlines()[0] for sheet in sheets] == [SIMULATED, *(str(n) for n in range(2, len(sheets) + 1))]
    assert all(SIMULATED in sheet for sheet in sheets)


@needs_pango
def test_a_report_of_real_figures_bears_no_mark() -> None:
    made = files(Book(replace(FULL.data, header=replace(HEADER, simulated=False))))
    document = docx.Document(io.BytesIO(made["bao-cao.docx"]))
    heads = (document.sections[0].header, document.sections[0].first_page_header)
    texts = [paragraph.text for part in (document, *heads) for paragraph in part.paragraphs]
    with pdfplumber.open(io.BytesIO(made["bao-cao.pdf"])) as pdf:
        texts += [page.extract_text() for page in pdf.pages]
    assert not any("MÔ PHỎNG" in text for text in texts)


def test_the_same_data_give_the_same_bytes() -> None:
    assert files() == files()
    other = files(Book(replace(FULL.data, header=replace(HEADER, as_of=date(2026, 10, 30)))))
    assert other["bao-cao.docx"] != files()["bao-cao.docx"]


def test_a_weekly_issue_has_cards_and_no_report() -> None:
    made = files(Book(replace(FULL.data, header=replace(HEADER, kind="weekly"))))
    assert not any("bao-cao" in name for name in made)


@needs_pango
def test_a_card_is_one_sheet_of_a5_in_each_language() -> None:
    made = files()
    for name in ("nghi-quyet/1-nq-tw/the/the.pdf", "en/nghi-quyet/1-nq-tw/the/the.pdf"):
        with pdfplumber.open(io.BytesIO(made[name])) as pdf:
            (sheet,) = pdf.pages
            assert (round(sheet.width), round(sheet.height)) == (420, 595)
            assert "31/10/2026" in sheet.extract_text()
            assert "Simulated data" in sheet.extract_text()


def test_where_nothing_can_be_printed_there_is_no_pdf(monkeypatch) -> None:
    monkeypatch.setattr("thucthi.public_site.rendering.papers.can_print", lambda: False)
    assert list(files()) == ["bao-cao.docx"]
