"""What the checks look at and what they answer with: a question, and the rows that raised it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Matter(StrEnum):
    """What a statistical check compares units by."""

    TASKS = "tasks"
    INDICATORS = "indicators"


class Place(StrEnum):
    """Where the row behind a question can be opened."""

    REPORT = "report"
    TASK = "task"
    INDICATOR = "indicator"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Trace:
    """One row that raised a question: what, when, its number, and the number it is held against.

    `what` is the code of a task or an indicator; `key` opens it at `place` (id of a report, else a code).
    """

    what: str
    period: str
    on: date | None
    number: Decimal | None
    against: Decimal | None
    place: Place
    key: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person of the organisation is asked. Never a verdict.

    `numbers` fill the sentence of the check; `p` is the probability under honest peers (None: no statistics needed).
    `subject` names what it is about within the period: the code of a task or an indicator, or a `Matter`.
    """

    check: str
    organisation_id: int
    period: str
    subject: str
    traces: tuple[Trace, ...]
    numbers: Mapping[str, Decimal | int | str] = field(default_factory=dict)
    p: float | None = None

    @property
    def key(self) -> tuple[str, int, str, str]:
        """Under which an answer to it is kept."""
        return (self.check, self.organisation_id, self.period, self.subject)


@dataclass(frozen=True, slots=True)
class Stated:
    """A report of a task as last handed in for its period. `progress` in per cent; `on` the day it was handed in.

    `digests` are the SHA-256 of its files; `verdict` "accepted", "returned" or "" (nobody judged it yet). `measured` is
    the weakest achievement in per cent of the indicators the task is meant to move, None when none is known.
    `programme`: the id of the programme whose task it is, 0 where nobody asks for it.
    """

    report_id: int
    task: str
    organisation_id: int
    period: str
    on: date
    due_on: date
    progress: Decimal
    claims_completion: bool
    note: str
    verdict: str
    digests: tuple[str, ...]
    started_on: date | None
    measured: Decimal | None
    is_last_day: bool = False
    programme: int = 0

    @property
    def is_said_done(self) -> bool:
        return self.claims_completion or self.progress >= 100


@dataclass(frozen=True, slots=True)
class Known:
    """One row of a line of values with what the checks need; `corrects` is the row before it on the same line.

    `measure` is the kind of the indicator. `due_on` is the last day on which the value should have been known;
    `recorded_on` the day it was typed in (None: not telling, because the row was simulated or came from a machine with
    its history). `stands`: nothing has corrected it.
    """

    row_id: int
    corrects: int | None
    indicator: str
    organisation_id: int
    period: str
    period_end: date
    measure: str
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    scale: Decimal
    direction: str
    available_on: date
    due_on: date
    recorded_on: date | None
    is_from_dispute: bool = False
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """One series of a unit over the periods of a year.

    `target` is in its unit; `is_percent` when 0–100 is its scale; `is_falling` when less is better; `runs_on` when each
    value stands on the one before, so that gains and their evenness mean something.
    """

    subject: str
    values: tuple[float | None, ...]
    target: float | None = None
    is_percent: bool = True
    is_falling: bool = False
    runs_on: bool = True


@dataclass(frozen=True, slots=True)
class Unit:
    """What one organisation stated in a year, for comparison with its peers.

    `pairs`: by subject (measured, declared), both turned so that higher is better. `raised` of `revised` corrections
    made the figure better. `at_the_last` of `entered` came within the last 24 hours before they were due.
    """

    unit_id: int
    courses: tuple[Course, ...] = ()
    pairs: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    raised: int = 0
    revised: int = 0
    at_the_last: int = 0
    entered: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """Peers: units of one kind in one period, compared by one matter."""

    matter: Matter
    period: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """What a statistical check found of one unit: its own number, that of its peers, how many values, and how rare."""

    own: float
    peers: float
    counted: int
    p: float
