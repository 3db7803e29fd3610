"""Running the statement of figures: indicators of one shape together, each period on its tree."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.combine import figure_of_cell, state_of
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, READS_MEMBERS, Cell, Figure, Origin
from thucthi.monitoring.calculations.figures.suppression import with_suppression
from thucthi.monitoring.calculations.figures.tree import Node
from thucthi.monitoring.selectors.figures.rules import Period, Plan, exhaustive_dimensions, plans_of
from thucthi.monitoring.selectors.figures.statements import STATED_VALUES, Step, figures_statement
from thucthi.monitoring.selectors.figures.trees import kinds_of, nodes_on, same_trees, under

MOST_UNITS_BY_LINE = 400
MOST_INDICATORS_BY_LINE = 50
WEIGHT_PERIODS = 2
_EPOCH = date(2000, 1, 1)
WHENEVER = datetime.max.replace(tzinfo=UTC)
# From one period to the next by the index: a weighing indicator may have hundreds of thousands of values.
_PERIODS_BEFORE = """
WITH RECURSIVE every AS (
    (SELECT o.period, o.period_end FROM indicators_observation o
      WHERE o.indicator_id = %(indicator)s AND o.kind = 'actual' ORDER BY o.period LIMIT 1)
    UNION ALL
    SELECT n.period, n.period_end FROM every e CROSS JOIN LATERAL (
        SELECT o.period, o.period_end FROM indicators_observation o
         WHERE o.indicator_id = %(indicator)s AND o.kind = 'actual' AND o.period > e.period ORDER BY o.period LIMIT 1
    ) n
)
SELECT e.period, e.period_end FROM every e
 WHERE e.period_end <= %(until)s
   AND EXISTS (SELECT FROM indicators_observation o
                WHERE o.indicator_id = %(indicator)s AND o.period = e.period AND o.kind = 'actual'
                  AND o.breakdown = '' AND o.available_on <= %(as_of)s AND o.recorded_at < %(known_by)s
                  AND o.amount IS NOT NULL)
 ORDER BY e.period_end, e.period DESC
"""
_CONFIDENTIAL = """
SELECT DISTINCT indicator_id, period FROM indicators_observation
 WHERE state = 'confidential' AND indicator_id = ANY(%s) AND period = ANY(%s) AND kind = %s
   AND available_on <= %s AND recorded_at < %s
