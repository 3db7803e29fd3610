"""What lies beside a page: the same thing as JSON, CSV, workbook, calendar, feed, and for other sites to show."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.calendars import calendar_of, number_of_days
from thucthi.public_site.rendering.embeds import embed_folder, is_embedded, oembed_of, thing_of
from thucthi.public_site.rendering.feeds import entries_of, feed_of
from thucthi.public_site.rendering.pages import Beside, Lined, Page, Twin
from thucthi.public_site.rendering.twins import csv_bytes, json_bytes, xlsx_bytes
from thucthi.publication.shapes import IndicatorData, OrganisationData, TaskData

CSV = "text/csv"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CALENDAR = "text/calendar"
FEED = "application/atom+xml"
OEMBED = "application/json+oembed"
# A workbook of a table costs some fifty times its CSV. Above these numbers the CSV and the workbooks in data/ must do;
# measured in docs/adr/0032.
MOST_ROWS = 2_000
MOST_OBJECTS = 1_000
# In an issue of a whole country: a longer JSON no program takes in one piece, and the CSV has every row; no app shows
# a calendar of more days.
MOST_ROWS_OF_JSON = 5_000
MOST_DAYS = 2_000


def furnished(book: Book, pages: Iterable[Page]) -> Iterator[Page]:
    """The pages, each with what lies beside it; what would be empty is not there."""
    for page in pages:
        thing = thing_of(book, page.folder)
        beside = tuple(_beside(book, page, thing))
        yield replace(page, beside=beside, embed=embed_folder(page.folder) if is_embedded(thing) else "")


def _beside(book: Book, page: Page, thing: Any) -> Iterator[Beside]:
    header = book.data.header
    if page.twin:
        yield Beside("CSV", "index.csv", CSV, partial(csv_bytes, page.twin, header))
        if not page.twin.tells_rows or has_json(book, len(page.twin.rows)):
            yield Beside("JSON", "index.json", JSON, partial(json_bytes, page.twin, header))
        if _has_workbook(book, page.twin, thing):
            yield Beside("XLSX", "index.xlsx", XLSX, partial(xlsx_bytes, page.twin, header, page.title))
    if _has_calendar(book, thing):
        yield Beside(_("Lịch (ICS)"), "index.ics", CALENDAR, partial(calendar_of, book, thing, page.title))
    entries = entries_of(book, page.folder, thing) if _is_told_of(thing) else None
    if entries is not None:
        yield Beside(_("Theo dõi (Atom)"), "index.atom", FEED, partial(feed_of, book, page.folder, page.title, entries))
    if is_embedded(thing):
        yield Beside("", "oembed.json", OEMBED, partial(oembed_of, book, page.folder, thing))


def has_json(book: Book, rows: int) -> bool:
    """Of a list whose JSON would only repeat its CSV. The record of a thing always has its JSON."""
    return not book.is_large or rows <= MOST_ROWS_OF_JSON


def _has_calendar(book: Book, thing: Any) -> bool:
    days = number_of_days(book, thing)
    return bool(days) and (not book.is_large or days <= MOST_DAYS)


def _is_told_of(thing: Any) -> bool:
    return not isinstance(thing, OrganisationData) or is_embedded(thing)


def _has_workbook(book: Book, twin: Twin, thing: Any) -> bool:
    # A country's tasks stand in some fifty thousand tables.
    if len(twin.rows) > MOST_ROWS or (book.is_large and isinstance(twin.rows, Lined)):
        return False
    if isinstance(thing, OrganisationData):
        return bool(thing.subtree.total) and thing.level != "commune" and not book.is_large
    alike = {TaskData: book.data.tasks, IndicatorData: book.data.indicators}.get(type(thing), ())
    return len(alike) <= MOST_OBJECTS
