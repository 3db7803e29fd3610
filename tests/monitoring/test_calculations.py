"""Two scales, reporting, tallies: the rules, and the peers' mistakes that must not come back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.monitoring.calculations import (
    Handed,
    Lineages,
    Owed,
    Ratio,
    Step,
    Submission,
    Tally,
    TaskFacts,
    TaskState,
    changes_between,
    discipline,
    reported,
    schedule,
    stage,
    state_of,
    tallies,
    tally,
)
from thucthi.monitoring.states import Punctuality, Reported, Schedule, Stage

DAY = date(2026, 11, 20)
END = date(2026, 11, 30)
ISSUED = TaskFacts(task_id=1, code="nv-1", issued_on=date(2026, 1, 5), deadline_kind="date", resolved_end=END)


def with_report(**more: object) -> TaskFacts:
    return replace(ISSUED, last_report=Submission(**({"on": DAY, "declared": Decimal(60)} | more)))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(ISSUED, issued_on=None), Stage.DRAFT),
        (replace(ISSUED, issued_on=DAY + timedelta(days=1)), Stage.DRAFT),
        (replace(ISSUED, issued_on=DAY), Stage.ISSUED),
        (replace(ISSUED, steps=(Step("received", DAY),)), Stage.RECEIVED),
        (replace(ISSUED, steps=(Step("received", DAY + timedelta(days=1)),)), Stage.ISSUED),
        (with_report(), Stage.IN_PROGRESS),
        (with_report(on=DAY + timedelta(days=1)), Stage.ISSUED),
        (with_report(verdict="accepted"), Stage.IN_PROGRESS),
        (with_report(verdict="returned"), Stage.RETURNED),
        (with_report(claims_completion=True), Stage.AWAITING_ACCEPTANCE),
        (with_report(claims_completion=True, verdict="returned"), Stage.RETURNED),
        (replace(ISSUED, completed_on=DAY), Stage.DONE),
        (replace(ISSUED, steps=(Step("suspended", DAY),)), Stage.SUSPENDED),
        (replace(ISSUED, steps=(Step("suspended", DAY), Step("resumed", DAY))), Stage.ISSUED),
        (replace(ISSUED, steps=(Step("cancelled", DAY), Step("resumed", DAY))), Stage.CANCELLED),
        (replace(ISSUED, steps=(Step("superseded", DAY),)), Stage.SUPERSEDED),
        (replace(ISSUED, completed_on=DAY, steps=(Step("cancelled", DAY),)), Stage.DONE),
    ],
)
def test_stage(facts: TaskFacts, expected: Stage) -> None:
    assert stage(facts, DAY) is expected


def test_a_hundred_per_cent_declared_is_not_done() -> None:
    """Elsewhere a closed item counts 100 % whatever its evidence."""
    assert stage(with_report(declared=Decimal(100), claims_completion=True), DAY) is Stage.AWAITING_ACCEPTANCE
    assert stage(with_report(declared=Decimal(130)), DAY) is Stage.IN_PROGRESS


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (DAY - timedelta(days=1), Schedule.OVERDUE),
        (DAY, Schedule.DUE_SOON),
        (DAY + timedelta(days=14), Schedule.DUE_SOON),
        (DAY + timedelta(days=15), Schedule.ON_TIME),
        (None, Schedule.NO_DEADLINE),
    ],
)
def test_schedule_of_a_running_task(end: date | None, expected: Schedule) -> None:
    assert schedule(replace(ISSUED, resolved_end=end), DAY) is expected


@pytest.mark.parametrize("kind", ["recurring", "event", "reference", "none"])
def test_what_has_no_day_is_never_late(kind: str) -> None:
    assert schedule(replace(ISSUED, deadline_kind=kind, resolved_end=date(2020, 1, 1)), DAY) is Schedule.NO_DEADLINE


@pytest.mark.parametrize(
    ("completed", "expected"),
    [
        (END - timedelta(days=1), Schedule.DONE_EARLY),
        (END, Schedule.DONE_ON_TIME),
        (END + timedelta(days=1), Schedule.DONE_LATE),
    ],
)
def test_schedule_of_a_finished_task(completed: date, expected: Schedule) -> None:
    assert schedule(replace(ISSUED, completed_on=completed), END + timedelta(days=30)) is expected


@pytest.mark.parametrize("kind", ["suspended", "cancelled", "superseded"])
def test_a_stopped_task_has_no_running_deadline(kind: str) -> None:
    stopped = replace(ISSUED, resolved_end=date(2026, 1, 31), steps=(Step(kind, DAY),))
    assert schedule(stopped, DAY - timedelta(days=1)) is Schedule.OVERDUE
    assert schedule(stopped, DAY) is Schedule.NO_DEADLINE


def test_reported() -> None:
    due = Owed("2026-W47", DAY)
    assert reported(ISSUED, DAY) is Reported.NOT_OWED
    assert reported(replace(ISSUED, owed=due), DAY - timedelta(days=1)) is Reported.NOT_OWED
    assert reported(replace(ISSUED, owed=due), DAY) is Reported.NOT_REPORTED
    assert reported(replace(ISSUED, owed=replace(due, reported_on=DAY)), DAY) is Reported.REPORTED
    late = replace(ISSUED, owed=replace(due, reported_on=DAY + timedelta(days=1)))
    assert reported(late, DAY) is Reported.NOT_REPORTED
    assert reported(late, DAY + timedelta(days=1)) is Reported.REPORTED
    assert reported(replace(ISSUED, owed=due, completed_on=DAY), DAY) is Reported.NOT_OWED


def test_the_three_figures_stay_apart_and_unclamped() -> None:
    row = state_of(replace(with_report(declared=Decimal(130)), accepted=Decimal(40), measured=Decimal("-5.5")), DAY)
    assert (row.declared, row.accepted, row.measured) == (Decimal(130), Decimal(40), Decimal("-5.5"))
    bare = state_of(ISSUED, DAY)
    assert (bare.declared, bare.accepted, bare.measured) == (None, None, None)


def test_a_declared_zero_is_a_figure() -> None:
    """Elsewhere a real total of 0 is stored as blank."""
    assert state_of(with_report(declared=Decimal(0)), DAY).declared == Decimal(0)


def test_rates_of_nothing_are_absent_and_rates_of_zero_are_zero() -> None:
    assert (tally([]).coverage, tally([]).completion_rate, tally([]).on_time_rate) == (None, None, None)
    late = tally([state_of(replace(ISSUED, resolved_end=date(2026, 1, 31)), DAY)])
    assert late.on_time_rate == Ratio(0, 1)
    assert late.completion_rate == Ratio(0, 1)
    assert late.on_time_rate.percent == Decimal("0.0")
    assert late.coverage is None


def test_the_two_rates_have_their_own_denominators() -> None:
    rows = [
        replace(ISSUED, completed_on=END),
        replace(ISSUED, completed_on=END + timedelta(days=2)),
        replace(ISSUED, resolved_end=date(2026, 1, 31)),
        ISSUED,
        replace(ISSUED, steps=(Step("cancelled", DAY),)),
        replace(ISSUED, issued_on=None),
    ]
    counted = tally(state_of(row, END + timedelta(days=5)) for row in rows)
    assert counted.total == 6
    assert counted.completion_rate == Ratio(2, 4)
    assert counted.on_time_rate == Ratio(1, 4)


def test_parts_are_added_before_they_are_divided() -> None:
    """Elsewhere a mean of rates lets one task count as much as a hundred, or a denominator starts at 1."""
    small = tally([state_of(replace(ISSUED, completed_on=DAY), DAY)])
    large = tally([state_of(ISSUED, DAY)] * 9)
    assert (small + large).completion_rate == Ratio(1, 10)
    assert Tally() + small == small


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
STEPS = st.builds(Step, st.sampled_from(["received", "suspended", "resumed", "cancelled", "superseded"]), DAYS)
FACTS = st.builds(
    TaskFacts,
    task_id=st.integers(1, 10**6),
    code=st.just("nv"),
    issued_on=st.none() | DAYS,
    deadline_kind=st.sampled_from(["date", "quarter", "recurring", "none"]),
    resolved_end=st.none() | DAYS,
    steps=st.lists(STEPS, max_size=4).map(tuple),
    last_report=st.none()
    | st.builds(
        Submission,
        on=DAYS,
        declared=st.decimals(-50, 150, places=2),
        claims_completion=st.booleans(),
        verdict=st.sampled_from([None, "accepted", "returned"]),
    ),
    completed_on=st.none() | DAYS,
    owed=st.none() | st.builds(Owed, st.just("2026-W10"), DAYS, st.none() | DAYS),
    lead_id=st.integers(0, 19),
)


@settings(deadline=None)
@given(st.lists(FACTS, max_size=30), DAYS)
def test_every_task_stands_once_on_each_scale(facts: list[TaskFacts], day: date) -> None:
    counted = tally(state_of(each, day) for each in facts)
    assert sum(counted.by_stage.values()) == sum(counted.by_schedule.values()) == counted.total == len(facts)
    assert 0 <= counted.not_reported <= counted.owed <= counted.total


@settings(deadline=None)
@given(FACTS, DAYS, DAYS)
def test_time_moves_one_way(facts: TaskFacts, one: date, other: date) -> None:
    early, late = sorted((one, other))
    if stage(facts, early) is not Stage.DRAFT:
        assert stage(facts, late) is not Stage.DRAFT
    if stage(facts, early) is Stage.DONE:
        assert stage(facts, late) is Stage.DONE
        assert schedule(facts, late) is schedule(facts, early)
    if schedule(facts, early) is Schedule.OVERDUE:
        assert schedule(facts, late) not in {Schedule.ON_TIME, Schedule.DUE_SOON}


@settings(deadline=None)
@given(st.lists(FACTS, max_size=20), st.lists(FACTS, max_size=20), DAYS)
def test_tallies_add_up_exactly(one: list[TaskFacts], other: list[TaskFacts], day: date) -> None:
    first, second = [state_of(each, day) for each in one], [state_of(each, day) for each in other]
    assert tally(first) + tally(second) == tally(first + second)


def tree_of(parents: list[int]) -> Lineages:
    """Organisation n stands under parents[n] % n; organisation 0 is the root."""
    paths: dict[int, list[int]] = {0: [0]}
    for place, choice in enumerate(parents, start=1):
        paths[place] = [*paths[choice % place], place]
    return Lineages(paths)


@settings(deadline=None)
@given(st.lists(FACTS, max_size=40), st.lists(st.integers(0, 50), min_size=19, max_size=19), DAYS)
def test_children_and_own_make_the_parent(facts: list[TaskFacts], parents: list[int], day: date) -> None:
    tree, rows = tree_of(parents), [state_of(each, day) for each in facts]
    subtree = tallies(rows, lambda row: tree.ancestors(row.lead_id))
    own = tallies(rows, lambda row: tree.answering(row.lead_id))
    for place, path in tree.paths.items():
        children = [each for each, line in tree.paths.items() if line[:-1] == path]
        parts = [own.get(place, Tally()), *(subtree.get(child, Tally()) for child in children)]
        total = Tally()
        for part in parts:
            total += part
        assert subtree.get(place, Tally()) == total


def row(lead: int) -> TaskState:
    return state_of(replace(ISSUED, lead_id=lead), DAY)


def test_the_heirs_of_a_dissolved_lead_answer_and_the_common_parent_counts_once() -> None:
    tree = Lineages({1: [1], 2: [1, 2], 3: [1, 3], 9: [1, 9]}, successors={9: (2, 3)})
    counted = tallies([row(9)], lambda each: tree.ancestors(each.lead_id))
    assert {key: each.total for key, each in counted.items()} == {1: 1, 2: 1, 3: 1}


def test_successions_are_followed_to_their_end_and_rings_do_not_hang() -> None:
    line = Lineages({n: [n] for n in range(6)}, successors={1: (2, 3), 2: (4,), 3: (4,)})
    assert line.answering(1) == frozenset({4})
    assert Lineages({1: [1], 2: [2]}, successors={1: (2,), 2: (1,)}).answering(1) == frozenset({1})


def test_changes_between_two_days() -> None:
    done = replace(ISSUED, task_id=1, code="b-xong", completed_on=DAY)
    late = replace(ISSUED, task_id=2, code="a-muon", resolved_end=DAY - timedelta(days=1))
    still = replace(ISSUED, task_id=3, code="c-nhu-cu")
    new = replace(ISSUED, task_id=4, code="d-moi", issued_on=DAY)
    week_ago = DAY - timedelta(days=7)
    before = [state_of(each, week_ago) for each in (done, late, still)]
    moved = changes_between(before, [state_of(each, DAY) for each in (done, late, still, new)])
    assert moved.finished == ("b-xong",)
    assert moved.newly_late == ("a-muon",)
    assert moved.newly_issued == ("d-moi",)
    assert moved.moved == ("a-muon", "b-xong", "c-nhu-cu", "d-moi")
    assert still.resolved_end == END  # it came within 14 days of its deadline, which is a move too


def test_discipline_keeps_the_last_twelve_periods_and_hides_no_missing_report() -> None:
    fridays = [date(2026, 8, 7) + timedelta(weeks=week) for week in range(14)]
    handed = [Handed(f"2026-W{32 + week}", friday, friday) for week, friday in enumerate(fridays)]
    handed.append(Handed("2026-W45", fridays[13], None))
    handed.append(Handed("2026-W44", fridays[12], fridays[12] + timedelta(days=1)))
    periods = discipline(handed)
    assert [each.period_key for each in periods] == [f"2026-W{week}" for week in range(34, 46)]
    assert (periods[-1].on_time, periods[-1].late, periods[-1].missing) == (1, 0, 1)
    assert periods[-1].worst is Punctuality.MISSING
    assert periods[-2].worst is Punctuality.LATE
    assert periods[0].worst is Punctuality.ON_TIME
