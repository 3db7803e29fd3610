"""Values that lie far from what is plausible, from their own history, or from their peers.

The robust score is 0.6745·(x − median)/MAD (Iglewicz and Hoaglin, 1993): one wild value does not hide another, as it
would with mean and standard deviation. From 3.5 on a value is shown. It is a question to a person, not a verdict.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

FLAGGED_FROM = Decimal("3.5")
# By the mean deviation 3.5 is reached by what a fifth of the others do as well, 8 only by what fewer than a tenth do.
FLAGGED_FROM_BY_MEAN = Decimal(8)
FEWEST_OTHERS = 8
_NORMAL_QUARTILE = Decimal("0.6745")
# For the normal distribution the standard deviation is 1.2533 times the mean absolute deviation.
_MEAN_DEVIATIONS = Decimal("1.2533")


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """Beyond the plausible range of the indicator's sheet; `low` or `high` is None where the sheet has no bound."""

    amount: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far `compared` lies from the middle of `count` others.

    `spread` is their median absolute deviation from `middle`, or, where more than half of them are alike and that is
    0, their mean absolute deviation (`by_mean`). `score` is None when all the others are alike and this one is not.
    """

    compared: Decimal
    middle: Decimal
    spread: Decimal
    count: int
    score: Decimal | None
    by_mean: bool = False

    @property
    def is_far(self) -> bool:
        if self.score is None:
            return True
        return abs(self.score) >= (FLAGGED_FROM_BY_MEAN if self.by_mean else FLAGGED_FROM)


def out_of_range(amount: Decimal | None, low: Decimal | None, high: Decimal | None) -> OutOfRange | None:
    """None when `amount` is missing or lies within the bounds, the bounds themselves included."""
    if amount is None:
        return None
    outside = (low is not None and amount < low) or (high is not None and amount > high)
    return OutOfRange(amount, low, high) if outside else None


def robust_score(compared: Decimal, others: Sequence[Decimal]) -> Deviation | None:
    """The deviation of one value from the others; None with fewer than FEWEST_OTHERS of them."""
    if len(others) < FEWEST_OTHERS:
        return None
    middle = median(others)
    distances = [abs(other - middle) for other in others]
    spread = median(distances)
    away = compared - middle
    if spread:
        return Deviation(compared, middle, spread, len(others), _NORMAL_QUARTILE * away / spread)
    mean = sum(distances, Decimal(0)) / len(distances)
    if mean:
        return Deviation(compared, middle, mean, len(others), away / (_MEAN_DEVIATIONS * mean), by_mean=True)
    return Deviation(compared, middle, mean, len(others), None if away else Decimal(0), by_mean=True)


def against_history(amounts: Sequence[Decimal | None], per_year: int) -> list[Deviation | None]:
    """For each value of a series, oldest first with None for gaps: its step, judged among the other steps.

    A step is the change from the same period of the year before where there are enough of those, else from the value
    before: so neither season nor steady growth is taken for an error. After a far value the step from the one before
    it counts as well, and the smaller decides: coming back, or staying at a new level, is not far again.
    """
    lag = per_year if _steps(amounts, per_year) > FEWEST_OTHERS else 1
    steps = [_difference(amounts, place, lag) for place in range(len(amounts))]
    scores = iter(scores_among([step for step in steps if step is not None]))
    found: list[Deviation | None] = []
    for place, step in enumerate(steps):
        judged = None if step is None else next(scores)
        before = place - lag
        if judged and judged.is_far and before >= 0 and _was_far(found[before]):
            others = [other for at, other in enumerate(steps) if other is not None and at != place]
            longer = _difference(amounts, place, 2 * lag)
            judged = judged if longer is None else _nearer(judged, robust_score(longer, others))
        found.append(judged)
    return found


def scores_among(values: Sequence[Decimal]) -> list[Deviation | None]:
    """Of each the `robust_score` among all the others, without sorting them anew for every one.

    Whichever is left out, the others have one of three middles, so their distances are sorted three times at most.
    """
    ordered = sorted(values)
    if len(ordered) <= FEWEST_OTHERS:
        return [None] * len(ordered)
    known: dict[Decimal, Deviation | None] = {}
    distances: dict[Decimal, list[Decimal]] = {}
    for value in values:
        if value not in known:
            known[value] = _among_others(value, ordered, distances)
    return [known[value] for value in values]


def _among_others(value: Decimal, ordered: list[Decimal], distances: dict[Decimal, list[Decimal]]) -> Deviation | None:
    place = bisect_left(ordered, value)
    middle = _middle_without(ordered, place)
    if middle not in distances:
        distances[middle] = sorted(abs(other - middle) for other in ordered)
    away = value - middle
    spread = _middle_without(distances[middle], bisect_left(distances[middle], abs(away)))
    if not spread:
        return robust_score(value, [*ordered[:place], *ordered[place + 1 :]])
    return Deviation(value, middle, spread, len(ordered) - 1, _NORMAL_QUARTILE * away / spread)


def _middle_without(ordered: list[Decimal], left_out: int) -> Decimal:
    """The median of all but the one at a place."""
    count = len(ordered) - 1
    high = count // 2
    upper = ordered[high + (high >= left_out)]
    if count % 2:
        return upper
    return (ordered[high - 1 + (high - 1 >= left_out)] + upper) / 2


def _steps(amounts: Sequence[Decimal | None], lag: int) -> int:
    return sum(_difference(amounts, place, lag) is not None for place in range(len(amounts)))


def _difference(amounts: Sequence[Decimal | None], place: int, lag: int) -> Decimal | None:
    if place < lag:
        return None
    here, before = amounts[place], amounts[place - lag]
    return None if here is None or before is None else here - before


def _was_far(deviation: Deviation | None) -> bool:
    return deviation is not None and deviation.is_far


def _nearer(one: Deviation, other: Deviation | None) -> Deviation:
    if other is None or other.score is None:
        return one
    return other if one.score is None or abs(other.score) < abs(one.score) else one
