"""Rows of the CSV twins. A missing figure stays empty, and the column beside it says why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from thucthi.kernel.canonical import canonical_text
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.cells import closing_cells, csv_line
from thucthi.public_site.rendering.pages import Cell
from thucthi.publication.frozen import FrozenTasks, fields_of
from thucthi.publication.shapes import Header, IndicatorData, ObstacleData, OrganisationData, TallyData, TaskData

TASK_COLUMNS = (
    "code", "kind", "text", "programme", "documents", "lead", "lead_name", "answering", "coordinators", "deadline_text",
    "due_on", "stage", "stage_vi", "schedule", "schedule_vi", "reported", "reported_vi", "declared", "declared_state",
    "accepted", "accepted_state", "measured", "measured_state", "completed_on", "deadline_moves",
)  # fmt: skip
OBSTACLE_COLUMNS = (
    "code", "task", "raised_by", "raised_on", "cause", "cause_vi", "condition", "asked_of", "asked_of_name",
    "asked_what", "due_on", "state", "state_vi", "closed_on", "working_days",
)  # fmt: skip
OBSERVATION_COLUMNS = (
    "indicator", "name", "unit", "period", "period_end", "organisation", "kind", "kind_vi", "state", "state_vi",
    "amount", "source", "available_on", "is_correction",
)  # fmt: skip


def word(book: Book, group: str, code: str) -> str:
    return book.data.vocabulary[group][code].vi


@dataclass(frozen=True)
class TaskRows:
    """Made while they are read: a country's tasks stand in the tables of all bodies above their leads."""

    book: Book
    tasks: Sequence[TaskData]

    def __len__(self) -> int:
        return len(self.tasks)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return (task_row(self.book, *values) for values in fields_of(self.tasks, *OF_A_ROW))

    def lines(self, header: Header) -> Iterator[bytes]:
        """Written once for all tables where there are too many to be written for each."""
        gathered = self.book.gathered
        if gathered is not None and isinstance(self.tasks, FrozenTasks):
            return gathered.lines.some(self.tasks.places)
        closing = closing_cells(header)
        return (csv_line((*row, *closing)) for row in self)

    def texts(self) -> Iterator[str]:
        gathered = self.book.gathered
        if gathered is not None and isinstance(self.tasks, FrozenTasks):
            return map(bytes.decode, gathered.texts.some(self.tasks.places))
        return map(text_of_row, self)


def text_of_row(row: Sequence[Cell]) -> str:
    """A row of a table of tasks as canonical JSON."""
    return canonical_text(dict(zip(TASK_COLUMNS, row, strict=True)))


def _figure(amount: Decimal | None, absent: str) -> tuple[Cell, str]:
    return amount, absent if amount is None else "number"


# What a row says of a task, in the order in which `task_row` takes it.
OF_A_ROW = (
    "code", "kind", "text", "programme", "documents", "lead", "answering", "coordinators", "deadline_text", "due_on",
    "standing", "changes",
)  # fmt: skip


def task_row(book: Book, *values: Any) -> tuple[Cell, ...]:
    code, kind, said, programme, documents, lead, answering, coordinators, deadline, due_on, now, changes = values
    return (
        *(code, kind, said, programme, "; ".join(documents), lead, book.organisations[lead].official_name),
        *("; ".join(answering), "; ".join(coordinators), deadline, due_on),
        now.stage,
        word(book, "stage", now.stage),
        now.schedule,
        word(book, "schedule", now.schedule),
        now.reported,
        word(book, "reported", now.reported),
        *_figure(now.declared, "not_reported"),
        *_figure(now.accepted, "not_accepted"),
        *_figure(now.measured, "not_measured"),
        now.completed_on,
        sum(change.field == "deadline" for change in changes),
    )


def obstacle_rows(book: Book, obstacles: Iterable[ObstacleData]) -> list[tuple[Cell, ...]]:
    return [
        (
            each.code,
            each.task,
            each.raised_by,
            each.raised_on,
            each.cause,
            word(book, "cause", each.cause),
            each.condition,
            each.asked_of,
            book.organisations[each.asked_of].official_name,
            each.asked_what,
            each.due_on,
            each.state,
            word(book, "obstacle_state", each.state),
            each.closed_on,
            each.working_days,
        )
        for each in obstacles
    ]


def tally_columns(book: Book) -> tuple[str, ...]:
    stages = (f"stage_{code}" for code in book.data.tally.stages)
    schedules = (f"schedule_{code}" for code in book.data.tally.schedules)
    rates = ("completed", "completed_of", "kept", "kept_of")
    return ("total", *stages, *schedules, "reports_owed", "reports_in", *rates)


def tally_row(tally: TallyData) -> tuple[Cell, ...]:
    """The rates as their two parts; empty parts where there is no rate."""
    completion, on_time = tally.completion, tally.on_time
    return (
        tally.total,
        *tally.stages.values(),
        *tally.schedules.values(),
        tally.owed,
        tally.reported,
        completion.numerator if completion else None,
        completion.denominator if completion else None,
        on_time.numerator if on_time else None,
        on_time.denominator if on_time else None,
    )


def organisation_rows(organisations: Iterable[OrganisationData]) -> list[tuple[Cell, ...]]:
    return [
        (each.code, each.official_name, each.tree, each.level, each.unit_code, each.parent, *tally_row(each.subtree))
        for each in organisations
    ]


ORGANISATION_COLUMNS = ("code", "official_name", "tree", "level", "unit_code", "parent")


def observation_rows(book: Book, indicators: Iterable[IndicatorData]) -> list[tuple[Cell, ...]]:
    return [
        (
            indicator.code,
            indicator.name,
            indicator.unit,
            each.period,
            each.period_end,
            each.organisation,
            each.kind,
            word(book, "observation_kind", each.kind),
            each.state,
            word(book, "value_state", each.state),
            each.amount,
            each.source,
            each.available_on,
            each.is_correction,
        )
        for indicator in indicators
        for each in indicator.observations
    ]
