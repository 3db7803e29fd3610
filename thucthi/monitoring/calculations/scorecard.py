"""How a body's figures lie among those of its own kind: quartiles and a place on a strip, never a rank or a sum.

A figure is a ratio with its parts; a body without a single case has no place and does not move the quartiles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from thucthi.monitoring.calculations.standing import Ratio

FEWEST_PEERS = 4
HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Spread:
    """The quartiles of a figure among the bodies that have it, with every value in order for drawing."""

    low: Decimal
    middle: Decimal
    high: Decimal
    values: tuple[Decimal, ...]


def median(values: Iterable[Decimal | int]) -> Decimal | None:
    """The middle value, the mean of the two middle ones of an even number; None of nothing."""
    ordered = sorted(map(Decimal, values))
    return _at(ordered, Decimal("0.5")) if ordered else None


def spread_of(values: Iterable[Decimal | int]) -> Spread | None:
    """None for fewer than four bodies: quartiles of three would point at each of them."""
    ordered = sorted(map(Decimal, values))
    if len(ordered) < FEWEST_PEERS:
        return None
    low, middle, high = (_at(ordered, Decimal(part) / 4) for part in (1, 2, 3))
    return Spread(low, middle, high, tuple(ordered))


def spread_of_ratios(ratios: Mapping[int, Ratio]) -> Spread | None:
    """The spread of the percentages of those that have any case."""
    return spread_of(ratio.percent for ratio in ratios.values() if ratio.denominator)


def _at(ordered: list[Decimal], share: Decimal) -> Decimal:
    """Between neighbours in proportion, the common way of spreadsheets (inclusive); one decimal place."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    found = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
    return found.quantize(TENTH, ROUND_HALF_UP)
