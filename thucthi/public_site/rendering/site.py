"""An issue as a directory of static files: Vietnamese at the root, English below en/, data beside each page."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.template import engines
from django.utils import translation
from jinja2 import Environment

from thucthi.kernel.printing import can_print
from thucthi.public_site.rendering.actors import actor_pages
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.documents import document_pages
from thucthi.public_site.rendering.embeds import embed_pages, embedded
from thucthi.public_site.rendering.furnishing import furnished
from thucthi.public_site.rendering.gathering import book_of
from thucthi.public_site.rendering.home import home_page
from thucthi.public_site.rendering.indicators import indicator_pages
from thucthi.public_site.rendering.instruments import instrument_pages
from thucthi.public_site.rendering.issues import issue_pages
from thucthi.public_site.rendering.lists import FILTERS, FOLDER_OF, list_pages
from thucthi.public_site.rendering.opendata import open_data_files
from thucthi.public_site.rendering.organisations import organisation_list, organisation_pages
from thucthi.public_site.rendering.others import other_pages
from thucthi.public_site.rendering.pages import LANGUAGES, Page, Place, Reader, site_of
from thucthi.public_site.rendering.papers import paper_files, paper_pages
from thucthi.public_site.rendering.search import search_files, search_pages
from thucthi.public_site.rendering.spoken import read_templates, spoken
from thucthi.public_site.rendering.structured import head_of
from thucthi.public_site.rendering.tasks import task_pages, task_sheet
from thucthi.public_site.rendering.values import value_files
from thucthi.publication.files import Content, Part
from thucthi.publication.frozen import glances_at
from thucthi.publication.shapes import IssueData, TaskData

Section = Callable[[Book, Reader], Iterator[Page]]
Thing = TypeVar("Thing")
# Things with a page of their own that are made in one go: enough that sharing them out costs nothing.
AT_ONCE = 250
SHEETS_AT_ONCE = 50


def render_site(data: IssueData) -> Iterator[tuple[str, bytes]]:
    """(relative path, content) of every file, always in the same order and byte for byte the same."""
    for part in site_parts(data):
        for name, content in part():
            yield name, content if isinstance(content, bytes) else b"".join(content)


def site_parts(data: IssueData) -> list[Part]:
    """The same files in pieces that any process can make by itself; what takes longest comes first."""
    book = book_of(data)
    book.look_everything_up()
    read_templates(LANGUAGES)
    environment: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    can_print()  # asked once, before every process that makes pieces would ask for itself
    return [
        partial(open_data_files, book),
        *(partial(paper_files, book, environment, language) for language in LANGUAGES),
        partial(value_files, book),
        partial(search_files, book),
        *(partial(_sheet_files, book, start) for start in range(0, len(book.sheets), SHEETS_AT_ONCE)),
        *(partial(_page_files, book, section, language) for section in sections(book) for language in LANGUAGES),
        _assets,
    ]


def sections(book: Book) -> list[Section]:
    """All pages of one language, in pieces of about the same work."""
    data = book.data
    return [
        *(partial(task_pages, tasks) for tasks in (() if book.is_large else batched(data.tasks))),
        *(partial(organisation_pages, bodies) for bodies in batched(data.organisations)),
        *(partial(list_pages, chosen) for chosen in (None, *FILTERS)),
        *(partial(embed_pages, folder, things) for folder, named in embedded(book) for things in batched(named)),
        _other_pages,
    ]


def batched(rows: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def _other_pages(book: Book, reader: Reader) -> Iterator[Page]:
    yield from home_page(book)
    yield from document_pages(book, reader)
    yield from paper_pages(book, reader)
    yield organisation_list(book)
    yield from indicator_pages(book, reader)
    yield from instrument_pages(book)
    yield from actor_pages(book)
    yield from issue_pages(book, reader)
    yield from search_pages(book)
    yield from other_pages(book)


def _sheet_files(book: Book, start: int) -> Iterator[tuple[str, Content]]:
    """Pages that many tasks share, from this place in their list on: both languages show what was read once."""
    for number, sheet in enumerate(book.sheets[start : start + SHEETS_AT_ONCE], start=start + 1):
        tasks = glances_at(sheet)
        for language in LANGUAGES:
            yield from _page_files(book, partial(_sheet, number, sheet, tasks), language)


def _sheet(
    number: int, sheet: Sequence[TaskData], tasks: Sequence[TaskData], book: Book, _reader: Reader
) -> Iterator[Page]:
    yield task_sheet(number, sheet, tasks, book)


def _page_files(book: Book, section: Section, language: str) -> Iterator[tuple[str, Content]]:
    environment = spoken(language)
    for page in _said_in(language, furnished(book, section(book, Reader(book, Place("", language))))):
        with translation.override(language):
            text = _html(environment, book, page, language)
            # Data is the same in both languages and lies beside the Vietnamese page.
            beside = [(each.name, each.write()) for each in page.beside] if language == "vi" else []
        yield _path(page, language, "index.html"), text.encode()
        yield from ((_path(page, "vi", name), content) for name, content in beside)


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
        head=head_of(book, page, place),
        r=Reader(book, place),
        book=book,
        header=book.data.header,
        title=page.title,
        filter_folders=FOLDER_OF,
    )


def _assets() -> Iterator[tuple[str, bytes]]:
    """Style sheet, mark and fonts, so that the directory needs no other."""
    folder = Path(__file__).resolve().parents[2] / "static" / "thucthi"
    fonts = sorted(f"fonts/{path.name}" for path in (folder / "fonts").iterdir())
    for name in ("app.css", "corrected.js", "embed.css", "mark.svg", *fonts):
        yield f"assets/{name}", (folder / name).read_bytes()
