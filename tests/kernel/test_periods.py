"""Periods of values: keys, ends, neighbours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.periods import PER_YEAR, Frequency, span_containing, span_of, spans_between
from thucthi.kernel.working_days import monthly_period, weekly_period

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
FREQUENCIES = st.sampled_from(list(Frequency))


@pytest.mark.parametrize(
    ("key", "start", "end", "label_vi", "label_en"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "Năm 2026", "2026"),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31), "6 tháng cuối năm 2026", "H2 2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "Quý IV/2026", "Q4 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "Tháng 2/2024", "2/2024"),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4), "Tuần 1/2026", "Week 1/2026"),
    ],
)
def test_a_key_says_which_days(key: str, start: date, end: date, label_vi: str, label_en: str) -> None:
    span = span_of(key)
    assert (span.start, span.end, span.key, span.label_vi, span.label_en) == (start, end, key, label_vi, label_en)


@pytest.mark.parametrize(
    "key", ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-H3", "2026-W54", "2026-1", "2026-11-30"]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        span_of(key)


@given(DAYS, FREQUENCIES)
def test_every_day_lies_in_one_period_whose_key_leads_back_to_it(day: date, frequency: Frequency) -> None:
    span = span_containing(day, frequency)
    assert span.start <= day <= span.end
    assert span_of(span.key) == span
    assert span.next.start == span.end + timedelta(days=1)
    assert span.next.previous == span


@given(DAYS)
def test_weeks_and_months_have_the_keys_of_reporting_periods(day: date) -> None:
    assert span_containing(day, Frequency.WEEKLY).key == weekly_period(day).key
    assert span_containing(day, Frequency.MONTHLY).key == monthly_period(day).key


@given(st.integers(1990, 2060), st.sampled_from([each for each in Frequency if each is not Frequency.WEEKLY]))
def test_a_year_holds_as_many_periods_as_it_should(year: int, frequency: Frequency) -> None:
    first = span_containing(date(year, 1, 1), frequency)
    last = span_containing(date(year, 12, 31), frequency)
    spans = list(spans_between(first, last))
    assert len(spans) == PER_YEAR[frequency]
    assert [span.key for span in spans] == sorted(span.key for span in spans)
    assert list(spans_between(last.next, first)) == []
