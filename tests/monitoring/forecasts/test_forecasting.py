"""Forecasts as arithmetic: simple methods unless another beats them on the past, honest intervals, sound refusals."""

import math
import random
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.kernel.values import Bound, Operator
from thucthi.monitoring.forecasting.asking import outlooks
from thucthi.monitoring.forecasting.baselines import Drift, Naive, SeasonalNaive
from thucthi.monitoring.forecasting.chances import Chance, chance, error_of, narrower, probability, rounded
from thucthi.monitoring.forecasting.choice import fewest_values, origins, outlook, prepared
from thucthi.monitoring.forecasting.exponential import Smoothing, Theta
from thucthi.monitoring.forecasting.lines import line_of_outlook, line_of_series, outlook_of_line, series_of_line
from thucthi.monitoring.forecasting.shapes import Fitter, Method, Outlook, Refusal, Series, Step

YEAR = 12


def series(amounts: list[float | None], season: int = YEAR, horizon: int = 12) -> Series:
    return Series("1:0", tuple(amounts), season, horizon)


def random_walk(length: int, seed: int) -> list[float | None]:
    chance_of, level = random.Random(seed), 100.0  # noqa: S311 - no secret
    walk: list[float | None] = []
    for _ in range(length):
        level += chance_of.gauss(0, 2)
        walk.append(level)
    return walk


def noisy(length: int, seed: int, at: object) -> list[float | None]:
    chance_of = random.Random(seed)  # noqa: S311 - no secret
    return [at(n) + chance_of.gauss(0, 0.5) for n in range(length)]  # type: ignore[operator]


@pytest.fixture(scope="module")
def smoothing() -> dict[Method, Fitter]:
    from thucthi.monitoring.forecasting.worker import SMOOTHING

    return dict(SMOOTHING)


def test_the_baselines_by_hand() -> None:
    history = [10.0, 12.0, 15.0, 16.0]
    assert Naive().forecast(history, 2) == [16.0, 16.0]
    assert Naive().residuals(history) == [2.0, 3.0, 1.0]
    assert Drift().forecast(history, 2) == [18.0, 20.0]
    assert Drift().residuals(history) == [0.0, 1.0, -1.0]
    assert SeasonalNaive(2).forecast(history, 3) == [15.0, 16.0, 15.0]
    assert SeasonalNaive(2).residuals(history) == [5.0, 4.0]
    assert Naive().widening(4, 4) == [1.0, math.sqrt(2), math.sqrt(3), 2.0]
    assert SeasonalNaive(2).widening(4, 4) == [1.0, 1.0, math.sqrt(2), math.sqrt(2)]
    assert Drift().widening(4, 1) == [math.sqrt(1 + 1 / 3)]


def test_smoothing_by_hand() -> None:
    model = Smoothing(alpha=0.5, beta=0.5, phi=1.0, level=10.0, trend=2.0)
    # One value of 14: error 2, level 13, trend half of (13 − 10) and half of 2.
    assert model.residuals([14.0]) == [2.0]
    assert model.forecast([14.0], 2) == [15.5, 18.0]
    seasonal = Smoothing(alpha=0.0, beta=0.0, phi=1.0, level=10.0, trend=0.0, gamma=0.5, seasons=(1.0, -1.0))
    assert seasonal.forecast([13.0], 3) == [9.0, 12.0, 9.0]


