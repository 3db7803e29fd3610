"""A workbook for people: the values, what the indicator means, and how to read the table."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from xlsxwriter.workbook import Workbook

from thucthi.monitoring.calculations.taking_away.contents import N_, SIMULATED, Contents
from thucthi.monitoring.calculations.taking_away.tables import COLUMNS, Cell, cells_of, written

Say = Callable[[str], str]
# A spreadsheet keeps fifteen digits of a number; one with more is stored as text, or its end would be invented.
DIGITS_KEPT = 15
VALUES, DEFINITION, READING = N_("Số liệu"), N_("Định nghĩa"), N_("Cách đọc")
HEADINGS = {
    "indicator": N_("Mã chỉ tiêu"),
    "unit": N_("Đơn vị tính"),
    "period": N_("Kỳ"),
    "period_start": N_("Từ ngày"),
    "period_end": N_("Đến ngày"),
    "area": N_("Mã đơn vị"),
    "area_name": N_("Đơn vị"),
    "kind": N_("Loại số"),
    "breakdown": N_("Phân tổ"),
    "state": N_("Trạng thái"),
    "amount": N_("Giá trị"),
    "numerator": N_("Tử số"),
    "denominator": N_("Mẫu số"),
    "source": N_("Nguồn"),
    "remark": N_("Ghi chú"),
    "available_on": N_("Có từ ngày"),
    "recorded_on": N_("Ghi sổ ngày"),
    "row": N_("Số dòng"),
    "corrects": N_("Đính chính dòng"),
    "standing": N_("Đang có hiệu lực"),
    "simulated": N_("Số mô phỏng"),
    "as_of": N_("Đọc đến ngày"),
}
WIDE = {"area_name": 28, "source": 36, "remark": 36}
STATES = (
    ("number", N_("Có số")),
    ("confirmed_zero", N_("Bằng 0, đã được xác nhận")),
    ("provisional", N_("Số sơ bộ, nguồn còn có thể sửa")),
    ("not_reported", N_("Đến hạn mà chưa báo cáo; không phải là 0")),
    ("not_applicable", N_("Không áp dụng cho đơn vị này; không tính vào mẫu số")),
    ("confidential", N_("Có số nhưng không được phép nêu")),
)
KINDS = (
    ("actual", N_("Số chính thức của cơ quan có nguồn")),
    ("declared", N_("Số đơn vị tự báo cáo")),
    ("estimate", N_("Số ước tính")),
    ("sample", N_("Số điều tra mẫu")),
)


def workbook_of(contents: Contents, say: Say) -> bytes:
    """The .xlsx file; `say` translates. All words are stored as words: nothing in it is or becomes a formula."""
    out = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, settings) as book:
        _write_values(book, contents, say)
        _write_pairs(book, say(DEFINITION), _definition(contents, say))
        _write_pairs(book, say(READING), _reading(say))
    return out.getvalue()


def _write_values(book: Workbook, contents: Contents, say: Say) -> None:
    sheet = book.add_worksheet(say(VALUES))
    words = book.add_format({"num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "quote_prefix": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for place, name in enumerate(COLUMNS):
        sheet.set_column(place, place, WIDE.get(name, 14))
        sheet.write_string(0, place, say(HEADINGS[name]), head)
    for line, row in enumerate(contents.rows, start=1):
        for place, cell in enumerate(cells_of(contents, row)):
            if isinstance(cell, date):
                sheet.write_datetime(line, place, cell, day)
            elif _is_kept(cell):
                sheet.write_number(line, place, float(cell))  # type: ignore[arg-type]
            elif cell is not None and cell != "":
                sheet.write_string(line, place, written(cell), words)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(contents.rows), 1), len(COLUMNS) - 1)


def _is_kept(cell: Cell) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return False
    return len(Decimal(cell).normalize().as_tuple().digits) <= DIGITS_KEPT


def _write_pairs(book: Workbook, title: str, pairs: list[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(title)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 100)
    name = book.add_format({"bold": True, "valign": "top", "quote_prefix": True})
    words = book.add_format({"num_format": "@", "text_wrap": True, "quote_prefix": True})
    for line, (left, right) in enumerate(pairs):
        sheet.write_string(line, 0, written(left), name)
        sheet.write_string(line, 1, written(right), words)


def _definition(contents: Contents, say: Say) -> list[tuple[str, str]]:
    sheet = contents.definition
    pairs = [
        (say(N_("Mã chỉ tiêu")), sheet.code),
        (say(N_("Tên chỉ tiêu")), sheet.name),
        (say(N_("Tên tiếng Anh")), sheet.name_en),
        (say(N_("Đơn vị tính")), sheet.unit),
        (say(N_("Chiều tốt")), sheet.direction),
        (say(N_("Loại chỉ tiêu")), sheet.kind),
        (say(N_("Kỳ số liệu")), sheet.frequency),
        (say(N_("Định nghĩa")), sheet.definition),
        (say(N_("Cách tính")), sheet.method),
        (say(N_("Hạn chế")), sheet.limits),
        (say(N_("Nguồn")), sheet.source),
        (say(N_("Cơ quan chịu trách nhiệm")), sheet.owner),
        (say(N_("Liên hệ")), sheet.contact),
        (say(N_("Phiên bản định nghĩa")), str(sheet.version)),
        (say(N_("Số liệu đọc đến ngày")), f"{contents.as_of:%d/%m/%Y}"),
    ]
    notice = [(say(N_("Lưu ý")), SIMULATED)] if contents.is_simulated else []
    return [*notice, *pairs, *sorted(contents.definition.further.items())]


def _reading(say: Say) -> list[tuple[str, str]]:
    return [
        (say(N_("Trạng thái")), say(N_("Ô giá trị chỉ có số khi trạng thái là number, confirmed_zero, provisional."))),
        *((code, say(words)) for code, words in STATES),
        (say(N_("Loại số")), say(N_("Số của các loại khác nhau không cộng và không so lẫn với nhau."))),
        *((code, say(words)) for code, words in KINDS),
        (
            say(N_("Đính chính")),
            say(N_("Dòng đính chính nêu số dòng mà nó thay; dòng cũ đọc được ở bản có lịch sử.")),
        ),
        (
            say(N_("Số rất dài")),
            say(N_("Số nhiều hơn 15 chữ số được ghi dạng chữ, vì bảng tính làm tròn những chữ số cuối.")),
        ),
    ]
