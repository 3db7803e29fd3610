"""Pairs made from invented sentences by known edits, and the pairs written by hand."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

SENTENCES = (
    "Xây dựng hệ thống cảnh báo cháy rừng bằng ảnh vệ tinh cho các ban quản lý rừng phòng hộ ven biển",
    "Ban hành định mức kinh tế kỹ thuật cho dịch vụ thu gom rác tại nguồn ở khu chung cư cũ",
    "Hoàn thành cấp căn cước cho người cao tuổi tại nhà, có nhân viên y tế đi cùng tổ lưu động",
    "Mở lớp xóa mù chữ buổi tối cho công nhân nhà máy giày, phát sách giáo khoa miễn phí",
    "Kết nối dữ liệu bảo hiểm y tế với phần mềm kê đơn thuốc của nhà thuốc bán lẻ",
    "Lập quỹ bảo trì cầu treo dân sinh bằng nguồn thu từ bến thủy nội địa",
    "Kiểm định an toàn bếp ăn trường bán trú, công khai kết quả trước cổng trường mỗi học kỳ",
    "Chuyển toàn bộ đèn đường sang loại tiết kiệm điện, theo dõi lượng điện từng tuyến phố",
    "Thí điểm chợ phiên không tiền mặt tại các xã vùng cao có phủ sóng di động",
    "Đánh giá lại giá trị rừng ngập mặn để bán tín chỉ các bon cho doanh nghiệp vận tải biển",
    "Sửa quy chế tiếp công dân để người khiếu nại đặt lịch hẹn trực tuyến với lãnh đạo",
    "Bàn giao nhà tái định cư cho hộ dân ven kênh, hỗ trợ chuyển nghề trong hai năm đầu",
    "Tổ chức tập huấn lái tàu an toàn cho chủ phương tiện chở khách du lịch trên hồ",
    "Thu hồi đất dự án bỏ hoang quá hạn, đấu giá lại theo quy hoạch công viên cây xanh",
    "Dịch sổ tay pháp luật lao động sang ba thứ tiếng dân tộc, phát tại khu công nghiệp",
    "Lắp thang máy cho bệnh viện tuyến cơ sở xây trước đây, ưu tiên khoa sản và khoa lão",
    "Khảo sát nhu cầu gửi trẻ ngoài giờ của công nhân, bố trí nhóm lớp ngay trong khu trọ",
    "Xếp hạng khách sạn theo mức phát thải, cấp nhãn xanh có giá trị hai năm",
    "Nạo vét luồng vào cảng cá, lắp phao tiêu dẫn đường cho tàu công suất nhỏ",
    "Kê khai giá thuốc thú y trên cổng điện tử, phạt cơ sở bán cao hơn giá niêm yết",
)
PLACES = ("An Bình", "Sông Hậu", "Tây Sơn", "Đông Hải", "Bắc Lâm")
_HAND_WRITTEN = Path(__file__).with_name("labelled_pairs.tsv")


@dataclass(frozen=True)
class Pair:
    is_copy: bool
    kind: str
    first: str
    second: str


def hand_written() -> list[Pair]:
    with _HAND_WRITTEN.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Pair(row["copy"] == "1", row["kind"], row["a"], row["b"]) for row in rows]


def edited() -> list[Pair]:
    """Every sentence with each kind of edit; and each beside the next one, which it does not resemble."""
    chance = random.Random(1)  # noqa: S311 - invented texts, not secrets
    found = []
    for place, sentence in enumerate(SENTENCES):
        first, second = chance.sample(PLACES, 2)
        words = sentence.split()
        halves = [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
        found += [
            Pair(True, "names", f"{sentence} tại tỉnh {first}", f"{sentence} tại tỉnh {second}"),
            Pair(True, "numbers", f"{sentence}, đạt {place + 3} xã", f"{sentence}, đạt {place * 7 + 40} xã"),
            Pair(True, "padding", sentence, f"Tiếp tục, kịp thời {sentence}, bảo đảm hiệu quả theo quy định"),
            Pair(True, "reorder", sentence, " ".join(reversed(halves))),
            Pair(True, "truncated", sentence, " ".join(words[: -(-len(words) * 3 // 4)])),
            Pair(False, "random", sentence, SENTENCES[(place + 1) % len(SENTENCES)]),
        ]
    return found


def all_pairs() -> list[Pair]:
    return [*hand_written(), *edited()]