def test_the_recursions_carry_a_fitted_model_as_the_library_does(smoothing: dict[Method, Fitter]) -> None:
    import numpy as np
    from statsmodels.tsa.forecasting.theta import ThetaModel
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    history = [float(n) for n in noisy(48, 3, lambda n: 100 + n + 8 * math.sin(n * math.pi / 6))]  # type: ignore[arg-type]
    options = {"trend": "add", "damped_trend": True, "initialization_method": "heuristic"}
    theirs = [
        ExponentialSmoothing(np.array(history), **options).fit().forecast(15),
        ExponentialSmoothing(np.array(history), seasonal="add", seasonal_periods=12, **options).fit().forecast(15),
        ThetaModel(np.array(history), period=1, deseasonalize=False).fit().forecast(15),
    ]
    for method, expected in zip((Method.DAMPED, Method.SEASONAL, Method.THETA), theirs, strict=True):
        model = smoothing[method](history, YEAR)
        assert model is not None
        assert model.forecast(history, 15) == pytest.approx(list(expected), rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_a_random_walk_stays_as_it_is(smoothing: dict[Method, Fitter], seed: int) -> None:
    found = outlook(series(random_walk(48, seed)), smoothing)
    assert (found.method, found.errors["naive"]) == (Method.NAIVE, 1.0)


def test_a_strong_trend_is_followed(smoothing: dict[Method, Fitter]) -> None:
    found = outlook(series(noisy(36, 1, lambda n: 100 + 3 * n)), smoothing)
    assert found.method in {Method.DRIFT, Method.DAMPED, Method.THETA, Method.SEASONAL}
    error = found.errors[str(found.method)]
    assert error is not None
    assert error < 0.5
    assert found.steps[-1].middle == pytest.approx(100 + 3 * 47, abs=6)


def test_a_season_is_followed(smoothing: dict[Method, Fitter]) -> None:
    found = outlook(series(noisy(48, 2, lambda n: 100 + 30 * math.sin(n * math.pi / 6))), smoothing)
    assert found.method in {Method.SEASONAL_NAIVE, Method.SEASONAL}
    assert [step.middle for step in found.steps] == pytest.approx(
        [100 + 30 * math.sin(n * math.pi / 6) for n in range(48, 60)], abs=4
    )


def test_a_constant_series_stays_constant(smoothing: dict[Method, Fitter]) -> None:
    found = outlook(series([5.0] * 24, horizon=2), smoothing)
    assert (found.method, found.steps) == (Method.NAIVE, (Step(5.0, 0.0), Step(5.0, 0.0)))
    assert {name for name, error in found.errors.items() if error is not None} == {"naive"}


def test_a_method_that_is_only_a_little_better_is_not_used() -> None:
    class Slightly(Naive):
        def forecast(self, history: object, horizon: int) -> list[float]:
            last = history[-1]  # type: ignore[index]
            return [last + 0.05 * step for step in range(1, horizon + 1)]

    amounts: list[float | None] = [n + (5.0 if n % 2 else 0.0) for n in range(24)]
    found = outlook(series(amounts), {Method.DAMPED: lambda history, season: Slightly()})
    error = found.errors[Method.DAMPED]
    assert error is not None
    assert 0.9 < error < 1
    assert found.method is not Method.DAMPED


def test_a_method_that_answers_nonsense_is_left_out() -> None:
    class Broken(Naive):
        def forecast(self, history: object, horizon: int) -> list[float]:
            return [math.nan] * horizon

    found = outlook(series(random_walk(24, 4)), {Method.THETA: lambda history, season: Broken()})
    assert (found.method, found.errors["theta"]) == (Method.NAIVE, None)


@pytest.mark.parametrize(("season", "fewest"), [(12, 12), (4, 8), (52, 26), (2, 8), (1, 8)])
def test_too_short_a_series_is_refused(season: int, fewest: int) -> None:
    walk = random_walk(fewest, 1)
    assert fewest_values(season) == fewest
    assert outlook(series(walk[1:], season), {}) == Outlook("1:0", refusal=Refusal.TOO_SHORT)
    assert outlook(series(walk, season), {}).refusal is None
    assert outlook(series([], season), {}).refusal is Refusal.TOO_SHORT


def test_gaps_are_bridged_when_they_are_short_and_cut_off_what_lies_before_when_long() -> None:
    walk: list[float | None] = [float(n) for n in range(30)]
    walk[20] = None
    assert prepared(walk, YEAR) == ([float(n) for n in range(30)], None)
    walk[10:13] = [None, None, None]
    assert prepared(walk, YEAR) == ([float(n) for n in range(13, 30)], None)
    walk[25:28] = [None, None, None]
    assert prepared(walk, YEAR) == ([], Refusal.GAPS)


def test_a_series_with_too_many_small_gaps_is_refused() -> None:
    walk: list[float | None] = [None if n % 4 == 1 else float(n) for n in range(40)]
    assert prepared(walk, YEAR) == ([], Refusal.GAPS)


def test_missing_values_at_either_end_are_not_bridged() -> None:
    walk: list[float | None] = [None, None, *[float(n) for n in range(12)], None]
    assert prepared(walk, YEAR) == ([float(n) for n in range(12)], None)


def test_nothing_lies_ahead_of_the_target_year() -> None:
    assert outlook(series(random_walk(24, 1), horizon=0), {}).refusal is Refusal.NO_WAY_AHEAD


@pytest.mark.parametrize(("length", "season", "expected"), [
    (12, 12, [6, 7, 8, 9, 10, 11]),
    (36, 12, [25, 27, 29, 31, 33, 35]),
    (8, 4, [5, 6, 7]),
    (8, 1, [5, 6, 7]),
])  # fmt: skip
def test_the_past_is_tried_from_evenly_spread_places(length: int, season: int, expected: list[int]) -> None:
    assert origins(length, season) == expected


def holds(found: Outlook, horizon: int) -> None:
    assert len(found.steps) == horizon
    assert all(math.isfinite(step.middle) and math.isfinite(step.error) and step.error >= 0 for step in found.steps)
    errors = [step.error for step in found.steps]
    assert errors == sorted(errors)


amounts = st.floats(-1e12, 1e12, allow_nan=False)


@settings(deadline=None)
@given(
    st.lists(st.none() | amounts, max_size=60),
    st.sampled_from([1, 2, 4, 12, 52]),
    st.integers(0, 40),
)
def test_a_forecast_never_raises_and_widens(said: list[float | None], season: int, horizon: int) -> None:
    found = outlook(Series("k", tuple(said), season, horizon), {})
    if found.refusal:
        assert (found.method, found.steps) == (None, ())
        return
    holds(found, horizon)
    assert found.errors["naive"] == 1.0


@settings(deadline=None, max_examples=15)
@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=12, max_size=40), st.sampled_from([4, 12]))
def test_the_library_never_makes_a_forecast_raise(
    smoothing: dict[Method, Fitter], said: list[float], season: int
) -> None:
    holds(outlook(Series("k", tuple(said), season, 18), smoothing), 18)


