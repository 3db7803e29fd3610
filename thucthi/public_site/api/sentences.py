"""What the API says to people."""

from django.utils.translation import gettext_noop as N_

DESCRIPTION = """Đọc các kỳ đã công bố, không cần khóa. Câu trả lời nào cũng nói thuộc kỳ nào; kỳ đã công bố không đổi.
Read the published issues, no key needed. Every answer names its issue; a published issue never changes."""
NO_ISSUE = N_("Không có kỳ công bố này. Đề nghị xem danh sách tại /api/v1/issues.")
NO_THING = N_("Không tìm thấy trong kỳ công bố này. Đề nghị kiểm tra lại mã.")
NO_ADDRESS = N_("Không có địa chỉ này trong API. Đề nghị xem bản mô tả tại /api/v1/openapi.json.")
NOT_SO = N_("Địa chỉ này chỉ đọc (GET, HEAD).")
TOO_LARGE = N_("Kỳ này quá lớn để đọc qua API. Đề nghị tải các tệp dữ liệu của kỳ tại trang Dữ liệu mở.")
OTHER_ISSUE = N_(
    "Con trỏ này thuộc kỳ %(there)s, không phải kỳ %(here)s. Đề nghị thêm issue=%(there)s để đọc tiếp, hoặc bỏ cursor"
    " để đọc lại từ đầu."
)
LOOK_AT_EACH = N_("Có tham số sai hoặc thừa. Đề nghị xem từng tham số trong errors.")
WRONG_CURSOR = N_(
    "Con trỏ không dùng được cho câu hỏi này. Đề nghị chép nguyên next của trang trước, giữ nguyên bộ lọc."
)
WRONG_PARAMETER = N_("Tham số thiếu, thừa hoặc sai dạng. Đề nghị xem bản mô tả API.")
UNKNOWN_WORD = N_("Kỳ này không có mã đó. Đề nghị xem vocabulary tại /api/v1/issue.")
TOO_MANY = N_("Địa chỉ này gửi quá nhiều yêu cầu. Đề nghị đợi rồi gửi lại; cần nhiều dữ liệu, đề nghị tải tệp.")
NAMES = {
    "documents": ("Văn bản", "Documents"),
    "programmes": ("Chương trình", "Programmes"),
    "tasks": ("Nhiệm vụ", "Tasks"),
    "organisations": ("Cơ quan", "Organisations"),
    "indicators": ("Chỉ tiêu", "Indicators"),
    "values": ("Giá trị chỉ tiêu", "Values of an indicator"),
    "obstacles": ("Điểm nghẽn", "Obstacles"),
    "corrections": ("Đính chính", "Corrections"),
    "issues": ("Các kỳ công bố", "Issues"),
}
