"""Where an indicator should be on a day, on the way from its baseline to its target.

Paths: straight (even in days), growth (an even rate, compounded), stepped (each level holds until the next step),
custom (straight between its own points). No framework, no clock, no database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from thucthi.kernel.values import Bound, Direction, Operator

Point = tuple[date, Decimal]


class PathKind(StrEnum):
    """How the way is meant to be gone; the codes of models.TargetPath."""

    STRAIGHT = "straight"
    STEPPED = "stepped"
    GROWTH = "growth"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class PathFacts:
    """One way: from `baseline` on `baseline_on` to `target` on `ends_on`, amounts in the unit of the indicator.

    `points` are in the order of days, for stepped and custom paths; the target need not be among them.
    """

    kind: PathKind
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    ends_on: date | None
    points: tuple[Point, ...] = ()


def expected_on(path: PathFacts, day: date) -> Decimal | None:
    """What the path expects on `day`, not rounded; None before it begins and where it cannot be said.

    From the last day on it is the target. Growth needs both ends above 0. A path of own points may begin at its first
    point when no baseline is known.
    """
    if path.ends_on is not None and day >= path.ends_on:
        return path.target
    if path.kind is PathKind.GROWTH:
        return _growth(path, day)
    knots = tuple(_knots(path))
    if not knots or day < knots[0][0]:
        return None
    return _last_level(knots, day) if path.kind is PathKind.STEPPED else _between(knots, day)


def year_ends(path: PathFacts) -> list[Point]:
    """The path year by year: what is expected at the end of each year from the baseline to the target."""
    begins = path.baseline_on or (path.points[0][0] if path.points else path.ends_on)
    if begins is None or path.ends_on is None:
        return []
    days = [date(year, 12, 31) for year in range(begins.year, path.ends_on.year)]
    expected = [(day, expected_on(path, day)) for day in [*days, path.ends_on]]
    return [(day, amount) for day, amount in expected if amount is not None]


def binding_bound(bound: Bound, direction: Direction, baseline: Decimal | None = None) -> Decimal | None:
    """The amount by which a target is first kept: of a range the end that comes first on the good way.

    To hold a range means to come into it from where one stands: below it the low end, above it the high one, and inside
    (or when the baseline is unknown) there is no single amount: None.
    """
    low, high = bound.low, bound.high
    if low is None or high is None or low == high:
        return high if low is None else low
    if direction is Direction.HOLD and bound.operator in {Operator.RANGE, Operator.ABOUT}:
        if baseline is None or low <= baseline <= high:
            return None
        return low if baseline < low else high
    return high if direction is Direction.FALL else low


def _knots(path: PathFacts) -> Iterator[Point]:
    """Baseline, points, target, as far as they are known; only own points can do without a baseline."""
    has_start = path.baseline is not None and path.baseline_on is not None
    if not has_start and not path.points:
        return
    if path.baseline is not None and path.baseline_on is not None:
        yield path.baseline_on, path.baseline
    begins, ends = path.baseline_on or date.min, path.ends_on or date.max
    yield from (point for point in path.points if begins < point[0] < ends)
    if path.target is not None and path.ends_on is not None:
        yield path.ends_on, path.target


def _last_level(knots: Sequence[Point], day: date) -> Decimal:
    return [amount for on, amount in knots if on <= day][-1]


def _between(knots: Sequence[Point], day: date) -> Decimal | None:
    """On the straight line between the two knots around `day`; None behind the last one, where nothing is promised."""
    for (start, first), (end, last) in pairwise(knots):
        if start <= day <= end:
            return first + (last - first) * (day - start).days / (end - start).days
    return knots[-1][1] if knots[-1][0] == day else None


def _growth(path: PathFacts, day: date) -> Decimal | None:
    start, end = path.baseline_on, path.ends_on
    if path.baseline is None or path.target is None or start is None or end is None or not start <= day < end:
        return None
    if path.baseline <= 0 or path.target <= 0:
        return None
    part = Decimal((day - start).days) / (end - start).days
    return path.baseline * (path.target / path.baseline) ** part
