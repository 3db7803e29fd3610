"""Where the lines of a chart go."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from thucthi.monitoring.calculations.drawing import Forecast, Mark, Scene, drawings_of, spark_of, stroke, ticks_over

AMOUNTS = st.decimals(min_value=Decimal("-1e9"), max_value=Decimal("1e9"), places=6)


def marks(*amounts: int | None) -> list[Mark]:
    return [
        Mark(date(2026, month, 28), f"{month}", None if amount is None else Decimal(amount))
        for month, amount in enumerate(amounts, start=1)
    ]


def test_a_missing_value_is_a_gap_and_a_lone_value_a_dot() -> None:
    assert stroke([(1, 2.0), (2, 3.0), (3, None), (4, 5.0)]) == "M1 2h0L2 3M4 5h0"


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawings_of(Scene(marks(None, None))) == ()
    assert drawings_of(Scene([])) == ()


def test_a_chart_comes_in_two_widths_with_the_same_ticks() -> None:
    narrow, wide = drawings_of(Scene(marks(1, None, 3)))
    assert (narrow.width, wide.width) == (340, 640)
    assert [tick.amount for tick in narrow.grid] == [tick.amount for tick in wide.grid]
    assert narrow.line.count("M") == 2
    assert len(narrow.dots) == 2


def test_target_path_and_forecast_are_on_the_scale() -> None:
    ahead = [Forecast(date(2026, 12, 31), Decimal(5), Decimal(2), Decimal(9))]
    path = [(date(2026, 1, 28), Decimal(1)), (date(2026, 12, 31), Decimal(20))]
    chart = drawings_of(Scene(marks(1, 2), path=path, target=Decimal(20), forecast=ahead))[0]
    assert chart.grid[-1].amount == 20
    assert chart.target == chart.grid[-1].at
    assert chart.band.count("L") == 1
    assert chart.path.startswith("M")


def test_a_path_outside_the_shown_time_is_left_out() -> None:
    chart = drawings_of(Scene(marks(1, 2), path=[(date(2020, 1, 1), Decimal(1))]))[0]
    assert chart.path == ""


@given(st.lists(AMOUNTS, min_size=1, max_size=30))
def test_the_ticks_hold_every_amount_and_are_few(amounts: list[Decimal]) -> None:
    ticks = ticks_over(amounts)
    assert ticks[0] <= min(amounts) <= max(amounts) <= ticks[-1]
    assert 2 <= len(ticks) <= 7
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1


@given(st.lists(st.none() | AMOUNTS, min_size=1, max_size=36))
def test_a_small_line_stays_within_its_frame(amounts: list[Decimal | None]) -> None:
    known = [amount for amount in amounts if amount is not None]
    low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(1))
    drawn = spark_of(amounts, low, high, 160, 48)
    numbers = [
        float(part) for pair in drawn.replace("h0", "").replace("M", "L").split("L") if pair for part in pair.split()
    ]
    assert all(0 <= number <= 160 for number in numbers)
    assert (drawn == "") == (not known)
