"""Progress to a target, pace and movement: rising, falling, kept in a range, ranks, norms, levels."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from thucthi.indicators.calculations.paths import PathFacts, PathKind, Point, binding_bound
from thucthi.kernel.values import Bound, Direction, Operator
from thucthi.monitoring.calculations.progress import (
    Aim,
    average_growth,
    combined,
    movement,
    needed_growth,
    pace,
    progress_to,
    standing,
)
from thucthi.monitoring.figure_states import FigureState, Level, Movement, Trend, Unsaid

START, MIDDLE, END = date(2025, 12, 31), date(2028, 7, 1), date(2030, 12, 31)
AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=2)


def aim(operator: str, low: object, high: object, direction: str, baseline: object = None, **other: bool) -> Aim:
    bound = Bound(Operator(operator), decimal(low), decimal(high))
    way = Direction(direction)
    start = decimal(baseline)
    path = PathFacts(
        PathKind.STRAIGHT, start, START if start is not None else None, binding_bound(bound, way, start), END
    )
    return Aim(bound, way, path, **other)


def decimal(amount: object) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def months(*amounts: object) -> list[Point]:
    return [(date(2026, place + 1, 28), Decimal(str(amount))) for place, amount in enumerate(amounts)]


RISING = aim(">=", 60, None, "rise", 40)
FALLING = aim("<=", None, 4, "fall", 8)
RANK = aim("<=", None, 50, "fall", 71)
RANGE = aim("range", "8.5", "9.5", "hold")
INTO_RANGE = aim("range", 35, 40, "hold", 25)
NORM = aim(">=", 3, None, "rise", None, is_norm=True)
LEVELS = aim(">=", 4, None, "rise", 1, is_qualitative=True)


@pytest.mark.parametrize(
    ("target", "amount", "percent", "met", "left"),
    [
        (RISING, 40, 0, False, 20),
        (RISING, 45, 25, False, 15),
        (RISING, 66, 130, True, 0),
        (RISING, 39, -5, False, 21),
        (FALLING, 6, 50, False, 2),
        (FALLING, 2, 150, True, 0),
        (FALLING, 9, -25, False, 5),
        (RANK, 71, 0, False, 21),
        (RANK, 50, 100, True, 0),
        (RANGE, 9, 100, True, 0),
        (RANGE, "10.45", 90, False, "0.95"),
        (INTO_RANGE, 25, 0, False, 10),
        (INTO_RANGE, 30, 50, False, 5),
        (INTO_RANGE, 20, -50, False, 15),
        (INTO_RANGE, 38, 100, True, 0),
        (INTO_RANGE, 44, 90, False, 4),
        (NORM, "2.4", 80, False, "0.6"),
        (aim("range", 10, 12, "rise", 0), 13, 130, True, 0),
        (aim("about", 90, None, "hold"), 99, 90, None, 9),
        (aim(">=", 95, None, "hold"), 97, 100, True, 0),
        (aim(">=", 95, None, "hold"), "85.5", 90, False, "9.5"),
    ],
)
def test_progress_is_said_for_every_kind_of_target_and_never_clamped(
    target: Aim, amount: object, percent: int, met: bool | None, left: object
) -> None:
    said = progress_to(target, decimal(amount))
    assert (said.percent, said.unsaid, said.is_met, said.left) == (percent, None, met, decimal(left))


@pytest.mark.parametrize(
    ("target", "amount", "reason", "met"),
    [
        (RISING, None, Unsaid.NO_VALUE, None),
        (aim("<=", None, 4, "fall"), 6, Unsaid.NO_BASELINE, False),
        (aim(">=", 0, None, "rise"), 6, Unsaid.NO_BASELINE, True),
        (aim(">=", 40, None, "rise", 40), 39, Unsaid.NO_WAY, False),
        (aim(">=", 30, None, "rise", 40), 39, Unsaid.WRONG_SIDE, True),
        (aim("=", 0, None, "hold"), 1, Unsaid.ZERO_TO_HOLD, False),
        (LEVELS, 2, Unsaid.QUALITATIVE, False),
    ],
)
def test_where_no_percentage_can_be_said_there_is_a_reason(
    target: Aim, amount: object, reason: Unsaid, met: bool | None
) -> None:
    said = progress_to(target, decimal(amount))
    assert (said.percent, said.unsaid, said.is_met) == (None, reason, met)


def test_a_falling_indicator_that_improves_is_not_at_zero() -> None:
    assert progress_to(FALLING, Decimal(5)).percent == 75


@pytest.mark.parametrize(
    ("target", "amount", "day", "found"),
    [
        (RISING, 40, START, (40, 0, 0, False)),
        (RISING, 59, END, (60, -1, -5, True)),
        (RISING, 41, START, (40, 1, 5, False)),
        (FALLING, 9, START, (8, 1, -25, True)),
        (FALLING, "8.2", START, (8, "0.2", -5, False)),
        (RANGE, 9, MIDDLE, (9, 0, 0, False)),
        (RANGE, 10, MIDDLE, ("9.5", "0.5", None, True)),
        (NORM, 2, MIDDLE, (3, -1, None, True)),
        (NORM, 4, MIDDLE, (3, 1, None, False)),
        (LEVELS, 1, MIDDLE, (2, -1, None, True)),
        (LEVELS, 2, MIDDLE, (2, 0, None, False)),
    ],
)
def test_pace_compares_with_what_the_path_expects(
    target: Aim, amount: object, day: date, found: tuple[object, object, int | None, bool]
) -> None:
    expected, gap, points, behind = found
    said = pace(target, decimal(amount), day)
    assert (said.expected, said.gap, said.is_behind) == (decimal(expected), decimal(gap), behind)
    if points is not None:
        assert said.points == points


def test_nothing_is_behind_where_nothing_is_expected() -> None:
    found = pace(RISING, Decimal(1), date(2025, 1, 1))
    assert (found.expected, found.gap, found.is_behind) == (None, None, None)
    assert pace(RISING, None, END).is_behind is None


@pytest.mark.parametrize(
    ("target", "values", "moves", "trend", "change"),
    [
        (RISING, (40, 42, 44, 46), Movement.TOWARDS, Trend.RISING, None),
        (FALLING, (8, 7, 6, 5), Movement.TOWARDS, Trend.FALLING, None),
        (FALLING, (5, 6, 7, 8), Movement.AWAY, Trend.RISING, None),
        (RISING, (44, 44, 44, 44), Movement.STILL, Trend.STILL, 0),
        (RISING, (44, 44, 99, 44), Movement.STILL, Trend.STILL, 0),
        (RANGE, (12, 11, 10, 9), Movement.TOWARDS, Trend.FALLING, None),
        (RANGE, (9, 9, 9, 9), Movement.STILL, Trend.STILL, 0),
        (RISING, (44,), Movement.UNKNOWN, Trend.UNKNOWN, None),
        (RISING, (), Movement.UNKNOWN, Trend.UNKNOWN, None),
    ],
)
def test_movement_knows_which_way_is_good(
    target: Aim, values: tuple[object, ...], moves: Movement, trend: Trend, change: int | None
) -> None:
    found = movement(target, months(*values))
    assert (found.movement, found.trend, found.counted) == (moves, trend, len(values))
    if change is not None:
        assert (found.change, found.threshold) == (change, Decimal("0.2") if target is RISING else Decimal("0.09"))


def test_only_behind_and_not_coming_nearer_alarms() -> None:
    alarming = {(level, moves) for level in Level for moves in Movement if combined(level, moves).alarms}
    assert alarming == {(Level.BEHIND, Movement.STILL), (Level.BEHIND, Movement.AWAY)}
    assert combined(Level.MET, Movement.AWAY) is FigureState.MET_SLIPPING


@pytest.mark.parametrize(
    ("target", "values", "state"),
    [
        (RISING, (61, 62), FigureState.MET),
        (RISING, (63, 61), FigureState.MET_SLIPPING),
        (RISING, (40, 41), FigureState.ON_PATH),
        (RISING, (30, 31), FigureState.BEHIND_MOVING),
        (RISING, (30, 30), FigureState.BEHIND_STILL),
        (RISING, (32, 30), FigureState.BEHIND_SLIPPING),
        (RISING, (30,), FigureState.BEHIND),
        (RISING, (), FigureState.UNKNOWN),
        (aim(">=", 60, None, "rise"), (30, 31), FigureState.UNKNOWN),
    ],
)
def test_level_and_movement_become_one_word(target: Aim, values: tuple[object, ...], state: FigureState) -> None:
    assert standing(target, months(*values)).state is state


def test_even_growth_and_what_the_rest_needs() -> None:
    assert average_growth([Decimal(100), Decimal(0)]) == pytest.approx(Decimal("41.4213562"), abs=Decimal("0.000001"))
    assert (average_growth([]), average_growth([Decimal(-100)])) == (None, None)
    needed = needed_growth(Decimal(10), [Decimal(8), Decimal(8)], 5)
    assert needed == pytest.approx(Decimal("11.35"), abs=Decimal("0.01"))
    assert needed_growth(Decimal(10), [Decimal(8)] * 5, 5) is None


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_the_start_is_0_and_the_target_is_100(baseline: Decimal, target: Decimal) -> None:
    assume(baseline != target)
    found = aim("=", target, None, "rise" if target > baseline else "fall", baseline)
    assert progress_to(found, baseline).percent == 0
    assert progress_to(found, target).percent == 100


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, AMOUNTS, st.dates(START, END))
def test_falling_is_the_mirror_of_rising(baseline: Decimal, target: Decimal, amount: Decimal, day: date) -> None:
    rising, falling = aim(">=", target, None, "rise", baseline), aim("<=", None, -target, "fall", -baseline)
    assume(baseline < target)
    assert progress_to(rising, amount) == progress_to(falling, -amount)
    one, other = pace(rising, amount, day), pace(falling, -amount, day)
    assert (one.points, one.is_behind, one.gap) == (other.points, other.is_behind, -(other.gap or 0))


@settings(deadline=None)
@given(st.lists(AMOUNTS, min_size=2, max_size=8), AMOUNTS, AMOUNTS)
def test_movement_is_mirrored_too(amounts: list[Decimal], baseline: Decimal, target: Decimal) -> None:
    values = months(*amounts)
    mirrored = [(day, -amount) for day, amount in values]
    one = movement(aim(">=", target, None, "rise", baseline), values)
    other = movement(aim("<=", None, -target, "fall", -baseline), mirrored)
    assert (one.movement, one.threshold) == (other.movement, other.threshold)


@settings(deadline=None)
@given(AMOUNTS, st.integers(-40, 40))
def test_nothing_is_clamped(baseline: Decimal, percent: int) -> None:
    target = aim(">=", baseline + 100, None, "rise", baseline)
    assert progress_to(target, baseline + 10 * percent).percent == 10 * percent


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_range_is_kept_exactly_inside_it(one: Decimal, other: Decimal, amount: Decimal) -> None:
    low, high = sorted([one, other])
    said = progress_to(aim("range", low, high, "hold"), amount)
    assert said.is_met is (low <= amount <= high)
    assert said.left == max(low - amount, amount - high, Decimal(0))
    if said.is_met:
        assert said.percent == 100