"""
Terms = list[tuple[Plan, Period]]
Facts = Mapping[int, tuple[str, date, date]]
_STATES = {str(state): state for state in ValueState}


@dataclass(slots=True)
class Reading:
    """One reading of the facts: as of a day, values of one kind and breakdown. Keeps trees and weights it has met.

    What was recorded at `known_by` or later is not known yet.
    """

    as_of: date
    kind: str = "actual"
    breakdown: str = ""
    trees: dict[tuple[date, frozenset[str]], list[Node]] = field(default_factory=dict)
    weights: dict[tuple[int, date, date], dict[int, Decimal]] = field(default_factory=dict)
    weighing: frozenset[int] = frozenset()
    known_by: datetime = WHENEVER

    def nodes(self, plan: Plan, day: date) -> list[Node]:
        key = (day, frozenset(plan.rules))
        if key not in self.trees:
            self.trees[key] = nodes_on(day, key[1])
        return self.trees[key]

    def weights_of(self, indicator_id: int, period: Period, tree_day: date) -> dict[int, Decimal]:
        """What each unit weighs: the newest of the last periods of the weighing indicator in which it has a figure.

        They are figures on the tree of the period that is weighed, so that merged bodies weigh what they now are.
        An indicator that weighs itself, however far around, weighs nothing.
        """
        self.weigh(indicator_id, [(period, tree_day)])
        return self.weights[(indicator_id, period.end, tree_day)]

    def weigh(self, indicator_id: int, wanted: Sequence[tuple[Period, date]]) -> None:
        """Works out the weights of many periods together; periods that weigh alike share one set."""
        new = [(period, day) for period, day in wanted if (indicator_id, period.end, day) not in self.weights]
        if not new:
            return
        tree_of = same_trees({day for _, day in new})
        known = self._weighing_periods(indicator_id, max(period.end for period, _ in new))
        last = {period: tuple(row for row in known if row.end <= period.end)[-WEIGHT_PERIODS:] for period, _ in new}
        asked: dict[date, set[Period]] = {}
        for period, day in new:
            asked[tree_of[day]] = asked.get(tree_of[day], set()) | set(last[period])
        amounts = {tree: self._amounts(indicator_id, periods, tree) for tree, periods in asked.items()}
        sets: dict[tuple[date, tuple[Period, ...]], dict[int, Decimal]] = {}
        for period, day in new:
            tree, periods = tree_of[day], last[period]
            if (tree, periods) not in sets:
                parts = [amounts[tree].get(row.key, {}) for row in periods]
                sets[(tree, periods)] = {unit: amount for part in parts for unit, amount in part.items()}
            self.weights[(indicator_id, period.end, day)] = sets[(tree, periods)]

    def _weighing_periods(self, indicator_id: int, until: date) -> list[Period]:
        if indicator_id in self.weighing:
            return []
        with connection.cursor() as cursor:
            asked: dict[str, Any] = {
                "indicator": indicator_id,
                "until": until,
                "as_of": self.as_of,
                "known_by": self.known_by,
            }
            cursor.execute(_PERIODS_BEFORE, asked)
            return [Period(key, end) for key, end in cursor.fetchall()]

    def _amounts(self, indicator_id: int, periods: Collection[Period], tree_day: date) -> dict[str, dict[int, Decimal]]:
        if not periods:
            return {}
        weighing = self.weighing | {indicator_id}
        inner = Reading(self.as_of, trees=self.trees, weighing=weighing, known_by=self.known_by)
        plan = plans_of([indicator_id], "actual")[indicator_id]
        found: dict[str, dict[int, Decimal]] = {}
        for figure in unsuppressed(inner, [(plan, period) for period in periods], tree_day=tree_day):
            if figure.amount is not None:
                found.setdefault(figure.period, {})[figure.unit_id] = figure.amount
        return found


def shown(reading: Reading, terms: Terms, *, units: Collection[int] | None = None) -> list[Figure]:
    """The figures as they may be shown, by indicator, period and unit."""
    found = unsuppressed(reading, terms, units=units)
    secret = with_secrets(reading, terms)
    if secret:
        hidden = _as_shown(reading, secret)
        found = [hidden.get((row.indicator_id, row.period, row.unit_id), row) for row in found]
    return sorted(found, key=lambda row: (row.indicator_id, row.period, row.unit_id))


def with_secrets(reading: Reading, terms: Terms) -> Terms:
    careful = [(plan, period) for plan, period in terms if plan.may_give_away]
    if not careful:
        return []
    ids, periods = {plan.indicator_id for plan, _ in careful}, {period.key for _, period in careful}
    with connection.cursor() as cursor:
        cursor.execute(_CONFIDENTIAL, [list(ids), list(periods), reading.kind, reading.as_of, reading.known_by])
        found = set(cursor.fetchall())
    return [(plan, period) for plan, period in careful if (plan.indicator_id, period.key) in found]


def _as_shown(reading: Reading, terms: Terms) -> dict[tuple[int, str, int], Figure]:
    """What is hidden depends on all units and all breakdowns, whichever of them were asked for."""
    dimensions = exhaustive_dimensions({plan.indicator_id for plan, _ in terms})
    breakdowns = {"", reading.breakdown}
    for categories_of in dimensions.values():
        breakdowns |= {f"{code}:{category}" for code, categories in categories_of.items() for category in categories}
    found: dict[tuple[int, str], dict[str, dict[int, Figure]]] = {}
    for breakdown in sorted(breakdowns):
        for row in unsuppressed(replace(reading, breakdown=breakdown), terms):
            by_breakdown = found.setdefault((row.indicator_id, row.period), {})
            by_breakdown.setdefault(breakdown, {})[row.unit_id] = row
    hidden = {}
    for plan, period in terms:
        figures = found.get((plan.indicator_id, period.key), {})
        nodes = reading.nodes(plan, plan.tree_day(period))
        safe = with_suppression(nodes, plan.rules, figures, dimensions.get(plan.indicator_id, {}))
        for unit, figure in safe.get(reading.breakdown, {}).items():
            hidden[(plan.indicator_id, period.key, unit)] = figure
    return hidden


def unsuppressed(
    reading: Reading, terms: Terms, *, units: Collection[int] | None = None, tree_day: date | None = None
) -> list[Figure]:
    """The figures as computed: for further computing only, never for showing."""
    by_shape: dict[object, Terms] = {}
    for plan, period in terms:
        by_shape.setdefault(plan.shape, []).append((plan, period))
    facts = None if units is None else kinds_of(units)
    found: list[Figure] = []
    for group in by_shape.values():
        days = {(plan.indicator_id, period.key): tree_day or plan.tree_day(period) for plan, period in group}
        if facts is not None and _all_state_their_own(group[0][0], facts):
            found += _as_stated(reading, group, days, facts)
        else:
            found += _computed(reading, group, days, _trees(reading, group[0][0], days, units), units)
    return found


def _all_state_their_own(plan: Plan, facts: Facts) -> bool:
    rules = [plan.rules.get(kind) for kind, _, _ in facts.values()]
    return len(facts) <= MOST_UNITS_BY_LINE and all(rule is None or rule.origin is Origin.OWN for rule in rules)


def _as_stated(reading: Reading, group: Terms, days: dict[tuple[int, str], date], facts: Facts) -> list[Figure]:
    """Units that state their own value need no tree, only to have existed."""
    rules = group[0][0].rules
    ruled = {unit: (since, until) for unit, (kind, since, until) in facts.items() if kind in rules}
    with connection.cursor() as cursor:
        cursor.execute(STATED_VALUES, _asked(reading, group, ruled))
        cells = {
            (row[0], row[1], row[2]): Cell(_STATES[row[3]], row[4], row[5], row[6], row[8], _EPOCH + timedelta(row[7]))
            for row in cursor.fetchall()
        }
    found = []
    for plan, period in group:
        indicator_id, key = plan.indicator_id, period.key
        day = days[(indicator_id, key)]
        for unit, (since, until) in ruled.items():
            if since <= day <= until:
                found.append(figure_of_cell(indicator_id, key, unit, cells.get((indicator_id, key, unit))))
    return found


def _asked(reading: Reading, group: Terms, units: Collection[int]) -> dict[str, Any]:
    periods = sorted({period.key for _, period in group})
    return {
        "indicators": sorted({plan.indicator_id for plan, _ in group}),
        "periods": periods,
        "first": periods[0],
        "last": periods[-1],
        "kind": reading.kind,
        "breakdown": reading.breakdown,
        "as_of": reading.as_of,
        "known_by": reading.known_by,
        "bodies": sorted(unit for unit in units if unit != COUNTRY),
        "with_country": COUNTRY in units,
    }


@dataclass(frozen=True, slots=True)
class _Trees:
    """Nodes by version of the tree, and the version of each day."""

    version_of: dict[date, int]
    nodes: list[list[Node]]


def _trees(reading: Reading, plan: Plan, days: dict[tuple[int, str], date], units: Collection[int] | None) -> _Trees:
    first = same_trees(set(days.values()))
    versions = {day: place for place, day in enumerate(dict.fromkeys(first.values()))}
    nodes = [reading.nodes(plan, day) for day in versions]
    if units is not None:
        nodes = [under(rows, units) for rows in nodes]
    return _Trees({day: versions[first[day]] for day in first}, nodes)


def _computed(
    reading: Reading,
    group: Terms,
    days: dict[tuple[int, str], date],
    trees: _Trees,
    units: Collection[int] | None,
) -> list[Figure]:
    plan = group[0][0]
    numbers = {kind: number for number, kind in enumerate(sorted(plan.rules))}
    steps = {(node.depth, node.kind) for nodes in trees.nodes for node in nodes}
    if not steps:
        return []
    layout = tuple(
        Step(depth, numbers[kind], plan.rules[kind].origin, plan.rules[kind].operator, plan.rules[kind].is_weighted)
        for depth, kind in sorted(steps)
    )
    bodies = {node.unit_id for nodes in trees.nodes for node in nodes}
    values = _asked(reading, group, bodies) | {"units": None if units is None else list(units)}
    by_line = len(bodies) <= MOST_UNITS_BY_LINE and len(values["indicators"]) <= MOST_INDICATORS_BY_LINE
    values |= _nodes_as_columns(trees.nodes, numbers)
    values |= _terms_as_columns(group, days, trees.version_of)
    values |= _rules_as_columns(group, numbers)
    values |= _weights_as_columns(reading, group, days, numbers)
    with connection.cursor() as cursor:
        cursor.execute(figures_statement(layout, by_line=by_line, one_tree=len(trees.nodes) == 1), values)
        return [_figure(row) for row in cursor.fetchall()]


def _columns(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> dict[str, Any]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _nodes_as_columns(trees: list[list[Node]], numbers: dict[str, int]) -> dict[str, Any]:
    by_step: dict[tuple[int, int], list[tuple[object, ...]]] = {}
    for version, nodes in enumerate(trees):
        kinds = {node.unit_id: node.kind for node in nodes}
        for node in nodes:
            above = kinds.get(node.anchor_id) if node.anchor_id is not None else None
            above_number = None if above is None else numbers[above]
            rows = by_step.setdefault((node.depth, numbers[node.kind]), [])
            rows.append((version, node.unit_id, node.anchor_id, above_number))
    found: dict[str, Any] = {}
    for (depth, rule), rows in by_step.items():
        found |= _columns([f"n{depth}_{rule}_{name}" for name in ("version", "unit", "anchor", "above")], rows)
    return found


def _terms_as_columns(group: Terms, days: dict[tuple[int, str], date], version_of: dict[date, int]) -> dict[str, Any]:
    rows = [
        (plan.indicator_id, period.key, version_of[days[(plan.indicator_id, period.key)]]) for plan, period in group
    ]
    return _columns(("t_indicator", "t_period", "t_version"), rows)


def _rules_as_columns(group: Terms, numbers: dict[str, int]) -> dict[str, Any]:
    plans = {plan.indicator_id: plan for plan, _ in group}
    found: dict[str, Any] = {}
    for kind, number in numbers.items():
        rules = [(plan.indicator_id, plan.rules[kind]) for plan in plans.values()]
        rows = [(indicator_id, rule.scale, rule.floor, rule.falls) for indicator_id, rule in rules]
        found |= _columns([f"s{number}_{name}" for name in ("indicator", "scale", "floor", "falls")], rows)
    return found


def _weights_as_columns(
    reading: Reading, group: Terms, days: dict[tuple[int, str], date], numbers: dict[str, int]
) -> dict[str, Any]:
    """Each set of weights goes in once, however many indicators and periods it weighs."""
    sets: dict[int, tuple[int, dict[int, Decimal]]] = {}
    uses: dict[int, list[tuple[object, ...]]] = {number: [] for number in numbers.values()}
    weighed: dict[int, list[tuple[str, Plan, Period]]] = {}
    for plan, period in group:
        for kind, weight_id in plan.weighing.items():
            if plan.rules[kind].origin in READS_MEMBERS:
                weighed.setdefault(weight_id, []).append((kind, plan, period))
    for weight_id, places in weighed.items():
        reading.weigh(weight_id, [(period, days[(plan.indicator_id, period.key)]) for _, plan, period in places])
        for kind, plan, period in places:
            weights = reading.weights_of(weight_id, period, days[(plan.indicator_id, period.key)])
            number, _ = sets.setdefault(id(weights), (len(sets), weights))
            uses[numbers[kind]].append((plan.indicator_id, period.key, number))
    rows = [(number, unit, weight) for number, weights in sets.values() for unit, weight in weights.items()]
    found = _columns(("w_scheme", "w_unit", "w_weight"), rows)
    for rule, used in uses.items():
        found |= _columns([f"c{rule}_{name}" for name in ("indicator", "period", "scheme")], used)
    return found


def _figure(row: tuple[Any, ...]) -> Figure:
    """A row of the statement has the fields of a figure but the state, in its order."""
    amount, counted, expected, provisional, confidential = row[3], row[8], row[9], row[10], row[11]
    state = state_of(amount, counted=counted, expected=expected, provisional=provisional, confidential=confidential)
    arrived = None if row[13] is None else _EPOCH + timedelta(row[13])
    made: tuple[Any, ...] = (*row[:3], state, *row[3:13], False, arrived, row[14])
    return Figure(*made)
