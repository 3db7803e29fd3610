"""Draws the agenda, in the process that `agenda_paper` starts: nothing else imports this module."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

import docx

from thucthi.kernel.paper_layout import (
    CENTRE,
    LEFT,
    SMALL,
    TABLE,
    add_head,
    body,
    grid,
    lay_out,
    title,
    turn_page,
    write,
)
from thucthi.obstacles.calculations.agenda_paper import (
    CODE,
    CONCLUSION,
    DAY_LINE,
    DOTS,
    DUE,
    KINDS,
    NUMBER_LINE,
    RESPONSIBLE,
    AgendaPaper,
    PaperItem,
)

AGENDA_HEADERS = (
    "TT", CODE, "Điều đang vướng", "Từ ngày, đã mở", "Ai đang giữ", "Đề nghị quyết định", "Ảnh hưởng",
    "Trả lời gần nhất", CONCLUSION, RESPONSIBLE, DUE,
)  # fmt: skip
AGENDA_WIDTHS = (8, 20, 38, 19, 20, 30, 15, 28, 38, 22, 19)
FOLLOWED_HEADERS = (
    "TT",
    CODE,
    "Kết luận",
    "Cơ quan chủ trì thực hiện",
    "Thời hạn hoàn thành",
    "Kết quả thực hiện",
    "Tiến độ",
)
FOLLOWED_WIDTHS = (10, 28, 75, 40, 27, 47, 30)


def drawn(paper: AgendaPaper) -> bytes:
    """The paper as .docx; the same content gives the same dates inside."""
    docx_file = docx.Document()
    _properties(docx_file, paper)
    lay_out(docx_file)
    add_head(docx_file, paper.head)
    title(docx_file, "CHƯƠNG TRÌNH", paper.meeting)
    if paper.is_simulated:
        write(docx_file.add_paragraph(), "SỐ LIỆU MÔ PHỎNG, CHỈ ĐỂ MINH HỌA", bold=True, align=CENTRE)
    for line in _opening(paper):
        body(docx_file, line)
    _signature(docx_file, paper)
    turn_page(docx_file)
    if paper.followed:
        _followed(docx_file, paper)
    _agenda(docx_file, paper)
    kept = BytesIO()
    docx_file.save(kept)
    return kept.getvalue()


def _properties(document: docx.document.Document, paper: AgendaPaper) -> None:
    told = document.core_properties
    told.title, told.author, told.comments = paper.meeting, paper.head.issuer, ""
    told.created = told.modified = datetime.combine(paper.as_of, time())
    told.last_modified_by = paper.head.issuer


def _opening(paper: AgendaPaper) -> list[str]:
    lines = [f"1. Thời gian: ngày {paper.held_on:%d/%m/%Y}."]
    if paper.place:
        lines[0] = f"1. Thời gian, địa điểm: ngày {paper.held_on:%d/%m/%Y}, tại {paper.place}."
    lines.append(f"2. Chủ trì: {paper.chair or DOTS}.")
    if paper.before:
        lines.append(
            f"3. Kiểm điểm việc thực hiện kết luận của phiên họp trước ({paper.before}): "
            f"{len(paper.followed)} kết luận, tại Phụ lục I."
        )
    number, annex = (4, "II") if paper.followed else (4 if paper.before else 3, "I")
    lines.append(
        f"{number}. Xem xét, kết luận {len(paper.items)} điểm nghẽn tại Phụ lục {annex}. "
        f"Số liệu tính đến ngày {paper.as_of:%d/%m/%Y}; số ngày mở là ngày làm việc."
    )
    return lines


def _signature(document: docx.document.Document, paper: AgendaPaper) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    write(left.paragraphs[0], "Nơi nhận:", size=SMALL, bold=not paper.head.is_party, italic=True, align=LEFT, after=0)
    for line in ("- Thành viên dự họp;", "- Các cơ quan có tên tại Phụ lục;", "- Lưu: VT."):
        write(left.add_paragraph(), line, size=TABLE, align=LEFT, after=0)
    mark = "T/M" if paper.head.is_party else "TM."
    write(right.paragraphs[0], f"{mark} {paper.head.issuer.upper()}", bold=True, align=CENTRE, after=48)
    write(right.add_paragraph(), paper.chair or DOTS, bold=True, align=CENTRE)


def _followed(document: docx.document.Document, paper: AgendaPaper) -> None:
    title(document, "Phụ lục I", f"KẾT QUẢ THỰC HIỆN KẾT LUẬN CỦA PHIÊN HỌP TRƯỚC ({paper.before})")
    rows = [
        (str(n), row.code, row.conclusion, row.responsible or "–", _day(row.due_on), row.result, row.progress)
        for n, row in enumerate(paper.followed, start=1)
    ]
    grid(document, FOLLOWED_HEADERS, rows, FOLLOWED_WIDTHS)


def _agenda(document: docx.document.Document, paper: AgendaPaper) -> None:
    annex = "II" if paper.followed else "I"
    title(document, f"Phụ lục {annex}", "ĐIỂM NGHẼN TRÌNH PHIÊN HỌP XEM XÉT, KẾT LUẬN")
    grid(document, AGENDA_HEADERS, [_row(n, item) for n, item in enumerate(paper.items, start=1)], AGENDA_WIDTHS)
    write(document.add_paragraph(), "", size=SMALL)
    kinds = "; ".join(f"“{word}: …”" for word in KINDS.values())
    write(
        document.add_paragraph(),
        f"Cách ghi kết luận để nạp lại vào hệ thống: ở cột “{CONCLUSION}” mở đầu bằng một trong các cụm {kinds}; "
        f"ở cột “{DUE}” ghi ngày/tháng/năm; giữ nguyên cột “{CODE}”. Ô để trống nghĩa là chưa kết luận.",
        size=SMALL,
        italic=True,
    )
    write(document.add_paragraph(), f"{NUMBER_LINE} {DOTS}", size=SMALL, align=LEFT)
    write(document.add_paragraph(), f"{DAY_LINE} {DOTS}", size=SMALL, align=LEFT)


def _row(number: int, item: PaperItem) -> Sequence[str]:
    return (
        str(number),
        item.code,
        item.stuck,
        f"{item.since:%d/%m/%Y}\n{item.days_open} ngày làm việc",
        item.holder,
        f"{item.asked}\n(trước {item.asked_by:%d/%m/%Y})",
        f"{item.held_up} nhiệm vụ" if item.held_up else "không gắn nhiệm vụ",
        "\n".join(item.answers) or "Chưa có",
        item.conclusion,
        item.responsible,
        f"{item.due_on:%d/%m/%Y}" if item.due_on else "",
    )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "không đặt"
