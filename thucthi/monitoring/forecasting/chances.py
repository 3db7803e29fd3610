"""What a forecast says about a target, and its interval at two confidences."""

from decimal import Decimal
from enum import StrEnum
from math import erf, sqrt

from thucthi.kernel.values import Bound, Operator

# Two-sided quantiles of the normal distribution.
WIDE, NARROW = 95, 80
MULTIPLES = {WIDE: 1.959964, NARROW: 1.281552}


class Chance(StrEnum):
    """likely: the whole 80 % interval keeps the target · hard: none of it does · possible: a part of it."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    HARD = "hard"


def chance(bound: Bound, low: Decimal, high: Decimal) -> Chance | None:
    """Where the target lies in the interval from `low` to `high`; None for "about", whose width no text gives."""
    if bound.operator is Operator.ABOUT:
        return None
    ends = (bound.met_by(low), bound.met_by(high))
    if all(ends):
        return Chance.LIKELY
    return Chance.POSSIBLE if any(ends) or _reaches_into(bound, low, high) else Chance.HARD


def probability(bound: Bound, middle: Decimal, error: Decimal) -> Decimal | None:
    """The share of the normal distribution around `middle` that keeps the target, in per cent without decimals.

    None for "about" and for an exact figure, which no continuous quantity meets.
    """
    if bound.operator in {Operator.ABOUT, Operator.EQUAL}:
        return None
    if error == 0:
        return Decimal(100 if bound.met_by(middle) else 0)
    below_high = _below(bound.high, middle, error) if bound.high is not None else 1.0
    below_low = _below(bound.low, middle, error) if bound.low is not None else 0.0
    return Decimal(round(100 * max(0.0, below_high - below_low)))


def narrower(middle: Decimal, edge: Decimal) -> Decimal:
    """The edge of the 80 % interval from that of the 95 % interval: both are multiples of one error."""
    return middle + (edge - middle) * Decimal(MULTIPLES[NARROW] / MULTIPLES[WIDE])


def error_of(middle: Decimal, high: Decimal) -> Decimal:
    """The standard error from the upper edge of the 95 % interval."""
    return (high - middle) / Decimal(MULTIPLES[WIDE])


def rounded(middle: float, error: float) -> tuple[Decimal, Decimal, Decimal]:
    """Middle and edges of the 95 % interval, to two digits of the half width and at most six decimals."""
    half = error * MULTIPLES[WIDE]
    places = 6 if half <= 0 else min(6, max(0, 1 - Decimal(half).adjusted()))
    low, high = middle - half, middle + half
    quantum = Decimal(1).scaleb(-places)
    return tuple(Decimal(repr(float(number))).quantize(quantum) for number in (middle, low, high))  # type: ignore[return-value]


def _reaches_into(bound: Bound, low: Decimal, high: Decimal) -> bool:
    """Neither end keeps a range or an exact figure, but it lies between them."""
    if bound.low is None or bound.operator not in {Operator.RANGE, Operator.EQUAL}:
        return False
    return low <= bound.low <= high


def _below(limit: Decimal, middle: Decimal, error: Decimal) -> float:
    return (1 + erf(float((limit - middle) / error) / sqrt(2))) / 2
