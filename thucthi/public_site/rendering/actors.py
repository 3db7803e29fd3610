"""Who answers, by the seven classes of actors that the resolutions name (D46)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Page, Twin
from thucthi.public_site.rendering.tables import tally_columns, tally_row, word
from thucthi.publication.shapes import ActorClassData, DocumentData, OrganisationData, TallyData

FOLDER = "trach-nhiem"
LOCALITIES = "localities"


@dataclass(frozen=True)
class ClassSection:
    """`rows`: its organisations, each with the counts it is shown with."""

    about: ActorClassData
    rows: tuple[tuple[OrganisationData, TallyData], ...]


def actor_pages(book: Book) -> Iterator[Page]:
    classes = book.data.actor_classes
    documents = [each for each in book.data.documents if book.tasks_of_document[each.slug]]
    yield Page(
        folder=FOLDER,
        template="actors.html",
        title=_("Trách nhiệm theo loại chủ thể"),
        values={
            "classes": classes,
            "without": [each for each in classes if not each.tally.total],
            "sections": [ClassSection(each, _rows(book, each)) for each in classes if each.tally.total],
            "matrix": [(each, _counts(book, each)) for each in documents],
            "gaps": [(each, _gaps(each)) for each in book.data.documents if each.clauses],
        },
        twin=Twin(
            [{"code": each.code, "tally": each.tally, "organisations": each.organisations} for each in classes],
            ("class", "class_vi", "organisations", *tally_columns(book)),
            [
                (each.code, word(book, "actor_class", each.code), len(each.organisations), *tally_row(each.tally))
                for each in classes
            ],
        ),
    )


def _rows(book: Book, about: ActorClassData) -> tuple[tuple[OrganisationData, TallyData], ...]:
    """Localities by province with everything below it, because there may be thousands; the others one by one."""
    bodies = [book.organisations[code] for code in about.organisations]
    if about.code != LOCALITIES:
        return tuple((each, each.own) for each in bodies)
    heads = {each.code for each in book.provinces.values()}
    apart = {each.code for each in bodies if not heads & set(book.line_of(each.code))}
    # In the order of the issue: Vietnamese order of names.
    shown = [each for each in book.data.organisations if each.code in apart or each.code in heads]
    return tuple((each, each.subtree if each.code in heads else each.own) for each in shown if each.subtree.total)


def _counts(book: Book, document: DocumentData) -> dict[str, int]:
    """Tasks of the document by the class of their lead; the classes sum to all of them."""
    counts = {each.code: 0 for each in book.data.actor_classes}
    for lead, number in book.places.leads[document.slug].items():
        counts[book.organisations[lead].actor_class] += number
    return counts


def _gaps(document: DocumentData) -> int:
    return sum(not each.tasks for each in document.clauses)
