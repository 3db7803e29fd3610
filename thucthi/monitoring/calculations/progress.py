"""How far an indicator has come to its target, whether that is as far as its path expects, and which way it moves.

One arithmetic for rising and falling indicators, ranges to hold, ranks, yearly norms and levels of a rubric. Nothing is
clamped: 130 is 130 and -5 is -5. Where no percentage can be said there is a reason instead. No framework, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from itertools import combinations
from statistics import median
from typing import TypeVar

from thucthi.indicators.calculations.paths import PathFacts, Point, expected_on
from thucthi.kernel.values import HUNDRED, Bound, Direction, Operator, achievement
from thucthi.monitoring.figure_states import FigureState, Level, Movement, Trend, Unsaid
from thucthi.monitoring.states import Word

# Less than this many points of the way behind the path still counts as on the path.
BEHIND_FROM = Decimal(5)
# Movement is read over so many of the last values, and means more than this part of the way (else of the value).
WINDOW = 4
STILL_WITHIN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Aim:
    """A target to be reached. `path.target` is its binding bound (paths.binding_bound).

    `is_norm`: every period owes the target itself ("mỗi năm ít nhất 3 %", a growth rate); there is no way to go.
    `is_qualitative`: amounts are levels of a rubric, which are compared and never made into a percentage.
    """

    bound: Bound
    direction: Direction
    path: PathFacts
    is_norm: bool = False
    is_qualitative: bool = False

    @property
    def band(self) -> tuple[Decimal | None, Decimal | None]:
        """The low and the high end of what keeps the target; None is an open end."""
        low, high = self.bound.low, self.bound.high
        is_single = self.bound.operator in {Operator.EQUAL, Operator.ABOUT}
        return (low, low if is_single and high is None else high)


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` of the way, not rounded, or why there is none. `left` is what is missing in the unit, 0 when met.

    `is_met` is None where the words of the target do not decide it ("khoảng") or there is no value.
    """

    percent: Decimal | None
    unsaid: Unsaid | None
    is_met: bool | None
    left: Decimal | None


@dataclass(frozen=True, slots=True)
class Pace:
    """The figure against its path on `day`: `gap` is actual less expected in the unit of the indicator.

    `points` is the same in points of the way, below 0 when behind, whatever the direction; None with the reason of the
    progress. `is_behind` is None when nothing is expected on that day.
    """

    day: date
    expected: Decimal | None
    gap: Decimal | None
    points: Decimal | None
    is_behind: bool | None


