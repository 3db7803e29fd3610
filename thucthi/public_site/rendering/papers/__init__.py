"""Paper made from an issue: the monthly report as .docx and PDF, and a card in plain words for each document."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils import translation
from jinja2 import Environment

from thucthi.kernel.printing import can_print, pdf_of, pdfs_of
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.documents import FOLDER as DOCUMENTS
from thucthi.public_site.rendering.pages import Place, Reader
from thucthi.public_site.rendering.papers.cards import card_of
from thucthi.public_site.rendering.papers.content import SIMULATED, MonthlyReport, office
from thucthi.public_site.rendering.papers.pages import (
    CARD_PRINTED,
    MONTHLY,
    PRINTED,
    WORD_FILE,
    card_folder,
    paper_pages,
)
from thucthi.public_site.rendering.papers.report import monthly_report
from thucthi.public_site.rendering.papers.word_file import ROMAN, word_file
from thucthi.publication.files import BY_NAME
from thucthi.publication.shapes import DocumentData

__all__ = ["paper_files", "paper_pages"]
HERE = Path(__file__).parent
# Cards printed by one process: starting it takes as long as printing a few.
CARDS_AT_ONCE = 50


def paper_files(book: Book, environment: Environment, language: str) -> Iterator[tuple[str, bytes]]:
    """Path and content. Where nothing can be printed there is no PDF, and no page points at one."""
    if book.data.header.kind == MONTHLY and language == "vi":
        yield from _report_files(book, environment)
    if not can_print():
        return
    for start in range(0, len(book.data.documents), CARDS_AT_ONCE):
        yield from _card_files(book, environment, language, book.data.documents[start : start + CARDS_AT_ONCE])


def _card_files(
    book: Book, environment: Environment, language: str, documents: Sequence[DocumentData]
) -> Iterator[tuple[str, bytes]]:
    # The language is not left set while somebody else consumes the file.
    with translation.override(language):
        pages = [_card_html(environment, book, document, language) for document in documents]
    printed = pdfs_of(pages, (HERE / "card.css").read_text(encoding="utf-8"))
    for document, content in zip(documents, printed, strict=True):
        path = f"{card_folder(document.slug)}/{CARD_PRINTED}"
        yield path if language == "vi" else f"{language}/{path}", content


def _card_html(environment: Environment, book: Book, document: DocumentData, language: str) -> str:
    reader, header = Reader(book, Place("", language)), book.data.header
    template = environment.get_template("public_site/papers/card.html")
    return template.render(
        lang=language,
        name=reader.document_name(document.slug),
        card=card_of(book, reader, document),
        header=header,
        address=f"{BY_NAME}/{header.issue}/{DOCUMENTS}/{document.slug}/",
    )


def _report_files(book: Book, environment: Environment) -> Iterator[tuple[str, bytes]]:
    """The same report twice; an official paper is in Vietnamese whoever prepares it."""
    with translation.override("vi"):
        report = monthly_report(book, Reader(book, Place("", "vi")), office())
        html = _report_html(environment, report, book)
    yield WORD_FILE, word_file(report)
    if can_print():
        yield PRINTED, pdf_of(html, _styles(report))


def _report_html(environment: Environment, report: MonthlyReport, book: Book) -> str:
    template = environment.get_template("public_site/papers/report.html")
    return template.render(
        lang="vi",
        report=report,
        sections=list(zip(ROMAN, report.numbered(), strict=False)),
        simulated=SIMULATED,
        header=book.data.header,
    )


def _styles(report: MonthlyReport) -> str:
    """The standing style sheet, the widths of this report's columns, and the mark above every page."""
    lines = [(HERE / "paper.css").read_text(encoding="utf-8")]
    for _section, tables in report.numbered():
        for place, table in tables:
            lines += [
                f"#bang-{place} th:nth-child({n}) {{ width: {width}mm }}" for n, width in enumerate(table.widths, 1)
            ]
    if report.simulated:
        mark = f'font: bold 11pt/1.3 Tinos; white-space: pre; content: counter(page) "\\A {SIMULATED}"'
        lines.append(f"@page {{ @top-center {{ {mark} }} }}")
        lines.append(f'@page :first {{ @top-center {{ font: bold 11pt Tinos; content: "{SIMULATED}" }} }}')
    return "\n".join(lines)
