"""An issue as a directory of static files: Vietnamese at the root, English below en/, data beside each page."""

from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from django.utils import translation
from jinja2 import Environment

from thucthi.public_site.rendering.actors import actor_pages
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.documents import document_pages
from thucthi.public_site.rendering.home import home_page
from thucthi.public_site.rendering.indicators import indicator_pages
from thucthi.public_site.rendering.instruments import instrument_pages
from thucthi.public_site.rendering.issues import issue_pages
from thucthi.public_site.rendering.lists import FOLDER_OF, list_pages
from thucthi.public_site.rendering.organisations import organisation_pages
from thucthi.public_site.rendering.others import other_pages
from thucthi.public_site.rendering.pages import LANGUAGES, Page, Place, Reader, site_of
from thucthi.public_site.rendering.search import search_files, search_pages
from thucthi.public_site.rendering.tasks import task_pages
from thucthi.public_site.rendering.twins import csv_bytes, json_bytes
from thucthi.public_site.rendering.values import value_files
from thucthi.publication.shapes import IssueData


def render_site(data: IssueData) -> Iterator[tuple[str, bytes]]:
    """Yields (relative path, content) of every file, always in the same order and byte for byte the same."""
    yield from _assets()
    book = Book(data)
    yield from value_files(book)
    yield from search_files(book)
    environment: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    for language in LANGUAGES:
        for page in _said_in(language, _pages(book, Reader(book, Place("", language)))):
            with translation.override(language):
                text = _html(environment, book, page, language)
            yield _path(page, language, "index.html"), text.encode()
            if language == "vi" and page.twin:
                yield _path(page, "vi", "index.json"), json_bytes(page.twin, data.header)
                yield _path(page, "vi", "index.csv"), csv_bytes(page.twin, data.header)


def _pages(book: Book, reader: Reader) -> Iterator[Page]:
    yield from home_page(book)
    yield from document_pages(book, reader)
    yield from list_pages(book, reader)
    yield from task_pages(book, reader)
    yield from organisation_pages(book, reader)
    yield from indicator_pages(book, reader)
    yield from instrument_pages(book)
    yield from actor_pages(book)
    yield from issue_pages(book, reader)
    yield from search_pages(book)
    yield from other_pages(book)


def _said_in(language: str, pages: Iterator[Page]) -> Iterator[Page]:
    """One page after the other, so that a million of them never stand in memory together.

    The language is not left set between two of them: whoever consumes them speaks its own.
    """
    while True:
        with translation.override(language):
            page = next(pages, None)
        if page is None:
            return
        yield page


def _path(page: Page, language: str, name: str) -> str:
    parts = [] if language == "vi" else [language]
    return "/".join([*parts, *([page.folder] if page.folder else []), name])


def _html(environment: Environment, book: Book, page: Page, language: str) -> str:
    place = Place(page.folder, language)
    template = environment.get_template(f"public_site/{page.template}")
    return template.render(
        **page.values,
        lang=language,
        site=site_of(page, place, book.data.header),
        r=Reader(book, place),
        book=book,
        header=book.data.header,
        title=page.title,
        filter_folders=FOLDER_OF,
    )


def _assets() -> Iterator[tuple[str, bytes]]:
    """Style sheet, mark and fonts, so that the directory needs no other."""
    folder = Path(__file__).resolve().parents[2] / "static" / "thucthi"
    for name in (
        "app.css",
        "corrected.js",
        "mark.svg",
        *sorted(f"fonts/{path.name}" for path in (folder / "fonts").iterdir()),
    ):
        yield f"assets/{name}", (folder / name).read_bytes()
