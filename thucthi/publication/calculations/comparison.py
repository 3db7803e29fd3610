"""What a reviewer must look at before signing: what differs from the published issue, and what looks odd."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

Line = TypeVar("Line")
# A count that moves by more than a fifth, and by more than a handful, is worth a look.
ODD_PERCENT = 20
ODD_LEAST = 5


@dataclass(frozen=True)
class TaskLine:
    """A task as an issue shows it, as far as the reviewer compares it."""

    code: str
    text: str
    stage: str
    schedule: str
    reported: str


@dataclass(frozen=True)
class FigureLine:
    """An indicator's newest figure of the country; `earlier` holds the amounts of all its periods."""

    code: str
    name: str
    period: str
    amount: Decimal | None
    direction: str = ""
    earlier: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True)
class BodyLine:
    """An organisation with its subtree's counts."""

    code: str
    name: str
    total: int
    overdue: int
    not_reported: int


@dataclass(frozen=True)
class ObstacleLine:
    code: str
    text: str
    state: str


@dataclass(frozen=True)
class IssueSummary:
    """The counts, tasks, figures, organisations and obstacles of one issue, read back from its own file.

    `facts`: by task and period what was accepted, to find what was said otherwise before.
    """

    issue: str
    counts: Mapping[str, int]
    tasks: Mapping[str, TaskLine]
    figures: Mapping[str, FigureLine] = field(default_factory=dict)
    bodies: Mapping[str, BodyLine] = field(default_factory=dict)
    obstacles: Mapping[str, ObstacleLine] = field(default_factory=dict)
    facts: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class CountDifference:
    """`before` is None where the earlier issue did not count this."""

    name: str
    before: int | None
    after: int

    @property
    def percent(self) -> int | None:
        """Of the earlier count, rounded towards zero; None where there was none."""
        return None if not self.before else abs(self.after - self.before) * 100 // self.before


@dataclass(frozen=True)
class Difference(Generic[Line]):
    """One of the two is None for what only one issue has."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        line = self.after or self.before
        assert line is not None  # noqa: S101 - one of the two stands
        return line


TaskDifference = Difference[TaskLine]


class Oddity(StrEnum):
    COUNT_MOVED = "count_moved"
    FIGURE_FELL = "figure_fell"
    FIGURE_REVISED = "figure_revised"
    FACT_REVISED = "fact_revised"
    TASK_VANISHED = "task_vanished"


@dataclass(frozen=True)
class Odd:
    """`what` is the name of a count, the code of an indicator or of a task; `period` where it has one."""

    kind: Oddity
    what: str
    before: str
    after: str
    period: str = ""


@dataclass(frozen=True)
class Differences:
    counts: tuple[CountDifference, ...]
    tasks: tuple[Difference[TaskLine], ...]
    figures: tuple[Difference[FigureLine], ...] = ()
    bodies: tuple[Difference[BodyLine], ...] = ()
    obstacles: tuple[Difference[ObstacleLine], ...] = ()
    odd: tuple[Odd, ...] = ()


def differences(before: IssueSummary | None, after: IssueSummary) -> Differences:
    """What a reviewer must look at: every count beside the earlier one, and everything that stands elsewhere now."""
    earlier = before.counts if before else {}
    counts = tuple(CountDifference(name, earlier.get(name), count) for name, count in after.counts.items())
    if before is None:
        return Differences(counts, ())
    return Differences(
        counts=counts,
        tasks=_moved(before.tasks, after.tasks),
        figures=_moved(before.figures, after.figures),
        bodies=_moved(before.bodies, after.bodies),
        obstacles=_moved(before.obstacles, after.obstacles),
        odd=tuple(_odd(before, after, counts)),
    )


def _moved(before: Mapping[str, Line], after: Mapping[str, Line]) -> tuple[Difference[Line], ...]:
    rows = [Difference(before.get(code), after.get(code)) for code in sorted({*before, *after})]
    return tuple(row for row in rows if row.before != row.after)


def _odd(before: IssueSummary, after: IssueSummary, counts: tuple[CountDifference, ...]) -> Iterator[Odd]:
    for count in counts:
        moved = abs(count.after - (count.before or 0))
        if count.percent is not None and count.percent > ODD_PERCENT and moved > ODD_LEAST:
            yield Odd(Oddity.COUNT_MOVED, count.name, str(count.before), str(count.after))
    for code in sorted(before.figures.keys() & after.figures.keys()):
        yield from _odd_figures(before.figures[code], after.figures[code])
    for code, period in sorted(before.facts.keys() & after.facts.keys()):
        was, now = before.facts[code, period], after.facts[code, period]
        if was != now:
            yield Odd(Oddity.FACT_REVISED, code, was, now, period)
    for code in sorted(before.tasks.keys() - after.tasks.keys()):
        yield Odd(Oddity.TASK_VANISHED, code, before.tasks[code].text, "")


def _odd_figures(before: FigureLine, after: FigureLine) -> Iterator[Odd]:
    for period in sorted(before.earlier.keys() & after.earlier.keys()):
        was, now = before.earlier[period], after.earlier[period]
        if was is not None and was != now:
            yield Odd(Oddity.FIGURE_REVISED, after.code, f"{was:f}", "" if now is None else f"{now:f}", period)
    if before.amount is None or after.amount is None or before.period == after.period:
        return
    worse = after.amount > before.amount if after.direction == "fall" else after.amount < before.amount
    if worse:
        yield Odd(Oddity.FIGURE_FELL, after.code, f"{before.amount:f}", f"{after.amount:f}", after.period)
