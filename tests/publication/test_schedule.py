"""When issues are cut off and prepared: exact hours, free days, settings that cannot be read."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.working_days import is_working_day
from thucthi.publication.calculations.schedule import Rhythm, last_run, next_run, read_rhythm, run_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SETTINGS = {"weekly": "fri 16:00", "weekly_cut_off": "thu 17:00", "monthly": "25 16:00", "monthly_cut_off": "17:00"}
RHYTHM = read_rhythm(**SETTINGS)


def test_the_usual_rhythm() -> None:
    assert Rhythm(4, time(16), 3, time(17), 25, time(16), time(17)) == RHYTHM


def test_a_week_in_hours_of_the_world() -> None:
    run = run_of("weekly", date(2026, 12, 1), RHYTHM, HANOI)
    assert (run.issue, run.as_of) == ("2026-W49", date(2026, 12, 3))
    assert run.cut_off_at == datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
    assert run.prepare_at == datetime(2026, 12, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "cut_off", "prepared"),
    [
        (date(2026, 12, 1), date(2026, 12, 24), date(2026, 12, 25)),
        # 25/10/2026 is a Sunday.
        (date(2026, 10, 1), date(2026, 10, 23), date(2026, 10, 26)),
    ],
)
def test_a_month(month: date, cut_off: date, prepared: date) -> None:
    run = run_of("monthly", month, RHYTHM, HANOI)
    assert (run.as_of, run.prepare_at.date()) == (cut_off, prepared)
    assert (run.cut_off_at.time(), run.prepare_at.time()) == (time(17), time(16))


def test_a_free_friday_is_prepared_all_the_same_and_says_when_somebody_can_sign() -> None:
    run = run_of("weekly", date(2026, 12, 28), RHYTHM, HANOI)
    assert run.prepare_at.date() == date(2027, 1, 1)
    assert (run.is_on_free_day, run.sign_off_on) == (True, date(2027, 1, 4))
    assert not run_of("weekly", date(2026, 12, 1), RHYTHM, HANOI).is_on_free_day


MINUTES = st.integers(0, 6 * 366 * 24 * 60).map(lambda n: datetime(2025, 1, 1, tzinfo=HANOI) + timedelta(minutes=n))


@given(MINUTES, st.sampled_from(["weekly", "monthly"]))
def test_the_last_run_is_over_and_the_next_one_is_not_and_none_lies_between(moment: datetime, kind: str) -> None:
    last, coming = last_run(kind, moment, RHYTHM), next_run(kind, moment, RHYTHM)
    assert last.prepare_at <= moment < coming.prepare_at
    assert last.cut_off_at < last.prepare_at
    assert run_of(kind, last.as_of, RHYTHM, HANOI) == last
    assert next_run(kind, last.prepare_at, RHYTHM) == coming
    assert last_run(kind, coming.prepare_at, RHYTHM) == coming
    assert is_working_day(coming.sign_off_on)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("weekly", "friday", "THUCTHI_ISSUE_WEEKLY: không đọc được “friday”; xin ghi như “fri 16:00”."),
        ("weekly", "fri 24:00", "THUCTHI_ISSUE_WEEKLY: không đọc được"),
        ("weekly_cut_off", "sat 09:00", "phải đứng trước THUCTHI_ISSUE_WEEKLY (fri 16:00) trong tuần."),
        ("weekly_cut_off", "fri 16:00", "phải đứng trước THUCTHI_ISSUE_WEEKLY"),
        ("monthly", "31 16:00", "THUCTHI_ISSUE_MONTHLY: ngày 31 không dùng được; xin chọn ngày từ 12 đến 28."),
        ("monthly_cut_off", "5 giờ chiều", "THUCTHI_ISSUE_MONTHLY_CUT_OFF: không đọc được"),
    ],
)
def test_a_setting_that_cannot_be_read_stops_the_start_with_a_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="THUCTHI_ISSUE") as refusal:
        read_rhythm(**{**SETTINGS, name: text})
    assert sentence in str(refusal.value)
