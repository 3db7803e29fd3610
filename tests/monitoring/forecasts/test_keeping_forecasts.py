"""Forecasts are kept by the system, replaced by newer ones, and read against their targets."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.indicators.actions.definitions import NewIndicator, define_indicators
from thucthi.indicators.actions.observations import record_observations
from thucthi.indicators.actions.targets import NewTarget, set_targets
from thucthi.indicators.models import Indicator, Observation
from thucthi.indicators.selectors.stated import NewObservation, correcting
from thucthi.kernel.errors import Forbidden
from thucthi.kernel.periods import Frequency, Span, span_of
from thucthi.ledger.models import Entry
from thucthi.monitoring.actions.forecasts import NewForecast, keep_forecasts
from thucthi.monitoring.forecasting.chances import Chance
from thucthi.monitoring.forecasting.shapes import Refusal
from thucthi.monitoring.models import Forecast
from thucthi.monitoring.selectors.forecasts import (
    forecast_of,
    leaves_the_whole,
    methods_of,
    points_of,
    sentence_of,
    series_to_forecast,
    verdict,
    why_no_forecast,
)
from thucthi.monitoring.tasks import refresh_forecasts

AS_OF = date(2026, 11, 20)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def indicator(world: World) -> Indicator:
    spec = NewIndicator("5g", "Phủ sóng 5G", "rise", unit="%", frequency="quarterly", kind="ratio", scale=Decimal(100))
    made = define_indicators(by=SYSTEM, specs=[spec])[0]
    set_targets(by=SYSTEM, specs=[NewTarget("t", made, world.document, ">=", "2027", low=Decimal(99), year=2027)])
    return made


def quarters(indicator: Indicator, amounts: list[int | None], *, unit: Organisation | None = None) -> list[Observation]:
    """Values of consecutive quarters up to the third of 2026."""
    spans: list[Span] = [span_of("2026-Q3")]
    while len(spans) < len(amounts):
        spans.insert(0, spans[0].previous)
    rows = [
        NewObservation(
            indicator, span.key, span.end, "number", "Cục Viễn thông", span.end, Decimal(n), organisation=unit
        )
        for span, n in zip(spans, amounts, strict=True)
        if n is not None
    ]
    return record_observations(by=SYSTEM, rows=rows)


def test_the_night_forecasts_what_has_a_target_and_only_what_is_new(world: World, indicator: Indicator) -> None:
    rows = quarters(indicator, [40, 44, 48, 52, 56, 60, 64, 68, 72, 76])
    quarters(indicator, [50, 52, 49], unit=world.state.province)
    other = define_indicators(by=SYSTEM, specs=[NewIndicator("khac", "Không có mục tiêu", "rise")])[0]
    quarters(other, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert refresh_forecasts(AS_OF) == 1
    kept = Forecast.objects.get()
    assert (kept.indicator, kept.organisation, kept.last_observation) == (indicator, None, rows[-1].pk)
    assert (kept.computed_on, kept.confidence, kept.errors["naive"]) == (AS_OF, Decimal("95.0"), 1.0)
    assert [point.span.key for point in points_of(kept)] == ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]
    assert (kept.method, points_of(kept)[-1].middle) == ("drift", Decimal(96))
    assert Entry.objects.get(event="forecasts.kept").content["kept"] == 1
    assert refresh_forecasts(AS_OF) == 0
    assert Entry.objects.filter(event="forecasts.kept").count() == 1
    new = correcting(rows[-1], amount=Decimal(70), available_on=AS_OF)
    record_observations(by=SYSTEM, rows=[new])
    assert refresh_forecasts(date(2026, 11, 19)) == 0
    assert refresh_forecasts(AS_OF) == 1
    assert Forecast.objects.get().last_observation > rows[-1].pk


def test_a_later_target_year_makes_the_forecast_longer(world: World, indicator: Indicator) -> None:
    quarters(indicator, [40, 44, 48, 52, 56, 60, 64, 68])
    refresh_forecasts(AS_OF)
    set_targets(by=SYSTEM, specs=[NewTarget("u", indicator, world.document, ">=", "2030", low=Decimal(99), year=2030)])
    assert refresh_forecasts(AS_OF) == 1
    assert points_of(Forecast.objects.get())[-1].span.key == "2030-Q4"


def test_the_command_does_what_the_night_does(world: World, indicator: Indicator) -> None:
    quarters(indicator, [40, 44, 48, 52, 56, 60, 64, 68])
    said = StringIO()
    call_command("forecast_indicators", "--on", "2026-11-20", stdout=said)
    assert said.getvalue().strip() == "Đã tính 1 dự báo đến ngày 20/11/2026."


def test_a_series_that_can_no_longer_be_forecast_loses_its_forecast(world: World, indicator: Indicator) -> None:
    rows = quarters(indicator, [40, 44, 48, 52, 56, 60, 64, 68])
    refresh_forecasts(AS_OF)
    gone = [correcting(row, state="not_applicable", amount=None, available_on=AS_OF) for row in rows[2:5]]
    record_observations(by=SYSTEM, rows=gone)
    assert refresh_forecasts(AS_OF) == 0
    assert Forecast.objects.count() == 0
    assert list(series_to_forecast(AS_OF)) == []
    assert why_no_forecast(indicator, 0, AS_OF) == "Chuỗi còn quá ngắn: cần ít nhất 8 kỳ có số liên tiếp."


def test_only_the_system_keeps_forecasts(world: World, indicator: Indicator) -> None:
    point = ("2026-Q4", Decimal(80), Decimal(70), Decimal(90))
    row = NewForecast(indicator.pk, None, 1, "naive", [point], {"naive": 1.0})
    before = Entry.objects.count()
    with pytest.raises(Forbidden):
        keep_forecasts(by=world.steering, rows=[row], on=AS_OF)
    assert (Forecast.objects.count(), Entry.objects.count()) == (0, before)
    assert keep_forecasts(by=SYSTEM, rows=[], on=AS_OF) == []
    first = keep_forecasts(by=SYSTEM, rows=[row, replace(row, organisation_id=world.state.province.pk)], on=AS_OF)
    again = keep_forecasts(by=SYSTEM, rows=[replace(row, method="drift")], on=AS_OF)
    assert {kept.pk for kept in Forecast.objects.all()} == {first[1].pk, again[0].pk}
    assert forecast_of(indicator.pk, 0) == again[0]
    assert forecast_of(indicator.pk, world.state.province.pk) == first[1]
    assert forecast_of(indicator.pk, world.state.commune.pk) is None
    assert [entry.content["replaced"] for entry in Entry.objects.filter(event="forecasts.kept").order_by("pk")] == [
        0,
        1,
    ]


def kept(indicator: Indicator, middle: int, half: int) -> Forecast:
    spans = ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]
    points = [(key, Decimal(middle), Decimal(middle - half), Decimal(middle + half)) for key in spans]
    errors = {"naive": 1.0, "theta": 1.2, "drift": 0.4, "seasonal_naive": None}
    return keep_forecasts(by=SYSTEM, rows=[NewForecast(indicator.pk, None, 1, "drift", points, errors)], on=AS_OF)[0]


@pytest.mark.parametrize(("middle", "half", "chance", "word"), [
    (110, 10, Chance.LIKELY, "Nhiều khả năng đạt"),
    (95, 10, Chance.POSSIBLE, "Có thể đạt"),
    (80, 10, Chance.HARD, "Khó đạt"),
])  # fmt: skip
def test_a_forecast_is_read_against_its_target(
    indicator: Indicator, middle: int, half: int, chance: Chance, word: str
) -> None:
    kept(indicator, middle, half)
    found = verdict(indicator.targets.get(), 0)
    assert found is not None
    assert (found.chance, found.word, found.point.span.key) == (chance, word, "2027-Q4")


def test_a_forecast_that_does_not_reach_the_target_year_says_nothing(world: World, indicator: Indicator) -> None:
    kept(indicator, 95, 10)
    later = set_targets(
        by=SYSTEM, specs=[NewTarget("u", indicator, world.document, ">=", "2030", low=Decimal(99), year=2030)]
    )
    assert verdict(later[0], 0) is None
    assert verdict(indicator.targets.get(code="t"), world.state.province.pk) is None


def test_every_method_is_shown_with_its_error(indicator: Indicator) -> None:
    shown = [(row.word, row.error, row.is_used) for row in methods_of(kept(indicator, 95, 10))]
    assert shown == [
        ("Theo bước tăng bình quân", Decimal("0.4"), True),
        ("Giữ nguyên số cuối", Decimal("1.0"), False),
        ("Theta", Decimal("1.2"), False),
        ("Lặp lại cùng kỳ năm trước", None, False),
    ]


def test_an_interval_beyond_the_whole_is_told_and_not_cut_off(indicator: Indicator) -> None:
    points = points_of(kept(indicator, 95, 10))
    assert (points[0].high, leaves_the_whole(indicator, points)) == (Decimal(105), True)
    assert not leaves_the_whole(indicator, points_of(kept(indicator, 50, 10)))
    indicator.kind = "stock"
    assert not leaves_the_whole(indicator, points)


def test_why_there_is_no_forecast(world: World, indicator: Indicator) -> None:
    assert why_no_forecast(indicator, 0, AS_OF) == "Chuỗi còn quá ngắn: cần ít nhất 8 kỳ có số liên tiếp."
    quarters(indicator, [40, 44, 48, 52, 56, 60, 64, 68])
    assert why_no_forecast(indicator, 0, AS_OF) == "Dự báo sẽ được tính trong lần chạy hằng đêm tới."
    assert why_no_forecast(indicator, 0, date(2028, 1, 1)).startswith("Chưa có mục tiêu cho một năm sắp tới")
    indicator.kind = "rank"
    assert why_no_forecast(indicator, 0, AS_OF).startswith("Thứ hạng")
    assert sentence_of(Refusal.NO_WAY_AHEAD, Frequency.MONTHLY).startswith("Chuỗi đã đến năm của mục tiêu")
