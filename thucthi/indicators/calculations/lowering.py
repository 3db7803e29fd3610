"""The terms of a target, and whether other terms ask for less. No framework, no clock, no database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from thucthi.indicators.calculations.paths import Point, binding_bound
from thucthi.kernel.values import Bound, Direction, Operator


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision may change in a target; the codes of models.Target."""

    operator: str
    low: Decimal | None
    high: Decimal | None
    year: int | None
    baseline: Decimal | None = None
    baseline_on: date | None = None
    path: str = "straight"
    path_points: tuple[Point, ...] = ()

    @property
    def bound(self) -> Bound:
        """Raises ValueError when operator and bounds do not fit."""
        return Bound(Operator(self.operator), self.low, self.high)


class Lowering(StrEnum):
    """In which way less is asked for."""

    AMOUNT = "amount"
    OPERATOR = "operator"
    YEAR = "year"


# At the same amount the later of these asks for less: "over 55" is more than "at least 55", and "about 55" is least.
STRICTNESS = {
    Operator.MORE_THAN: 0,
    Operator.LESS_THAN: 0,
    Operator.EQUAL: 1,
    Operator.AT_LEAST: 1,
    Operator.AT_MOST: 1,
    Operator.RANGE: 1,
    Operator.ABOUT: 2,
}


def is_lowered(old: Terms, new: Terms, direction: Direction) -> bool:
    """Whether `new` asks for less than `old` in any way: a lower bar, softer words, or more years."""
    return bool(lowerings(old, new, direction))


def lowerings(old: Terms, new: Terms, direction: Direction) -> tuple[Lowering, ...]:
    """In which ways `new` asks for less, seen from the good direction of the indicator.

    A range that opens further is lower for an indicator to hold. A target without a year that gets one, or loses it,
    is not judged by its year.
    """
    found = []
    if _amount_is_less(old.bound, new.bound, direction):
        found.append(Lowering.AMOUNT)
    elif _is_softer(old.bound, new.bound, direction):
        found.append(Lowering.OPERATOR)
    if old.year is not None and new.year is not None and new.year > old.year:
        found.append(Lowering.YEAR)
    return tuple(found)


def _amount_is_less(old: Bound, new: Bound, direction: Direction) -> bool:
    if direction is Direction.HOLD:
        return _opens(old, new)
    before, after = binding_bound(old, direction), binding_bound(new, direction)
    if before is None or after is None:
        return False
    return after < before if direction is Direction.RISE else after > before


def _opens(old: Bound, new: Bound) -> bool:
    """An end that moves outwards, or falls away; a single amount is both ends."""
    (low, high), (new_low, new_high) = _ends(old), _ends(new)
    opens_below = low is not None and (new_low is None or new_low < low)
    opens_above = high is not None and (new_high is None or new_high > high)
    return opens_below or opens_above


def _ends(bound: Bound) -> tuple[Decimal | None, Decimal | None]:
    is_single = bound.operator in {Operator.EQUAL, Operator.ABOUT} and bound.high is None
    return bound.low, bound.low if is_single else bound.high


def _is_softer(old: Bound, new: Bound, direction: Direction) -> bool:
    is_same_amount = binding_bound(old, direction) == binding_bound(new, direction)
    return is_same_amount and STRICTNESS[new.operator] > STRICTNESS[old.operator]
