"""A workbook for people: the values, what the indicator means, and how to read the table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from thucthi.kernel.apart import apart
from thucthi.monitoring.calculations.taking_away.contents import N_, SIMULATED, Contents
from thucthi.monitoring.calculations.taking_away.tables import COLUMNS, Cell, cells_of

Say = Callable[[str], str]
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


@dataclass(frozen=True, slots=True)
class Pairs:
    """A sheet of two columns: what, and what about it."""

    title: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Values:
    """A table with its headings and the widths of its columns; cells as they are recorded."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[tuple[Cell, ...]]


def workbook_of(contents: Contents, say: Say) -> bytes:
    """The .xlsx file; `say` translates. All words are stored as words: nothing in it is or becomes a formula."""
    values = Values(
        say(VALUES),
        [say(HEADINGS[name]) for name in COLUMNS],
        [WIDE.get(name, 14) for name in COLUMNS],
        [cells_of(contents, row) for row in contents.rows],
    )
    pairs = [Pairs(say(DEFINITION), _definition(contents, say)), Pairs(say(READING), _reading(say))]
    drawn: bytes = apart("thucthi.monitoring.calculations.taking_away.drawing:drawn", values, pairs)
    return drawn


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
