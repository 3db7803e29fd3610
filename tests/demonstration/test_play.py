"""The story plays the same on every machine, and each behaviour shows what it is named after."""

from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.demonstration.calculations import StoryRow, Surroundings, pick, play
from thucthi.kernel.working_days import report_due_on, weekly_period

WEEKS = [weekly_period(date.fromisocalendar(2026, week, 1)) for week in range(31, 48)]
AROUND = Surroundings(
    periods=[(week, report_due_on(week)) for week in WEEKS],
    note=lambda pool, turn, progress: f"{pool} {turn} {progress}",
    zone=UTC,
)
ROW = StoryRow(
    code="t-1",
    behaviour="steady",
    from_week="2026-W31",
    to_week="2026-W47",
    start_progress=Decimal(20),
    weekly_step=Decimal(2),
    note_pool="steady",
    obstacle_cause="",
    event_on=None,
)
BEHAVIOURS = [
    "steady", "late_reporter", "silent", "vague", "copied", "claimed_not_accepted", "stuck", "worsening", "early_done",
    "done_on_time", "done_late", "extended_twice", "recovering", "contradicted_by_measure",
]  # fmt: skip


def test_steady_reports_every_week_on_the_day_it_is_due() -> None:
    played = play(ROW, AROUND)
    assert [report.period_key for report in played.reports] == [week.key for week in WEEKS]
    assert [report.submitted_at.date() for report in played.reports] == [report_due_on(week) for week in WEEKS]
    assert [report.progress for report in played.reports] == [Decimal(20 + 2 * n) for n in range(17)]
    assert {report.claim for report in played.reports} == {"on_plan"}


def test_a_late_reporter_is_one_to_three_days_late() -> None:
    played = play(replace(ROW, behaviour="late_reporter"), AROUND)
    pairs = zip(played.reports, played.owed, strict=True)
    delays = {(report.submitted_at.date() - due).days for report, (_, due) in pairs}
    assert delays <= {1, 2, 3}
    assert delays


def test_the_silent_owe_and_send_nothing_after_their_day() -> None:
    played = play(replace(ROW, behaviour="silent", event_on=date(2026, 9, 7)), AROUND)
    assert len(played.owed) == 17
    assert [report.period_key for report in played.reports] == [f"2026-W{week}" for week in range(31, 37)]


def test_completion_ends_what_is_owed() -> None:
    played = play(replace(ROW, behaviour="done_on_time", event_on=date(2026, 9, 10)), AROUND)
    last = played.reports[-1]
    assert (last.period_key, last.claims_completion, last.progress) == ("2026-W37", True, Decimal(100))
    assert last.submitted_at.date() == date(2026, 9, 10)
    assert last.verdict is not None
    assert last.verdict.accepted
    assert played.owed[-1][0].key == "2026-W37"


def test_a_completion_before_the_story_is_one_report_in_its_own_week() -> None:
    played = play(replace(ROW, behaviour="done_late", event_on=date(2026, 1, 22)), AROUND)
    assert [period.key for period, _ in played.owed] == ["2026-W04"]
    assert [report.claims_completion for report in played.reports] == [True]


def test_what_is_claimed_but_not_accepted_never_counts_as_accepted() -> None:
    played = play(replace(ROW, behaviour="claimed_not_accepted", event_on=date(2026, 9, 10)), AROUND)
    claims = [report for report in played.reports if report.claims_completion]
    assert claims
    assert not any(report.verdict and report.verdict.accepted for report in claims)


def test_the_stuck_stop_moving_and_name_a_cause() -> None:
    row = replace(ROW, behaviour="stuck", event_on=date(2026, 9, 10), obstacle_cause="money")
    after = [report for report in play(row, AROUND).reports if report.period_key >= "2026-W37"]
    assert len({report.progress for report in after}) == 1
    assert {(report.claim, report.cause) for report in after} == {("behind", "money")}


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@given(
    start=st.decimals(0, 100, places=1),
    step=st.decimals(-5, 8, places=1),
    event=st.dates(date(2026, 6, 1), date(2026, 11, 22)),
)
def test_every_play_can_be_stored(behaviour: str, start: Decimal, step: Decimal, event: date) -> None:
    row = replace(ROW, behaviour=behaviour, start_progress=start, weekly_step=step, event_on=event)
    played = play(row, AROUND)
    assert played == play(row, AROUND)
    owed = [period.key for period, _ in played.owed]
    assert len(set(owed)) == len(owed)
    assert {report.period_key for report in played.reports} <= set(owed)
    for report in played.reports:
        assert Decimal(0) <= report.progress <= Decimal(100)
        assert (report.claim == "on_plan") == (report.cause == "")
        assert report.verdict is None or report.verdict.decided_at > report.submitted_at
        assert report.verdict is None or report.verdict.accepted or report.verdict.note


@given(st.integers(1, 50), st.text())
def test_a_pick_lies_below_its_limit_and_never_changes(choices: int, seed: str) -> None:
    assert 0 <= pick(choices, seed) < choices
    assert pick(choices, seed) == pick(choices, seed)
