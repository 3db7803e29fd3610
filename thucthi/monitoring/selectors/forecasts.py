"""Which series are to be forecast, and what the kept forecasts say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db.models import F, Max
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.indicators.models import Indicator, IndicatorKind, Observation, ObservationKind, Target
from thucthi.indicators.selectors import bound_of
from thucthi.kernel.periods import PER_YEAR, Frequency, Span, span_containing, span_of, spans_between
from thucthi.monitoring.forecasting.chances import Chance, chance, error_of, narrower, probability
from thucthi.monitoring.forecasting.choice import LONGEST_GAP_BRIDGED, fewest_values, prepared
from thucthi.monitoring.forecasting.shapes import Method, Refusal, Series
from thucthi.monitoring.models import Forecast

FURTHEST_YEARS = 10
NEVER_FORECAST = frozenset({IndicatorKind.RANK, IndicatorKind.QUALITATIVE})
METHOD_WORDS = {
    Method.NAIVE: gettext_lazy("Giữ nguyên số cuối"),
    Method.SEASONAL_NAIVE: gettext_lazy("Lặp lại cùng kỳ năm trước"),
    Method.DRIFT: gettext_lazy("Theo bước tăng bình quân"),
    Method.DAMPED: gettext_lazy("Holt có hãm xu thế"),
    Method.THETA: gettext_lazy("Theta"),
    Method.SEASONAL: gettext_lazy("ETS có mùa vụ"),
}
CHANCE_WORDS = {
    Chance.LIKELY: gettext_lazy("Nhiều khả năng đạt"),
    Chance.POSSIBLE: gettext_lazy("Có thể đạt"),
    Chance.HARD: gettext_lazy("Khó đạt"),
}
CHANCE_TONES = {Chance.LIKELY: "good", Chance.POSSIBLE: "warn", Chance.HARD: "bad"}


@dataclass(frozen=True, slots=True)
class StandingSeries:
    """The official series of one unit (0: the country), as of a day; `last_observation` the newest row behind it."""

    indicator: Indicator
    unit_id: int
    series: Series
    last_span: Span | None
    last_observation: int


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """One period ahead, with the 95 % and the 80 % interval."""

    span: Span
    middle: Decimal
    low: Decimal
    high: Decimal

    @property
    def low80(self) -> Decimal:
        return narrower(self.middle, self.low)

    @property
    def high80(self) -> Decimal:
        return narrower(self.middle, self.high)


@dataclass(frozen=True, slots=True)
class TriedMethod:
    """A method with its back-test error, the naive one being 1 (None: it could not be tried on this series)."""

    method: Method
    error: Decimal | None
    is_used: bool

    @property
    def word(self) -> str:
        return str(METHOD_WORDS[self.method])


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """What the forecast says about one target: `chance` from the 80 % interval, `probability` in per cent."""

    target: Target
    point: ForecastPoint
    chance: Chance | None
    probability: Decimal | None

    @property
    def word(self) -> str:
        return str(CHANCE_WORDS[self.chance]) if self.chance else _("Không nêu mức để so")

    @property
    def tone(self) -> str:
        return CHANCE_TONES[self.chance] if self.chance else "neutral"


def forecast_of(indicator_id: int, unit_id: int) -> Forecast | None:
    """The kept forecast of one series; `unit_id` 0 is the country."""
    return Forecast.objects.filter(indicator=indicator_id, organisation=unit_id or None).first()


def points_of(forecast: Forecast) -> list[ForecastPoint]:
    return [ForecastPoint(span_of(key), *map(Decimal, amounts)) for key, *amounts in forecast.points]


def methods_of(forecast: Forecast) -> list[TriedMethod]:
    """Every method with its error, the one used first, then by error."""
    tried = [
        TriedMethod(Method(name), None if error is None else Decimal(str(error)), name == forecast.method)
        for name, error in forecast.errors.items()
    ]
    return sorted(tried, key=lambda row: (not row.is_used, row.error is None, row.error or Decimal(0)))


def leaves_the_whole(indicator: Indicator, points: Iterable[ForecastPoint]) -> bool:
    """The interval of a share goes below 0 or above 100 %: it is not cut off, but the reader is told."""
    if indicator.kind != IndicatorKind.RATIO or indicator.scale != 100:
        return False
    return any(point.low < 0 or point.high > 100 for point in points)


def target_outlook(target: Target, points: Sequence[ForecastPoint]) -> TargetOutlook | None:
    """What the points say about a target at the end of its year; None when they do not reach it."""
    end = date(target.year, 12, 31) if target.year else date.min
    point = next((row for row in points if row.span.start <= end <= row.span.end), None)
    if point is None:
        return None
    bound = bound_of(target)
    return TargetOutlook(
        target,
        point,
        chance(bound, point.low80, point.high80),
        probability(bound, point.middle, error_of(point.middle, point.high)),
    )


def verdict(target: Target, unit_id: int) -> TargetOutlook | None:
    """What the kept forecast says about this target for one unit; None without one that reaches the year."""
    kept = forecast_of(target.indicator_id, unit_id)
    return target_outlook(target, points_of(kept)) if kept else None


def why_no_forecast(indicator: Indicator, unit_id: int, as_of: date) -> str:
    """A sentence for a series that has no forecast."""
    if indicator.kind in NEVER_FORECAST:
        return _("Thứ hạng và mức định tính không được dự báo bằng chuỗi số.")
    horizon_end = _ends_of_targets([indicator.pk], as_of).get(indicator.pk)
    if horizon_end is None:
        return _("Chưa có mục tiêu cho một năm sắp tới, nên chưa có mốc để dự báo đến.")
    mine = next(_standing_series(indicator, horizon_end, as_of, unit_id), None)
    refusal = prepared(mine.series.amounts, mine.series.season)[1] if mine else Refusal.TOO_SHORT
    return sentence_of(refusal, Frequency(indicator.frequency))


def sentence_of(refusal: Refusal | None, frequency: Frequency) -> str:
    """Why a series is not forecast, and what it would take."""
    fewest = {"n": fewest_values(PER_YEAR[frequency]), "gap": LONGEST_GAP_BRIDGED}
    if refusal is Refusal.TOO_SHORT:
        return _("Chuỗi còn quá ngắn: cần ít nhất %(n)s kỳ có số liên tiếp.") % fewest
    if refusal is Refusal.GAPS:
        return _("Chuỗi bị ngắt quãng: cần %(n)s kỳ gần nhất mà không thiếu quá %(gap)s kỳ liền nhau.") % fewest
    if refusal is Refusal.NO_WAY_AHEAD:
        return _("Chuỗi đã đến năm của mục tiêu, không còn kỳ nào để dự báo.")
    return _("Dự báo sẽ được tính trong lần chạy hằng đêm tới.")


def series_to_forecast(as_of: date) -> Iterator[StandingSeries]:
    """Official series with a target ahead whose newest row is newer than their forecast, or that have none.

    Where the target year has moved, the forecast is made anew as well. A series that cannot be forecast comes only when
    an old forecast is to be taken away. Two queries an indicator.
    """
    ends = _ends_of_targets(None, as_of)
    for indicator in Indicator.objects.filter(pk__in=ends).exclude(kind__in=NEVER_FORECAST).order_by("pk"):
        kept = _kept_of(indicator)
        for row in _standing_series(indicator, ends[indicator.pk], as_of):
            if _is_to_be_made(row, kept.get(row.unit_id), ends[indicator.pk]):
                yield row


class _Kept(NamedTuple):
    last_observation: int
    last_period: str


def _kept_of(indicator: Indicator) -> dict[int, _Kept]:
    """By unit what is asked of a kept forecast; its points, a hundred and more of each, stay where they are."""
    last_period = KeyTextTransform("0", KeyTransform("-1", "points"))
    rows = Forecast.objects.filter(indicator=indicator).annotate(last_period=last_period)
    found = rows.values_list("organisation_id", "last_observation", "last_period")
    return {unit or 0: _Kept(observation, period) for unit, observation, period in found}


def _is_to_be_made(row: StandingSeries, kept: _Kept | None, end: date) -> bool:
    if kept is None:
        return row.series.horizon > 0 and prepared(row.series.amounts, row.series.season)[1] is None
    last = span_of(kept.last_period)
    return kept.last_observation != row.last_observation or not last.start <= end <= last.end


def _ends_of_targets(indicator_ids: list[int] | None, as_of: date) -> dict[int, date]:
    """The last day of the furthest target year that is not over and not more than FURTHEST_YEARS away."""
    rows = Target.objects.filter(year__gte=as_of.year, year__lte=as_of.year + FURTHEST_YEARS)
    if indicator_ids is not None:
        rows = rows.filter(indicator__in=indicator_ids)
    found = rows.values_list("indicator").annotate(last=Max("year"))
    return {indicator_id: date(year, 12, 31) for indicator_id, year in found}


def _standing_series(
    indicator: Indicator, end: date, as_of: date, unit_id: int | None = None
) -> Iterator[StandingSeries]:
    """Unit by unit, the country first: thousands of units with years of values are more than a worker should hold.

    `end`: of the furthest target; `unit_id`: only this unit, 0 for the country.
    """
    rows = Observation.objects.filter(
        indicator=indicator, kind=ObservationKind.ACTUAL, breakdown="", available_on__lte=as_of
    )
    if unit_id is not None:
        rows = rows.filter(organisation=unit_id or None)
    rows = rows.order_by(F("organisation").asc(nulls_first=True))
    known = rows.values_list("organisation_id", "pk", "period", "amount", "corrects_id").iterator()
    for unit, mine in groupby(known, key=itemgetter(0)):
        yield _standing(indicator, unit or 0, [row[1:] for row in mine], end)


def _standing(
    indicator: Indicator, unit_id: int, known: Sequence[tuple[int, str, Decimal | None, int | None]], end: date
) -> StandingSeries:
    corrected = {corrects for *_rest, corrects in known}
    amounts = {period: amount for pk, period, amount, _corrects in known if pk not in corrected and amount is not None}
    return _series(indicator, unit_id, amounts, end, max(pk for pk, *_rest in known))


def _series(indicator: Indicator, unit_id: int, amounts: dict[str, Decimal], end: date, newest: int) -> StandingSeries:
    """Periods of another frequency than the indicator's are not part of its series."""
    frequency = Frequency(indicator.frequency)
    spans = sorted(span for span in map(span_of, amounts) if span.frequency is frequency)
    season = PER_YEAR[frequency]
    key = f"{indicator.pk}:{unit_id}"
    if not spans:
        return StandingSeries(indicator, unit_id, Series(key, (), season, 0), None, newest)
    between = spans_between(spans[0], spans[-1])
    values = tuple(float(amounts[span.key]) if span.key in amounts else None for span in between)
    ahead = len(list(spans_between(spans[-1].next, span_containing(end, frequency))))
    return StandingSeries(indicator, unit_id, Series(key, values, season, ahead), spans[-1], newest)
