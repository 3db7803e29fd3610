"""Which values are owed by whom, and what came of each: the rows behind completeness, timeliness and freshness."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy

from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.quality import OwedValue, Reporting, reporting_of
from thucthi.indicators.models import Indicator, Observation, ObservationKind, RollupOrigin, RollupRule
from thucthi.indicators.selectors.spoken import span_words
from thucthi.kernel.periods import Frequency, Span, span_containing, spans_between
from thucthi.kernel.values import ValueState

COUNTRY = 0
_STATING = (RollupOrigin.OWN, RollupOrigin.BOTH, RollupOrigin.SOURCE)
REPORTING_WORDS = {
    Reporting.IN_TIME: gettext_lazy("Có số, đúng hạn"),
    Reporting.LATE: gettext_lazy("Có số, muộn"),
    Reporting.MISSING: gettext_lazy("Chưa báo cáo"),
    Reporting.NOT_APPLICABLE: gettext_lazy("Không áp dụng"),
    Reporting.NOT_YET_DUE: gettext_lazy("Chưa đến hạn"),
}
REPORTING_TONES = {
    Reporting.IN_TIME: "good",
    Reporting.LATE: "warn",
    Reporting.MISSING: "silent",
    Reporting.NOT_APPLICABLE: "na",
    Reporting.NOT_YET_DUE: "neutral",
}


@dataclass(frozen=True, slots=True)
class StoredValue:
    """What stands of one line as of a day; `first_on` is the day from which its first answer was known."""

    pk: int
    state: ValueState
    amount: Decimal | None
    first_on: date | None


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One value that a unit (None: the country) owes, and where it stands as of a day."""

    unit: Organisation | None
    span: Span
    due_on: date
    stored: StoredValue | None
    reporting: Reporting

    @property
    def word(self) -> str:
        return str(REPORTING_WORDS[self.reporting])

    @property
    def tone(self) -> str:
        return REPORTING_TONES[self.reporting]

    @property
    def period(self) -> str:
        return span_words(self.span)

    @property
    def as_value(self) -> OwedValue:
        stored = self.stored
        return OwedValue(self.due_on, stored.state if stored else None, stored.first_on if stored else None)


StoredKey = tuple[int, int, str]


def owing_kinds(indicator_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Kinds of units ("country" or `Organisation.kind`) that state values themselves, by indicator.

    A rule for official values comes before the rule for all values.
    """
    rules = RollupRule.objects.filter(indicator__in=indicator_ids, kind__in=["", ObservationKind.ACTUAL])
    origins: dict[tuple[int, str], str] = {}
    for rule in rules.order_by("kind"):
        origins[rule.indicator_id, rule.unit] = rule.origin
    found: dict[int, set[str]] = {pk: set() for pk in indicator_ids}
    for (indicator_id, unit), origin in origins.items():
        if origin in _STATING:
            found[indicator_id].add(unit)
    return {pk: frozenset(kinds) for pk, kinds in found.items()}


def units_of_kinds(kinds: Iterable[str], *, within: Organisation | None = None) -> list[Organisation]:
    """Every body of these kinds that ever was, in Vietnamese order; `within`: only it and those below it."""
    rows = Organisation.objects.filter(kind__in=set(kinds) - {"country"})
    if within:
        rows = rows.under(within.pk)
    return list(rows.order_by("sort_key", "code"))


def alive_on(unit: Organisation, day: date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or unit.valid_to >= day)


def due_on(indicator: Indicator, span: Span) -> date:
    """The last day on which the value of that period is in time."""
    return span.end + timedelta(days=indicator.delay_days)


def tree_day(indicator: Indicator, span: Span) -> date:
    """The day whose units answer for the period: its last one, or `tree_from` when that is later."""
    return max(span.end, indicator.tree_from) if indicator.tree_from else span.end


def spans_up_to(indicator: Indicator, as_of: date, months: int) -> list[Span]:
    """The periods that ended in the last `months` months up to `as_of`, oldest first."""
    frequency = Frequency(indicator.frequency)
    first = span_containing(as_of - timedelta(days=months * 61 // 2), frequency)
    last = span_containing(as_of, frequency)
    return [span for span in spans_between(first, last) if span.end <= as_of]


def stored_values(
    indicator_ids: Collection[int], periods: Collection[str], as_of: date, *, unit_ids: Collection[int] | None = None
) -> dict[StoredKey, StoredValue]:
    """Official values of the whole known on `as_of`, by (indicator, unit or 0, period); one query."""
    rows = Observation.objects.filter(
        indicator__in=indicator_ids,
        period__in=periods,
        kind=ObservationKind.ACTUAL,
        breakdown="",
        available_on__lte=as_of,
    )
    if unit_ids is not None:
        rows = rows.filter(Q(organisation__in=unit_ids) | Q(organisation__isnull=True))
    columns = ("pk", "indicator_id", "organisation_id", "period", "state", "amount", "available_on", "corrects_id")
    known = list(rows.values_list(*columns))
    corrected = {row[7] for row in known}
    first: dict[StoredKey, date] = {}
    for _pk, indicator_id, unit_id, period, state, _amount, available_on, _corrects in known:
        key = (indicator_id, unit_id or COUNTRY, period)
        if state != ValueState.NOT_REPORTED and available_on < first.get(key, date.max):
            first[key] = available_on
    return {
        (row[1], row[2] or COUNTRY, row[3]): StoredValue(
            row[0], ValueState(row[4]), row[5], first.get((row[1], row[2] or COUNTRY, row[3]))
        )
        for row in known
        if row[0] not in corrected
    }


def owed_rows(
    indicators: Sequence[Indicator],
    as_of: date,
    *,
    months: int,
    within: Organisation | None = None,
    stored: dict[StoredKey, StoredValue] | None = None,
) -> dict[int, list[OwedRow]]:
    """The values owed for the periods of the last `months` months, by indicator, oldest period first; three queries.

    `stored`: what `stored_values` gave of all these periods and units, where it is at hand.
    """
    kinds = owing_kinds([indicator.pk for indicator in indicators])
    units = units_of_kinds((kind for found in kinds.values() for kind in found), within=within)
    spans = {indicator.pk: spans_up_to(indicator, as_of, months) for indicator in indicators}
    if stored is None:
        keys = {span.key for found in spans.values() for span in found}
        narrowed = [unit.pk for unit in units] if within else None
        stored = stored_values(list(spans), keys, as_of, unit_ids=narrowed)
    found: dict[int, list[OwedRow]] = {}
    for indicator in indicators:
        owing: list[Organisation | None] = [unit for unit in units if unit.kind in kinds[indicator.pk]]
        if "country" in kinds[indicator.pk] and within is None:
            owing = [None, *owing]
        found[indicator.pk] = [
            _owed(indicator, unit, span, stored.get((indicator.pk, unit.pk if unit else COUNTRY, span.key)), as_of)
            for span in spans[indicator.pk]
            for unit in owing
            if unit is None or alive_on(unit, tree_day(indicator, span))
        ]
    return found


def _owed(
    indicator: Indicator, unit: Organisation | None, span: Span, stored: StoredValue | None, as_of: date
) -> OwedRow:
    due = due_on(indicator, span)
    value = OwedValue(due, stored.state if stored else None, stored.first_on if stored else None)
    return OwedRow(unit, span, due, stored, reporting_of(value, as_of))
