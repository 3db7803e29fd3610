"""Why a file cannot be read: one sentence each, saying what to do."""

from thucthi.kernel.errors import ThucThiError


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


class Unreadable(ThucThiError):
    """The file cannot be read; the text is a Vietnamese sentence fit to be shown to an official."""


MOST_LETTERS = 3_000_000
MISSING = N_("Không tìm thấy tệp. Đề nghị kiểm tra lại đường dẫn và tên tệp.")
NOT_A_FILE = N_("Đường dẫn này không phải là một tệp. Đề nghị chọn đúng tệp văn bản.")
FORBIDDEN = N_("Không có quyền mở tệp này. Đề nghị kiểm tra quyền đọc của tệp.")
EMPTY = N_("Tệp rỗng, không có nội dung. Đề nghị chọn lại tệp đã lưu đầy đủ.")
NO_WORDS = N_("Tệp mở được nhưng không có chữ nào. Đề nghị kiểm tra lại nội dung tệp.")
ONLY_PICTURES = N_(
    "Tệp chỉ có hình ảnh, không có chữ. Đề nghị dùng bản có chữ, hoặc nhận dạng chữ (OCR) trước khi đọc."
)
TOO_LARGE = N_(
    "Tệp lớn hơn 64 MB, vượt giới hạn đọc. Đề nghị bỏ bớt hình ảnh hoặc tách phần cần đọc thành tệp nhỏ hơn."
)
TOO_LONG = N_("Văn bản quá dài (hơn 3.000.000 ký tự). Đề nghị tách phần cần đọc thành tệp nhỏ hơn.")
DAMAGED = N_("Tệp bị hỏng hoặc bị cắt cụt, không đọc được. Đề nghị tải lại, hoặc mở bằng chương trình gốc rồi lưu lại.")
WITH_PASSWORD = N_("Tệp được bảo vệ bằng mật khẩu. Đề nghị gỡ mật khẩu rồi đọc lại.")
WITH_MACROS = N_("Tệp có chứa macro nên không được mở. Đề nghị lưu lại thành .docx hoặc .xlsx không có macro.")
BOMB = N_(
    "Tệp nén bất thường: nội dung bung ra lớn gấp nhiều lần tệp, nên không được mở. Đề nghị kiểm tra nguồn gốc tệp."
)
OVERLAPPING = N_(
    "Cấu trúc nén của tệp bất thường: các phần chồng lên nhau hoặc trùng tên, nên không được mở. "
    "Đề nghị kiểm tra nguồn gốc tệp."
)
WITH_ENTITIES = N_(
    "Tệp có khai báo thực thể XML, điều không có trong tệp văn phòng bình thường, nên không được mở. "
    "Đề nghị mở bằng chương trình gốc rồi lưu lại."
)
OLD_WORD = N_("Tệp thuộc loại Word cũ (.doc). Đề nghị mở bằng Word, chọn “Lưu thành” loại .docx rồi đọc lại.")
TOO_WIDE = N_("Tệp có bảng rộng bất thường (hơn 1.000 cột). Đề nghị xóa các cột thừa rồi lưu lại.")
TOO_MANY_CELLS = N_("Bảng tính quá lớn (hơn 300.000 ô). Đề nghị giữ lại phần cần đọc rồi lưu lại.")
NO_VISIBLE_SHEET = N_("Bảng tính không có trang nào hiển thị và có chữ. Đề nghị bỏ ẩn trang cần đọc rồi lưu lại.")
TOO_HEAVY = N_("Đọc tệp này cần quá nhiều bộ nhớ. Đề nghị tách phần cần đọc thành tệp nhỏ hơn.")
TOO_SLOW = N_("Đọc tệp này mất quá nhiều thời gian. Đề nghị tách phần cần đọc thành tệp nhỏ hơn.")
KIND_UNKNOWN = N_("Loại tệp này không đọc được. Đề nghị dùng DOCX, XLSX, XLS, ODS, PDF, TXT, MD hoặc HTML.")
NOT_READ = N_("Việc đọc tệp bị ngắt giữa chừng. Đề nghị đọc lại; nếu vẫn gặp lỗi, lưu tệp thành loại khác.")


def misnamed(extension: str, real: str, wanted: str | None) -> str:
    """`real` says what the content is; `wanted` is the extension it should bear, None when no such file is read."""
    said = f"Tệp mang đuôi {extension} nhưng nội dung là {real}."
    if wanted is None:
        return f"{said} Đề nghị dùng DOCX, XLSX, XLS, ODS, PDF, TXT, MD hoặc HTML."
    return f"{said} Đề nghị đổi đuôi tệp thành {wanted}, hoặc chọn đúng tệp."
