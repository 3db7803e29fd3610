"""Standing values and figures of the public indicators, with everything hidden that must stay hidden."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from thucthi.indicators.models import Dispute, Indicator, Observation, ObservationKind
from thucthi.kernel.portions import portions
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, Figure
from thucthi.monitoring.selectors.figures import figures
from thucthi.monitoring.selectors.figures.engine import WHENEVER
from thucthi.monitoring.selectors.figures.rules import Plan, plans_of
from thucthi.publication import files
from thucthi.publication.frozen import Spool
from thucthi.publication.frozen_values import FrozenValues
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
# More values than these wait on the disk; so many are read at a time.
MOST_IN_MEMORY = 100_000
ROWS_OF_A_BATCH, ROWS_AT_ONCE = 100_000, 5_000
# Of which figures of all units are asked for together.
PERIODS_AT_ONCE = 10
Unit = tuple[int, str, int]
Line = tuple[int, str, int, str, str]
Keep = Callable[[Iterable[ValueData]], Sequence[ValueData]]


class Stated(NamedTuple):
    """A row of observations."""

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


@dataclass(frozen=True)
class Hidden:
    """What must not be told: the numbers of units in all kinds and parts, and of single lines."""

    units: set[Unit]
    lines: set[Line]

    def shown(self, row: Stated) -> tuple[Stated, bool]:
        """The row, and whether its numbers are hidden."""
        if not self.lines:
            return row, False
        unit = (row.indicator_id, row.period, row.organisation_id or COUNTRY)
        return row, unit in self.units or (*unit, row.kind, row.breakdown) in self.lines


@dataclass
class Said:
    """What is said of one indicator. `own`: the country's values, of every kind, not broken down.

    `newest`: the last period in which any unit has an official figure that may be shown.
    """

    periods: dict[str, date] = field(default_factory=dict)
    newest: str = ""
    own: list[ObservationData] = field(default_factory=list)
    values: Sequence[ValueData] = ()


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
    def by_indicator(self) -> Mapping[int, Said]:
        """Those with values of the country first; of each, the country comes before its units, the oldest first."""
        counts = dict(self._standing.order_by().values_list("indicator_id").annotate(count=Count("pk")))
        keep = _keeper(sum(counts.values()))
        country: dict[int, list[Stated]] = defaultdict(list)
        for row in map(Stated._make, self._rows(organisation=None)):
            country[row.indicator_id].append(row)
        hidden, found = self._hidden(), {}
        for pk, of_units in self._of_units(counts):
            rows = chain(country.get(pk, ()), of_units)
            found[pk] = self._said((hidden.shown(row) for row in rows), keep)
        return {pk: found[pk] for pk in sorted(found, key=lambda pk: (pk not in country, pk))}

    def _of_units(self, counts: Mapping[int, int]) -> Iterator[tuple[int, Iterable[Stated]]]:
        """Some indicators at a time, each of them once, also one whose units have said nothing."""
        for ids in portions(sorted(counts.items()), ROWS_OF_A_BATCH):
            rows = map(Stated._make, self._rows(organisation__isnull=False, indicator__in=ids))
            told = groupby(rows, key=attrgetter("indicator_id"))
            waiting = next(told, None)
            for pk in ids:
                if waiting is not None and waiting[0] == pk:
                    yield waiting
                    waiting = next(told, None)
                else:
                    yield pk, ()

    @cached_property
    def _standing(self) -> QuerySet[Observation]:
        """Known by the day of the issue; a corrected one gives way to its correction."""
        facts = known(Observation.objects.filter(available_on__lte=self.as_of), self.reading.known_by)
        ids = [row.pk for row in self.indicators]
        return facts.filter(~Exists(facts.filter(corrects=OuterRef("pk"))), indicator__in=ids)

    def _rows(self, **chosen: Any) -> Iterator[tuple[Any, ...]]:
        order = ("indicator_id", "period_end", "organisation_id", "kind", "breakdown", "pk")
        rows = self._standing.filter(**chosen).order_by(*order).values_list(*COLUMNS)
        return rows.iterator(chunk_size=ROWS_AT_ONCE)

    def _said(self, rows: Iterable[tuple[Stated, bool]], keep: Keep) -> Said:
        """What the other parts of an issue need of the values of one indicator; the values themselves are kept."""
        said = Said()

        def shown() -> Iterator[ValueData]:
            for row, is_hidden in rows:
                value = _value(row, is_hidden, self.reading.code(row.organisation_id))
                said.periods[row.period] = row.period_end
                if row.kind == ObservationKind.ACTUAL and value.amount is not None:
                    said.newest = row.period
                if row.organisation_id is None and not row.breakdown:
                    said.own.append(_observation(row, value))
                yield value

        said.values = keep(shown())
        return said

    def _hidden(self) -> Hidden:
        """Units and lines whose numbers would give a confidential one away.

        What is confidential as a whole is so in every kind and part: what a body declares is near what is measured.
        """
        terms = self._standing.filter(state=ValueState.CONFIDENTIAL).order_by()
        secret: dict[tuple[str, int], set[str]] = defaultdict(set)
        for kind, pk, period in terms.values_list("kind", "indicator_id", "period").distinct():
            secret[kind, pk].add(period)
        hidden, parts = Hidden(set(), set()), self._parts_of({pk for _kind, pk in secret})
        for (kind, pk), periods in secret.items():
            for breakdown in sorted({""}.union(*(parts.get((pk, period), ()) for period in periods))):
                for unit in _unshown(pk, sorted(periods), kind, breakdown, self.as_of, self.known_by):
                    hidden.lines.add((*unit, kind, breakdown))
                    if not breakdown:
                        hidden.units.add(unit)
        return hidden

    def _parts_of(self, ids: Collection[int]) -> Mapping[tuple[int, str], set[str]]:
        """By which breakdowns these indicators are told in each period."""
        found: dict[tuple[int, str], set[str]] = defaultdict(set)
        if not ids:
            return found
        rows = self._standing.filter(indicator__in=ids).order_by().values_list("indicator_id", "period", "breakdown")
        for pk, period, breakdown in rows.distinct():
            found[pk, period].add(breakdown)
        return found

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
            if indicator.pk in self.by_indicator:
                periods[indicator.frequency] |= self.by_indicator[indicator.pk].periods
        for frequency, keys in periods.items():
            yield ids[frequency], sorted(keys, key=keys.__getitem__)[-MOST_PERIODS:]

    @cached_property
    def newest(self) -> Mapping[int, str]:
        """The newest period in which any unit of the indicator has an official figure that may be shown."""
        return {pk: said.newest for pk, said in self.by_indicator.items() if said.newest}

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
        said = self.by_indicator.get(indicator_id)
        return tuple(said.own) if said else ()


def value_data(values: Values) -> dict[str, Sequence[ValueData]]:
    """All standing values by the code of their indicator; indicators without any are left out."""
    codes = {row.pk: row.code for row in values.indicators}
    return {codes[pk]: said.values for pk, said in values.by_indicator.items()}


def _keeper(count: int) -> Keep:
    if count <= MOST_IN_MEMORY:
        return tuple
    files.root().mkdir(parents=True, exist_ok=True)
    return partial(FrozenValues.of, Spool(files.root()))


def _value(row: Stated, is_hidden: bool, organisation: str | None) -> ValueData:
    """As it may be shown: without its numbers where they would tell a confidential one."""
    amounts = (None, None, None) if is_hidden else (plain(row.amount), plain(row.numerator), plain(row.denominator))
    return ValueData(
        row.period,
        organisation,
        row.kind,
        row.breakdown,
        ValueState.CONFIDENTIAL.value if is_hidden else row.state,
        *amounts,
        row.available_on,
        row.corrects_id is not None,
    )


def _observation(row: Stated, value: ValueData) -> ObservationData:
    return ObservationData(
        period=row.period,
        period_end=row.period_end,
        kind=row.kind,
        state=value.state,
        amount=value.amount,
        organisation=None,
        source=row.source,
        available_on=row.available_on,
        is_correction=value.is_correction,
    )


def _unshown(  # noqa: PLR0917 - as `figures` takes them
    pk: int, periods: Sequence[str], kind: str, breakdown: str, as_of: date, known_by: datetime
) -> Iterator[Unit]:
    """What is hidden of one indicator in one period does not depend on others: a few periods fit into memory."""
    for start in range(0, len(periods), PERIODS_AT_ONCE):
        some = periods[start : start + PERIODS_AT_ONCE]
        for row in figures([pk], some, as_of=as_of, kind=kind, breakdown=breakdown, known_by=known_by):
            if row.is_suppressed or row.state == ValueState.CONFIDENTIAL:
                yield (row.indicator_id, row.period, row.unit_id)
