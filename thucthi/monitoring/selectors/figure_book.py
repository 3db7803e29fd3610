"""All figures that a page needs of one indicator, from one reading: rules, trees and values are asked for once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from thucthi.indicators.models import Indicator, Observation
from thucthi.kernel.periods import Span
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import (
    COUNTRY,
    ENGINE_VERSION,
    READS_OWN,
    Cell,
    Computation,
    Figure,
    Member,
    Rule,
)
from thucthi.monitoring.calculations.figures.tree import Node
from thucthi.monitoring.selectors.figures.computations import Stated, adds_up, member_below, member_itself
from thucthi.monitoring.selectors.figures.engine import Reading as EngineReading
from thucthi.monitoring.selectors.figures.engine import shown
from thucthi.monitoring.selectors.figures.formulas import formula_of
from thucthi.monitoring.selectors.figures.rules import Period, Plan, period_of, plans_of


@dataclass(slots=True)
class FigureBook:
    """Figures of one indicator as of a day; what was read once is not asked for again."""

    plan: Plan
    reading: EngineReading
    found: dict[tuple[int, str], Figure] = field(default_factory=dict)

    def read(self, units: Iterable[int], spans: Sequence[Span]) -> None:
        """Make the figures of those units in those periods."""
        self._read(list(units), [Period(span.key, span.end) for span in spans])

    def _read(self, asked: Sequence[int], spans: Sequence[Period]) -> None:
        if spans and asked:
            terms = [(self.plan, span) for span in spans]
            self.found |= {(row.unit_id, row.period): row for row in shown(self.reading, terms, units=asked)}

    def members(self, unit_id: int, span: Period) -> list[Node]:
        """The units below whose figures enter the figure of `unit_id`, by id."""
        nodes = self._nodes(span)
        rule = next((self.plan.rules[node.kind] for node in nodes if node.unit_id == unit_id), None)
        below = [node for node in nodes if node.anchor_id == unit_id] if rule and adds_up(rule) else []
        return sorted(below, key=lambda node: node.unit_id)

    def computation(self, unit_id: int, period: str, stated: Iterable[Observation]) -> Computation | None:
        """How the figure was made, out of what was read; `stated` are the standing values of the period.

        None where the unit has no rule or did not exist.
        """
        span = period_of(period)
        members = self.members(unit_id, span)
        lacking = [unit for unit in (unit_id, *(node.unit_id for node in members)) if (unit, period) not in self.found]
        self._read(lacking, [span])
        figure, rule = self.found.get((unit_id, period)), self._rule_of(unit_id, span)
        if figure is None or rule is None:
            return None
        cells = {row.organisation_id or COUNTRY: _cell(row) for row in stated}
        weight_id = self.plan.weighing.get(self._kind_of(unit_id, span))
        weights = self.reading.weights_of(weight_id, span, self.plan.tree_day(span)) if weight_id else {}
        parts = [member_itself(figure, rule, cells.get(unit_id), weights)] if rule.origin in READS_OWN else []
        parts += [
            member_below(
                self.found[node.unit_id, period], rule, self.plan.rules[node.kind], cells.get(node.unit_id), weights
            )
            for node in members
            if (node.unit_id, period) in self.found
        ]
        return self._made(figure, rule, parts, weight_id, span)

    def _made(
        self, figure: Figure, rule: Rule, parts: list[Member], weight_id: int | None, span: Period
    ) -> Computation:
        seen = [part.observation_id for part in parts] + [figure.observation_id]
        return Computation(
            figure=figure,
            origin=rule.origin,
            operator=rule.operator,
            formula=formula_of(rule, figure, parts),
            members=tuple(parts),
            weight_indicator_id=weight_id,
            rule_version=self.plan.version,
            engine_version=ENGINE_VERSION,
            tree_day=self.plan.tree_day(span),
            as_of=self.reading.as_of,
            newest_observation_id=max((pk for pk in seen if pk), default=None),
        )

    def _nodes(self, span: Period) -> list[Node]:
        """The tree of the period. The reading keeps each tree under the first day asked for on which it stood."""
        day, kinds = self.plan.tree_day(span), frozenset(self.plan.rules)
        met = [since for since, of in self.reading.trees if of == kinds and since <= day]
        was_read = any(period == span.key for _unit, period in self.found)
        return self.reading.nodes(self.plan, max(met) if met and was_read else day)

    def _kind_of(self, unit_id: int, span: Period) -> str:
        return next((node.kind for node in self._nodes(span) if node.unit_id == unit_id), "")

    def _rule_of(self, unit_id: int, span: Period) -> Rule | None:
        return self.plan.rules.get(self._kind_of(unit_id, span))


def book_of(indicator: Indicator, *, as_of: date, kind: str = "actual") -> FigureBook:
    """An empty book with the rules of the indicator."""
    return FigureBook(plans_of([indicator.pk], kind)[indicator.pk], EngineReading(as_of, kind))


def _cell(row: Observation) -> Stated:
    cell = Cell(ValueState(row.state), row.amount, row.numerator, row.denominator, row.pk, row.available_on)
    return Stated(cell, row.source)
