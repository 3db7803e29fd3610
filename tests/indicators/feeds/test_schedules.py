"""When a source is asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.indicators.calculations.schedules import DAYS, LONGEST_PAUSE, SLACK, next_asking

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_a_source_that_was_never_asked_is_due_at_once() -> None:
    assert next_asking("daily", None) is None


@pytest.mark.parametrize(("every", "days"), DAYS.items())
def test_the_rhythm_counts_from_the_last_asking(every: str, days: int) -> None:
    assert next_asking(every, AT) == AT + timedelta(days=days) - SLACK


def test_a_refused_file_is_asked_for_again_the_next_day() -> None:
    assert next_asking("monthly", AT, refused=True) == AT + LONGEST_PAUSE - SLACK


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 15), (2, 30), (3, 60), (6, 480), (7, 960), (8, 1440), (999, 1440)]
)
def test_pauses_after_failures_double_up_to_a_day(failures: int, minutes: int) -> None:
    assert next_asking("monthly", AT, failures=failures) == AT + timedelta(minutes=minutes)


@given(st.sampled_from(list(DAYS)), st.integers(0, 10_000), st.booleans())
def test_no_source_waits_longer_than_its_rhythm_or_forever(every: str, failures: int, refused: bool) -> None:
    at = next_asking(every, AT, failures=failures, refused=refused)
    assert at is not None
    assert AT < at <= AT + timedelta(days=DAYS[every])
