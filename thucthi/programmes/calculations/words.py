"""The vocabulary of the clarity checks, in lower case with accents: verbs, products, collectives."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

DELIVERING_VERBS = (
    "đóng", "chấm dứt", "thu hồi", "cấp phép", "kê khai", "mua", "bán", "xóa", "khắc phục", "nạo vét", "sửa chữa",
    "xây dựng", "ban hành", "trình", "phê duyệt", "hoàn thành", "hoàn thiện", "sửa đổi", "bổ sung", "thay thế",
    "bãi bỏ", "thành lập", "khởi công", "khánh thành", "đưa vào", "công bố", "kết nối", "số hóa", "số hoá",
    "đào tạo", "bồi dưỡng", "thí điểm", "sơ kết", "tổng kết", "báo cáo", "soạn thảo", "lập", "thiết lập",
    "nâng cấp", "cấp", "cung cấp", "bố trí", "giao", "rà soát", "cắt giảm", "đầu tư", "mua sắm", "lắp đặt",
    "tổ chức", "kiểm tra", "thanh tra", "giám sát", "khảo sát", "thẩm định", "nghiệm thu", "triển khai",
    "vận hành", "tích hợp", "chia sẻ", "chuẩn hóa", "chuẩn hoá", "phân cấp", "phân bổ", "ký kết", "đàm phán",
    "diễn tập", "tuyển dụng", "tuyển chọn", "chuyển đổi", "di dời", "giải phóng", "thu hút", "cải tạo",
    "mở rộng", "mở", "bàn giao", "biên soạn", "đề xuất", "tham mưu", "hướng dẫn", "quy định", "thống kê",
    "điều tra", "đánh giá", "phát triển", "nghiên cứu", "hình thành", "kiện toàn", "sắp xếp", "hợp nhất",
    "điều chỉnh", "công nhận", "xử lý", "giải quyết", "tháo gỡ", "hỗ trợ", "cập nhật", "quy hoạch", "sản xuất",
    "trồng", "khám", "tiêm", "phổ cập", "miễn", "giảm", "tăng", "đạt", "duy trì", "bảo đảm", "đảm bảo",
    "áp dụng", "thực hiện", "quản lý", "phủ sóng", "đổi mới", "huy động", "thu", "chi", "nhân rộng",
)  # fmt: skip
VAGUE_VERBS = (
    "tổ chức", "bố trí", "hướng dẫn", "đào tạo", "bồi dưỡng", "biểu dương", "tôn vinh", "học tập",
    "tăng cường", "đẩy mạnh", "tiếp tục", "nâng cao", "phát huy", "quán triệt", "chú trọng", "quan tâm",
    "khuyến khích", "phấn đấu", "từng bước", "tích cực", "chủ động", "đẩy nhanh", "thúc đẩy", "tập trung",
    "phối hợp", "tuyên truyền", "triển khai", "thực hiện", "tham gia", "nghiên cứu", "phát triển", "đổi mới",
    "bảo đảm", "đảm bảo", "hỗ trợ", "quản lý", "tạo điều kiện", "xác định", "coi trọng", "thường xuyên",
    "làm tốt", "khai thác", "củng cố", "mở rộng", "duy trì", "huy động", "ưu tiên", "hướng tới", "góp phần",
    "khơi dậy", "lan tỏa", "lan toả", "vận động", "theo dõi", "phổ biến", "giữ vững", "kịp thời", "gắn",
    "ứng dụng", "thu hút", "nhân rộng", "kiên quyết", "chỉ đạo", "đôn đốc", "lãnh đạo", "tôn vinh", "xem xét",
    "cải thiện", "kiểm soát", "phòng ngừa", "bám sát", "tạo", "phát động",
)  # fmt: skip
# Only these make a work concrete by themselves; the other delivering verbs need an object that can be shown.
FIRM_VERBS = (
    "ban hành", "trình", "phê duyệt", "hoàn thành", "sửa đổi", "bổ sung", "thay thế", "bãi bỏ", "thành lập",
    "khởi công", "khánh thành", "công bố", "kết nối", "số hóa", "số hoá", "sơ kết",
    "tổng kết", "soạn thảo", "thiết lập", "lắp đặt", "nghiệm thu", "diễn tập", "bàn giao", "biên soạn",
    "tuyển dụng", "ký kết", "thẩm định", "thanh tra", "cắt giảm", "kiện toàn", "xây dựng", "hình thành",
    "nâng cấp", "thí điểm",
)  # fmt: skip
VERBS = (*DELIVERING_VERBS, *VAGUE_VERBS)
# What stands there when it is done: "triển khai hệ thống …" can be checked, "triển khai chương trình …" cannot.
SYSTEMS = (
    "hệ thống", "nền tảng", "cơ sở dữ liệu", "cổng", "trung tâm", "phần mềm", "ứng dụng", "mạng", "tuyến", "nhà máy",
    "bệnh viện", "trường", "khu", "cầu", "đường", "cảng",
)  # fmt: skip
# Steps of one and the same work: writing a text, laying it before someone, putting it into use.
FOLLOWING_STEPS = (
    "sửa đổi", "bổ sung", "thay thế",
    "trình", "ban hành", "phê duyệt", "đưa vào", "triển khai", "tổ chức thực hiện", "tổ chức triển khai",
    "báo cáo", "công bố", "vận hành", "nghiệm thu", "hoàn thành", "hoàn thiện", "áp dụng", "bàn giao",
    "thực hiện", "giao", "phát triển", "chia sẻ", "tích hợp", "bảo đảm", "đảm bảo", "duy trì", "đạt", "giảm",
    "tăng", "thu", "chi", "cấp", "lập", "mở", "quản lý", "giám sát", "hỗ trợ", "đánh giá", "cung cấp",
    "quy định", "sản xuất",
)  # fmt: skip
FIRM_BEGINNINGS = tuple(verb for verb in FIRM_VERBS if verb not in FOLLOWING_STEPS)
PRODUCT_NOUNS = (
    "luật", "pháp lệnh", "nghị định", "nghị quyết", "thông tư", "quyết định", "chỉ thị", "quy chế", "quy định",
    "đề án", "dự án", "chương trình", "kế hoạch", "báo cáo", "tờ trình", "hệ thống", "nền tảng",
    "cơ sở dữ liệu", "trung tâm", "bộ tiêu chí", "tiêu chuẩn", "quy chuẩn", "quy trình", "cẩm nang", "sổ tay",
    "công trình", "hội nghị", "hội thảo", "lớp", "khóa", "khoá", "văn bản", "danh mục", "bản đồ", "quy hoạch",
    "hồ sơ", "biên bản", "cổng", "ứng dụng", "phần mềm", "mô hình", "hợp đồng", "thỏa thuận", "thoả thuận",
    "biên bản ghi nhớ", "giấy phép", "chứng nhận", "trường", "bệnh viện", "trạm", "tuyến", "đường", "cầu",
    "nhà máy", "khu", "quỹ", "tổ công tác", "ban chỉ đạo", "cuộc", "đoàn", "bộ chỉ số", "chỉ số", "bảng",
    "dữ liệu", "thiết bị", "phòng", "sản phẩm", "dịch vụ", "điểm", "giáo trình", "chương trình học",
    "chuyên đề", "đề tài", "công bố", "thông báo", "kết luận", "hướng dẫn", "bộ", "cụm", "vùng", "hạ tầng",
    "mạng", "cảng", "sân bay", "nhà", "lưới điện", "đội ngũ", "gói", "tài liệu", "số liệu",
)  # fmt: skip
VAGUE_PRODUCTS = (
    "kế hoạch", "báo cáo", "văn bản", "chương trình", "đề án", "văn bản tham mưu", "kết quả thực hiện",
    "hệ thống", "quyết định", "văn bản chỉ đạo", "các văn bản", "các kế hoạch", "báo cáo kết quả",
    "kế hoạch, báo cáo", "báo cáo thực hiện",
)  # fmt: skip
VAGUE_RESULT_WORDS = ("theo yêu cầu", "vận hành ổn định", "có hiệu quả", "theo quy định", "theo kế hoạch", "đáp ứng")
VAGUE_MONEY = re.compile(
    r"((từ )?(nguồn )?(kinh phí )?(ngân sách)( nhà nước| trung ương| địa phương| tỉnh| các cấp)?"
    r"|ngân sách nhà nước và .*"
    r"|(các )?(nguồn )?(vốn )?(kinh phí )?hợp pháp khác.*|theo quy định.*|kinh phí|nsnn)"
)
COLLECTIVE = re.compile(
    r"(?<!\w)(các|những|mọi|tất cả)(?!\w)(?! tiểu vương)|liên quan|(?<!\w)địa phương(?!\w)"
    r"|(?<!\w)bộ, ngành(?!\w)"
    r"|^(ubnd|ủy ban nhân dân|uỷ ban nhân dân) (tỉnh|cấp|xã|phường|xã, phường|\d+)(,|$| xã| thành)"
    r"|cấp [^,;]*, cấp (?!ủy|uỷ)"
    r"|(?<!\w)(toàn|từng) (ngành|hệ thống|đơn vị)|tập thể|^đơn vị$|^cơ quan$"
)
_LEAD_SEPARATOR = re.compile(r"\s*(?:;|\n|(?:^|\s)-\s)\s*")
_BODY = (
    r"(?:bộ|ubnd|ủy ban|uỷ ban|sở|ban|văn phòng|đảng ủy|đảng uỷ|thanh tra|ngân hàng|tòa án|viện|hđnd|công an|hội|mttq)"
)
_NEXT_BODY = re.compile(rf"(?:,| và)\s+(?={_BODY}\s)")
_NUMBER = re.compile(r"\d")
_NOT_A_QUANTITY = re.compile(
    r"\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}/\d{4}|\d+[-/]\d*/?[a-zđ][a-zđ0-9/-]*"
    r"|(?:năm|tháng|ngày|số|điều|khoản|quý|khóa|kỳ họp thứ|giai đoạn|tầm nhìn đến)"
    r"\s+[\divx][\divx/–-]*(?:\s*[-–]\s*\d+)?"
    r"|\b(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?\b|^\W*\d+[.)]"
)
_LEADING = re.compile(r"^\W*(?:\d+(?:\.\d+)*[.)]?\s+|[a-zđ]\)\s*|[-+*]\s*)?|^(?:giao|đề nghị)\s+(?=[^,]*\bchủ trì\b)")
_PREAMBLE = re.compile(
    r"^(?:(?:trước|trong|đến|từ|chậm nhất)\s[^,]{3,60},\s*)?(?:[^,;.]{3,80}\s)?chủ trì,?\s*"
    r"(?:phối hợp (?:với|cùng)\s[^.;:]*?)?"
    r"(?:[:,]\s*|(?=\b(?:xây dựng|ban hành|trình|tổ chức|rà soát|hoàn|triển khai|lập|thực hiện"
    r"|nghiên cứu|sửa đổi|tham mưu|đẩy mạnh|tăng cường|tiếp tục|kiểm tra|theo dõi"
    r"|hướng dẫn|phê duyệt|công bố|đào tạo|xác định|chỉ đạo)\b))"
)


def spoken(text: str) -> str:
    """Lower case, single spaces, without the enumerator and the "X chủ trì, phối hợp với Y" that prose puts first."""
    words = " ".join(text.lower().split())
    words = _LEADING.sub("", words, count=1)
    return _PREAMBLE.sub("", words, count=1).strip()


def opens_with(text: str, vocabulary: tuple[str, ...]) -> str | None:
    """The longest entry of the vocabulary that `text` begins with, whole words only."""
    found = _opening(vocabulary).match(text)
    return found[1] if found else None


@cache
def _opening(vocabulary: tuple[str, ...]) -> re.Pattern[str]:
    """Of a few fixed vocabularies: asked of every task of a country."""
    longest_first = sorted(vocabulary, key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, longest_first))})(?=[ ,]|\Z)")


def mentions(text: str, vocabulary: Iterable[str]) -> bool:
    """Whether an entry of the vocabulary stands in `text` as whole words."""
    padded = " " + re.sub(r"[^\w%]+", " ", text.lower()) + " "
    return any(f" {entry} " in padded for entry in vocabulary)


def names_a_quantity(text: str) -> bool:
    """Whether a number stands in `text` that is no date, no number of a document and no enumerator."""
    return bool(_NUMBER.search(_NOT_A_QUANTITY.sub(" ", text.lower())))


def names_a_collective(text: str) -> bool:
    """ "Các bộ, ngành, địa phương": nobody answers for it (D31)."""
    return bool(COLLECTIVE.search(" ".join(text.lower().split())))


def leads_named_in(text: str) -> list[str]:
    """The bodies a cell names, apart at ";", line ends, list dashes, and before a word that begins another body."""
    parts = [piece for part in _LEAD_SEPARATOR.split(text) for piece in _NEXT_BODY.split(part.strip())]
    parts = [piece for part in parts for piece in re.split(_NEXT_BODY.pattern, part, flags=re.IGNORECASE)]
    return [part.strip(" .,-") for part in parts if part.strip(" .,-")]


def promises_something_firm(said: str) -> bool:
    """Whether a part of the sentence begins with a verb of delivery, or a soft verb with a thing to be built."""
    parts = [part.strip() for part in re.split(r"[,;:.]\s|\s+và\s+|\s+để\s+", said)]
    if any(opens_with(part, FIRM_VERBS) for part in parts):
        return True
    soft = opens_with(said, VAGUE_VERBS)
    return soft is not None and opens_with(said.removeprefix(soft).strip(), SYSTEMS) is not None


def independent_actions(text: str) -> int:
    """How many works one sentence holds; a chain of steps towards one product counts once."""
    words = spoken(text)
    count = 0
    for piece in re.split(r"[;\n]|\.\s|,\s+đồng thời\s|\sđồng thời\s", words):
        if opens_with(piece.strip(" -+"), VERBS):
            count += 1
            count += _further_actions(piece.strip(" -+"))
    return max(count, 1)


def _further_actions(piece: str) -> int:
    """Verbs after "và" or a comma that follow an object of three syllables or more and begin another work."""
    further = 0
    segments = re.split(r",\s+|\s+và\s+", piece)
    for before, after in pairwise(segments):
        has_object = len(before.split()) >= 5
        if has_object and opens_with(after, FIRM_BEGINNINGS) and len(after.split()) >= 4:
            further += 1
    return further
