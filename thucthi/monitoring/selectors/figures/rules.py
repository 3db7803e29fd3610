"""The rules of indicators as the engine wants them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from thucthi.indicators.models import Dimension
from thucthi.kernel.periods import Frequency, span_of
from thucthi.kernel.values import Direction
from thucthi.monitoring.calculations.figures.shapes import Operator, Origin, Rule
from thucthi.monitoring.calculations.figures.tree import COUNTRY_KIND

# A rule for exactly this kind of value goes before the rule for all kinds.
_PLANS = """
SELECT i.id, i.version, i.scale, i.direction, i.frequency, i.tree_from, i.kind,
       EXISTS (SELECT FROM indicators_dimension d WHERE d.indicator_id = i.id AND d.is_exhaustive),
       r.unit, r.origin, r.operator, r.floor, r.weight_id
  FROM indicators_indicator i
  LEFT JOIN (SELECT DISTINCT ON (indicator_id, unit) * FROM indicators_rolluprule
              WHERE indicator_id = ANY(%(ids)s) AND kind IN (%(kind)s, '')
              ORDER BY indicator_id, unit, kind DESC) r ON r.indicator_id = i.id
 WHERE i.id = ANY(%(ids)s)
"""


class Period(NamedTuple):
    """The key of a period and its last day, worked out once for the many places that ask."""

    key: str
    end: date


def period_of(key: str) -> Period:
    """Raises ValueError for what is not the key of a period."""
    return Period(key, span_of(key).end)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one indicator is made: rules and weighing indicators by kind of unit ("country": the whole)."""

    indicator_id: int
    version: int
    scale: Decimal
    frequency: Frequency
    kind: str
    tree_from: date | None
    is_broken_down: bool
    rules: dict[str, Rule] = field(default_factory=dict)
    weighing: dict[str, int] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[tuple[str, Origin, Operator, bool], ...]:
        """What the statement depends on; indicators of one shape are computed together."""
        return tuple(sorted((unit, rule.origin, rule.operator, rule.is_weighted) for unit, rule in self.rules.items()))

    @property
    def may_give_away(self) -> bool:
        """Whether a confidential part could be computed: from a published total, or from a whole and its parts."""
        return self.is_broken_down or any(
            rule.origin is Origin.SOURCE and rule.operator is not Operator.NONE for rule in self.rules.values()
        )

    def tree_day(self, period: Period) -> date:
        """The day whose tree the period is added up on (ADR 0017)."""
        return max(period.end, self.tree_from or period.end)


def plans_of(indicator_ids: Collection[int], kind: str) -> dict[int, Plan]:
    """The plans of those indicators for values of that kind; without any rule the country states its own value."""
    plans: dict[int, Plan] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PLANS, {"ids": list(indicator_ids), "kind": kind})
        for row in cursor.fetchall():
            plan = plans.setdefault(row[0], Plan(row[0], row[1], row[2], Frequency(row[4]), row[6], row[5], row[7]))
            if row[8] is not None:
                _add_rule(plan, row[3], row[8:])
    for plan in plans.values():
        if not plan.rules:
            plan.rules[COUNTRY_KIND] = Rule(Origin.OWN)
    return plans


def _add_rule(plan: Plan, direction: str, row: tuple[Any, ...]) -> None:
    unit, origin, operator, floor, weight_id = row
    plan.rules[unit] = Rule(
        Origin(origin),
        Operator(operator),
        scale=plan.scale,
        floor=floor,
        falls=direction == Direction.FALL,
        is_weighted=weight_id is not None,
    )
    if weight_id is not None:
        plan.weighing[unit] = weight_id


def exhaustive_dimensions(indicator_ids: Collection[int]) -> dict[int, dict[str, list[str]]]:
    """By indicator: the categories of each dimension whose parts make up the whole, in the order of their codes."""
    found: dict[int, dict[str, list[str]]] = {}
    rows = Dimension.objects.filter(indicator__in=indicator_ids, is_exhaustive=True).order_by("indicator_id", "code")
    for indicator_id, code, categories in rows.values_list("indicator_id", "code", "categories"):
        found.setdefault(indicator_id, {})[code] = sorted(categories)
    return found
