"""Delays along dependencies, by hand and as laws. 2026-11-30 is a Monday; 2027-01-01 is a holiday."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.kernel.working_days import add_working_days, working_days_between
from thucthi.monitoring.calculations.propagation import Assumption, Note, Plan, propagate
from thucthi.monitoring.calculations.propagation_chain import Link, chain_of, slacks
from thucthi.monitoring.calculations.propagation_days import WorkingCalendar
from thucthi.monitoring.calculations.propagation_plans import (
    InstrumentKnown,
    StageTime,
    TaskKnown,
    latest_owed,
    plan_of_instrument,
    plan_of_target,
    plan_of_task,
)
from thucthi.programmes.calculations.graph import Edge, Node

AS_OF = date(2026, 11, 30)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def task(number: int) -> Node:
    return Node("task", number)


def plans_of(*plans: Plan) -> dict[Node, Plan]:
    return {plan.node: plan for plan in plans}


def then(needed: Node, waiting: Node, lag: int = 0, kind: str = "finish_start") -> Edge:
    return Edge(needed, waiting, kind, lag)


@given(days, st.integers(1, 300))
def test_the_calendar_agrees_with_the_kernel(day: date, n: int) -> None:
    calendar = WorkingCalendar(2025)
    assert calendar.day(calendar.count(day) + n) == add_working_days(day, n)
    assert calendar.day(calendar.first_at(day)) == add_working_days(day, 0)
    assert calendar.count(day + timedelta(n)) - calendar.count(day) == working_days_between(day, day + timedelta(n))


def test_an_overdue_task_moves_what_waits_for_it() -> None:
    late = plan_of_task(TaskKnown(1, date(2026, 9, 30)), AS_OF)
    waits = plan_of_task(TaskKnown(2, date(2026, 12, 4), start_on=date(2026, 12, 1)), AS_OF)
    edge = then(task(1), task(2), lag=2)
    found = propagate(plans_of(late, waits), [edge])
    assert (found[task(1)].expected, found[task(1)].shift) == (AS_OF, 61)
    # Ends 30/11 at the earliest, two days of waiting, starts 3/12, three working days more: Tuesday 8/12.
    assert (found[task(2)].expected, found[task(2)].shift, found[task(2)].pushed_by) == (date(2026, 12, 8), 4, edge)
    assert found[task(2)].notes == (Note(Assumption.WORK_DAYS, amount=3),)
    assert found[task(1)].notes == (Note(Assumption.OVERDUE, amount=61),)


def test_without_a_start_day_it_only_cannot_end_before() -> None:
    late = plan_of_task(TaskKnown(1, date(2027, 3, 31)), AS_OF)
    waits = plan_of_task(TaskKnown(2, date(2026, 12, 31)), AS_OF)
    found = propagate(plans_of(late, waits), [then(task(1), task(2))])
    assert found[task(2)].expected == date(2027, 4, 1)
    assert found[task(2)].notes == (Note(Assumption.NO_START),)


def test_what_is_done_stays_on_its_day_and_cancels_the_push() -> None:
    done = plan_of_task(TaskKnown(1, date(2026, 9, 30), done_on=date(2026, 11, 2)), AS_OF)
    waits = plan_of_task(TaskKnown(2, date(2026, 12, 4), start_on=date(2026, 12, 1)), AS_OF)
    finished = plan_of_task(TaskKnown(3, date(2026, 12, 4), done_on=date(2026, 10, 1)), AS_OF)
    found = propagate(plans_of(done, waits, finished), [then(task(1), task(2)), then(task(2), task(3))])
    assert (found[task(2)].expected, found[task(2)].pushed_by) == (date(2026, 12, 4), None)
    assert (found[task(3)].expected, found[task(3)].shift) == (date(2026, 10, 1), -64)


def test_accepted_work_shortens_what_is_left() -> None:
    known = TaskKnown(2, date(2026, 12, 25), start_on=date(2026, 12, 1), accepted=Decimal("50"))
    plan = plan_of_task(known, AS_OF)
    assert (plan.work_days, plan.notes) == (9, (Note(Assumption.ACCEPTED, amount=50),))
    assert (
        plan_of_task(TaskKnown(2, date(2026, 12, 25), date(2026, 12, 1), accepted=Decimal(130)), AS_OF).work_days == 0
    )


def test_a_late_text_takes_the_time_the_law_gives_it() -> None:
    ahead = (StageTime("opinions", None), StageTime("appraisal", 5), StageTime("in_force", 45, in_working_days=False))
    text = plan_of_instrument(InstrumentKnown(7, date(2026, 9, 30), stage="drafting", ahead=ahead), AS_OF)
    assert text.own == add_working_days(AS_OF, 5) + timedelta(45) == date(2027, 1, 21)
    assert [note.assumption for note in text.notes] == ["overdue", "no_clock", "clock", "clock"]
    # In force on a Thursday: work may start that very day.
    waits = plan_of_task(TaskKnown(2, date(2027, 1, 8), start_on=date(2027, 1, 4)), AS_OF)
    found = propagate(plans_of(text, waits), [then(text.node, task(2), kind="needs_instrument")])
    assert found[task(2)].expected == date(2027, 1, 27)


def test_a_text_in_force_stays_on_its_day() -> None:
    text = plan_of_instrument(InstrumentKnown(7, date(2026, 9, 30), in_force_on=date(2026, 11, 20)), AS_OF)
    waits = plan_of_task(TaskKnown(2, date(2027, 1, 8), start_on=date(2027, 1, 4)), AS_OF)
    found = propagate(plans_of(text, waits), [then(text.node, task(2), kind="needs_instrument")])
    assert (found[task(2)].expected, found[task(2)].shift) == (date(2027, 1, 8), 0)


def test_a_task_and_the_text_it_owes_hold_each_other_once() -> None:
    text = plan_of_instrument(InstrumentKnown(7, date(2027, 3, 31)), AS_OF)
    owes = plan_of_task(TaskKnown(1, date(2026, 12, 31), owed=latest_owed([text])), AS_OF)
    assert (owes.own, owes.notes) == (date(2027, 3, 31), (Note(Assumption.OWED_TEXT, text.node),))
    slower = plan_of_task(TaskKnown(1, date(2027, 6, 30), owed=latest_owed([text])), AS_OF)
    found = propagate(plans_of(text, slower), [then(task(1), text.node, kind="owes")])
    assert (found[text.node].expected, found[text.node].shift) == (date(2027, 6, 30), 91)


def test_a_target_is_at_risk_by_the_days_its_slowest_task_passes_its_period() -> None:
    late = plan_of_task(TaskKnown(1, date(2026, 9, 30)), date(2027, 2, 1))
    never_meant = plan_of_task(TaskKnown(2, date(2030, 12, 31)), AS_OF)
    target = plan_of_target(5, date(2026, 12, 31))
    edges = [then(task(1), target.node, kind="contributes"), then(task(2), target.node, kind="contributes")]
    found = propagate(plans_of(late, never_meant, target), edges)
    assert (found[target.node].expected, found[target.node].shift) == (date(2027, 2, 1), 32)
    assert found[target.node].notes == (Note(Assumption.PLANNED_AFTER, task(2)),)


def test_what_is_not_known_is_said_and_not_taken_for_zero() -> None:
    undated = plan_of_task(TaskKnown(1, None), AS_OF)
    void = plan_of_task(TaskKnown(2, date(2026, 1, 1), is_void=True), AS_OF)
    waits = plan_of_task(TaskKnown(3, date(2026, 12, 31), is_suspended=True), AS_OF)
    found = propagate(plans_of(undated, void, waits), [then(task(1), task(3)), then(task(2), task(3))])
    assert (found[task(1)].expected, found[task(1)].shift, found[task(2)].expected) == (None, None, None)
    assert [note.assumption for note in found[task(3)].notes] == ["suspended", "unknown_need", "ended_need"]


def test_a_circle_in_old_data_pushes_nobody() -> None:
    plans = plans_of(*(plan_of_task(TaskKnown(n, date(2026, 12, 31)), AS_OF) for n in (1, 2)))
    found = propagate(plans, [then(task(1), task(2)), then(task(2), task(1))])
    assert {row.expected for row in found.values()} == {date(2026, 12, 31)}
    assert all(row.notes == (Note(Assumption.CIRCULAR),) for row in found.values())


def test_the_chain_and_the_slack_beside_it() -> None:
    plans = plans_of(
        plan_of_task(TaskKnown(1, date(2026, 9, 30)), AS_OF),
        plan_of_task(TaskKnown(2, date(2026, 12, 4), start_on=date(2026, 12, 1)), date(2026, 11, 1)),
        plan_of_task(TaskKnown(3, date(2026, 12, 2)), AS_OF),
        plan_of_task(TaskKnown(4, date(2026, 12, 4), start_on=date(2026, 12, 3)), AS_OF),
    )
    edges = [then(task(1), task(2)), then(task(2), task(4)), then(task(3), task(4))]
    found = propagate(plans, edges)
    assert chain_of(found, task(4)) == (Link(task(2), None), Link(task(4), edges[1]))
    # The second ends on Friday 4/12, the fourth starts on Monday and ends on Tuesday 8/12.
    assert found[task(4)].expected == date(2026, 12, 8)
    assert slacks(plans, edges, found, task(4)) == {task(4): 0, task(2): 0, task(3): 2, task(1): 0}


numbers = st.integers(0, 7)
raw_edges = st.lists(
    st.tuples(numbers, numbers, st.integers(0, 9), st.sampled_from(["finish_start", "needs_instrument", "owes"])),
    max_size=20,
)
raw_plans = st.lists(
    st.tuples(st.one_of(st.none(), days), st.one_of(st.none(), st.integers(0, 40)), st.booleans()),
    min_size=8,
    max_size=8,
)


def built(
    rows: list[tuple[date | None, int | None, bool]], pairs: list[tuple[int, int, int, str]]
) -> tuple[dict[Node, Plan], list[Edge]]:
    """Eight nodes; edges go from a smaller number to a larger one, so that there is no circle."""
    plans = plans_of(
        *(
            Plan(task(n), own, own, settled=own if settled else None, work_days=work)
            for n, (own, work, settled) in enumerate(rows)
        )
    )
    return plans, [Edge(task(min(a, b)), task(max(a, b)), kind, lag) for a, b, lag, kind in pairs if a != b]


@given(raw_plans, raw_edges, st.randoms())
def test_the_order_of_the_edges_does_not_matter(rows: list, pairs: list, chance: object) -> None:
    plans, edges = built(rows, pairs)
    shuffled = list(edges)
    chance.shuffle(shuffled)
    assert propagate(plans, edges) == propagate(plans, shuffled)


@settings(max_examples=200)
@given(raw_plans, raw_edges, numbers, st.integers(1, 60))
def test_something_later_never_makes_anything_earlier(rows: list, pairs: list, which: int, by: int) -> None:
    plans, edges = built(rows, pairs)
    own, work, settled = rows[which]
    if own is None:
        return
    later, _ = built([*rows[:which], (own + timedelta(by), work, settled), *rows[which + 1 :]], pairs)
    before, after = propagate(plans, edges), propagate(later, edges)
    for node in plans:
        if before[node].expected is not None:
            assert after[node].expected >= before[node].expected


@given(raw_plans, raw_edges)
def test_a_date_is_the_latest_of_what_holds_it_and_the_chain_explains_it(rows: list, pairs: list) -> None:
    plans, edges = built(rows, pairs)
    found = propagate(plans, edges)
    for node, row in found.items():
        first = chain_of(found, node)[0].node
        assert found[first].expected == (plans[first].settled or plans[first].own)
        if row.pushed_by is None:
            assert row.expected == (plans[node].settled or plans[node].own)
        else:
            alone = propagate(plans, [edge for edge in edges if edge.waiting != node] + [row.pushed_by])
            assert alone[node].expected == row.expected


@settings(max_examples=200, deadline=None)
@given(raw_plans, raw_edges, numbers, numbers)
def test_slack_is_exactly_what_may_slip(rows: list, pairs: list, which: int, goal: int) -> None:
    plans, edges = built(rows, pairs)
    found = propagate(plans, edges)
    if which == goal or found[task(goal)].expected is None or plans[task(goal)].settled:
        return
    # Only a text is needed as an instrument, and it counts its days otherwise; among tasks there is no such edge.
    if any(edge.kind == "needs_instrument" for edge in edges):
        return
    slack = slacks(plans, edges, found, task(goal)).get(task(which))
    if slack is None:
        return
    calendar = WorkingCalendar(2024)

    def moved(days_more: int) -> date:
        end = calendar.day(calendar.count(found[task(which)].expected) + days_more)
        plan = Plan(task(which), None, end, settled=None, work_days=None)
        without = [edge for edge in edges if edge.waiting != task(which)]
        return propagate({**plans, task(which): plan}, without)[task(goal)].expected

    assert slack >= 0
    if any(edge.kind != "finish_start" for edge in edges):
        return
    if slack > 0:
        assert moved(slack) == found[task(goal)].expected
    assert moved(slack + 1) > found[task(goal)].expected
