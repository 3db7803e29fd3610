"""What the API for organisations says to people."""

from django.utils.translation import gettext_noop as N_

DESCRIPTION = """Cơ quan đọc số liệu đang chạy của chính mình bằng khóa. Chỉ đọc: phiên bản này không ghi gì qua API.
An organisation reads its own live data with a token. Read only: this version writes nothing."""
NO_TOKEN = N_("Thiếu khóa, hoặc khóa sai, hết hạn hay đã bị thu hồi. Đề nghị liên hệ người quản lý khóa của cơ quan.")
NO_SCOPE = N_("Khóa này không có phạm vi %(scope)s. Đề nghị cấp khóa có phạm vi đó.")
TOO_MANY = N_("Gửi quá nhiều yêu cầu. Đề nghị đợi rồi gửi lại.")
NO_THING = N_("Không tìm thấy, hoặc không thuộc cơ quan của khóa này.")
NO_ADDRESS = N_("Không có địa chỉ này trong API. Đề nghị xem bản mô tả tại /api/v1/org/openapi.json.")
NO_DATABASE = N_("Hệ thống tạm thời không đọc được số liệu. Đề nghị thử lại sau ít phút.")
NOT_SO = N_("Địa chỉ này chỉ đọc (GET, HEAD).")
LOOK_AT_EACH = N_("Có tham số sai hoặc thừa. Đề nghị xem từng tham số trong errors.")
WRONG_PARAMETER = N_("Tham số thiếu, thừa hoặc sai dạng. Đề nghị xem bản mô tả API.")
