"""Due days of every rhythm: always worked, at New Year, at Tết, on make-up Saturdays, in weeks nobody works."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.working_days import (
    PeriodKind,
    grace_ends_on,
    is_reported_in,
    is_working_day,
    next_working_day,
    period_containing,
    report_due_on,
    working_days_between,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
KINDS = st.sampled_from(list(PeriodKind))
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "kind", "due_day", "key", "due"),
    [
        (date(2026, 11, 16), "daily", None, "2026-11-16", date(2026, 11, 16)),
        (date(2026, 8, 22), "daily", None, "2026-08-22", date(2026, 8, 22)),  # a Saturday worked for 31 August
        (date(2026, 11, 18), "weekly", 3, "2026-W47", date(2026, 11, 18)),
        (date(2026, 8, 17), "weekly", 6, "2026-W34", date(2026, 8, 22)),  # Saturday, and it is worked
        (date(2026, 11, 16), "weekly", 7, "2026-W47", date(2026, 11, 20)),  # Sunday: the Friday before
        (date(2027, 1, 1), "weekly", None, "2026-W53", date(2026, 12, 31)),  # New Year's Day is the Friday
        (date(2026, 2, 18), "weekly", None, "2026-W08", date(2026, 2, 23)),  # a week of Tết without a working day
        (date(2026, 2, 1), "monthly", None, "2026-02", date(2026, 2, 24)),
        (date(2026, 2, 1), "monthly", 20, "2026-02", date(2026, 2, 13)),  # back over Tết
        (date(2026, 2, 1), "monthly", 31, "2026-02", date(2026, 2, 27)),  # no such day: the last; a Saturday
        (date(2026, 2, 1), "quarterly", None, "2026-Q1", date(2026, 3, 24)),
        (date(2026, 8, 1), "half_yearly", None, "2026-H2", date(2026, 12, 24)),
        (date(2026, 8, 1), "yearly", 31, "2026", date(2026, 12, 31)),
    ],
)
def test_known_days(day: date, kind: str, due_day: int | None, key: str, due: date) -> None:
    period = period_containing(day, PeriodKind(kind))
    assert (period.key, report_due_on(period, due_day)) == (key, due)


@given(DAYS, KINDS, st.none() | st.integers(1, 31))
def test_due_on_a_working_day_of_the_period_or_the_first_after_it(day: date, kind: PeriodKind, due: int | None) -> None:
    if kind is PeriodKind.WEEKLY and due is not None:
        due = min(due, 7)
    period = period_containing(day, kind)
    found = report_due_on(period, due)
    assert is_working_day(found)
    assert period.start <= found <= next_working_day(period.end + ONE_DAY)


@given(DAYS, KINDS)
def test_the_next_period_is_never_due_earlier(day: date, kind: PeriodKind) -> None:
    period = period_containing(day, kind)
    following = period_containing(period.end + ONE_DAY, kind)
    assert report_due_on(period) <= report_due_on(following)
    assert period.key < following.key


@given(DAYS, KINDS)
def test_every_day_lies_in_one_period_of_each_kind(day: date, kind: PeriodKind) -> None:
    period = period_containing(day, kind)
    assert period.start <= day <= period.end
    assert period_containing(period.start, kind) == period_containing(period.end, kind) == period


@given(DAYS, st.integers(1, 20))
def test_grace_counts_working_days(day: date, grace: int) -> None:
    due = next_working_day(day)
    until = grace_ends_on(due, grace)
    assert until is not None
    assert working_days_between(due, until) == grace
    assert is_working_day(until)


def test_no_grace_is_no_day() -> None:
    assert grace_ends_on(date(2026, 11, 20), 0) is None


def test_grace_walks_over_tet() -> None:
    assert grace_ends_on(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_nothing_is_reported_for_a_day_nobody_works() -> None:
    days = [date(2026, 11, 21), date(2026, 11, 24), date(2026, 11, 25), date(2026, 8, 22)]
    assert [is_reported_in(period_containing(day, PeriodKind.DAILY)) for day in days] == [False, False, True, True]
    assert is_reported_in(period_containing(date(2026, 11, 21), PeriodKind.WEEKLY))


def test_labels_say_the_period() -> None:
    day = date(2026, 11, 16)
    assert [period_containing(day, kind).label_vi for kind in PeriodKind] == [
        "Ngày 16/11/2026", "Tuần 47/2026", "Tháng 11/2026", "Quý IV/2026", "6 tháng cuối năm 2026", "Năm 2026",
    ]  # fmt: skip
    assert [period_containing(day, kind).label_en for kind in PeriodKind] == [
        "Day 16/11/2026", "Week 47/2026", "Month 11/2026", "Q4 2026", "H2 2026", "2026",
    ]  # fmt: skip
