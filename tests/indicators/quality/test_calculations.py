"""Quality as arithmetic: freshness, outliers, relations, the two rates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.indicators.calculations.quality import (
    FEWEST_OTHERS,
    Deviation,
    Finding,
    Freshness,
    Outcome,
    OwedValue,
    Rates,
    Relation,
    Reporting,
    Term,
    against_history,
    check,
    out_of_range,
    rates,
    reporting_of,
    robust_score,
    scores_among,
    staleness,
)
from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import Value, ValueState

amounts = st.decimals(-1_000_000, 1_000_000, places=3)


@pytest.mark.parametrize(("as_of", "days_late", "state"), [
    (date(2026, 9, 30), -15, Freshness.NEW),
    (date(2026, 10, 1), -14, Freshness.DUE),
    (date(2026, 10, 15), 0, Freshness.DUE),
    (date(2026, 10, 16), 1, Freshness.LATE),
])  # fmt: skip
def test_a_series_is_new_then_due_then_late(as_of: date, days_late: int, state: Freshness) -> None:
    found = staleness("2026-08", frequency=Frequency.MONTHLY, delay_days=15, as_of=as_of)
    assert (found.next_span.key, found.expected_by) == ("2026-09", date(2026, 10, 15))
    assert (found.days_late, found.state) == (days_late, state)


@pytest.mark.parametrize(("frequency", "last", "following", "expected_by"), [
    (Frequency.WEEKLY, "2026-W53", "2027-W01", date(2027, 1, 13)),
    (Frequency.QUARTERLY, "2026-Q4", "2027-Q1", date(2027, 4, 3)),
    (Frequency.HALF_YEARLY, "2026-H1", "2026-H2", date(2027, 1, 3)),
    (Frequency.YEARLY, "2025", "2026", date(2027, 1, 3)),
])  # fmt: skip
def test_every_frequency_has_its_next_period(
    frequency: Frequency, last: str, following: str, expected_by: date
) -> None:
    found = staleness(last, frequency=frequency, delay_days=3, as_of=date(2026, 6, 1))
    assert (found.next_span.key, found.expected_by) == (following, expected_by)


def test_a_series_without_values_awaits_its_first_owed_period() -> None:
    begun = staleness(
        None, frequency=Frequency.MONTHLY, delay_days=15, as_of=date(2026, 11, 20), first_owed=date(2026, 7, 1)
    )
    assert (begun.last, begun.next_span.key, begun.days_late) == (None, "2026-07", 97)
    unknown = staleness(None, frequency=Frequency.MONTHLY, delay_days=15, as_of=date(2026, 11, 20))
    assert unknown.next_span.key == "2026-10"


def test_the_plausible_range_includes_its_bounds() -> None:
    low, high = Decimal(0), Decimal(100)
    assert [out_of_range(amount, low, high) for amount in (low, high, None)] == [None, None, None]
    beyond = out_of_range(Decimal("100.1"), low, high)
    assert beyond is not None
    assert (beyond.amount, beyond.low, beyond.high) == (Decimal("100.1"), low, high)
    assert out_of_range(Decimal(-1), None, high) is None
    assert out_of_range(Decimal(-1), low, None) is not None


def test_the_robust_score_is_the_formula() -> None:
    others = [Decimal(n) for n in (10, 11, 12, 13, 14, 15, 16, 17, 18)]
    found = robust_score(Decimal(30), others)
    assert found == Deviation(Decimal(30), Decimal(14), Decimal(2), 9, Decimal("0.6745") * 16 / 2)
    assert found.is_far
    near = robust_score(Decimal(20), others)
    assert near is not None
    assert not near.is_far


def test_too_few_others_say_nothing() -> None:
    assert robust_score(Decimal(1000), [Decimal(1)] * (FEWEST_OTHERS - 1)) is None


def test_others_that_are_mostly_alike_are_measured_by_their_mean_deviation() -> None:
    others = [Decimal(5)] * 8 + [Decimal(15)]
    found = robust_score(Decimal(15), others)
    assert found is not None
    assert (found.by_mean, found.middle, found.spread) == (True, Decimal(5), Decimal(10) / 9)
    assert found.score == Decimal(10) / (Decimal("1.2533") * (Decimal(10) / 9))


def test_others_that_are_all_alike_make_anything_else_far_without_a_score() -> None:
    far, same = (robust_score(Decimal(n), [Decimal(5)] * 8) for n in (6, 5))
    assert far == Deviation(Decimal(6), Decimal(5), Decimal(0), 8, None, by_mean=True)
    assert far.is_far
    assert same is not None
    assert (same.score, same.is_far) == (Decimal(0), False)


def flags(series: list[int | None], per_year: int = 12) -> list[int]:
    """Places found far."""
    found = against_history([None if n is None else Decimal(n) for n in series], per_year)
    return [place for place, row in enumerate(found) if row and row.is_far]


def wavy(length: int) -> list[int]:
    """Growing by about ten a step, never by exactly ten."""
    return [10 * n + (n * 7) % 5 for n in range(length)]


def test_steady_growth_is_no_error() -> None:
    assert flags(wavy(20)) == []


def test_a_wild_value_is_found_once_and_coming_back_is_not_wild() -> None:
    series = wavy(20)
    series[12] += 500
    assert flags(series) == [12]


def test_a_new_level_is_found_once() -> None:
    series = wavy(20)
    assert flags([n + (500 if place >= 12 else 0) for place, n in enumerate(series)]) == [12]


def test_a_season_is_no_error_and_a_wrong_month_is() -> None:
    season = [0, 0, 0, 0, 0, 900, 900, 0, 0, 0, 0, 0]
    series = [season[n % 12] + wavy(48)[n] for n in range(48)]
    assert flags(series) == []
    series[40] += 700
    assert flags(series) == [40]


def test_gaps_are_no_values() -> None:
    series: list[int | None] = [*wavy(20)]
    series[5] = None
    assert flags(series) == []
    found = against_history([None if n is None else Decimal(n) for n in series], 12)
    assert (found[0], found[5], found[6]) == (None, None, None)


def test_peers_are_the_other_units() -> None:
    peers = [Decimal(n) for n in (60, 62, 64, 66, 68, 70, 72, 74)]
    high, usual = robust_score(Decimal(100), peers), robust_score(Decimal(75), peers)
    assert high is not None
    assert usual is not None
    assert (high.is_far, usual.is_far) == (True, False)


@given(amounts, st.lists(amounts, min_size=FEWEST_OTHERS, max_size=40), st.randoms())
def test_the_order_of_the_others_does_not_matter(compared: Decimal, others: list[Decimal], random: object) -> None:
    mixed = list(others)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert robust_score(compared, others) == robust_score(compared, mixed)


few = st.sampled_from([Decimal(1), Decimal(2), Decimal("2.5")])


@given(st.lists(amounts, max_size=40) | st.lists(few, max_size=20))
def test_scores_among_all_are_the_scores_among_the_others(values: list[Decimal]) -> None:
    """The same figure whichever of two alike is left out, and where most are alike."""
    alone = [robust_score(value, [*values[:n], *values[n + 1 :]]) for n, value in enumerate(values)]
    assert scores_among(values) == alone


@given(st.lists(st.none() | amounts, max_size=60), st.sampled_from([1, 2, 4, 12, 52]))
def test_every_history_is_judged_in_full_length(series: list[Decimal | None], per_year: int) -> None:
    found = against_history(series, per_year)
    assert len(found) == len(series)
    assert all(row is None for row, amount in zip(found, series, strict=True) if amount is None)


PARTS = Relation((Term("a"), Term("b", Decimal(2))), "<=", (Term("c"),), Decimal(1))


def values(**said: int | Value) -> dict[str, Value]:
    return {code: n if isinstance(n, Value) else Value.number(Decimal(n)) for code, n in said.items()}


@pytest.mark.parametrize(("c", "expected"), [
    (10, Finding(Outcome.HOLDS, Decimal(10), Decimal(10))),
    (9, Finding(Outcome.HOLDS, Decimal(10), Decimal(9))),
    (8, Finding(Outcome.BROKEN, Decimal(10), Decimal(8), Decimal(1))),
])  # fmt: skip
def test_a_relation_holds_within_its_tolerance(c: int, expected: Finding) -> None:
    assert check(PARTS, values(a=4, b=3, c=c)) == expected


@pytest.mark.parametrize("missing", [Value.not_reported(), Value.not_applicable(), Value.confidential()])
def test_a_relation_with_a_missing_part_is_neither_a_pass_nor_a_fault(missing: Value) -> None:
    assert check(PARTS, values(a=4, b=missing, c=1)) == Finding(Outcome.UNCHECKED, missing=("b",))
    assert check(PARTS, values(a=4)) == Finding(Outcome.UNCHECKED, missing=("b", "c"))


def test_a_confirmed_zero_is_a_part() -> None:
    assert check(PARTS, values(a=Value.confirmed_zero(), b=1, c=2)).outcome is Outcome.HOLDS


def test_an_empty_right_side_is_zero() -> None:
    balance = Relation((Term("a"), Term("b", Decimal(-1))), "=", ())
    assert check(balance, values(a=5, b=5)) == Finding(Outcome.HOLDS, Decimal(0), Decimal(0))
    assert check(balance, values(a=5, b=3)) == Finding(Outcome.BROKEN, Decimal(2), Decimal(0), Decimal(2))


@given(st.lists(amounts, min_size=3, max_size=3), st.decimals(0, 1000, places=2))
def test_equal_holds_exactly_when_both_inequalities_hold(said: list[Decimal], tolerance: Decimal) -> None:
    known = {code: Value.number(n) if n else Value.confirmed_zero() for code, n in zip("abc", said, strict=True)}
    left, right = (Term("a"), Term("b")), (Term("c"),)
    found = {sign: check(Relation(left, sign, right, tolerance), known).outcome for sign in ("=", "<=", ">=")}
    both = found["<="] is Outcome.HOLDS and found[">="] is Outcome.HOLDS
    assert (found["="] is Outcome.HOLDS) == both


DUE = date(2026, 10, 15)


@pytest.mark.parametrize(("state", "first_on", "expected"), [
    (None, None, Reporting.MISSING),
    (ValueState.NOT_REPORTED, None, Reporting.MISSING),
    (ValueState.NUMBER, DUE, Reporting.IN_TIME),
    (ValueState.CONFIRMED_ZERO, DUE, Reporting.IN_TIME),
    (ValueState.CONFIDENTIAL, DUE, Reporting.IN_TIME),
    (ValueState.PROVISIONAL, DUE + timedelta(days=1), Reporting.LATE),
    (ValueState.NOT_APPLICABLE, DUE, Reporting.NOT_APPLICABLE),
])  # fmt: skip
def test_where_an_owed_value_stands(state: ValueState | None, first_on: date | None, expected: Reporting) -> None:
    assert reporting_of(OwedValue(DUE, state, first_on), DUE) is expected


def test_what_is_not_yet_due_is_not_owed() -> None:
    value = OwedValue(DUE, None, None)
    assert reporting_of(value, DUE - timedelta(days=1)) is Reporting.NOT_YET_DUE
    assert rates([value], DUE - timedelta(days=1)) == Rates(0, 0, 0, 0)


def test_the_two_rates_have_their_own_denominators() -> None:
    owed = [
        OwedValue(DUE, ValueState.NUMBER, DUE),
        OwedValue(DUE, ValueState.NUMBER, DUE + timedelta(days=9)),
        OwedValue(DUE, None, None),
        OwedValue(DUE, ValueState.NOT_APPLICABLE, DUE),
    ]
    assert rates(owed, date(2026, 12, 1)) == Rates(owed=3, reported=2, in_time=1, not_applicable=1)


owed_values = st.builds(
    OwedValue,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.none() | st.sampled_from(ValueState),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)


@given(
    st.lists(owed_values, max_size=30), st.lists(owed_values, max_size=30), st.dates(date(2026, 1, 1), date(2027, 1, 1))
)
def test_rates_of_two_groups_add_up_to_those_of_both(one: list[OwedValue], other: list[OwedValue], day: date) -> None:
    a, b, both = rates(one, day), rates(other, day), rates(one + other, day)
    assert (a.owed + b.owed, a.reported + b.reported, a.in_time + b.in_time) == (both.owed, both.reported, both.in_time)
    assert both.in_time <= both.reported <= both.owed
