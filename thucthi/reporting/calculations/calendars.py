"""Which reports a rule of the calendar asks for on a day, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thucthi.kernel.working_days import (
    Period,
    PeriodKind,
    grace_ends_on,
    is_reported_in,
    period_containing,
    report_due_on,
)


@dataclass(frozen=True)
class CalendarRule:
    """One line of the calendar of a document; `level` "" stands for every level. `pk` 0: the programme's own rhythm."""

    pk: int
    document_id: int
    level: str
    kind: PeriodKind
    due_day: int | None = None
    grace_days: int = 0
    valid_from: date = date.min


@dataclass(frozen=True)
class Plan:
    """One report that is owed: its period, its due day, the last day that counts as on time, and by which rule."""

    period: Period
    due_on: date
    grace_until: date | None
    calendar_id: int | None

    @property
    def last_day(self) -> date:
        return self.grace_until or self.due_on


def plans_on(level: str, rules: Iterable[CalendarRule], rhythm: PeriodKind, on: date) -> tuple[Plan, ...]:
    """What a body of `level` owes for the periods that hold `on`, one plan per rhythm.

    Per document the lines of the level itself stand before those for every level. Two documents that ask for the same
    rhythm ask for one report, on the earlier day. Without any line the programme's own `rhythm` holds. Nothing is owed
    for a period whose last day had passed before its line came into force, nor for a day that nobody works.
    """
    asked = _rules_of_level(level, tuple(rules)) or (CalendarRule(0, 0, "", rhythm),)
    plans: dict[PeriodKind, Plan] = {}
    for rule in asked:
        plan = plan_of(rule, on)
        if not is_reported_in(plan.period) or plan.last_day < rule.valid_from:
            continue
        plans[rule.kind] = min(plans.get(rule.kind, plan), plan, key=_strictness)
    return tuple(plans[kind] for kind in PeriodKind if kind in plans)


def plan_of(rule: CalendarRule, on: date) -> Plan:
    """The report the rule asks for in the period that holds `on`."""
    period = period_containing(on, rule.kind)
    due_on = report_due_on(period, rule.due_day)
    return Plan(period, due_on, grace_ends_on(due_on, rule.grace_days), rule.pk or None)


def next_due_days(rule: CalendarRule, on: date, count: int) -> tuple[date, ...]:
    """The next `count` due days of the rule from `on` on."""
    found: list[date] = []
    day = on
    while len(found) < count:
        plan = plan_of(rule, day)
        if is_reported_in(plan.period) and plan.due_on >= on:
            found.append(plan.due_on)
        day = date.fromordinal(plan.period.end.toordinal() + 1)
    return tuple(found)


def _rules_of_level(level: str, rules: tuple[CalendarRule, ...]) -> tuple[CalendarRule, ...]:
    own = [rule for rule in rules if rule.level == level]
    spoken_for = {rule.document_id for rule in own}
    general = [rule for rule in rules if rule.level == "" and rule.document_id not in spoken_for]
    return tuple(own + general)


def _strictness(plan: Plan) -> tuple[date, date, int]:
    return (plan.due_on, plan.last_day, plan.calendar_id or 0)
