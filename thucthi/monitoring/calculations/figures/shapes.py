"""What goes into a figure, the rule by which it is made, and the figure itself with its coverage.

All amounts are exact decimals in the unit of the indicator. What comes from a division is rounded to six decimals,
halves away from zero, as values are kept. Nothing is clamped.

Cells and figures are made by the ten thousand, and a frozen one takes eight times as long to make; like all shapes they
are never changed once made.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from thucthi.kernel.values import ValueState

COUNTRY = 0
ENGINE_VERSION = "1.0"


class Origin(StrEnum):
    """Where the figure of a unit comes from."""

    OWN = "own"
    CHILDREN = "children"
    BOTH = "both"
    SOURCE = "source"


class Operator(StrEnum):
    """How parts become one figure."""

    SUM = "sum"
    WEIGHTED_MEAN = "weighted_mean"
    RATIO_OF_SUMS = "ratio_of_sums"
    MIN = "min"
    MAX = "max"
    LATEST = "latest"
    COUNT_MEETING_FLOOR = "count_meeting_floor"
    NONE = "none"


READS_OWN = frozenset({Origin.OWN, Origin.BOTH, Origin.SOURCE})
READS_MEMBERS = frozenset({Origin.CHILDREN, Origin.BOTH, Origin.SOURCE})


@dataclass(slots=True, unsafe_hash=True)  # not frozen: see the head of this file
class Cell:
    """The value that stands for a unit, indicator and period. `arrived` is the day from which it counted as known."""

    state: ValueState
    amount: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    observation_id: int = 0
    arrived: date = date.min


@dataclass(frozen=True, slots=True)
class Rule:
    """How the figure of one kind of unit is made.

    `scale` turns numerator/denominator into the unit. `floor` is met from above where `falls` (the lower the better),
    else from below. `is_weighted`: a mean weighs its parts; otherwise all weigh alike.
    """

    origin: Origin
    operator: Operator = Operator.NONE
    scale: Decimal = Decimal(1)
    floor: Decimal | None = None
    falls: bool = False
    is_weighted: bool = False

    def is_met_by(self, amount: Decimal) -> bool:
        """Whether `amount` keeps the floor; raises ValueError for a rule that has none."""
        if self.floor is None:
            raise ValueError("this rule has no floor")
        return amount <= self.floor if self.falls else amount >= self.floor


@dataclass(slots=True, unsafe_hash=True)  # not frozen: see the head of this file
class Figure:
    """One figure with what it was made of.

    `unit_id` is an organisation, or COUNTRY. `own` is what the unit itself stated, `contributed` what came from below
    (kept for comparison only where the origin is the source). Of `expected` values owed below and here, `counted` are
    in the amount and `provisional` of these may still change; `confidential` ones are owed and not counted;
    `not_applicable` ones are not owed. An amount is None exactly when nothing was counted or the figure
    `is_suppressed`: hidden, though known, because a confidential part could be computed from it.
    (`arrived`, `observation_id`) is the newest value in it.
    """

    indicator_id: int
    period: str
    unit_id: int
    state: ValueState
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    own: Decimal | None
    contributed: Decimal | None
    counted: int
    expected: int
    provisional: int
    confidential: int
    not_applicable: int
    is_suppressed: bool = False
    arrived: date | None = None
    observation_id: int | None = None

    @property
    def missing(self) -> int:
        """Owed, and neither counted nor confidential: did not come, or cannot be counted (no weight, no parts)."""
        return self.expected - self.counted - self.confidential

    @property
    def is_complete(self) -> bool:
        """Everything owed is in the amount, and something was owed."""
        return self.counted == self.expected > 0


class Why(StrEnum):
    """Why a part is, or is not, in the figure."""

    COUNTED = "counted"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    CONFIDENTIAL = "confidential"
    SUPPRESSED = "suppressed"
    NO_WEIGHT = "no_weight"
    NO_PARTS = "no_parts"
    FOR_COMPARISON = "for_comparison"


@dataclass(frozen=True, slots=True)
class Member:
    """One part of a figure: the unit's own value (`is_own`, with its observation) or the figure of a unit below.

    `observation_id`, `source` and `available_on` name the value itself where the part is one value.
    """

    unit_id: int
    is_own: bool
    figure: Figure
    weight: Decimal | None
    why: Why
    observation_id: int | None = None
    source: str = ""
    available_on: date | None = None

    @property
    def is_counted(self) -> bool:
        return self.why is Why.COUNTED


@dataclass(frozen=True, slots=True)
class Computation:
    """How a figure was made: rule, parts, versions. `formula` says it in words with the real numbers.

    `rule_version` is the version of the indicator's sheet, `tree_day` the day whose tree of organisations was used,
    `newest_observation_id` the newest value that was seen.
    """

    figure: Figure
    origin: Origin
    operator: Operator
    formula: str
    members: tuple[Member, ...]
    weight_indicator_id: int | None
    rule_version: int
    engine_version: str
    tree_day: date
    as_of: date
    newest_observation_id: int | None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Two figures that should be the same: `stated` against `computed` from parts.

    `what` is "children", "ratio", or "dimension:<code>". `counted` of `expected` parts are in `computed`; a difference
    means something only where `is_complete`.
    """

    indicator_id: int
    period: str
    unit_id: int
    what: str
    stated: Decimal
    computed: Decimal
    counted: int
    expected: int

    @property
    def difference(self) -> Decimal:
        return self.stated - self.computed

    @property
    def is_complete(self) -> bool:
        return self.counted == self.expected > 0
