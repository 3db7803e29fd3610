"""The two sections of the monthly report about what is stuck: who holds it, since when, and what is asked."""

from collections.abc import Sequence

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Reader, day
from thucthi.public_site.rendering.papers.content import Section, Table, cut
from thucthi.publication.shapes import ObstacleData

# Names of bodies in one sentence; the others are counted.
MOST_NAMES = 8


def open_obstacles(book: Book) -> list[ObstacleData]:
    """The longest open first."""
    opened = [each for each in book.data.obstacles if each.is_open]
    return sorted(opened, key=lambda each: (-each.working_days, each.code))


def obstacle_section(book: Book, reader: Reader) -> Section:
    opened, as_of = open_obstacles(book), book.data.header.as_of
    total = reader.number(len(book.data.obstacles))
    if not opened:
        return Section("Điểm nghẽn", [f"Không có điểm nghẽn nào đang mở (0/{total} điểm nghẽn đã nêu)."])
    late = sum(each.due_on < as_of for each in opened)
    rows, note = cut([_row(reader, each) for each in opened], "Điểm nghẽn")
    said = (
        f"{reader.number(len(opened))}/{total} điểm nghẽn đã nêu còn mở; {reader.number(late)}/"
        f"{reader.number(len(opened))} đã quá hạn trả lời. Số ngày mở là ngày làm việc, tính đến ngày {day(as_of)}."
    )
    table = Table(
        "Điểm nghẽn đang mở",
        ("Vướng gì", "Cơ quan nêu", "Ai gỡ được", "Nêu ngày", "Số ngày đã mở", "Hạn trả lời"),
        (49, 30, 28, 22, 14, 22),
        rows,
        note,
    )
    return Section("Điểm nghẽn", [said], [table])


def _row(reader: Reader, obstacle: ObstacleData) -> Sequence[str]:
    return (
        f"{obstacle.condition} [{obstacle.code}]",
        reader.name(obstacle.raised_by),
        reader.name(obstacle.asked_of),
        day(obstacle.raised_on),
        reader.number(obstacle.working_days),
        day(obstacle.due_on),
    )


def request_section(book: Book, reader: Reader) -> Section:
    opened = open_obstacles(book)
    by_holder: dict[str, list[ObstacleData]] = {}
    for each in opened:
        by_holder.setdefault(each.asked_of, []).append(each)
    rows, note = cut([_request(reader, code, asked) for code, asked in sorted(by_holder.items())], "Điểm nghẽn")
    silent = [each for each in book.data.organisations if each.own.not_reported]
    paragraphs = [_reminder(reader, [each.official_name for each in silent])]
    if not rows:
        return Section("Đề nghị", [*paragraphs, "Không có đề nghị nào khác, vì không có điểm nghẽn đang mở."])
    table = Table("Đề nghị quyết định để gỡ điểm nghẽn", ("Cơ quan", "Đề nghị", "Trước ngày"), (42, 98, 25), rows, note)
    return Section("Đề nghị", paragraphs, [table])


def _reminder(reader: Reader, names: list[str]) -> str:
    if not names:
        return "Mọi cơ quan phải báo cáo kỳ gần nhất đều đã gửi."
    more = f" và {reader.number(len(names) - MOST_NAMES)} cơ quan khác" if len(names) > MOST_NAMES else ""
    return f"Đề nghị {', '.join(names[:MOST_NAMES])}{more} gửi báo cáo kỳ gần nhất còn thiếu."


def _request(reader: Reader, code: str, asked: list[ObstacleData]) -> Sequence[str]:
    return (
        reader.name(code),
        "\n".join(f"{each.asked_what} [{each.code}]" for each in asked),
        "\n".join(day(each) for each in sorted({each.due_on for each in asked})),
    )
