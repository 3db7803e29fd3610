"""How far values can be relied on: rates, freshness, values that lie far out. Questions to people, never verdicts."""

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.quality import (
    Deviation,
    Freshness,
    OutOfRange,
    Rates,
    Reporting,
    Staleness,
    against_history,
    out_of_range,
    rates,
    scores_among,
    staleness,
)
from thucthi.indicators.models import Indicator, IndicatorKind
from thucthi.indicators.selectors.owed import (
    COUNTRY,
    OwedRow,
    StoredKey,
    StoredValue,
    alive_on,
    owed_rows,
    owing_kinds,
    spans_up_to,
    stored_values,
    units_of_kinds,
)
from thucthi.indicators.selectors.quality_counts import FIRST_OWED, counted_late, counted_rates, counting
from thucthi.indicators.selectors.spoken import history_words, peers_words, range_words, span_words, value_words
from thucthi.kernel.answers import ANSWERS
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import PER_YEAR, Frequency, Span, span_of
from thucthi.kernel.values import ValueState

RATE_MONTHS = 12
HISTORY_MONTHS = 60
# Levels of large and small units say nothing to one another; shares and indices do.
COMPARED_BY_LEVEL = frozenset({IndicatorKind.RATIO, IndicatorKind.INDEX})
NEVER_COMPARED = frozenset({IndicatorKind.RANK, IndicatorKind.QUALITATIVE})
FRESHNESS_WORDS = {
    Freshness.NEW: gettext_lazy("Mới"),
    Freshness.DUE: gettext_lazy("Đến kỳ"),
    Freshness.LATE: gettext_lazy("Quá hạn"),
}
FRESHNESS_TONES = {Freshness.NEW: "good", Freshness.DUE: "warn", Freshness.LATE: "bad"}


@dataclass(frozen=True, slots=True)
class SeriesFreshness:
    """When the next value of one unit (None: the country) is expected."""

    unit: Organisation | None
    staleness: Staleness

    @property
    def word(self) -> str:
        return str(FRESHNESS_WORDS[self.staleness.state])

    @property
    def tone(self) -> str:
        return FRESHNESS_TONES[self.staleness.state]

    @property
    def last(self) -> str:
        """The newest period with an answer, "" when there is none."""
        return span_words(self.staleness.last) if self.staleness.last else ""

    @property
    def awaited(self) -> str:
        return span_words(self.staleness.next_span)

    @property
    def when(self) -> str:
        """The direction of time in words, so that no sign has to be read."""
        days = self.staleness.days_late
        if days > 0:
            return _("quá hạn %(n)s ngày") % {"n": days}
        return _("hạn là hôm nay") if days == 0 else _("còn %(n)s ngày") % {"n": -days}


@dataclass(frozen=True, slots=True)
class FarValue:
    """A standing value that lies far out, with the figures that say so; each of the three may be None."""

    indicator: Indicator
    unit: Organisation | None
    span: Span
    stored: StoredValue
    range: OutOfRange | None
    history: Deviation | None
    peers: Deviation | None
    peers_by_change: bool

    @property
    def period(self) -> str:
        return span_words(self.span)

    @property
    def said(self) -> str:
        return value_words(self.stored.state, self.stored.amount, self.indicator.unit)

    @property
    def why(self) -> str:
        """Each reason with its figures."""
        reasons = [range_words(self.range)] if self.range else []
        reasons += [history_words(self.history)] if self.history else []
        reasons += [peers_words(self.peers, by_change=self.peers_by_change)] if self.peers else []
        return "; ".join(reasons)

    @property
    def since(self) -> date:
        """From when it could have been noticed."""
        return self.stored.first_on or self.span.end


@dataclass(frozen=True, slots=True)
class IndicatorQuality:
    """One row of the overview: two rates that are never merged, and how many series are late."""

    indicator: Indicator
    rates: Rates
    late: int
    series: int


@dataclass(frozen=True, slots=True)
class IndicatorQualityPage:
    indicator: Indicator
    rows: list[OwedRow]
    rates: Rates
    freshness: list[SeriesFreshness]
    far: list[FarValue]


def indicators_with_values() -> QuerySet[Indicator]:
    """Those of which somebody states values."""
    return Indicator.objects.filter(rollup_rules__origin__in=["own", "both", "source"]).distinct().order_by("code")


def indicator_called(code: str) -> Indicator:
    """Raises NotVisible for an unknown code."""
    found = Indicator.objects.select_related("source_owner", "owner").filter(code=code).first()
    if found is None:
        raise NotVisible(_("Không có chỉ tiêu mang mã này."))
    return found


