"""Obstacles, corrections, the data dictionary, and the standing texts."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.addresses import address
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.opendata import listed
from thucthi.public_site.rendering.pages import Page, Twin
from thucthi.public_site.rendering.tables import OBSTACLE_COLUMNS, obstacle_rows

LONG_AFTER = 15
VERY_LONG_AFTER = 30


def age_tone(working_days: int) -> str:
    """Up to 15 working days, up to 30, longer: the shapes of the board."""
    if working_days > VERY_LONG_AFTER:
        return "bad"
    return "warn" if working_days > LONG_AFTER else "info"


def other_pages(book: Book) -> Iterator[Page]:
    yield _obstacles(book)
    yield _corrections(book)
    yield _dictionary(book)
    yield Page("cach-doc", "how_to_read.html", _("Đọc bảng này thế nào"))
    yield Page("phuong-phap", "method.html", _("Phương pháp và giới hạn"))
    yield Page("kiem-tra", "verify.html", _("Kiểm tra kỳ này"))
    yield Page("tiep-can", "accessibility.html", _("Khả năng tiếp cận"))


def _obstacles(book: Book) -> Page:
    rows = book.data.obstacles
    opened = [each for each in rows if each.is_open]
    return Page(
        folder="diem-nghen",
        template="obstacles.html",
        title=_("Điểm nghẽn"),
        section="diem-nghen",
        values={
            "opened": opened,
            "closed": [each for each in rows if not each.is_open],
            "causes": Counter(each.cause for each in opened).most_common(),
            "past_due": sum(each.due_on < book.data.header.as_of for each in opened),
            "age_tone": age_tone,
        },
        twin=Twin(rows, OBSTACLE_COLUMNS, obstacle_rows(book, rows)),
    )


def _corrections(book: Book) -> Page:
    rows = book.data.corrections
    return Page(
        folder="dinh-chinh",
        template="corrections.html",
        title=_("Đính chính"),
        # The only way there without a script: this page never learns what is announced after it.
        values={"corrections": rows, "newest": {"vi": address("dinh-chinh"), "en": address("en/dinh-chinh")}},
        twin=Twin(
            rows,
            ("corrected_issue", "announced_on", "text"),
            [(each.issue, each.announced_on, each.text) for each in rows],
        ),
    )


def _dictionary(book: Book) -> Page:
    words = book.data.vocabulary
    return Page(
        folder="du-lieu",
        template="open_data.html",
        title=_("Dữ liệu mở"),
        values={"vocabulary": words, "tables": listed(book)},
        twin=Twin(
            words,
            ("group", "code", "vi", "en"),
            [(group, code, word.vi, word.en) for group, codes in words.items() for code, word in codes.items()],
        ),
    )
