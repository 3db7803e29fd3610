"""How one figure was made, opened into its rows; and stated values beside what their parts give."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.combine import Part, can_enter, figure_of_cell
from thucthi.monitoring.calculations.figures.reconcile import against_children, against_dimension, against_ratio
from thucthi.monitoring.calculations.figures.shapes import (
    ENGINE_VERSION,
    READS_MEMBERS,
    READS_OWN,
    Cell,
    Computation,
    Figure,
    Member,
    Operator,
    Origin,
    Reconciliation,
    Rule,
    Why,
)
from thucthi.monitoring.calculations.figures.suppression import hide
from thucthi.monitoring.calculations.figures.tree import Node
from thucthi.monitoring.selectors.figures.engine import WHENEVER, Reading, shown
from thucthi.monitoring.selectors.figures.formulas import formula_of
from thucthi.monitoring.selectors.figures.rules import Period, Plan, exhaustive_dimensions, period_of, plans_of

_STANDING = """
SELECT DISTINCT ON (organisation_id) coalesce(organisation_id, 0), state, amount, numerator, denominator, id,
       available_on, source
  FROM indicators_observation
 WHERE indicator_id = %s AND period = %s AND kind = %s AND breakdown = %s AND available_on <= %s
   AND recorded_at < %s
 ORDER BY organisation_id, id DESC