def quality_overview(
    indicators: Sequence[Indicator], as_of: date, within: Organisation | None = None
) -> list[IndicatorQuality]:
    """The rates of the last twelve months and the late series of each of `indicators`; five queries for all."""
    asked = counting(indicators, as_of, within)
    shares, late = counted_rates(asked, RATE_MONTHS), counted_late(asked, HISTORY_MONTHS)
    return [
        IndicatorQuality(indicator, shares[indicator.pk], late=late[indicator.pk][0], series=late[indicator.pk][1])
        for indicator in indicators
    ]


def quality_kept(
    indicators: Sequence[Indicator], as_of: date, within: Organisation | None = None
) -> tuple[list[IndicatorQuality], datetime]:
    """`quality_overview` and the moment it is from: everybody who works sees the same, and it may be kept a while."""
    asked = ("quality", tuple(row.pk for row in indicators), as_of, within.pk if within else None)
    found = ANSWERS.answer(asked, lambda: [_plain(row) for row in quality_overview(indicators, as_of, within)])
    rows = zip(indicators, found.value, strict=True)
    return [IndicatorQuality(row, Rates(*said[:4]), *said[4:]) for row, said in rows], found.found_at


def _plain(row: IndicatorQuality) -> tuple[int, ...]:
    return (*astuple(row.rates), row.late, row.series)


def quality_of(indicator: Indicator, as_of: date, within: Organisation | None = None) -> IndicatorQualityPage:
    """Everything known of the quality of one indicator's values; the rates open into `rows`."""
    stored = _known([indicator], as_of)
    rows = owed_rows([indicator], as_of, months=RATE_MONTHS, within=within, stored=stored)[indicator.pk]
    return IndicatorQualityPage(
        indicator=indicator,
        rows=rows,
        rates=rates((row.as_value for row in rows), as_of),
        freshness=freshness_of([indicator], as_of, within=within, stored=stored)[indicator.pk],
        far=far_values([indicator], as_of, within=within, stored=stored),
    )


def _known(indicators: Sequence[Indicator], as_of: date) -> dict[StoredKey, StoredValue]:
    """The values of all units over the longest time that anything here looks back; one query."""
    keys = {span.key for one in indicators for span in spans_up_to(one, as_of, HISTORY_MONTHS)}
    return stored_values([one.pk for one in indicators], keys, as_of)


def freshness_of(
    indicators: Sequence[Indicator],
    as_of: date,
    *,
    within: Organisation | None = None,
    stored: dict[StoredKey, StoredValue] | None = None,
) -> dict[int, list[SeriesFreshness]]:
    """How each series of the units that owe values today stands, the latest first; `stored` where it is at hand."""
    kinds = owing_kinds([indicator.pk for indicator in indicators])
    units = [unit for unit in _all_units(kinds, within) if alive_on(unit, as_of)]
    known = _known(indicators, as_of) if stored is None else stored
    newest: dict[tuple[int, int], str] = {}
    for (indicator_id, unit_id, period), value in known.items():
        if value.state is not ValueState.NOT_REPORTED:
            newest[indicator_id, unit_id] = max(newest.get((indicator_id, unit_id), ""), period)
    found = {}
    for one in indicators:
        owing: list[Organisation | None] = [unit for unit in units if unit.kind in kinds[one.pk]]
        if "country" in kinds[one.pk] and within is None:
            owing = [None, *owing]
        rows = [_freshness(one, unit, newest.get((one.pk, unit.pk if unit else COUNTRY)), as_of) for unit in owing]
        found[one.pk] = sorted(rows, key=lambda row: -row.staleness.days_late)
    return found


def _freshness(indicator: Indicator, unit: Organisation | None, last: str | None, as_of: date) -> SeriesFreshness:
    first_owed = as_of - FIRST_OWED
    if unit and unit.valid_from:
        first_owed = max(first_owed, unit.valid_from)
    stands = staleness(
        last,
        frequency=Frequency(indicator.frequency),
        delay_days=indicator.delay_days,
        as_of=as_of,
        first_owed=first_owed,
    )
    return SeriesFreshness(unit, stands)


def _all_units(kinds: dict[int, frozenset[str]], within: Organisation | None) -> list[Organisation]:
    return units_of_kinds((kind for found in kinds.values() for kind in found), within=within)


