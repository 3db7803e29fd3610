"""How simulated values come about: the same on every machine, possible for the database, and as their traits say."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.demonstration.calculations_values import (
    MONTHS,
    Measure,
    Place,
    Stated,
    Trait,
    Traits,
    broken_down,
    corrections,
    declared,
    of_the_country,
    opening,
    sampled,
)
from thucthi.demonstration.loading_values import measure_of, provinces
from thucthi.demonstration.reading import rows
from thucthi.kernel.values import Value, ValueState

NONE = Traits(())
RATIO = Measure(
    code="ty-le",
    kind="ratio",
    scale=Decimal(100),
    start=Decimal(40),
    gain=Decimal(20),
    spread=Decimal(8),
    season=Decimal(2),
    per_thousand=Decimal(1000),
    places=2,
    low=Decimal(0),
    high=Decimal(100),
    delay_days=15,
    where="all",
)
COUNT = replace(
    RATIO, code="so", kind="cumulative", scale=Decimal(1), places=0, spread=Decimal("0.4"), season=Decimal(0)
)
PLACE = Place("UBND-01", Decimal(8807), Decimal("0.08"), is_coastal=False, has_university=True)
SHEETS = {row["code"]: measure_of(row) for row in rows("measures.csv")}
TRAITS = Traits([Trait(*row.values()) for row in rows("traits.csv")])
ALL_BYTES = "e833019371aec7655eec0e83342a65c134db2a3652325f36b16a75f2541faa05"


def one(trait: str, *, first: str = "2023-11", last: str = "2026-10") -> Traits:
    return Traits([Trait(trait, "*", PLACE.code, first, last, "vì sao")])


def series(measure: Measure, traits: Traits = NONE) -> list[Stated]:
    return list(opening(measure, [PLACE], traits))


def test_a_line_has_a_value_for_each_of_36_months() -> None:
    assert [row.month.key for row in series(RATIO)] == [month.key for month in MONTHS]
    assert (len(MONTHS), MONTHS[0].key, MONTHS[-1].key) == (36, "2023-11", "2026-10")
    assert {row.state for row in series(RATIO)[:-2]} == {"number"}
    assert {row.state for row in series(RATIO)[-2:]} == {"provisional"}


def test_the_bytes_are_the_same_on_every_load() -> None:
    digest = hashlib.sha256()
    for measure in SHEETS.values():
        opened = list(opening(measure, provinces(), TRAITS))
        for row in (*opened, *corrections(measure, provinces(), TRAITS, opened)):
            said = (row.unit, row.month.key, row.state, row.amount, row.numerator, row.denominator, row.available_on)
            digest.update("|".join(map(str, said)).encode())
    assert digest.hexdigest() == ALL_BYTES


@pytest.mark.parametrize("code", sorted(SHEETS))
def test_every_value_can_be_stored_and_is_plausible(code: str) -> None:
    measure, places = SHEETS[code], provinces()
    opened = list(opening(measure, places, TRAITS))
    assert len(opened) == 34 * 36
    later = list(corrections(measure, places, TRAITS, opened))
    for row in (*opened, *later, *of_the_country(measure, places)):
        Value(ValueState(row.state), row.amount, "", row.numerator, row.denominator)
        assert row.amount is None or row.unit == "" or measure.low <= row.amount <= measure.high, row
        assert row.available_on > row.month.end
    opened_by = {(row.unit, row.month.key): row for row in opened}
    for row in later:
        stood = opened_by[row.unit, row.month.key]
        assert row.available_on > stood.available_on
        assert (row.state, row.amount) != (stood.state, stood.amount)
        assert row.remark


@given(st.decimals(0, 100, places=1), st.decimals(-30, 60, places=1), st.decimals(0, 20, places=1))
def test_a_ratio_is_its_parts(start: Decimal, gain: Decimal, spread: Decimal) -> None:
    for row in series(replace(RATIO, start=start, gain=gain, spread=spread)):
        assert row.numerator is not None
        assert row.denominator == 8807000
        assert row.amount == (row.numerator / row.denominator * 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_what_is_counted_from_the_start_never_falls() -> None:
    amounts = [row.amount or Decimal(0) for row in series(COUNT)]
    assert amounts == sorted(amounts)


def test_the_country_is_the_sum_of_what_is_true_even_where_a_province_is_silent() -> None:
    measure, places = SHEETS["nq72-luan-phien"], provinces()
    said = opening(measure, places, NONE)
    last = [row for row in said if row.month == MONTHS[-1]]
    (country,) = [row for row in of_the_country(measure, places) if row.month == MONTHS[-1]]
    assert country.amount == sum(row.amount or 0 for row in last)


def test_far_from_the_sea_the_landing_of_cables_does_not_apply() -> None:
    states = {row.unit: row.state for row in opening(SHEETS["cp03-cap-bien"], provinces(), NONE)}
    assert sum(state == "not_applicable" for state in states.values()) == 13
    assert states["UBND-01"] == "not_applicable"


@pytest.mark.parametrize(("trait", "state"), [("silent", "not_reported"), ("confidential", "confidential")])
def test_silence_and_secrecy_have_no_amount(trait: str, state: str) -> None:
    said = series(RATIO, one(trait, first="2025-03", last="2025-06"))
    assert [row.month.key for row in said if row.amount is None] == ["2025-03", "2025-04", "2025-05", "2025-06"]
    assert {row.state for row in said if row.amount is None} == {state}


def test_what_was_sent_late_stands_with_its_reason_and_its_day() -> None:
    traits = one("sent_late", first="2026-07", last="2026-08")
    opened = series(RATIO, traits)
    late = [row for row in corrections(RATIO, [PLACE], traits, opened) if row.remark == "vì sao"]
    assert [(row.month.key, f"{row.available_on}") for row in late] == [
        ("2026-07", "2026-10-05"),
        ("2026-08", "2026-10-05"),
    ]
    assert all(row.amount is not None for row in late)


def test_round_figures_are_multiples_of_five() -> None:
    assert all(row.amount is not None and row.amount % 5 == 0 for row in series(RATIO, one("heaped")))


def test_a_curve_too_smooth_has_equal_steps() -> None:
    amounts = [row.amount or Decimal(0) for row in series(RATIO, one("smooth"))]
    steps = {after - before for before, after in pairwise(amounts)}
    assert max(steps) - min(steps) <= Decimal("0.01")


def test_a_decimal_slip_is_ten_times_too_much() -> None:
    plain, slipped = series(RATIO)[5], series(RATIO, one("slip"))[5]
    assert plain.amount is not None
    assert slipped.amount is not None
    assert abs(slipped.amount - plain.amount * 10) < Decimal("0.1")


def test_old_months_rise_before_the_review() -> None:
    traits = one("raised_late", first="2024-05", last="2024-06")
    opened = series(RATIO, traits)
    raised = [row for row in corrections(RATIO, [PLACE], traits, opened) if row.remark == "vì sao"]
    by_month = {row.month.key: row.amount or Decimal(0) for row in opened}
    assert [row.month.key for row in raised] == ["2024-05", "2024-06"]
    assert all((row.amount or 0) > by_month[row.month.key] for row in raised)
    assert {f"{row.available_on}" for row in raised} == {"2026-10-28"}


def test_some_declare_far_above_what_is_measured() -> None:
    def above(traits: Traits) -> Decimal:
        measured = {row.month.key: row.amount or Decimal(0) for row in series(RATIO, traits)}
        said = list(declared(RATIO, [PLACE], traits))
        assert {row.kind for row in said} == {"declared"}
        return min((row.amount or Decimal(0)) - measured[row.month.key] for row in said)

    assert above(one("above")) > Decimal("7.9")
    assert Decimal(0) <= above(NONE) < Decimal(1)


def test_samples_come_at_the_end_of_quarters() -> None:
    drawn = list(sampled(RATIO, [PLACE], one("above")))
    assert {row.month.key[5:] for row in drawn} == {"03", "06", "09", "12"}
    assert {(row.kind, row.numerator) for row in drawn} == {("sample", None)}


def test_parts_add_up_to_the_whole_above_and_below_the_line() -> None:
    opened = series(RATIO)
    parts = list(broken_down(RATIO, ("gioi-tinh:nam", "gioi-tinh:nu"), opened))
    assert len(parts) == 2 * 12
    for whole in opened[-12:]:
        own = [row for row in parts if row.month == whole.month]
        assert sum(row.numerator or 0 for row in own) == whole.numerator
        assert sum(row.denominator or 0 for row in own) == whole.denominator
