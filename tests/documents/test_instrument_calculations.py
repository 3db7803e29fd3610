"""The algebra of owed instruments: moves, spans, statutory clocks, lateness."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.documents.calculations.instruments import (
    ORDER,
    PASSED_OVER,
    ClockState,
    Move,
    Step,
    Timeliness,
    clock_end,
    days_by_stage,
    move_to,
    stage_spans,
    standing_of_instrument,
)
from thucthi.documents.models import InstrumentType, Stage
from thucthi.kernel.working_days import working_days_between

RESOLVED = date(2026, 1, 5)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
steps = st.lists(st.builds(Step, st.sampled_from(ORDER), days, st.just(None), st.none() | days), max_size=8)


def test_the_words_are_those_of_the_tables() -> None:
    assert tuple(Stage.values) == ORDER
    assert set(PASSED_OVER) <= set(InstrumentType.values)
    assert all(passed < set(ORDER[:5]) for passed in PASSED_OVER.values())


@pytest.mark.parametrize(
    ("stage", "after", "type", "move"),
    [
        ("proposal", None, "decree", Move.FORWARD),
        ("drafting", None, "decree", Move.SKIPPING),
        ("drafting", None, "circular", Move.FORWARD),
        ("opinions", "drafting", "law", Move.FORWARD),
        ("submitted", "opinions", "law", Move.SKIPPING),
        ("issued", "appraisal", "circular", Move.FORWARD),
        ("issued", "appraisal", "decree", Move.SKIPPING),
        ("submitted", "opinions", "party_reg", Move.FORWARD),
        ("drafting", "submitted", "law", Move.BACK),
        ("drafting", "drafting", "law", Move.SAME),
        ("drafting", "issued", "law", Move.TOO_LATE),
        ("issued", "in_force", "law", Move.TOO_LATE),
        ("in_force", "submitted", "law", Move.NOT_ISSUED),
        ("in_force", None, "law", Move.NOT_ISSUED),
        ("in_force", "issued", "law", Move.FORWARD),
    ],
)
def test_moves(stage: str, after: str | None, type: str, move: Move) -> None:
    assert move_to(stage, after=after, type=type) is move


@given(st.lists(st.sampled_from(ORDER), max_size=12), st.sampled_from(InstrumentType.values))
def test_nothing_is_in_force_that_was_not_issued_and_nothing_comes_back(path: list[str], type: str) -> None:
    taken: list[str] = []
    for stage in path:
        move = move_to(stage, after=taken[-1] if taken else None, type=type)
        if move in {Move.FORWARD, Move.SKIPPING, Move.BACK}:
            taken.append(stage)
    assert taken.count("issued") <= 1
    assert "in_force" not in taken or taken[-2:] == ["issued", "in_force"]


def test_a_clock_counts_working_days_or_days() -> None:
    friday = date(2026, 11, 27)
    assert clock_end(friday, 2, working=True) == date(2026, 12, 1)
    assert clock_end(friday, 2, working=False) == date(2026, 11, 29)


@given(days, st.integers(1, 60))
def test_a_clock_of_working_days_holds_so_many_of_them(entered: date, n: int) -> None:
    assert working_days_between(entered, clock_end(entered, n, working=True)) == n
    assert clock_end(entered, n, working=False) == entered + timedelta(days=n)


def test_clocks_run_are_kept_and_are_exceeded() -> None:
    way = [
        Step("drafting", date(2026, 2, 2), 30, date(2026, 3, 4)),
        Step("opinions", date(2026, 3, 1), 20, date(2026, 3, 21)),
        Step("appraisal", date(2026, 4, 1)),
        Step("submitted", date(2026, 4, 11), 10, date(2026, 4, 21)),
    ]
    kept, exceeded, none, running = stage_spans(way, date(2026, 4, 15))
    assert (kept.clock, kept.days, kept.over) == (ClockState.KEPT, 27, 0)
    assert (exceeded.clock, exceeded.over) == (ClockState.EXCEEDED, 11)
    assert (none.clock, none.days) == (ClockState.NONE, 10)
    assert (running.clock, running.left, running.left_on) == (ClockState.RUNNING, 6, None)
    assert stage_spans(way, date(2026, 4, 22))[-1].clock is ClockState.EXCEEDED
    assert stage_spans(way, date(2026, 4, 22))[-1].over == 1
    assert stage_spans(way, date(2026, 4, 21))[-1].left == 0


@given(steps, days)
def test_spans_follow_each_other_and_their_days_add_up(way: list[Step], as_of: date) -> None:
    spans = stage_spans(way, as_of)
    assert [span.left_on for span in spans[:-1]] == [span.entered_on for span in spans[1:]]
    if spans:
        assert spans[-1].left_on is None
        assert sum(days_by_stage(spans).values()) == (as_of - spans[0].entered_on).days
    for span in spans:
        assert span.days >= 0
        assert (span.over > 0) == (span.clock is ClockState.EXCEEDED)
        assert (span.left is not None) == (span.clock is ClockState.RUNNING)


def standing(way: list[Step], as_of: date, due_on: date | None = date(2026, 6, 30)):  # type: ignore[no-untyped-def]
    return standing_of_instrument(way, resolved_on=RESOLVED, due_on=due_on, as_of=as_of)


def test_right_resolution_late_policy() -> None:
    way = [Step("drafting", date(2026, 2, 1)), Step("issued", date(2026, 7, 10)), Step("in_force", date(2026, 9, 1))]
    before, late = standing(way, date(2026, 6, 30)), standing(way, date(2026, 7, 9))
    assert (before.timeliness, before.days_late, before.days_of_waiting) == (Timeliness.WITHIN, 0, 176)
    assert (late.timeliness, late.days_late, late.is_late, late.is_issued) == (Timeliness.LATE, 9, True, False)
    after = standing(way, date(2026, 12, 1))
    assert (after.timeliness, after.days_late) == (Timeliness.ISSUED_LATE, 10)
    assert (after.days_of_waiting, after.in_force_on) == (239, date(2026, 9, 1))
    assert standing(way, date(2026, 12, 1), None).days_late is None
    assert standing([], date(2026, 2, 1)).stage is None
    assert standing(way, date(2026, 12, 1), date(2026, 7, 10)).timeliness is Timeliness.ISSUED_IN_TIME


@given(steps, days, st.none() | days, st.integers(0, 200))
def test_waiting_never_shrinks_and_lateness_stops_at_the_issue(
    way: list[Step], as_of: date, due_on: date | None, later: int
) -> None:
    now, then = standing(way, as_of, due_on), standing(way, as_of + timedelta(days=later), due_on)
    if now.days_late is not None:
        assert then.days_late is not None
        assert then.days_late >= now.days_late or not now.is_issued
    if now.is_issued and then.issued_on == now.issued_on:
        assert then.days_late == now.days_late
    assert (due_on is None) == (now.timeliness is Timeliness.NO_DEADLINE)