@given(st.lists(amounts, min_size=12, max_size=40), amounts)
def test_a_forecast_moves_with_its_series(said: list[float], shift: float) -> None:
    """Adding the same to every value adds it to the middle of the naive methods and leaves the error."""
    for model in (Naive(), SeasonalNaive(4), Drift()):
        here = model.forecast(said, 6)
        there = model.forecast([amount + shift for amount in said], 6)
        assert there == pytest.approx([middle + shift for middle in here], rel=1e-6, abs=1e-2)


parameters = st.floats(0.0, 1.0)


@given(parameters, parameters, st.floats(0.8, 1.0), parameters, st.integers(1, 60))
def test_every_error_widens_with_the_horizon(alpha: float, beta: float, phi: float, gamma: float, horizon: int) -> None:
    models = [
        Smoothing(alpha, beta, phi, 0.0, 0.0),
        Smoothing(alpha, beta, phi, 0.0, 0.0, gamma, (0.0, 1.0, 2.0, 3.0)),
        Theta(alpha, 1.0, 0.0),
    ]
    for model in models:
        widening = model.widening(24, horizon)
        assert (widening[0], len(widening)) == (1.0, horizon)
        assert widening == sorted(widening)


@pytest.mark.parametrize(("bound", "low", "high", "expected"), [
    (Bound(Operator.AT_LEAST, Decimal(50), None), 50, 60, Chance.LIKELY),
    (Bound(Operator.MORE_THAN, Decimal(50), None), 50, 60, Chance.POSSIBLE),
    (Bound(Operator.AT_LEAST, Decimal(50), None), 40, 49, Chance.HARD),
    (Bound(Operator.AT_MOST, None, Decimal(50)), 40, 49, Chance.LIKELY),
    (Bound(Operator.AT_MOST, None, Decimal(50)), 51, 60, Chance.HARD),
    (Bound(Operator.RANGE, Decimal(45), Decimal(50)), 46, 49, Chance.LIKELY),
    (Bound(Operator.RANGE, Decimal(45), Decimal(50)), 40, 60, Chance.POSSIBLE),
    (Bound(Operator.RANGE, Decimal(45), Decimal(50)), 51, 60, Chance.HARD),
    (Bound(Operator.EQUAL, Decimal(45), None), 40, 60, Chance.POSSIBLE),
    (Bound(Operator.EQUAL, Decimal(45), None), 46, 60, Chance.HARD),
    (Bound(Operator.ABOUT, Decimal(45), None), 40, 60, None),
])  # fmt: skip
def test_where_the_target_lies_in_the_interval(bound: Bound, low: int, high: int, expected: Chance | None) -> None:
    assert chance(bound, Decimal(low), Decimal(high)) is expected


