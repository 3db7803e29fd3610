"""One page for each task: who, what, by when, how far by three measures, and everything that happened."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.articles import articles
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.cells import END_OF_LINE, closing_cells, csv_line
from thucthi.public_site.rendering.pages import Cell, Page, Reader, Twin, day
from thucthi.public_site.rendering.replies import replies_about
from thucthi.publication.frozen import canonical_texts
from thucthi.publication.shapes import ChangeData, Header, PeriodData, TaskData
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
            twin=Twin(task, HISTORY_COLUMNS, HistoryRows([task])),
        )


def task_sheet(number: int, sheet: Sequence[TaskData], tasks: Sequence[TaskData], book: Book) -> Page:
    """A page that the tasks of `sheet` share: what a page of its own would say of each, in short; `tasks` are shown."""
    return Page(
        folder=sheet_folder(number),
        template="task_sheet.html",
        title=_("Nhiệm vụ %(first)s – %(last)s") % {"first": tasks[0].code, "last": tasks[-1].code},
        section=FOLDER,
        values={
            "tasks": tasks,
            "articles": articles,
            "sheet": number,
            "last_sheet": len(book.sheets),
            "folder": SHEETS,
        },
        twin=Twin({"tasks": sheet}, HISTORY_COLUMNS, HistoryRows(tasks), text=partial(_told, sheet)),
    )


def _told(sheet: Sequence[TaskData]) -> str:
    return f'{{"tasks":[{",".join(canonical_texts(sheet))}]}}'


@dataclass(frozen=True)
class HistoryRows:
    """The reports of some tasks, one after the other."""

    tasks: Sequence[TaskData]

    def __len__(self) -> int:
        return sum(len(task.history) for task in self.tasks)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return ((task.code, *_period_cells(each)) for task in self.tasks for each in task.history)

    def lines(self, header: Header) -> Iterator[bytes]:
        """What is said of a period is the same of many tasks."""
        ending = closing_cells(header)
        for task in self.tasks:
            code = csv_line((task.code,)).removesuffix(END_OF_LINE.encode())
            yield from (b"%b,%b" % (code, _line_of_period(each, ending)) for each in task.history)


@lru_cache(maxsize=4_000)
def _line_of_period(period: PeriodData, ending: tuple[Cell, ...]) -> bytes:
    return csv_line((*_period_cells(period), *ending))


def deadline_moves(task: TaskData) -> list[ChangeData]:
    return [change for change in task.changes if change.field == "deadline"]


def figure(reader: Reader, amount: Decimal | None, note: str) -> Figure | None:
    if amount is None:
        return None
    return Figure(reader.percent(amount), min(max(amount, Decimal(0)), Decimal(100)), note)


def _accepted_note(reader: Reader, task: TaskData) -> str:
    return next((reader.period(each.period) for each in task.history if each.accepted is not None), "")


def _period_cells(period: PeriodData) -> tuple[Cell, ...]:
    return (
        period.period,
        period.due_on,
        period.first_reported_on,
        period.punctuality,
        period.claim,
        period.cause,
        period.declared,
        period.verdict,
        period.accepted,
        " ".join(file.sha256 for file in period.evidence),
    )
