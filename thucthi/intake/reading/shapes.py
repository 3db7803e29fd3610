"""What a reading consists of. `start` and `end` are offsets in letters into the extracted text.

Wherever an item has both, `text == source.text[start:end]`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from thucthi.kernel.deadlines import Deadline


class RelationKind(StrEnum):
    """What a document says it does to another one."""

    IMPLEMENTS = "implements"
    AMENDS = "amends"
    REPLACES = "replaces"
    BASED_ON = "based_on"
    REFERS = "refers"


@dataclass(frozen=True, slots=True)
class RelationRead:
    """A cited document; `number` as normally written (57-NQ/TW), `start`, `end` the citation's place."""

    kind: RelationKind
    number: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HeaderRead:
    """The head of a document; None where it does not say. `type` in lower case, as "nghị quyết"."""

    number: str | None = None
    type: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    place: str | None = None
    title: str | None = None
    relations: tuple[RelationRead, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseRead:
    """One numbered place of the outline: its own words, up to the next clause of any level.

    `path` joins the labels from the top ("III.1.a"); `parent` is the place of the clause above in the outline.
    """

    path: str
    start: int
    end: int
    text: str
    label: str
    kind: str
    parent: int | None = None


class Operator(StrEnum):
    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"
    EQUAL = "="
    RANGE = "range"
    ABOUT = "about"


class Change(StrEnum):
    """Whether the figure is a state to reach or a change of it; `growth` is a rate per year or against before."""

    LEVEL = "level"
    INCREASE = "increase"
    DECREASE = "decrease"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class TargetRead:
    """A figure to reach. `scope` names for whom or compared with what ("mỗi tỉnh", "Đông Nam Á"), when it is said."""

    text: str
    start: int
    end: int
    indicator: str
    operator: Operator
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    year: int | None
    change: Change
    is_fact: bool
    scope: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Succession:
    """Which body answers today for one that is named: `rule` says why, in Vietnamese, with the legal source."""

    named: str
    successors: tuple[str, ...]
    since: date
    rule: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class TaskRead:
    """A piece of work. `text` is its own words; `cell` the place in a table; `clause` the path of its clause.

    `lead` and `coordinators` are names as the document writes them. `index` and `group` are as printed.
    `clarity` holds criterion → verdict (see programmes.calculations); empty until judged.
    """

    text: str
    start: int
    end: int
    cell: str | None = None
    index: str | None = None
    group: str | None = None
    clause: str | None = None
    action: str | None = None
    lead: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    collective_lead: bool = False
    deadline: Deadline | None = None
    product: str | None = None
    resources: str | None = None
    head: str | None = None
    successions: tuple[Succession, ...] = ()
    clarity: dict[str, str] = field(default_factory=dict)
    confidence: float = 0.0
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a person should know about the whole document or one place of it; a Vietnamese sentence."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one file."""

    text: str
    header: HeaderRead
    clauses: tuple[ClauseRead, ...]
    targets: tuple[TargetRead, ...]
    tasks: tuple[TaskRead, ...]
    warnings: tuple[Warned, ...]