def test_the_probability_of_a_target() -> None:
    at_least = Bound(Operator.AT_LEAST, Decimal(50), None)
    assert [probability(at_least, Decimal(n), Decimal(10)) for n in (50, 60, 40)] == [50, 84, 16]
    assert probability(Bound(Operator.AT_MOST, None, Decimal(50)), Decimal(60), Decimal(10)) == 16
    assert probability(Bound(Operator.RANGE, Decimal(40), Decimal(60)), Decimal(50), Decimal(10)) == 68
    assert [probability(at_least, Decimal(n), Decimal(0)) for n in (50, 49)] == [100, 0]
    assert probability(Bound(Operator.EQUAL, Decimal(50), None), Decimal(50), Decimal(1)) is None


@given(st.floats(-1e9, 1e9), st.floats(0, 1e6))
def test_the_kept_interval_contains_its_middle_and_the_narrower_one(middle: float, error: float) -> None:
    kept, low, high = rounded(middle, error)
    assert low <= narrower(kept, low) <= kept <= narrower(kept, high) <= high


def test_a_kept_interval_is_rounded_by_its_width() -> None:
    assert rounded(71.23456, 1.0) == (Decimal("71.2"), Decimal("69.3"), Decimal("73.2"))
    assert rounded(7123.456, 250.0) == (Decimal(7123), Decimal(6633), Decimal(7613))
    assert rounded(0.712345678, 0.0004) == (Decimal("0.71235"), Decimal("0.71156"), Decimal("0.71313"))
    assert round(error_of(Decimal(100), Decimal("119.59964")), 6) == 10


def test_lines_between_the_processes_lose_nothing() -> None:
    one = series([1.5, None, 3.0], horizon=4)
    assert series_of_line(line_of_series(one)) == one
    said = Outlook("1:0", Method.DRIFT, (Step(1.0, 0.5),), {"naive": 1.0, "theta": None})
    assert outlook_of_line(line_of_outlook(said)) == said
    refused = Outlook("1:0", refusal=Refusal.GAPS)
    assert outlook_of_line(line_of_outlook(refused)) == refused


def test_the_worker_answers_every_series_in_its_own_process(smoothing: dict[Method, Fitter]) -> None:
    asked = [series(random_walk(24, 1)), Series("2:7", (1.0,), YEAR, 3)]
    found = outlooks(asked)
    assert found == [outlook(one, smoothing) for one in asked]


def test_a_worker_that_runs_out_of_time_answers_what_it_could() -> None:
    assert outlooks([series(random_walk(24, 1))] * 3, 1) == []


def test_no_page_loads_the_statistics_library() -> None:
    script = (
        "import django, sys; django.setup(); import thucthi.config.urls, thucthi.monitoring.tasks; "
        "from django.urls import get_resolver; get_resolver().url_patterns; "
        "print([name for name in ('statsmodels', 'pandas', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