"""
_WHY = {
    ValueState.NOT_REPORTED: Why.NOT_REPORTED,
    ValueState.NOT_APPLICABLE: Why.NOT_APPLICABLE,
    ValueState.CONFIDENTIAL: Why.CONFIDENTIAL,
}


@dataclass(frozen=True, slots=True)
class Stated:
    cell: Cell
    source: str


def computation(
    indicator_id: int,
    period: str,
    unit_id: int,
    *,
    as_of: date,
    kind: str = "actual",
    breakdown: str = "",
    known_by: datetime = WHENEVER,
) -> Computation | None:
    """How the figure of a unit was made; None where it has no rule or did not exist.

    Members are the unit's own value, then the figures of the units below it, by unit; hidden ones without numbers.
    """
    plan, span = plans_of([indicator_id], kind)[indicator_id], period_of(period)
    reading = Reading(as_of, kind, breakdown, known_by=known_by)
    day = plan.tree_day(span)
    nodes = {node.unit_id: node for node in reading.nodes(plan, day)}
    if unit_id not in nodes:
        return None
    rule = plan.rules[nodes[unit_id].kind]
    members_of = [node for node in nodes.values() if node.anchor_id == unit_id] if adds_up(rule) else []
    units = [unit_id, *(node.unit_id for node in members_of)]
    figures = {row.unit_id: row for row in shown(reading, [(plan, span)], units=units)}
    stated, weight_id = _stated(plan, span, reading), plan.weighing.get(nodes[unit_id].kind)
    weights = reading.weights_of(weight_id, span, day) if weight_id else {}
    found = _opened(plan, nodes[unit_id], members_of, figures=figures, stated=stated, weights=weights)
    return Computation(
        figure=figures[unit_id],
        origin=rule.origin,
        operator=rule.operator,
        formula=formula_of(rule, figures[unit_id], found),
        members=tuple(found),
        weight_indicator_id=weight_id,
        rule_version=plan.version,
        engine_version=ENGINE_VERSION,
        tree_day=day,
        as_of=as_of,
        newest_observation_id=_newest(figures, stated),
    )


def _opened(
    plan: Plan,
    node: Node,
    below: Sequence[Node],
    *,
    figures: dict[int, Figure],
    stated: dict[int, Stated],
    weights: dict[int, Decimal],
) -> list[Member]:
    rule = plan.rules[node.kind]
    own = (
        [member_itself(figures[node.unit_id], rule, stated.get(node.unit_id), weights)]
        if rule.origin in READS_OWN
        else []
    )
    return own + [
        member_below(figures[part.unit_id], rule, plan.rules[part.kind], stated.get(part.unit_id), weights)
        for part in sorted(below, key=lambda part: part.unit_id)
    ]


def adds_up(rule: Rule) -> bool:
    return rule.origin in READS_MEMBERS and rule.operator is not Operator.NONE


def _newest(figures: dict[int, Figure], stated: dict[int, Stated]) -> int | None:
    """The last observation that any of these figures rests on."""
    seen = [row.cell.observation_id for unit, row in stated.items() if unit in figures]
    seen += [row.observation_id for row in figures.values() if row.observation_id]
    return max(seen, default=None)


def _stated(plan: Plan, span: Period, reading: Reading) -> dict[int, Stated]:
    with connection.cursor() as cursor:
        values: list[Any] = [plan.indicator_id, span.key, reading.kind, reading.breakdown, reading.as_of]
        values.append(reading.known_by)
        cursor.execute(_STANDING, values)
        return {
            row[0]: Stated(Cell(ValueState(row[1]), row[2], row[3], row[4], row[5], row[6]), row[7])
            for row in cursor.fetchall()
        }


def member_itself(figure: Figure, rule: Rule, stated: Stated | None, weights: dict[int, Decimal]) -> Member:
    own = figure_of_cell(figure.indicator_id, figure.period, figure.unit_id, stated.cell if stated else None)
    if own.amount is not None and figure.own is None:
        own = hide(own)
    counting = rule if rule.origin is Origin.BOTH else Rule(Origin.OWN)
    return _member(own, counting, stated, weights, is_own=True)


def member_below(
    figure: Figure, rule: Rule, its_rule: Rule, stated: Stated | None, weights: dict[int, Decimal]
) -> Member:
    is_one_value = its_rule.origin in {Origin.OWN, Origin.SOURCE}
    made = _member(figure, rule, stated if is_one_value else None, weights, is_own=False)
    if rule.origin is Origin.SOURCE and made.is_counted:
        return replace(made, why=Why.FOR_COMPARISON)
    return made


def _member(figure: Figure, rule: Rule, stated: Stated | None, weights: dict[int, Decimal], *, is_own: bool) -> Member:
    weight = weights.get(figure.unit_id) if rule.is_weighted else None
    return Member(
        unit_id=figure.unit_id,
        is_own=is_own,
        figure=figure,
        weight=weight,
        why=_why(figure, rule, weight),
        observation_id=stated.cell.observation_id if stated else None,
        source=stated.source if stated else "",
        available_on=stated.cell.arrived if stated else None,
    )


def _why(figure: Figure, rule: Rule, weight: Decimal | None) -> Why:
    """A hidden part is in the figure, and is not shown as being in it with its number."""
    if figure.is_suppressed:
        return Why.SUPPRESSED
    if figure.amount is None:
        return _WHY[figure.state]
    if can_enter(rule, Part(figure, weight)):
        return Why.COUNTED
    return Why.NO_WEIGHT if rule.operator is Operator.WEIGHTED_MEAN else Why.NO_PARTS


def breakdown_figures(
    indicator_id: int,
    period: str,
    breakdowns: Sequence[str],
    *,
    as_of: date,
    kind: str = "actual",
    units: Collection[int] | None = None,
) -> dict[str, dict[int, Figure]]:
    """The figures of parts ("dimension:category") by part and unit, as they may be shown beside the whole."""
    plan, span = plans_of([indicator_id], kind)[indicator_id], period_of(period)
    return {
        breakdown: {row.unit_id: row for row in shown(Reading(as_of, kind, breakdown), [(plan, span)], units=units)}
        for breakdown in breakdowns
    }


def reconciliations(
    indicator_ids: Collection[int], periods: Collection[str], *, as_of: date, kind: str = "actual"
) -> list[Reconciliation]:
    """Stated values beside what their parts give, in the order of indicators, periods, units.

    A published value beside the units below it, a ratio beside its parts, the whole beside each exhaustive dimension.
    Only what may be shown is compared.
    """
    plans, reading = plans_of(indicator_ids, kind), Reading(as_of, kind)
    terms = [(plan, period_of(period)) for plan in plans.values() for period in dict.fromkeys(periods)]
    by_term: dict[tuple[int, str], list[Figure]] = {}
    for row in shown(reading, terms):
        by_term.setdefault((row.indicator_id, row.period), []).append(row)
    dimensions = exhaustive_dimensions(plans)
    found: list[Reconciliation] = []
    for plan, span in sorted(terms, key=lambda term: (term[0].indicator_id, term[1].key)):
        figures = {row.unit_id: row for row in by_term.get((plan.indicator_id, span.key), [])}
        nodes = reading.nodes(plan, plan.tree_day(span))
        found += _of_children(reading, plan, span, nodes, figures)
        found += _of_ratios(plan, nodes, figures)
        for code, categories in dimensions.get(plan.indicator_id, {}).items():
            found += _of_dimension(reading, plan, span, figures, (code, categories))
    return sorted(found, key=lambda row: (row.indicator_id, row.period, row.unit_id, row.what))


def _of_children(
    reading: Reading, plan: Plan, span: Period, nodes: Sequence[Node], figures: dict[int, Figure]
) -> Iterable[Reconciliation]:
    below: dict[int | None, list[Figure]] = {}
    for node in nodes:
        below.setdefault(node.anchor_id, []).append(figures[node.unit_id])
    for node in nodes:
        rule = plan.rules[node.kind]
        if rule.origin is not Origin.SOURCE or node.unit_id not in below:
            continue
        weight_id = plan.weighing.get(node.kind)
        weights = reading.weights_of(weight_id, span, plan.tree_day(span)) if weight_id else {}
        parts = [Part(row, weights.get(row.unit_id)) for row in below[node.unit_id]]
        if (made := against_children(rule, figures[node.unit_id], parts)) is not None:
            yield made


def _of_ratios(plan: Plan, nodes: Sequence[Node], figures: dict[int, Figure]) -> Iterable[Reconciliation]:
    for node in nodes:
        rule = plan.rules[node.kind]
        if rule.origin in {Origin.OWN, Origin.SOURCE}:
            made = against_ratio(figures[node.unit_id], rule.scale)
            if made is not None:
                yield made


def _of_dimension(
    reading: Reading, plan: Plan, span: Period, figures: dict[int, Figure], dimension: tuple[str, list[str]]
) -> Iterable[Reconciliation]:
    code, categories = dimension
    parts: dict[int, dict[str, Figure]] = {}
    for category in categories:
        for row in shown(replace(reading, breakdown=f"{code}:{category}"), [(plan, span)]):
            parts.setdefault(row.unit_id, {})[category] = row
    for unit, figure in figures.items():
        made = against_dimension(figure, parts.get(unit, {}), dimension=code, categories=categories)
        if made is not None:
            yield made
