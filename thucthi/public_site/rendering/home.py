"""The first page: what is promised, how far, what is late, as of when."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.issues import recent_corrections
from thucthi.public_site.rendering.pages import Cell, Page, Twin
from thucthi.public_site.rendering.tables import tally_columns, tally_row
from thucthi.publication.shapes import DocumentData


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
            "corrections": recent_corrections(book),
            "documents": followed,
            "common_causes": {each.slug: common_cause(book, each) for each in followed},
            "last_reports": {each.slug: last_report(book, each) for each in followed},
            "classes": data.actor_classes,
            "bodies": sum(len(each.organisations) for each in data.actor_classes),
            "instruments": data.instruments,
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
    found = Counter(obstacle.cause for obstacle in book.open_obstacles_of_document[document.slug])
    if not found:
        return None
    cause, count = min(found.items(), key=lambda item: (-item[1], item[0]))
    return cause, count, found.total()


def last_report(book: Book, document: DocumentData) -> date | None:
    """The day on which a lead last said anything about a task of the document."""
    return book.places.last_declared.get(document.slug)
