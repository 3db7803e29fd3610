"""The algebra of tenures: days add up, none counts twice, gaps stay apart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.monitoring.calculations.intervals import Interval, days_within, interval, united, without
from thucthi.monitoring.calculations.tenures import (
    Course,
    Held,
    Share,
    days_by_share,
    lateness,
    overdue_spans,
    share_on,
    shares_of,
)

BASE = date(2026, 1, 1)
DAY = st.integers(0, 200).map(lambda n: BASE + timedelta(days=n))
INTERVALS = st.tuples(DAY, DAY).map(lambda ends: Interval(min(ends), max(ends)))


def days_of(intervals: list[Interval]) -> set[date]:
    return {each.first + timedelta(days=n) for each in intervals for n in range(each.days)}


@st.composite
def tenures(draw: st.DrawFn) -> list[Held]:
    """Successive tenures with gaps of any length between them; the last one may still run."""
    held, at = [], BASE
    for number in range(draw(st.integers(0, 5))):
        first = at + timedelta(days=draw(st.integers(0, 40)))
        last = first + timedelta(days=draw(st.integers(0, 60)))
        held.append(Held(number, first, last))
        at = last + timedelta(days=1)
    if held and draw(st.booleans()):
        held[-1] = Held(held[-1].tenure_id, held[-1].first, None)
    return held


@given(tenures(), INTERVALS)
def test_shares_cover_the_interval_once(held: list[Held], whole: Interval) -> None:
    shares = shares_of(held, whole)
    assert sum(share.days.days for share in shares) == whole.days
    assert days_of([share.days for share in shares]) == days_of([whole])
    for share in shares:
        holder = next((each for each in held if each.tenure_id == share.tenure_id), None)
        for day in (share.days.first, share.days.last):
            in_office = [h for h in held if h.first <= day and (h.last is None or day <= h.last)]
            assert in_office == ([holder] if holder else [])
            assert share_on(shares, day) == share


@given(tenures(), INTERVALS, DAY, st.none() | DAY, DAY)
def test_days_of_lateness_are_divided_without_rest(
    held: list[Held], whole: Interval, deadline: date, answered: date | None, as_of: date
) -> None:
    span = lateness(deadline, answered, as_of)
    spans = [span] if span else []
    assert sum(s.days for s in spans) == max(0, (min(answered or as_of, as_of) - deadline).days)
    divided = days_by_share(spans, shares_of(held, whole))
    assert sum(divided.values()) == days_within(spans, whole)


@given(st.lists(INTERVALS, max_size=6), st.lists(INTERVALS, max_size=6), INTERVALS)
def test_intervals_are_sets_of_days(some: list[Interval], taken: list[Interval], within: Interval) -> None:
    assert days_of(united(some)) == days_of(some)
    assert days_of(without(some, taken)) == days_of(some) - days_of(taken)
    assert sum(each.days for each in without(some, taken)) == len(days_of(some) - days_of(taken))
    assert days_within(some, within) == len(days_of(some) & days_of([within]))


@given(st.lists(st.tuples(DAY, st.none() | DAY), min_size=1, max_size=4), st.lists(INTERVALS, max_size=3),
       st.none() | DAY, DAY)  # fmt: skip
def test_a_task_is_overdue_by_the_deadline_of_each_day(
    ends: list[tuple[date, date | None]], stopped: list[Interval], done_on: date | None, as_of: date
) -> None:
    ends = sorted(dict(ends).items())
    course = Course(tuple(ends), tuple(stopped), done_on)
    expected = set()
    day = ends[0][0]
    while day <= min(done_on or as_of, as_of):
        end = [end for since, end in ends if since <= day][-1]
        if end and day > end and day not in days_of(stopped):
            expected.add(day)
        day += timedelta(days=1)
    assert days_of(overdue_spans(course, as_of)) == expected


def test_a_head_changes_in_mid_quarter() -> None:
    quarter = Interval(date(2026, 4, 1), date(2026, 6, 30))
    held = [Held(1, date(2025, 1, 1), date(2026, 5, 15)), Held(2, date(2026, 5, 20), None)]
    assert shares_of(held, quarter) == (
        Share(1, Interval(date(2026, 4, 1), date(2026, 5, 15))),
        Share(None, Interval(date(2026, 5, 16), date(2026, 5, 19))),
        Share(2, Interval(date(2026, 5, 20), date(2026, 6, 30))),
    )


def test_two_holders_on_one_day_are_refused() -> None:
    held = [Held(1, date(2026, 1, 1), date(2026, 5, 15)), Held(2, date(2026, 5, 15), None)]
    with pytest.raises(ValueError, match="two holders on 2026-05-15"):
        shares_of(held, Interval(date(2026, 4, 1), date(2026, 6, 30)))


def test_an_empty_interval_is_none() -> None:
    assert interval(BASE, BASE - timedelta(days=1)) is None
    with pytest.raises(ValueError, match="has no day"):
        Interval(BASE, BASE - timedelta(days=1))
