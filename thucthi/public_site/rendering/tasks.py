"""One page for each task: who, what, by when, how far by three measures, and everything that happened."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Cell, Page, Reader, Twin, day
from thucthi.public_site.rendering.replies import replies_about
from thucthi.publication.shapes import ChangeData, TaskData
from thucthi.publication.sheets import SHEETS, sheet_folder

FOLDER = "nhiem-vu"
HISTORY_COLUMNS = (
    "task", "period", "due_on", "first_reported_on", "punctuality", "claim", "cause", "declared", "verdict", "accepted",
    "evidence_sha256",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A figure as the component draws it: the picture stops at 100, the text never does."""

    value: str
    percent: Decimal | None
    note: str


def task_pages(tasks: Iterable[TaskData], book: Book, reader: Reader) -> Iterator[Page]:
    for task in tasks:
        yield Page(
            folder=f"{FOLDER}/{task.code}",
            template="task.html",
            title=task.code,
            section=FOLDER,
            values={
                "task": task,
                "programme": book.programmes[task.programme],
                "deadline_moves": deadline_moves(task),
                "declared": figure(reader, task.standing.declared, day(task.standing.declared_on)),
                "accepted": figure(reader, task.standing.accepted, _accepted_note(reader, task)),
                "measured": figure(reader, task.standing.measured, ", ".join(task.indicators)),
                "replies": replies_about(book, task),
                "obstacles": [book.obstacles[code] for code in task.obstacles],
                "trend": [
                    (each.period, each.declared)
                    for each in reversed(task.history)
                    if each.due_on <= book.data.header.as_of
                ],
            },
            twin=Twin(task, HISTORY_COLUMNS, _history_rows(task)),
        )


def task_sheets(first: int, sheets: Sequence[Sequence[TaskData]], book: Book, reader: Reader) -> Iterator[Page]:
    """Pages that many tasks share, from the number `first` on: what a page of its own would say of each, in short."""
    for number, sheet in enumerate(sheets, start=first):
        tasks = list(sheet)
        yield Page(
            folder=sheet_folder(number),
            template="task_sheet.html",
            title=_("Nhiệm vụ %(first)s – %(last)s") % {"first": tasks[0].code, "last": tasks[-1].code},
            section=FOLDER,
            values={"tasks": tasks, "sheet": number, "last_sheet": len(book.sheets), "folder": SHEETS},
            twin=Twin({"tasks": tasks}, HISTORY_COLUMNS, [row for task in tasks for row in _history_rows(task)]),
        )


def deadline_moves(task: TaskData) -> list[ChangeData]:
    return [change for change in task.changes if change.field == "deadline"]


def figure(reader: Reader, amount: Decimal | None, note: str) -> Figure | None:
    if amount is None:
        return None
    return Figure(reader.percent(amount), min(max(amount, Decimal(0)), Decimal(100)), note)


def _accepted_note(reader: Reader, task: TaskData) -> str:
    return next((reader.period(each.period) for each in task.history if each.accepted is not None), "")


def _history_rows(task: TaskData) -> list[tuple[Cell, ...]]:
    return [
        (
            task.code,
            each.period,
            each.due_on,
            each.first_reported_on,
            each.punctuality,
            each.claim,
            each.cause,
            each.declared,
            each.verdict,
            each.accepted,
            " ".join(file.sha256 for file in each.evidence),
        )
        for each in task.history
    ]
