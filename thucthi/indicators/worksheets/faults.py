"""Why a file of values cannot be read: one sentence each, saying what to do."""

from thucthi.kernel.errors import ThucThiError


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


class Unreadable(ThucThiError):
    """The file cannot be read; the text is a Vietnamese sentence fit to be shown to an official."""


EMPTY = N_("Tệp rỗng, không có dòng nào. Đề nghị chọn lại tệp đã lưu đầy đủ.")
DAMAGED = N_("Tệp bị hỏng hoặc không phải là bảng XLSX, CSV. Đề nghị mở bằng Excel, lưu lại rồi gửi.")
WITH_PASSWORD = N_("Tệp có mật khẩu, hoặc thuộc loại Excel cũ (.xls). Đề nghị lưu thành .xlsx không có mật khẩu.")
NOT_UTF8 = N_(
    "Chữ trong tệp CSV không theo bảng mã Unicode. Đề nghị chọn “Lưu thành” loại CSV UTF-8, hoặc gửi tệp .xlsx."
)
TOO_MANY_ROWS = N_("Tệp có quá nhiều dòng; mỗi tệp nhiều nhất 200.000 dòng. Đề nghị tách thành nhiều tệp.")
TOO_WIDE = N_("Tệp có quá nhiều cột (hơn 200). Đề nghị xóa các cột thừa rồi gửi lại.")
TOO_HEAVY = N_("Đọc tệp này cần quá nhiều bộ nhớ. Đề nghị tách thành nhiều tệp nhỏ hơn.")
TOO_SLOW = N_("Đọc tệp này mất quá nhiều thời gian. Đề nghị tách thành nhiều tệp nhỏ hơn.")
NOT_READ = N_("Việc đọc tệp bị ngắt giữa chừng. Đề nghị gửi lại; nếu vẫn gặp lỗi, lưu tệp thành loại khác.")
BOMB = N_("Tệp nén bất thường nên không được mở. Đề nghị kiểm tra nguồn gốc tệp.")
