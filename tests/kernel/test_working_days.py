"""Working days of Viet Nam, the two reporting rhythms, the day a report is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.working_days import (
    Period,
    PeriodKind,
    add_working_days,
    is_working_day,
    monthly_period,
    next_working_day,
    report_due_on,
    weekly_period,
    working_days_between,
)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))
steps = st.integers(-60, 60)


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2026, 11, 23), True),
            (date(2026, 11, 24), False),  # day of Vietnamese culture
            (date(2026, 11, 21), False),  # Saturday
            (date(2026, 2, 16), False),  # eve of Tết
            (date(2026, 4, 27), False),  # for the Sunday of the Hùng kings
            (date(2026, 8, 31), False),  # swapped …
            (date(2026, 8, 22), True),  # … with this Saturday
            (date(2026, 9, 2), False),
        ],
    )
    def test_is_working_day(self, day: date, works: bool) -> None:
        assert is_working_day(day) is works

    def test_next_working_day(self) -> None:
        assert next_working_day(date(2026, 11, 23)) == date(2026, 11, 23)
        assert next_working_day(date(2026, 2, 14)) == date(2026, 2, 23)

    @pytest.mark.parametrize(
        ("day", "n", "expected"),
        [
            (date(2026, 11, 23), 1, date(2026, 11, 25)),
            (date(2026, 11, 23), 0, date(2026, 11, 23)),
            (date(2026, 11, 22), 0, date(2026, 11, 23)),
            (date(2026, 11, 22), 1, date(2026, 11, 23)),
            (date(2026, 11, 25), -1, date(2026, 11, 23)),
            (date(2026, 2, 13), 1, date(2026, 2, 23)),
            (date(2026, 12, 31), 1, date(2027, 1, 4)),
        ],
    )
    def test_add_working_days(self, day: date, n: int, expected: date) -> None:
        assert add_working_days(day, n) == expected

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            (date(2026, 11, 23), date(2026, 11, 23), 0),
            (date(2026, 11, 23), date(2026, 11, 27), 3),
            (date(2026, 11, 27), date(2026, 11, 23), -3),
            (date(2026, 11, 21), date(2026, 11, 22), 0),
        ],
    )
    def test_working_days_between(self, first: date, second: date, expected: int) -> None:
        assert working_days_between(first, second) == expected

    @given(days, steps)
    def test_going_and_coming_back(self, day: date, n: int) -> None:
        start = next_working_day(day)
        assert add_working_days(add_working_days(start, n), -n) == start

    @given(days, steps)
    def test_distance_undoes_adding(self, day: date, n: int) -> None:
        start = next_working_day(day)
        assert working_days_between(start, add_working_days(start, n)) == n

    @given(days, steps)
    def test_arrives_on_a_working_day(self, day: date, n: int) -> None:
        assert is_working_day(add_working_days(day, n))

    @given(days, days, days)
    def test_distances_add_up(self, first: date, second: date, third: date) -> None:
        through = working_days_between(first, second) + working_days_between(second, third)
        assert through == working_days_between(first, third)


class TestPeriods:
    def test_week(self) -> None:
        period = weekly_period(date(2026, 11, 22))
        assert period == Period(date(2026, 11, 16), date(2026, 11, 22), PeriodKind.WEEKLY)
        assert (period.key, period.label_vi, period.label_en) == ("2026-W47", "Tuần 47/2026", "Week 47/2026")

    def test_week_across_new_year_belongs_to_the_iso_year(self) -> None:
        period = weekly_period(date(2027, 1, 1))
        assert (period.start, period.key, period.label_vi) == (date(2026, 12, 28), "2026-W53", "Tuần 53/2026")

    def test_first_weeks_have_two_digits_in_the_key(self) -> None:
        assert weekly_period(date(2026, 1, 1)).key == "2026-W01"

    def test_month(self) -> None:
        period = monthly_period(date(2028, 2, 10))
        assert period == Period(date(2028, 2, 1), date(2028, 2, 29), PeriodKind.MONTHLY)
        assert (period.key, period.label_vi, period.label_en) == ("2028-02", "Tháng 2/2028", "Month 2/2028")

    @pytest.mark.parametrize(
        ("start", "end", "kind"),
        [
            (date(2026, 11, 17), date(2026, 11, 23), PeriodKind.WEEKLY),
            (date(2026, 11, 16), date(2026, 11, 23), PeriodKind.WEEKLY),
            (date(2026, 11, 1), date(2026, 11, 29), PeriodKind.MONTHLY),
        ],
    )
    def test_half_a_period_is_refused(self, start: date, end: date, kind: PeriodKind) -> None:
        with pytest.raises(ValueError, match="not one"):
            Period(start, end, kind)

    @given(days, st.sampled_from([weekly_period, monthly_period]))
    def test_every_day_lies_in_exactly_one_period(self, day: date, period_of: object) -> None:
        assert callable(period_of)
        period = period_of(day)
        assert period.start <= day <= period.end
        assert period_of(period.start) == period_of(period.end) == period
        assert period_of(period.end + timedelta(days=1)).start == period.end + timedelta(days=1)

    @given(days, days, st.sampled_from([weekly_period, monthly_period]))
    def test_keys_sort_in_the_order_of_time(self, first: date, second: date, period_of: object) -> None:
        assert callable(period_of)
        before, after = sorted([period_of(first), period_of(second)])
        assert before.key <= after.key


class TestDueDay:
    @pytest.mark.parametrize(
        ("period", "due"),
        [
            (weekly_period(date(2026, 11, 16)), date(2026, 11, 20)),
            (weekly_period(date(2026, 5, 1)), date(2026, 4, 29)),  # 30 April and 1 May
            (weekly_period(date(2026, 2, 16)), date(2026, 2, 23)),  # the whole week is Tết
            (monthly_period(date(2026, 12, 1)), date(2026, 12, 24)),
            (monthly_period(date(2026, 11, 1)), date(2026, 11, 23)),  # the 24th is a holiday
            (monthly_period(date(2026, 10, 1)), date(2026, 10, 23)),  # the 24th is a Saturday
        ],
    )
    def test_known_days(self, period: Period, due: date) -> None:
        assert report_due_on(period) == due

    @given(days, st.sampled_from([weekly_period, monthly_period]))
    def test_always_a_working_day_of_the_period_or_the_first_after_it(self, day: date, period_of: object) -> None:
        assert callable(period_of)
        period = period_of(day)
        due = report_due_on(period)
        assert is_working_day(due)
        assert period.start <= due <= next_working_day(period.end + timedelta(days=1))
