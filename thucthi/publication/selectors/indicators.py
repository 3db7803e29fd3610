"""Indicators that a public document sets a target for: the country's figures, every unit's newest, how it was made."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils import translation

from thucthi.indicators.models import Contribution, Indicator, Target
from thucthi.kernel.values import Bound, Operator, ValueState
from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, Computation, Figure
from thucthi.monitoring.calculations.figures.tree import COUNTRY_KIND
from thucthi.monitoring.selectors.figures import computation
from thucthi.monitoring.selectors.figures.formulas import formula_of
from thucthi.publication.selectors.breaks import Breaks
from thucthi.publication.selectors.public import public_targets
from thucthi.publication.selectors.values import Values, plain
from thucthi.publication.shapes import (
    ComputationData,
    FigureData,
    IndicatorData,
    MemberData,
    TargetData,
    UnitFigureData,
)


@dataclass(frozen=True)
class Promises:
    """What documents promise of one indicator: of the country, of every unit of a kind, of single units."""

    general: list[Target]
    of_units: dict[int, Target]

    def of(self, unit_id: int) -> Target | None:
        """The unit's own promise, else the floor for every unit."""
        floors = [target for target in self.general if target.each_unit]
        return self.of_units.get(unit_id) or (floors[0] if floors else None)


def indicator_data(values: Values) -> tuple[IndicatorData, ...]:
    """In the order of their codes."""
    done = monitoring.achievements({row.pk for row in values.indicators}, values.as_of, values.reading.known_by)
    promises, tasks, breaks = _promises(values), _tasks(values), Breaks(values.reading)
    codes = dict(Indicator.objects.values_list("pk", "code"))
    return tuple(
        _indicator(
            row,
            values,
            promises=promises[row.pk],
            achievement=done.get(row.pk),
            tasks=sorted(tasks[row.pk]),
            codes=codes,
            breaks=breaks,
        )
        for row in values.indicators
    )


def _promises(values: Values) -> dict[int, Promises]:
    found: dict[int, Promises] = defaultdict(lambda: Promises([], {}))
    targets = public_targets(values.as_of).select_related("document", "indicator").order_by("year", "code")
    for target in targets:
        if target.organisation_id is None:
            found[target.indicator_id].general.append(target)
        else:
            found[target.indicator_id].of_units.setdefault(target.organisation_id, target)
    return found


def _tasks(values: Values) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    known = values.reading.task_codes
    for indicator_id, task_id in Contribution.objects.values_list("indicator_id", "task_id"):
        if task_id in known:
            found[indicator_id].append(known[task_id])
    return found


def _indicator(
    row: Indicator,
    values: Values,
    *,
    promises: Promises,
    achievement: Decimal | None,
    tasks: list[str],
    codes: dict[int, str],
    breaks: Breaks,
) -> IndicatorData:
    series, units = values.series.get(row.pk, []), _units(row.pk, values, promises)
    latest = next((each.amount for each in reversed(series) if each.amount is not None), None)
    return IndicatorData(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        unit=row.unit,
        unit_en=row.unit_en,
        direction=row.direction,
        kind=row.kind,
        definition=row.definition,
        method=row.method,
        limits=row.limits,
        source=row.source,
        source_owner=values.reading.code(row.source_owner_id),
        owner=values.reading.code(row.owner_id),
        frequency=row.frequency,
        targets=tuple(_target(each, latest, units) for each in promises.general),
        observations=values.observations(row.pk),
        figures=tuple(_figure(each) for each in series),
        units_period=values.newest.get(row.pk, "") if units else "",
        units=units,
        computation=_computation(row.pk, series, values, codes) if units else None,
        achievement=None if achievement is None else achievement.quantize(Decimal("0.1"), ROUND_HALF_UP),
        tasks=tuple(tasks),
        breaks=breaks.of(row.pk, series),
    )


def _units(indicator_id: int, values: Values, promises: Promises) -> tuple[UnitFigureData, ...]:
    found = []
    for row in values.by_unit.get(indicator_id, ()):
        promise = promises.of(row.unit_id)
        found.append(
            UnitFigureData(
                organisation=values.reading.code(row.unit_id) or "",
                state=_state(row),
                amount=plain(row.amount),
                is_disputed=(indicator_id, row.period, row.unit_id) in values.disputed,
                meets=_bound(promise).met_by(row.amount) if promise else None,
            )
        )
    return tuple(sorted(found, key=lambda unit: unit.organisation))


def _state(row: Figure) -> str:
    return ValueState.CONFIDENTIAL.value if row.is_suppressed else row.state.value


def _figure(row: Figure) -> FigureData:
    return FigureData(
        period=row.period,
        state=_state(row),
        amount=plain(row.amount),
        own=plain(row.own),
        contributed=plain(row.contributed),
        counted=row.counted,
        expected=row.expected,
        provisional=row.provisional,
        confidential=row.confidential,
        not_applicable=row.not_applicable,
    )


def _computation(
    indicator_id: int, series: list[Figure], values: Values, codes: dict[int, str]
) -> ComputationData | None:
    """Of the newest figure; the formula is said in both languages."""
    if not series:
        return None
    made = computation(indicator_id, series[-1].period, COUNTRY, as_of=values.as_of, known_by=values.known_by)
    if made is None:
        return None
    rule = values.plans[indicator_id].rules[COUNTRY_KIND]
    said = {}
    for language in ("vi", "en"):
        with translation.override(language):
            said[language] = formula_of(rule, made.figure, made.members)
    return ComputationData(
        figure=_figure(made.figure),
        origin=made.origin.value,
        operator=made.operator.value,
        formula_vi=said["vi"],
        formula_en=said["en"],
        weighed_by=codes.get(made.weight_indicator_id or 0, ""),
        rule_version=made.rule_version,
        engine_version=made.engine_version,
        tree_day=made.tree_day,
        members=tuple(_members(made, values)),
    )


def _members(made: Computation, values: Values) -> Iterable[MemberData]:
    for member in made.members:
        yield MemberData(
            organisation=None if member.unit_id == COUNTRY else values.reading.code(member.unit_id),
            is_own=member.is_own,
            why=member.why.value,
            amount=plain(member.figure.amount),
            numerator=plain(member.figure.numerator),
            denominator=plain(member.figure.denominator),
            weight=plain(member.weight),
        )


def _target(target: Target, latest: Decimal | None, units: tuple[UnitFigureData, ...]) -> TargetData:
    bound = _bound(target)
    return TargetData(
        code=target.code,
        document=target.document.slug,
        operator=target.operator,
        low=plain(target.low),
        high=plain(target.high),
        baseline=plain(target.baseline),
        year=target.year,
        wording_vi=bound.wording,
        wording_en=bound.wording_en,
        met=_met_by_each(bound, units) if target.each_unit else bound.met_by(latest),
        each_unit=target.each_unit,
    )


def _met_by_each(bound: Bound, units: tuple[UnitFigureData, ...]) -> bool | None:
    """A floor is broken by one unit below it, and kept only when every unit that owes a figure is known to keep it."""
    owed = [unit for unit in units if unit.state != ValueState.NOT_APPLICABLE]
    found = [bound.met_by(unit.amount) for unit in owed]
    if False in found:
        return False
    return True if found and None not in found else None


def _bound(target: Target) -> Bound:
    return Bound(Operator(target.operator), target.low, target.high, target.indicator.unit, target.indicator.unit_en)
