"""Resolutions with their control frames, and the programmes that carry them out."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Page, Reader, Twin
from thucthi.public_site.rendering.tables import TASK_COLUMNS, TaskRows, tally_columns, tally_row
from thucthi.public_site.rendering.timeline import timeline_of
from thucthi.publication.shapes import DocumentData, ProgrammeData

FOLDER = "nghi-quyet"
PROGRAMMES = "chuong-trinh"


def document_pages(book: Book, reader: Reader) -> Iterator[Page]:
    documents = book.data.documents
    yield Page(
        folder=FOLDER,
        template="document_list.html",
        title=_("Nghị quyết và văn bản"),
        section=FOLDER,
        values={"documents": documents},
        twin=Twin(
            documents,
            ("slug", "code", "type", "title", "issuer", "issued_on", *tally_columns(book)),
            [(d.slug, d.code, d.type, d.title, d.issuer, d.issued_on, *tally_row(d.tally)) for d in documents],
        ),
    )
    for document in documents:
        yield _document(book, reader, document)
    for programme in book.data.programmes:
        yield _programme(book, programme)


def _document(book: Book, reader: Reader, document: DocumentData) -> Page:
    tasks = book.tasks_of_document[document.slug]
    obstacles = book.open_obstacles_of_document[document.slug]
    indicators = book.indicators_of_document[document.slug]
    return Page(
        folder=f"{FOLDER}/{document.slug}",
        template="document.html",
        title=reader.document_name(document.slug),
        section=FOLDER,
        values={
            "document": document,
            "tasks": tasks,
            "programmes": [book.programmes[code] for code in document.programmes],
            "late": book.late_of(tasks),
            "obstacles": sorted(obstacles, key=lambda each: (-each.working_days, each.code))[:5],
            "obstacle_count": len(obstacles),
            "indicators": indicators,
            "instruments": book.instruments_of_document[document.slug],
            "timeline": timeline_of(book, reader, document),
            "uncovered": [each for each in document.clauses if not each.tasks],
        },
        twin=Twin.of_rows({"document": document}, TASK_COLUMNS, TaskRows(book, tasks)),
    )


def _programme(book: Book, programme: ProgrammeData) -> Page:
    tasks = book.tasks_of_programme(programme)
    return Page(
        folder=f"{PROGRAMMES}/{programme.code}",
        template="programme.html",
        title=programme.title,
        section=FOLDER,
        values={"programme": programme, "groups": book.groups_of(programme), "tasks": tasks},
        twin=Twin.of_rows({"programme": programme}, TASK_COLUMNS, TaskRows(book, tasks)),
    )
