"""The pages of paper: a card for each document, and in a monthly issue the page on which its report is offered."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from thucthi.kernel.printing import can_print
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.documents import FOLDER as DOCUMENTS
from thucthi.public_site.rendering.pages import Page, Reader
from thucthi.public_site.rendering.papers.cards import card_of
from thucthi.publication.files import BY_NAME, REPORT, signed_report_name

MONTHLY = "monthly"
CARD, CARD_PRINTED = "the", "the.pdf"
REPORT_FOLDER, WORD_FILE, PRINTED = "bao-cao", "bao-cao.docx", REPORT


def card_folder(slug: str) -> str:
    return f"{DOCUMENTS}/{slug}/{CARD}"


def paper_pages(book: Book, reader: Reader) -> Iterator[Page]:
    for document in book.data.documents:
        name = reader.document_name(document.slug)
        yield Page(
            folder=card_folder(document.slug),
            template="card.html",
            title=_("%(name)s trong một trang") % {"name": name},
            section=DOCUMENTS,
            values={
                "document": document,
                "name": name,
                "card": card_of(book, reader, document),
                "printed": CARD_PRINTED if can_print() else "",
            },
        )
    if book.data.header.kind == MONTHLY:
        yield _report_page(book)


def _report_page(book: Book) -> Page:
    header = book.data.header
    return Page(
        folder=REPORT_FOLDER,
        template="report.html",
        title=_("Báo cáo tháng"),
        values={
            "word_file": WORD_FILE,
            "printed": PRINTED if can_print() else "",
            "signed": f"{BY_NAME}/{signed_report_name(header.issue, header.issue_version)}",
        },
    )