@dataclass(frozen=True, slots=True)
class Motion:
    """What the last `counted` values did: `change` in the unit over them, and how much would still count as nothing."""

    movement: Movement
    trend: Trend
    change: Decimal | None
    threshold: Decimal | None
    counted: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is said of one figure against one target."""

    progress: Progress
    pace: Pace | None
    motion: Motion
    level: Level
    state: FigureState


def standing(aim: Aim, values: Sequence[Point]) -> Standing:
    """Where the newest of `values` (end of period, amount; only what has an amount) stands, and which way they move.

    The newest value is held against what the path expected at the end of its own period, not today.
    """
    ordered = sorted(values)
    day, amount = ordered[-1] if ordered else (None, None)
    progress, motion = progress_to(aim, amount), movement(aim, ordered)
    against = None if day is None else pace(aim, amount, day)
    reached = level(progress, against)
    return Standing(progress, against, motion, reached, combined(reached, motion.movement))


def progress_to(aim: Aim, amount: Decimal | None) -> Progress:
    """How much of the way was gone (rise, fall), or how near the band the figure is kept (hold: 100 is inside it)."""
    if amount is None:
        return Progress(None, Unsaid.NO_VALUE, None, None)
    met, found = is_met(aim, amount), _percent(aim, amount)
    percent, unsaid = (None, found) if isinstance(found, Unsaid) else (found, None)
    return Progress(percent, unsaid, met, Decimal(0) if met else _outside(aim, amount))


def is_met(aim: Aim, amount: Decimal) -> bool | None:
    """Whether the target is kept; beyond the far end of a range on the good way is kept too ("tăng 10–12 %": 13)."""
    low, high = aim.bound.low, aim.bound.high
    if aim.bound.operator is Operator.RANGE and low is not None and high is not None:
        if aim.direction is Direction.RISE:
            return amount >= low
        if aim.direction is Direction.FALL:
            return amount <= high
    return aim.bound.met_by(amount)


def pace(aim: Aim, amount: Decimal | None, day: date) -> Pace:
    """The figure of `day` against what the path expects then."""
    expected = _expected(aim, amount, day)
    if amount is None or expected is None:
        return Pace(day, expected, None, None, None)
    now, due = progress_to(aim, amount), progress_to(aim, expected)
    points = None if now.percent is None or due.percent is None else now.percent - due.percent
    return Pace(day, expected, amount - expected, points, _is_behind(aim, now, amount - expected, points, day))


def movement(aim: Aim, values: Sequence[Point]) -> Motion:
    """Which way the last WINDOW values went, by the median of the slopes between each two: one odd value is nothing.

    Still: a change of no more than STILL_WITHIN of the way from baseline to target, or of the middle value without one.
    """
    last = sorted(values)[-WINDOW:]
    if len(last) < 2 or last[0][0] == last[-1][0]:
        return Motion(Movement.UNKNOWN, Trend.UNKNOWN, None, None, len(last))
    change, threshold = _change(last), _threshold(aim, [amount for _day, amount in last])
    nearer = _change([(day, _goodness(aim, amount)) for day, amount in last])
    return Motion(
        _judged(nearer, threshold, Movement.TOWARDS, Movement.AWAY, Movement.STILL),
        _judged(change, threshold, Trend.RISING, Trend.FALLING, Trend.STILL),
        change,
        threshold,
        len(last),
    )


def level(progress: Progress, against: Pace | None) -> Level:
    """Met; else on the path or behind it; else nothing can be said."""
    if progress.is_met:
        return Level.MET
    if against is None or against.is_behind is None:
        return Level.UNKNOWN
    return Level.BEHIND if against.is_behind else Level.ON_PATH


def combined(reached: Level, moves: Movement) -> FigureState:
    """Level × movement in one word."""
    away = moves is Movement.AWAY
    if reached is Level.MET:
        return FigureState.MET_SLIPPING if away else FigureState.MET
    if reached is Level.ON_PATH:
        return FigureState.ON_PATH_SLIPPING if away else FigureState.ON_PATH
    if reached is Level.UNKNOWN:
        return FigureState.UNKNOWN
    return {
        Movement.TOWARDS: FigureState.BEHIND_MOVING,
        Movement.STILL: FigureState.BEHIND_STILL,
        Movement.AWAY: FigureState.BEHIND_SLIPPING,
        Movement.UNKNOWN: FigureState.BEHIND,
    }[moves]


def average_growth(rates: Sequence[Decimal]) -> Decimal | None:
    """The even yearly rate, in per cent, that comes to the same as these yearly rates one after the other.

    None without rates, and where a loss of 100 % or more leaves nothing to grow.
    """
    grown = Decimal(1)
    for rate in rates:
        grown *= 1 + rate / HUNDRED
        if grown <= 0:
            return None
    return (grown ** (Decimal(1) / len(rates)) - 1) * HUNDRED if rates else None


def needed_growth(wanted: Decimal, rates: Sequence[Decimal], years: int) -> Decimal | None:
    """The even rate that the rest of `years` needs so that the whole comes to `wanted` per cent a year."""
    left = years - len(rates)
    grown = Decimal(1)
    for rate in rates:
        grown *= 1 + rate / HUNDRED
    if left <= 0 or grown <= 0 or wanted <= -HUNDRED:
        return None
    return (((1 + wanted / HUNDRED) ** years / grown) ** (Decimal(1) / left) - 1) * HUNDRED


def _percent(aim: Aim, amount: Decimal) -> Decimal | Unsaid:
    if aim.is_qualitative:
        return Unsaid.QUALITATIVE
    if aim.direction is Direction.HOLD:
        return _kept(aim, amount)
    target, baseline = aim.path.target, None if aim.is_norm else aim.path.baseline
    if target is None:
        return Unsaid.NO_TARGET
    if baseline is None and (aim.direction is Direction.FALL or target <= 0):
        return Unsaid.NO_BASELINE
    if baseline == target:
        return Unsaid.NO_WAY
    gone = achievement(baseline, target, amount, aim.direction)
    return Unsaid.WRONG_SIDE if gone is None else gone


def _kept(aim: Aim, amount: Decimal) -> Decimal | Unsaid:
    """Inside the band 100. On the side of a baseline outside it: the way to the near end; else less the deviation."""
    low, high = aim.band
    is_below, is_above = low is not None and amount < low, high is not None and amount > high
    near = low if is_below else high
    if not (is_below or is_above) or near is None:
        return HUNDRED
    baseline = None if aim.is_norm else aim.path.baseline
    comes_from_there = baseline is not None and (baseline < near if is_below else baseline > near)
    if comes_from_there:
        gone = achievement(baseline, near, amount, Direction.RISE if is_below else Direction.FALL)
    else:
        gone = achievement(None, near, amount, Direction.HOLD)
    return Unsaid.ZERO_TO_HOLD if gone is None else gone


def _outside(aim: Aim, amount: Decimal) -> Decimal:
    """How far the figure is from keeping the target, in its unit."""
    low, high = aim.band
    if aim.direction is Direction.RISE and low is not None:
        high = None
    if aim.direction is Direction.FALL and high is not None:
        low = None
    below = max(low - amount, Decimal(0)) if low is not None else Decimal(0)
    above = max(amount - high, Decimal(0)) if high is not None else Decimal(0)
    return max(below, above)


def _expected(aim: Aim, amount: Decimal | None, day: date) -> Decimal | None:
    """By the path; a norm and a band that is only to be held expect the same on every day."""
    low, high = aim.band
    holds = aim.direction is Direction.HOLD
    if aim.is_norm and not holds:
        return aim.path.target
    if holds and (aim.is_norm or aim.path.target is None or aim.path.baseline is None):
        if amount is None:
            return low if high is None or low == high else None
        return max(low if low is not None else amount, min(high if high is not None else amount, amount))
    expected = expected_on(aim.path, day)
    if expected is not None and aim.is_qualitative:
        return expected.to_integral_value(ROUND_FLOOR)
    return expected


def _is_behind(aim: Aim, now: Progress, gap: Decimal, points: Decimal | None, day: date) -> bool:
    if now.is_met:
        return False
    ends_on = aim.path.ends_on
    is_over = ends_on is not None and day >= ends_on and now.is_met is False
    is_only_held = aim.direction is Direction.HOLD and (aim.path.target is None or aim.path.baseline is None)
    if is_over or aim.is_norm or (is_only_held and now.is_met is False):
        return now.is_met is False or gap * _sign(aim) < 0
    if points is not None:
        return points < -BEHIND_FROM
    return gap * _sign(aim) < 0


def _sign(aim: Aim) -> int:
    return -1 if aim.direction is Direction.FALL else 1


def _change(values: Sequence[Point]) -> Decimal:
    """The middle of the slopes between each two values, over the whole window."""
    slopes = [(b - a) / (end - start).days for (start, a), (end, b) in combinations(values, 2) if end > start]
    return median(slopes) * (values[-1][0] - values[0][0]).days


def _threshold(aim: Aim, amounts: Sequence[Decimal]) -> Decimal:
    target, baseline = aim.path.target, aim.path.baseline
    way = abs(target - baseline) if target is not None and baseline is not None else Decimal(0)
    return STILL_WITHIN * (way or abs(median(amounts)))


def _goodness(aim: Aim, amount: Decimal) -> Decimal:
    if aim.direction is Direction.HOLD:
        return -_outside(aim, amount)
    return amount * _sign(aim)


Judged = TypeVar("Judged", bound=Word)


def _judged(change: Decimal, threshold: Decimal, up: Judged, down: Judged, still: Judged) -> Judged:
    if abs(change) <= threshold:
        return still
    return up if change > 0 else down
