"""The right of reply: whoever is named as late has his own words beside the figure, or the words that he gave none."""

from collections.abc import Sequence
from dataclasses import dataclass

from thucthi.public_site.rendering.book import Book
from thucthi.publication.shapes import OrganisationData, StatementData, TaskData

MOST_EARLIER = 8


@dataclass(frozen=True)
class Reply:
    """`quarter`: the one of the issue. `is_named`: the body itself is shown as late or silent in this issue."""

    organisation: str
    quarter: str
    said: Sequence[StatementData]
    earlier: Sequence[StatementData]
    is_named: bool

    @property
    def is_missing(self) -> bool:
        return self.is_named and not self.said


def reply_of(book: Book, code: str) -> Reply:
    """Of a body whose page is in the issue."""
    body = book.organisations[code]
    said = [each for each in body.statements if each.period == book.quarter]
    earlier = [each for each in body.statements if each.period != book.quarter]
    return Reply(code, book.quarter, said, earlier[:MOST_EARLIER], _is_named(book, body))


def replies_about(book: Book, task: TaskData) -> list[Reply]:
    """Of the bodies that answer for a task that is shown as overdue or silent; none for any other task."""
    now = task.standing
    if now.schedule != "overdue" and now.reported != "not_reported":
        return []
    return [reply_of(book, code) for code in task.answering if code in book.organisations]


def _is_named(book: Book, body: OrganisationData) -> bool:
    as_of = book.data.header.as_of
    asked = (book.obstacles[code] for code in body.asked_obstacles)
    return (
        bool(body.own.schedules["overdue"] or body.own.not_reported)
        or any(each.is_open and each.due_on < as_of for each in asked)
        or any(each.is_late for each in book.instruments_of_drafter[body.code])
    )
