"""Standing values and figures of the public indicators, with everything hidden that must stay hidden."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q

from thucthi.indicators.models import Dispute, Indicator, Observation, ObservationKind
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, Figure
from thucthi.monitoring.selectors.figures import figures
from thucthi.monitoring.selectors.figures.engine import WHENEVER
from thucthi.monitoring.selectors.figures.rules import Plan, plans_of
from thucthi.publication.selectors.public import public_indicators
from thucthi.publication.selectors.reading import Reading
from thucthi.publication.shapes import ObservationData, ValueData
from thucthi.reporting.selectors.obligations import known

# Periods of the country's series: five years of months.
MOST_PERIODS = 60
COLUMNS = (
    "indicator_id", "organisation_id", "period", "period_end", "kind", "breakdown", "state", "amount", "numerator",
    "denominator", "source", "available_on", "corrects_id",
)  # fmt: skip
Unit = tuple[int, str, int]
Line = tuple[int, str, int, str, str]


@dataclass(frozen=True, slots=True)
class Stated:
    """A row of observations as it may be shown: without its numbers where `is_hidden`."""

    indicator_id: int
    organisation_id: int | None
    period: str
    period_end: date
    kind: str
    breakdown: str
    state: str
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    source: str
    available_on: date
    corrects_id: int | None
    is_hidden: bool = False

    @property
    def unit(self) -> Unit:
        return (self.indicator_id, self.period, self.organisation_id or COUNTRY)

    @property
    def line(self) -> Line:
        return (*self.unit, self.kind, self.breakdown)

    @property
    def shown_state(self) -> str:
        return ValueState.CONFIDENTIAL.value if self.is_hidden else self.state

    def shown(self, amount: Decimal | None) -> Decimal | None:
        """Without the zeros that the column's scale adds; nothing where it is hidden."""
        return None if self.is_hidden else plain(amount)


def plain(amount: Decimal | None) -> Decimal | None:
    """55.000000 is 55, and 100 stays 100."""
    return None if amount is None else Decimal(f"{amount.normalize():f}")


@dataclass(frozen=True)
class Values:
    """Values and figures of the public indicators as of the day of the issue; each part is read once."""

    reading: Reading

    @property
    def as_of(self) -> date:
        return self.reading.as_of

    @property
    def known_by(self) -> datetime:
        return self.reading.known_by or WHENEVER

    @cached_property
    def indicators(self) -> list[Indicator]:
        return list(public_indicators(self.as_of).order_by("code"))

    @cached_property
    def by_indicator(self) -> Mapping[int, list[Stated]]:
        """Oldest period first; the country before its units."""
        rows = [Stated(*row) for row in self._standing()]
        units, lines = _hidden(rows, self.as_of, self.known_by)
        found: dict[int, list[Stated]] = defaultdict(list)
        for row in rows:
            is_hidden = row.unit in units or row.line in lines
            found[row.indicator_id].append(_without_numbers(row) if is_hidden else row)
        return found

    def _standing(self) -> Iterable[tuple[Any, ...]]:
        """Known by the day of the issue; a corrected one gives way to its correction."""
        facts = known(Observation.objects.filter(available_on__lte=self.as_of), self.reading.known_by)
        ids = [row.pk for row in self.indicators]
        rows = facts.filter(~Exists(facts.filter(corrects=OuterRef("pk"))), indicator__in=ids)
        order = ("indicator_id", "period_end", "organisation_id", "kind", "breakdown", "pk")
        country = rows.filter(organisation=None).order_by(*order).values_list(*COLUMNS)
        return [*country, *rows.exclude(organisation=None).order_by(*order).values_list(*COLUMNS)]

    @cached_property
    def series(self) -> Mapping[int, list[Figure]]:
        """The figures of the country, oldest first, from the first period of which anything is known."""
        found: dict[int, list[Figure]] = defaultdict(list)
        for ids, periods in self._by_frequency():
            for row in figures(ids, periods, as_of=self.as_of, units=[COUNTRY], known_by=self.known_by):
                if row.amount is not None or row.confidential or row.is_suppressed or found[row.indicator_id]:
                    found[row.indicator_id].append(row)
        return found

    def _by_frequency(self) -> Iterable[tuple[list[int], list[str]]]:
        """Indicators of one frequency are asked for together, for all periods that any of them has."""
        ids: dict[str, list[int]] = defaultdict(list)
        periods: dict[str, dict[str, date]] = defaultdict(dict)
        for indicator in self.indicators:
            ids[indicator.frequency].append(indicator.pk)
            for row in self.by_indicator.get(indicator.pk, ()):
                periods[indicator.frequency][row.period] = row.period_end
        for frequency, keys in periods.items():
            yield ids[frequency], sorted(keys, key=keys.__getitem__)[-MOST_PERIODS:]

    @cached_property
    def newest(self) -> Mapping[int, str]:
        """The newest period in which any unit of the indicator has an official figure that may be shown."""
        return {
            pk: row.period
            for pk, rows in self.by_indicator.items()
            for row in rows
            if row.kind == ObservationKind.ACTUAL and row.shown(row.amount) is not None
        }

    @cached_property
    def by_unit(self) -> Mapping[int, list[Figure]]:
        """The figures of the units below the country in the newest period, as they may be shown."""
        asked: dict[str, list[int]] = defaultdict(list)
        for pk, period in self.newest.items():
            asked[period].append(pk)
        found: dict[int, list[Figure]] = defaultdict(list)
        for period, ids in sorted(asked.items()):
            for row in figures(ids, [period], as_of=self.as_of, known_by=self.known_by):
                if row.unit_id != COUNTRY:
                    found[row.indicator_id].append(row)
        return found

    @cached_property
    def disputed(self) -> frozenset[Unit]:
        """Values that a body disputes and nobody has answered by that day."""
        is_open = Q(answer=None) | Q(answer__answered_on__gt=self.as_of) | Q(answer__recorded_at__gte=self.known_by)
        rows = Dispute.objects.filter(is_open, raised_on__lte=self.as_of, recorded_at__lt=self.known_by)
        keys = rows.values_list("observation__indicator", "observation__period", "observation__organisation")
        return frozenset((indicator, period, unit or COUNTRY) for indicator, period, unit in keys)

    @cached_property
    def plans(self) -> Mapping[int, Plan]:
        return plans_of([row.pk for row in self.indicators], ObservationKind.ACTUAL)

    def observations(self, indicator_id: int) -> tuple[ObservationData, ...]:
        """The country's own values, of every kind, not broken down."""
        return tuple(
            ObservationData(
                period=row.period,
                period_end=row.period_end,
                kind=row.kind,
                state=row.shown_state,
                amount=row.shown(row.amount),
                organisation=None,
                source=row.source,
                available_on=row.available_on,
                is_correction=row.corrects_id is not None,
            )
            for row in self.by_indicator.get(indicator_id, ())
            if row.organisation_id is None and not row.breakdown
        )


