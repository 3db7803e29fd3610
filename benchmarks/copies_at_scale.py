"""Copies among 200,000 tasks of 3,500 programmes: `python -m benchmarks.copies_at_scale [--tasks N]`.

Invents programmes (a third of each is written for itself, the rest edited from common wordings), then measures building
the index of all of them and asking it about one new programme. Prints seconds and peak memory.
"""

import platform
import random
import resource
import time
from datetime import UTC, datetime

import click

from thucthi.intake.copying.index import Entry, Index
from thucthi.intake.copying.masking import Mask

_VERBS = (
    "Xây dựng",
    "Ban hành",
    "Hoàn thành",
    "Rà soát",
    "Triển khai",
    "Số hóa",
    "Đào tạo",
    "Kết nối",
    "Thí điểm",
    "Công bố",
)
_THINGS = (
    "kế hoạch",
    "quy chế",
    "bộ tiêu chí",
    "cơ sở dữ liệu",
    "nền tảng",
    "mô hình",
    "đề án",
    "danh mục",
    "hồ sơ",
    "hạ tầng",
    "mạng lưới",
    "quy trình",
    "bản đồ",
    "chỉ số",
    "trung tâm",
    "lớp học",
    "tuyến đường",
    "trạm quan trắc",
    "kho lưu trữ",
)
_FIELDS = (
    "đất đai",
    "thủy lợi",
    "y tế cơ sở",
    "giáo dục mầm non",
    "chuyển đổi số",
    "du lịch cộng đồng",
    "nghề cá",
    "rừng trồng",
    "an toàn thực phẩm",
    "hộ tịch",
    "giao thông nông thôn",
    "cấp nước sạch",
    "rác thải",
    "năng lượng tái tạo",
    "nhà ở xã hội",
    "dạy nghề",
    "bảo hiểm",
    "thương mại điện tử",
    "di sản",
    "phòng cháy",
    "khởi nghiệp",
    "hợp tác xã",
    "logistics",
    "khí tượng",
)
_WAYS = (
    "theo hướng dùng chung một đầu mối",
    "có đối chiếu với số liệu gốc",
    "bằng hình thức trực tuyến toàn trình",
    "gắn trách nhiệm của người phụ trách",
    "với sự tham gia của tổ dân phố",
    "qua đấu thầu công khai",
    "từ nguồn dự phòng",
    "trên nền bản đồ số",
    "có lấy ý kiến người dân",
    "theo định kỳ hai tuần một lần",
    "kèm báo cáo giải trình",
    "ưu tiên vùng khó khăn",
    "phục vụ kiểm toán",
    "bảo đảm liên thông hai chiều",
    "trước mùa mưa bão",
)
_PLACES = ("An Bình", "Sông Hậu", "Tây Sơn", "Đông Hải", "Bắc Lâm", "Nam Phong", "Trung Mỹ", "Long Giang")
NEW_PROGRAMME = 60


def sentence(chance: random.Random) -> str:
    fields = chance.sample(_FIELDS, 2)
    ways = chance.sample(_WAYS, 2)
    verb, thing = chance.choice(_VERBS), chance.choice(_THINGS)
    return f"{verb} {thing} về {fields[0]} và {fields[1]} {ways[0]}, {ways[1]}"


def edited(chance: random.Random, words: str) -> str:
    """The same with another place and number, at times a word less or a filler more."""
    parts = words.split()
    if chance.random() < 0.4:
        del parts[chance.randrange(len(parts))]
    if chance.random() < 0.3:
        parts.insert(chance.randrange(len(parts)), "kịp thời")
    return f"{' '.join(parts)} tại tỉnh {chance.choice(_PLACES)} trong {chance.randrange(2, 90)} ngày"


def programmes(tasks: int, units: int, seed: int = 1) -> list[Entry]:
    chance = random.Random(seed)  # noqa: S311 - invented texts, not secrets
    common = [sentence(chance) for _ in range(tasks // 40)]
    per_unit = tasks // units
    found = []
    for key in range(per_unit * units):
        own = chance.random() < 0.33
        text = sentence(chance) if own else edited(chance, chance.choice(common))
        found.append(Entry(key, key // per_unit, text))
    return found


@click.command(help=__doc__)
@click.option("--tasks", default=200_000)
@click.option("--units", default=3_500)
def main(tasks: int, units: int) -> None:
    entries = programmes(tasks, units)
    before = _memory()
    begun = time.perf_counter()
    index = Index(Mask(_PLACES), entries)
    built = time.perf_counter() - begun
    new = [Entry(-1 - place, -1, entry.text) for place, entry in enumerate(entries[-NEW_PROGRAMME:])]
    asked = []
    for _ in range(20):
        begun = time.perf_counter()
        found = sum(1 for _ in index.matches(new))
        asked.append(time.perf_counter() - begun)
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, Python {platform.python_version()}")
    click.echo(f"{len(entries):,} tasks of {units:,} programmes: index {built:.1f} s, {len(index.groups):,} groups")
    median = sorted(asked)[10] * 1000
    click.echo(f"one new programme of {NEW_PROGRAMME} tasks: median {median:.0f} ms, {found:,} matches")
    click.echo(f"peak memory {_memory():.0f} MB, of which the texts themselves {before:.0f} MB")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
