"""Organisations: what each owes, what it waits for from others, whether it reports on time. No rank."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from thucthi.public_site.rendering import discipline
from thucthi.public_site.rendering.book import Alike, Book
from thucthi.public_site.rendering.pages import Page, Reader, Twin
from thucthi.public_site.rendering.replies import reply_of
from thucthi.public_site.rendering.tables import (
    ORGANISATION_COLUMNS,
    TASK_COLUMNS,
    TaskRows,
    organisation_rows,
    tally_columns,
)
from thucthi.publication.shapes import OrganisationData

FOLDER = "don-vi"


def organisation_list(book: Book) -> Page:
    organisations = book.data.organisations
    live = [each for each in organisations if each.valid_to is None or each.valid_to >= book.data.header.as_of]
    return Page(
        folder=FOLDER,
        template="organisation_list.html",
        title=_("Đơn vị"),
        section=FOLDER,
        values={"groups": _by_level(live), "provinces": book.provinces},
        twin=Twin(
            [
                {"code": each.code, "official_name": each.official_name, "subtree": each.subtree}
                for each in organisations
            ],
            (*ORGANISATION_COLUMNS, *tally_columns(book)),
            organisation_rows(organisations),
        ),
    )


def organisation_pages(bodies: Iterable[OrganisationData], book: Book, reader: Reader) -> Iterator[Page]:
    for each in bodies:
        yield _organisation(book, reader, each)


def _by_level(organisations: list[OrganisationData]) -> list[tuple[str, list[OrganisationData]]]:
    """Those with tasks or obstacles in their subtree, by level; the page of each leads to the others."""
    busy = [each for each in organisations if each.subtree.total or each.asked_obstacles or each.coordinates]
    levels = dict.fromkeys(each.level for each in organisations)
    order = sorted(levels, key=("central", "province", "district", "commune").index)
    groups = [(level, [each for each in busy if each.level == level]) for level in order]
    return [(level, rows) for level, rows in groups if rows]


def _organisation(book: Book, reader: Reader, organisation: OrganisationData) -> Page:
    tasks = book.subtree_tasks[organisation.code]
    own = book.tasks_with(organisation.led)
    asked = [book.obstacles[code] for code in organisation.asked_obstacles]
    raised = [book.obstacles[code] for code in organisation.raised_obstacles]
    return Page(
        folder=f"{FOLDER}/{organisation.code}",
        template="organisation.html",
        title=organisation.official_name,
        head_title=_head_title(book, reader, organisation),
        section=FOLDER,
        values={
            "organisation": organisation,
            "discipline": discipline,
            "own": own,
            "late": book.late_of(tasks),
            "coordinated": book.tasks_with(organisation.coordinates),
            "asked": [each for each in asked if each.is_open],
            "raised": [each for each in raised if each.is_open],
            "children": [
                book.organisations[code] for code in organisation.children if book.organisations[code].subtree.total
            ],
            "instruments": [each for each in book.instruments_of_drafter[organisation.code] if each.is_owed],
            "alike": book.alike.get((organisation.tree, organisation.level), Alike(0, 0)),
            "reply": reply_of(book, organisation.code),
            "line": [book.organisations[code] for code in reversed(book.line_of(organisation.code)[1:])],
        },
        twin=Twin.of_rows({"organisation": organisation}, TASK_COLUMNS, TaskRows(book, tasks)),
    )


def _head_title(book: Book, reader: Reader, organisation: OrganisationData) -> str:
    """With the body above and the code where several bear the same name."""
    if organisation.official_name not in book.repeated_names:
        return organisation.official_name
    above = f"{reader.short(organisation.parent)}, " if organisation.parent else ""
    return f"{organisation.official_name} ({above}{organisation.code})"