def value_data(values: Values) -> dict[str, tuple[ValueData, ...]]:
    """All standing values by the code of their indicator; indicators without any are left out."""
    codes = {row.pk: row.code for row in values.indicators}
    return {
        codes[pk]: tuple(
            ValueData(
                period=row.period,
                organisation=values.reading.code(row.organisation_id),
                kind=row.kind,
                breakdown=row.breakdown,
                state=row.shown_state,
                amount=row.shown(row.amount),
                numerator=row.shown(row.numerator),
                denominator=row.shown(row.denominator),
                available_on=row.available_on,
                is_correction=row.corrects_id is not None,
            )
            for row in rows
        )
        for pk, rows in values.by_indicator.items()
    }


def _without_numbers(row: Stated) -> Stated:
    kept = {name: getattr(row, name) for name in COLUMNS}
    return Stated(**{**kept, "amount": None, "numerator": None, "denominator": None}, is_hidden=True)


def _hidden(rows: Iterable[Stated], as_of: date, known_by: datetime) -> tuple[set[Unit], set[Line]]:
    """Units and lines whose numbers would give a confidential one away.

    What is confidential as a whole is so in every kind and part: what a body declares is near what is measured.
    """
    secret: dict[str, set[tuple[int, str]]] = defaultdict(set)
    parts: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in rows:
        parts[row.indicator_id, row.period].add(row.breakdown)
        if row.state == ValueState.CONFIDENTIAL:
            secret[row.kind].add((row.indicator_id, row.period))
    units: set[Unit] = set()
    lines: set[Line] = set()
    for kind, terms in secret.items():
        for breakdown in sorted({""}.union(*(parts[term] for term in terms))):
            for unit in _unshown(terms, kind, breakdown, as_of, known_by):
                lines.add((*unit, kind, breakdown))
                units |= {unit} if not breakdown else set()
    return units, lines


def _unshown(terms: set[tuple[int, str]], kind: str, breakdown: str, as_of: date, known_by: datetime) -> Iterable[Unit]:
    ids, periods = {pk for pk, _period in terms}, {period for _pk, period in terms}
    for row in figures(ids, periods, as_of=as_of, kind=kind, breakdown=breakdown, known_by=known_by):
        if row.is_suppressed or row.state == ValueState.CONFIDENTIAL:
            yield (row.indicator_id, row.period, row.unit_id)
