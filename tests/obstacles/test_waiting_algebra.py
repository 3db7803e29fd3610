"""Both sides' days add up to the whole, whatever was recorded and whenever one looks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.working_days import working_days_between
from thucthi.obstacles.calculations import (
    Column,
    Days,
    RequestState,
    Side,
    State,
    column_of,
    days_late,
    impact_of,
    request_state,
    waiting_of,
)

ASKED_ON = date(2026, 11, 2)
KINDS = ["received", "partial", "full", "insufficient", "withdrawn"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 120)), max_size=8)


def on(day: int) -> date:
    return ASKED_ON + timedelta(days=day)


@pytest.mark.parametrize(("steps", "state"), [
    ([], RequestState.SENT),
    (["received"], RequestState.RECEIVED),
    (["partial", "received"], RequestState.PARTIAL),
    (["partial", "insufficient"], RequestState.INSUFFICIENT),
    (["full"], RequestState.FULL),
    (["full", "insufficient", "full"], RequestState.FULL),
    (["withdrawn", "full"], RequestState.WITHDRAWN),
])  # fmt: skip
def test_the_last_step_decides_and_withdrawing_ends(steps: list[str], state: RequestState) -> None:
    assert request_state(steps) is state


def test_the_time_of_looking_at_an_answer_is_the_askers_own() -> None:
    steps = [
        ("received", on(1)),
        ("partial", on(7)),
        ("insufficient", on(14)),
        ("full", on(18)),
        ("insufficient", on(21)),
    ]
    found = waiting_of(ASKED_ON, steps, on(28))
    assert (found.asked, found.asking, found.whole) == (Days(7 + 4 + 7, 5 + 4 + 4), Days(7 + 3, 5 + 1), Days(28, 19))
    assert (found.turn, found.since, found.until) == (Side.ASKED, on(21), on(28))


def test_a_full_answer_ends_the_wait_until_it_is_called_insufficient() -> None:
    steps = [("full", on(3)), ("insufficient", on(10))]
    before, after = waiting_of(ASKED_ON, steps, on(9)), waiting_of(ASKED_ON, steps, on(11))
    assert (before.turn, before.until, before.whole, before.asking) == (None, on(3), Days(3, 3), Days())
    assert (after.turn, after.asked, after.asking) == (Side.ASKED, Days(4, 4), Days(7, 5))


def test_weekends_and_holidays_are_no_working_days() -> None:
    new_year = waiting_of(date(2026, 12, 31), [], date(2027, 1, 4))
    assert new_year.asked == Days(4, 1)


@given(STEPS, st.integers(0, 150))
def test_the_two_sides_add_up_to_the_whole(raw: list[tuple[str, int]], looked: int) -> None:
    steps = [(kind, on(day)) for kind, day in sorted(raw, key=lambda step: step[1])]
    found = waiting_of(ASKED_ON, steps, on(looked))
    assert found.asked + found.asking == found.whole
    assert found.whole == Days((found.until - ASKED_ON).days, working_days_between(ASKED_ON, found.until))
    assert ASKED_ON <= found.until <= on(looked)
    assert min(found.asked.calendar, found.asking.calendar) >= 0


@given(STEPS, st.integers(0, 100), st.integers(0, 60))
def test_waiting_never_shrinks_with_time(raw: list[tuple[str, int]], looked: int, more: int) -> None:
    steps = [(kind, on(day)) for kind, day in sorted(raw, key=lambda step: step[1])]
    early, late = (waiting_of(ASKED_ON, steps, on(day)) for day in (looked, looked + more))
    assert early.asked.calendar <= late.asked.calendar
    assert early.asking.calendar <= late.asking.calendar


@given(STEPS, st.integers(0, 150))
def test_steps_in_any_order_of_days_still_add_up(raw: list[tuple[str, int]], looked: int) -> None:
    found = waiting_of(ASKED_ON, [(kind, on(day)) for kind, day in raw], on(looked))
    assert found.asked + found.asking == found.whole


@pytest.mark.parametrize(("turn", "since", "looked", "late"), [
    (Side.ASKED, 0, 7, 0),
    (Side.ASKED, 0, 8, 1),
    (Side.ASKED, 10, 14, 2),
    (Side.ASKING, 0, 30, 0),
    (None, 0, 30, 0),
])  # fmt: skip
def test_late_is_only_who_still_owes_an_answer(turn: Side | None, since: int, looked: int, late: int) -> None:
    assert days_late(turn, on(7), on(since), on(looked)) == late


@pytest.mark.parametrize(("state", "climbed", "decision", "column"), [
    (State.NEW, False, False, Column.NEW),
    (State.ACKNOWLEDGED, False, False, Column.ACKNOWLEDGED),
    (State.NEW, True, False, Column.CLIMBED),
    (State.ACKNOWLEDGED, True, True, Column.DECISION),
    (State.REMOVED, True, True, Column.REMOVED),
    (State.WITHDRAWN, True, True, None),
])  # fmt: skip
def test_the_columns_of_the_board(state: State, climbed: bool, decision: bool, column: Column | None) -> None:
    assert column_of(state, has_climbed=climbed, is_before_a_decision=decision) is column


def test_impact_is_tasks_times_lateness_and_never_nothing() -> None:
    assert [impact_of(0, 0), impact_of(3, 0), impact_of(3, 4)] == [1, 3, 12]