def far_values(
    indicators: Sequence[Indicator],
    as_of: date,
    *,
    within: Organisation | None = None,
    stored: dict[StoredKey, StoredValue] | None = None,
) -> list[FarValue]:
    """Values of the last twelve months outside the plausible range or far from history or peers, oldest first."""
    kinds = owing_kinds([indicator.pk for indicator in indicators])
    units = {unit.pk: unit for unit in _all_units(kinds, None)}
    known = _known(indicators, as_of) if stored is None else stored
    shown = {pk for pk, unit in units.items() if within is None or within.pk in unit.path}
    if within is None:
        shown.add(COUNTRY)
    found = [row for one in indicators for row in _far_values_of(one, known, units, as_of) if _unit_id(row) in shown]
    return sorted(found, key=lambda row: (row.since, row.stored.pk))


def _unit_id(row: FarValue) -> int:
    return row.unit.pk if row.unit else COUNTRY


def _far_values_of(
    indicator: Indicator, stored: dict[StoredKey, StoredValue], units: dict[int, Organisation], as_of: date
) -> list[FarValue]:
    spans = spans_up_to(indicator, as_of, HISTORY_MONTHS)
    recent = {span.key for span in spans_up_to(indicator, as_of, RATE_MONTHS)}
    by_unit: dict[int, dict[str, StoredValue]] = {}
    for (indicator_id, unit_id, period), value in stored.items():
        if indicator_id == indicator.pk and (unit_id in units or unit_id == COUNTRY):
            by_unit.setdefault(unit_id, {})[period] = value
    histories = {unit_id: _history(indicator, values, spans) for unit_id, values in by_unit.items()}
    compared = _compared(indicator, by_unit, spans, histories)
    among_peers = _among_peers({key: amount for key, amount in compared.items() if key[1] in recent}, units)
    found = []
    for unit_id, values in by_unit.items():
        found += [
            FarValue(
                indicator=indicator,
                unit=units.get(unit_id),
                span=span_of(period),
                stored=values[period],
                range=out_of_range(values[period].amount, indicator.low_limit, indicator.high_limit),
                history=_if_far(histories[unit_id].get(period)),
                peers=_if_far(among_peers.get((unit_id, period))),
                peers_by_change=indicator.kind not in COMPARED_BY_LEVEL,
            )
            for period in sorted(recent & set(values))
        ]
    return [row for row in found if row.range or row.history or row.peers]


def _if_far(deviation: Deviation | None) -> Deviation | None:
    return deviation if deviation and deviation.is_far else None


def _history(indicator: Indicator, values: dict[str, StoredValue], spans: Sequence[Span]) -> dict[str, Deviation]:
    if indicator.kind in NEVER_COMPARED:
        return {}
    amounts = [values[span.key].amount if span.key in values else None for span in spans]
    judged = against_history(amounts, PER_YEAR[Frequency(indicator.frequency)])
    return {span.key: found for span, found in zip(spans, judged, strict=True) if found}


Compared = dict[tuple[int, str], Decimal]


def _compared(
    indicator: Indicator,
    by_unit: dict[int, dict[str, StoredValue]],
    spans: Sequence[Span],
    histories: dict[int, dict[str, Deviation]],
) -> Compared:
    """What is set beside the peers: the level of shares and indices, the change in per cent of everything else.

    No change is taken from a value that is itself far from its history: coming back from it is nothing strange.
    """
    if indicator.kind in NEVER_COMPARED:
        return {}
    by_level = indicator.kind in COMPARED_BY_LEVEL
    found: Compared = {}
    for unit_id, values in by_unit.items():
        before: Decimal | None = None
        for span in spans:
            amount = values[span.key].amount if span.key in values else None
            if amount is not None and by_level:
                found[unit_id, span.key] = amount
            elif amount is not None and before:
                found[unit_id, span.key] = 100 * (amount - before) / abs(before)
            before = None if _if_far(histories[unit_id].get(span.key)) else amount
    return found


def _among_peers(compared: Compared, units: dict[int, Organisation]) -> dict[tuple[int, str], Deviation | None]:
    """Each among the others of its kind in the same period; the country has no peers."""
    alike: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for unit_id, period in compared:
        if unit_id != COUNTRY:
            alike.setdefault((units[unit_id].kind, period), []).append((unit_id, period))
    found: dict[tuple[int, str], Deviation | None] = {}
    for keys in alike.values():
        found |= zip(keys, scores_among([compared[key] for key in keys]), strict=True)
    return found


def rows_in(rows: Sequence[OwedRow], wanted: Collection[Reporting]) -> list[OwedRow]:
    """The rows behind a rate; all that are owed when nothing is chosen."""
    return [row for row in rows if not wanted or row.reporting in wanted]
