"""What changed in this issue, this issue beside the former ones, and every issue at its dated address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Cell, Page, Reader, Twin
from thucthi.public_site.rendering.tables import tally_columns, tally_row
from thucthi.publication.shapes import CorrectionData, EarlierIssue, TallyData, TrendPoint

CHANGES = "thay-doi"
COMPARED = "so-sanh"
ALL_ISSUES = "cac-ky"
DATED = "bao-cao"


def issue_pages(book: Book, reader: Reader) -> Iterator[Page]:
    yield _changes(book)
    yield _compared(book, reader)
    yield _all_issues(book)
    yield from _dated(book, reader)


def dated_folder(name: str) -> str:
    """ "2026-W47" at bao-cao/2026/tuan-47, "2026-10" at bao-cao/2026/thang-10."""
    year, _dash, rest = name.partition("-")
    if rest.startswith("W"):
        return f"{DATED}/{year}/tuan-{rest[1:].lower()}"
    return f"{DATED}/{year}/thang-{rest.lower()}" if rest else f"{DATED}/{year}"


def recent_corrections(book: Book) -> list[CorrectionData]:
    return [each for each in book.data.corrections if each.announced_on > book.data.header.since]


def _changes(book: Book) -> Page:
    moved = book.data.changes
    groups = (
        ("hoan-thanh", "finished", moved.finished),
        ("moi-qua-han", "newly_late", moved.newly_late),
        ("moi-giao", "newly_issued", moved.newly_issued),
    )
    rows: list[tuple[Cell, ...]] = [
        (name, code, book.tasks[code].text, book.tasks[code].lead) for _id, name, codes in groups for code in codes
    ]
    rows += [
        ("unblocked", code, book.obstacles[code].condition, book.obstacles[code].asked_of) for code in moved.unblocked
    ]
    corrections = recent_corrections(book)
    rows += [("corrected", each.issue, each.text, None) for each in corrections]
    return Page(
        folder=CHANGES,
        template="changes.html",
        title=_("Thay đổi trong kỳ"),
        values={
            "finished": book.tasks_with(moved.finished),
            "newly_late": book.tasks_with(moved.newly_late),
            "newly_issued": book.tasks_with(moved.newly_issued),
            "unblocked": [book.obstacles[code] for code in moved.unblocked],
            "corrections": corrections,
        },
        twin=Twin({"changes": moved, "corrections": corrections}, ("change", "code", "text", "organisation"), rows),
    )


@dataclass(frozen=True)
class ComparedIssue:
    """One period; `before` is the period it is compared with, None for the oldest. `folder`: its dated page, if any."""

    point: TrendPoint
    before: TallyData | None
    folder: str | None


def compared(book: Book) -> list[ComparedIssue]:
    """Newest first."""
    published = {book.data.header.issue, *(each.issue for each in book.data.earlier)}
    points = book.data.trend
    pairs = zip(points, [None, *points[:-1]], strict=True)
    return [
        ComparedIssue(
            point, before.tally if before else None, dated_folder(point.period) if point.period in published else None
        )
        for point, before in reversed(list(pairs))
    ]


def _compared(book: Book, reader: Reader) -> Page:
    rows = compared(book)
    return Page(
        folder=COMPARED,
        template="compared.html",
        title=_("So sánh các kỳ"),
        values={
            "rows": rows,
            "late_points": [(reader.short_period(each.period), _late(each)) for each in book.data.trend],
            "done_points": [(reader.short_period(each.period), Decimal(each.tally.done)) for each in book.data.trend],
            "counted": [
                (_("Nhiệm vụ"), lambda tally: tally.total),
                (reader.word("stage", "done"), lambda tally: tally.done),
                (reader.word("schedule", "on_time"), lambda tally: tally.schedules["on_time"]),
                (reader.word("schedule", "due_soon"), lambda tally: tally.schedules["due_soon"]),
                (reader.word("schedule", "overdue"), lambda tally: tally.schedules["overdue"]),
            ],
        },
        twin=Twin(
            book.data.trend,
            ("period", "period_end", *tally_columns(book)),
            [(each.period, each.as_of, *tally_row(each.tally)) for each in book.data.trend],
        ),
    )


def _late(point: TrendPoint) -> Decimal:
    return Decimal(point.tally.schedules["overdue"])


@dataclass(frozen=True)
class Published:
    """An issue at its dated address; `manifest_hash` is None for the issue this page is part of.

    `name` is its folder in ky-cong-bo: several versions of one issue have one dated address.
    """

    issue: str
    name: str
    kind: str
    as_of: date
    manifest_hash: str | None
    folder: str


def published(book: Book) -> list[Published]:
    """This issue, then the former ones, newest first."""
    header = book.data.header
    here = Published(header.issue, header.name, header.kind, header.as_of, None, dated_folder(header.issue))
    return [here, *(_published(each) for each in book.data.earlier)]


def _published(issue: EarlierIssue) -> Published:
    return Published(issue.issue, issue.name, issue.kind, issue.as_of, issue.manifest_hash, dated_folder(issue.issue))


def _all_issues(book: Book) -> Page:
    rows = book.data.earlier
    return Page(
        folder=ALL_ISSUES,
        template="issues.html",
        title=_("Các kỳ công bố"),
        values={"published": published(book)},
        twin=Twin(
            rows,
            ("earlier_issue", "kind", "earlier_as_of", "manifest_hash"),
            [(each.issue, each.kind, each.as_of, each.manifest_hash) for each in rows],
        ),
    )


def _dated(book: Book, reader: Reader) -> Iterator[Page]:
    """A page for each issue, so that its address stays the same in this issue and in every later one."""
    counts = {each.period: each.tally for each in book.data.trend}
    versions: dict[str, list[Published]] = {}
    for each in published(book):
        versions.setdefault(each.folder, []).append(each)
    for folder, (each, *older) in versions.items():
        yield Page(
            folder=folder,
            template="dated.html",
            title=_("Kỳ công bố %(issue)s") % {"issue": reader.period(each.issue)},
            values={
                "issue": each,
                "older": older,
                "tally": counts.get(each.issue),
                "corrections": [row for row in book.data.corrections if row.issue == each.issue],
            },
        )
