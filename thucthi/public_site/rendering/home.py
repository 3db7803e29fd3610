"""The first page: what is promised, how far, what is late, as of when."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Cell, Page, Twin
from thucthi.public_site.rendering.tables import tally_columns, tally_row
from thucthi.publication.shapes import DocumentData, TallyData


def home_page(book: Book) -> Iterator[Page]:
    data = book.data
    followed = [each for each in data.documents if each.frame]
    yield Page(
        folder="",
        template="home.html",
        title=_("Tình hình thực hiện nghị quyết"),
        section="",
        values={
            "tally": data.tally,
            "changes": data.changes,
            "corrections": [each for each in data.corrections if each.announced_on > data.header.since],
            "documents": followed,
            "common_causes": {each.slug: common_cause(book, each) for each in followed},
            "provinces": book.provinces,
            "trend": [(point.period, Decimal(point.tally.schedules["overdue"])) for point in data.trend],
            "open_obstacles": sum(each.is_open for each in data.obstacles),
        },
        twin=Twin(
            {"tally": data.tally, "trend": data.trend, "changes": data.changes, "documents": _lines(followed)},
            ("document", "code", "title", *tally_columns(book)),
            [("", "", "Toàn bộ", *tally_row(data.tally)), *(_row(each) for each in followed)],
        ),
    )


def _row(document: DocumentData) -> tuple[Cell, ...]:
    return (document.slug, document.code, document.title, *tally_row(document.tally))


def _lines(documents: list[DocumentData]) -> list[dict[str, object]]:
    return [{"slug": each.slug, "code": each.code, "title": each.title, "tally": each.tally} for each in documents]


def common_cause(book: Book, document: DocumentData) -> tuple[str, int, int] | None:
    """The most frequent cause among the open obstacles of a document, with its count and their number."""
    found = Counter(
        obstacle.cause for task in book.tasks_of_document[document.slug] for obstacle in book.open_obstacles_of(task)
    )
    if not found:
        return None
    cause, count = min(found.items(), key=lambda item: (-item[1], item[0]))
    return cause, count, found.total()


def kept_of(tally: TallyData) -> int:
    """Tasks that are not late: completed in time or still before their deadline."""
    return sum(tally.schedules[code] for code in ("done_early", "done_on_time", "on_time", "due_soon"))
