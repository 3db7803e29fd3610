"""Figures of units, made from the values standing on a day. The one module of figures for every screen.

Figures come out as they may be shown: what would give a confidential part away has no amount and `is_suppressed`.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from thucthi.kernel.periods import span_containing, span_of, spans_between
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.over_time import OverTime, over_time
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, Figure, Origin, Rule
from thucthi.monitoring.calculations.figures.tree import COUNTRY_KIND
from thucthi.monitoring.selectors.figures.computations import breakdown_figures, computation, reconciliations
from thucthi.monitoring.selectors.figures.engine import WHENEVER, Reading, shown, with_secrets
from thucthi.monitoring.selectors.figures.rules import Period, period_of, plans_of

__all__ = [
    "country_figures",
    "breakdown_figures",
    "computation",
    "figure_over",
    "figures",
    "reconciliations",
    "series_figures",
]


def figures(
    indicator_ids: Collection[int],
    periods: Collection[str],
    *,
    as_of: date,
    kind: str = "actual",
    units: Collection[int] | None = None,
    breakdown: str = "",
    known_by: datetime = WHENEVER,
) -> list[Figure]:
    """The figures of all units that have a rule (or of `units`; 0 is the country), by indicator, period and unit.

    Units without a rule and bodies that did not exist have no figure. An indicator without any rule has one for the
    country, which states its own value. What was recorded at `known_by` or later is not known yet.
    Raises ValueError for what is not the key of a period.
    """
    plans = plans_of(indicator_ids, kind)
    asked = [period_of(period) for period in dict.fromkeys(periods)]
    terms = [(plan, period) for plan in plans.values() for period in asked]
    return shown(Reading(as_of, kind, breakdown, known_by=known_by), terms, units=units) if terms else []


def series_figures(
    indicator_id: int, unit_id: int, *, first: str, last: str, as_of: date, kind: str = "actual"
) -> list[Figure]:
    """One figure for every period of the indicator's frequency from `first` to `last`, in the order of time.

    Nothing came: not_reported. The unit did not exist, or has no rule: not_applicable.
    """
    plan = plans_of([indicator_id], kind)[indicator_id]
    start, end = span_of(first).start, span_of(last).end
    spans = spans_between(span_containing(start, plan.frequency), span_containing(end, plan.frequency))
    terms = [(plan, Period(span.key, span.end)) for span in spans]
    if not terms:
        return []
    found = {row.period: row for row in shown(Reading(as_of, kind), terms, units=[unit_id])}
    return [found.get(key) or _nothing_owed(indicator_id, key, unit_id) for _, (key, _) in terms]


def figure_over(indicator_id: int, unit_id: int, period: str, *, as_of: date, kind: str = "actual") -> OverTime:
    """The figure of a longer period (a quarter, a half-year, a year) from those of the indicator's own periods.

    Raises ValueError where the period is not made of whole ones of the indicator's frequency.
    """
    plan, span = plans_of([indicator_id], kind)[indicator_id], span_of(period)
    first = span.start.replace(month=1, day=1)
    parts = series_figures(
        indicator_id,
        unit_id,
        first=span_containing(first, plan.frequency).key,
        last=span_containing(span.end, plan.frequency).key,
        as_of=as_of,
        kind=kind,
    )
    return over_time(
        {row.period: row for row in parts}, span, frequency=plan.frequency, kind=plan.kind, scale=plan.scale
    )


def _nothing_owed(indicator_id: int, period: str, unit_id: int) -> Figure:
    return Figure(indicator_id, period, unit_id, ValueState.NOT_APPLICABLE, None, None, None, None, None, 0, 0, 0, 0, 0)


def country_figures(
    indicator_ids: Collection[int], periods: Collection[str], *, as_of: date, most_shapes: int
) -> tuple[list[Figure], frozenset[int]]:
    """The country's figures for a list that may ask little, and the indicators that were left out of it.

    What a source publishes needs nothing from below, unless a confidential part could be computed from it. Of the
    others, the `most_shapes` commonest sorts of rules are computed, those first that need no weights.
    """
    plans, spans = plans_of(indicator_ids, "actual"), [period_of(period) for period in dict.fromkeys(periods)]
    reading = Reading(as_of)
    secret = {plan.indicator_id for plan, _ in with_secrets(reading, [(p, s) for p in plans.values() for s in spans])}
    stated, computed = [], []
    for plan in plans.values():
        rule = plan.rules.get(COUNTRY_KIND)
        if rule is not None and rule.origin in {Origin.OWN, Origin.SOURCE} and plan.indicator_id not in secret:
            own = {COUNTRY_KIND: Rule(Origin.OWN)}
            stated.append(replace(plan, rules=own, weighing={}, is_broken_down=False))
        else:
            computed.append(plan)
    shapes = Counter((bool(plan.weighing), plan.indicator_id in secret, plan.shape) for plan in computed)
    chosen = {shape for *_, shape in sorted(shapes, key=lambda key: (*key[:2], -shapes[key]))[:most_shapes]}
    # What must be hidden is found by reading every unit and part: left to its own page, unless nothing else is asked.
    kept = [plan for plan in computed if plan.shape in chosen and not (plan.indicator_id in secret and stated)]
    terms = [(plan, span) for plan in (*stated, *kept) for span in spans]
    left_out = frozenset(plan.indicator_id for plan in computed) - {plan.indicator_id for plan in kept}
    return (shown(reading, terms, units=[COUNTRY]) if terms else []), left_out
