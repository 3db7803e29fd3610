"""Indicators: what is promised, what the country's figure is and how it was made, where every province stands.

A figure that would give a confidential part away is published as confidential and without an amount.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class TargetData:
    """What a document promises of an indicator. `met` is None while there is no figure to judge by.

    `each_unit` names a kind of unit of which each is bound by it; otherwise the country is.
    """

    code: str
    document: str
    operator: str
    low: Decimal | None
    high: Decimal | None
    baseline: Decimal | None
    year: int | None
    wording_vi: str
    wording_en: str
    met: bool | None
    each_unit: str


@dataclass(frozen=True)
class ObservationData:
    """One value with its state: number, confirmed_zero, not_reported, not_applicable, confidential, provisional."""

    period: str
    period_end: date
    kind: str
    state: str
    amount: Decimal | None
    organisation: str | None
    source: str
    available_on: date
    is_correction: bool


@dataclass(frozen=True)
class FigureData:
    """The country's figure of one period. Of `expected` values owed, `counted` are in it.

    `own` is what its source states, `contributed` what the units below give; not_applicable ones are not owed.
    """

    period: str
    state: str
    amount: Decimal | None
    own: Decimal | None
    contributed: Decimal | None
    counted: int
    expected: int
    provisional: int
    confidential: int
    not_applicable: int

    @property
    def missing(self) -> int:
        """Owed, and neither counted nor confidential."""
        return self.expected - self.counted - self.confidential


@dataclass(frozen=True)
class UnitFigureData:
    """The figure of one unit in the newest period. `meets` is None without a target or floor, or without a figure."""

    organisation: str
    state: str
    amount: Decimal | None
    is_disputed: bool
    meets: bool | None


@dataclass(frozen=True)
class MemberData:
    """One part of a figure: the unit's own value (`is_own`) or the figure of a unit below; `why` it is in or not."""

    organisation: str | None
    is_own: bool
    why: str
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    weight: Decimal | None


@dataclass(frozen=True)
class ComputationData:
    """How the country's newest figure was made: rule, formula with the real numbers, parts, versions.

    `tree_day`: the day whose organisations were used. `weighed_by` names the indicator that weighs the parts.
    """

    figure: FigureData
    origin: str
    operator: str
    formula_vi: str
    formula_en: str
    weighed_by: str
    rule_version: int
    engine_version: str
    tree_day: date
    members: tuple[MemberData, ...]


@dataclass(frozen=True)
class BreakData:
    """The sheet was changed on the day `changed_on` so that figures before and after it cannot be compared.

    `changed` names the fields that changed. `period`: the first figure of the country that ends on that day or later,
    "" while there is none.
    """

    sheet_version: int
    changed_on: date
    period: str
    changed: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class IndicatorData:
    """`achievement`: per cent of the way to the target now in force, unclamped (130 stays 130).

    `observations` are the country's own values; `figures` its figures, oldest first; `units` stand in `units_period`.
    All values of all units are in the CSV beside the page, not here.
    """

    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str
    direction: str
    kind: str
    definition: str
    method: str
    limits: str
    source: str
    source_owner: str | None
    owner: str | None
    frequency: str
    targets: tuple[TargetData, ...]
    observations: tuple[ObservationData, ...]
    figures: tuple[FigureData, ...]
    units_period: str
    units: tuple[UnitFigureData, ...]
    computation: ComputationData | None
    achievement: Decimal | None
    tasks: tuple[str, ...]
    breaks: tuple[BreakData, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueData:
    """One standing value of any unit, period, kind and breakdown: a row of an indicator's CSV."""

    period: str
    organisation: str | None
    kind: str
    breakdown: str
    state: str
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    available_on: date
    is_correction: bool
