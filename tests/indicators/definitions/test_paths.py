"""What a path expects on a day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.indicators.calculations.paths import PathFacts, PathKind, binding_bound, expected_on, year_ends
from thucthi.kernel.values import Bound, Direction, Operator

START, END = date(2025, 12, 31), date(2030, 12, 31)
STRAIGHT = PathFacts(PathKind.STRAIGHT, Decimal(20), START, Decimal(40), END)
GROWTH = replace(STRAIGHT, kind=PathKind.GROWTH, baseline=Decimal(100), target=Decimal(400), ends_on=date(2029, 12, 31))
POINTS = ((date(2027, 6, 30), Decimal(30)), (date(2029, 6, 29), Decimal(36)))
STEPPED = replace(STRAIGHT, kind=PathKind.STEPPED, points=POINTS)
CUSTOM = replace(STRAIGHT, kind=PathKind.CUSTOM, points=POINTS)
AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=2)
DAYS = st.dates(START, END)


@pytest.mark.parametrize(
    ("path", "day", "expected"),
    [
        (STRAIGHT, date(2025, 12, 30), None),
        (STRAIGHT, START, Decimal(20)),
        (STRAIGHT, END, Decimal(40)),
        (STRAIGHT, date(2044, 1, 1), Decimal(40)),
        (replace(STRAIGHT, baseline=None), date(2027, 1, 1), None),
        (replace(STRAIGHT, baseline=None), END, Decimal(40)),
        (replace(STRAIGHT, ends_on=None), date(2027, 1, 1), None),
        (replace(STRAIGHT, target=None), END, None),
        (STEPPED, date(2027, 6, 29), Decimal(20)),
        (STEPPED, date(2027, 6, 30), Decimal(30)),
        (STEPPED, date(2030, 12, 30), Decimal(36)),
        (STEPPED, END, Decimal(40)),
        (replace(STEPPED, baseline=None, baseline_on=None), date(2027, 6, 29), None),
        (replace(STEPPED, baseline=None, baseline_on=None, ends_on=None), date(2031, 1, 1), Decimal(36)),
        (CUSTOM, date(2028, 6, 29), Decimal(33)),
        (CUSTOM, date(2027, 6, 30), Decimal(30)),
        (replace(CUSTOM, ends_on=None), date(2030, 1, 1), None),
        (replace(GROWTH, baseline=Decimal(0)), date(2027, 1, 1), None),
        (replace(GROWTH, target=Decimal(-1)), date(2027, 1, 1), None),
    ],
)
def test_a_path_says_what_it_expects_on_a_day(path: PathFacts, day: date, expected: Decimal | None) -> None:
    assert expected_on(path, day) == expected


def test_even_growth_doubles_over_half_of_a_fourfold_way() -> None:
    half = START + (date(2029, 12, 31) - START) / 2
    amount = expected_on(GROWTH, half)
    assert amount is not None
    assert abs(amount - 200) < Decimal("0.1")
    assert expected_on(GROWTH, START) == 100


def test_the_path_is_told_year_by_year() -> None:
    told = year_ends(replace(STRAIGHT, baseline_on=date(2027, 12, 31), ends_on=date(2029, 12, 31), baseline=Decimal(0)))
    assert [day.year for day, _amount in told] == [2027, 2028, 2029]
    assert (told[0][1], told[-1][1]) == (Decimal(0), Decimal(40))
    assert year_ends(replace(STRAIGHT, ends_on=None)) == []


@pytest.mark.parametrize(
    ("bound", "direction", "baseline", "binding"),
    [
        (Bound(Operator.AT_LEAST, Decimal(55), None), Direction.RISE, None, 55),
        (Bound(Operator.AT_MOST, None, Decimal(3)), Direction.FALL, None, 3),
        (Bound(Operator.RANGE, Decimal(8), Decimal(10)), Direction.RISE, None, 8),
        (Bound(Operator.RANGE, Decimal(8), Decimal(10)), Direction.FALL, None, 10),
        (Bound(Operator.RANGE, Decimal(8), Decimal(10)), Direction.HOLD, None, None),
        (Bound(Operator.RANGE, Decimal(8), Decimal(10)), Direction.HOLD, Decimal(9), None),
        (Bound(Operator.RANGE, Decimal(8), Decimal(10)), Direction.HOLD, Decimal(5), 8),
        (Bound(Operator.RANGE, Decimal(8), Decimal(10)), Direction.HOLD, Decimal(12), 10),
        (Bound(Operator.ABOUT, Decimal(183), Decimal(236)), Direction.RISE, None, 183),
        (Bound(Operator.EQUAL, Decimal(12), None), Direction.HOLD, None, 12),
    ],
)
def test_a_range_binds_by_the_end_that_comes_first(
    bound: Bound, direction: Direction, baseline: Decimal | None, binding: int | None
) -> None:
    assert binding_bound(bound, direction, baseline) == binding


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, DAYS, st.sampled_from([PathKind.STRAIGHT, PathKind.STEPPED, PathKind.CUSTOM]))
def test_a_path_begins_at_its_baseline_and_stays_between_its_ends(
    first: Decimal, last: Decimal, day: date, kind: PathKind
) -> None:
    path = PathFacts(kind, first, START, last, END, ((date(2028, 1, 1), (first + last) / 2),))
    expected = expected_on(path, day)
    assert expected is not None
    assert min(first, last) <= expected <= max(first, last)
    assert (expected_on(path, START), expected_on(path, END)) == (first, last)


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, DAYS, DAYS)
def test_a_straight_path_that_rises_never_goes_back(first: Decimal, last: Decimal, one: date, other: date) -> None:
    path = PathFacts(PathKind.STRAIGHT, min(first, last), START, max(first, last), END)
    assert (expected_on(path, min(one, other)) or 0) <= (expected_on(path, max(one, other)) or 0)
