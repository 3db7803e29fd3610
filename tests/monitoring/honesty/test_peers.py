"""Checks against peers on small invented societies: honest units are left alone, planted faults are found."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.honesty import naive
from benchmarks.values.invented_units import WAYS, Society, invent
from thucthi.monitoring.calculations import honesty
from thucthi.monitoring.calculations.honesty.distributions import (
    discoveries,
    robust_tails,
    share_tails,
    student_upper_tail,
    theil_sen,
)
from thucthi.monitoring.calculations.honesty.peers import closed_up, numbers_of
from thucthi.monitoring.calculations.honesty.shapes import Course


@pytest.fixture(scope="module")
def small() -> Society:
    return invent(120, 60, share_dishonest=0.1, seed=4)


@pytest.fixture(scope="module")
def saints() -> Society:
    return invent(200, 60, share_dishonest=0, seed=11)


def test_honest_units_are_left_alone(saints: Society) -> None:
    found = honesty.peer_findings(saints.panel)
    assert {check: len(units) for check, units in found.items()} == dict.fromkeys(WAYS, 0) | {"end_jump": 1}
    assert honesty.agreed(found) == {}


def test_the_naive_digit_test_would_ask_every_honest_unit(saints: Society) -> None:
    assert len(naive("heaped_digits", saints.panel)) == 200


@pytest.mark.parametrize("way", WAYS)
def test_each_planted_fault_is_found_by_its_check(small: Society, way: str) -> None:
    planted = {unit for unit, ways in small.dishonest.items() if way in ways}
    found = set(honesty.peer_findings(small.panel)[way])
    # One of the planted faults lies within the honest spread; of 108 honest units one pushes hard at the year's end.
    assert planted - found == ({4} if way == "above_measured" else set())
    assert found - set(small.dishonest) == ({120} if way == "end_jump" else set())


def test_two_independent_checks_show_a_unit_and_one_does_not(small: Society) -> None:
    shown = honesty.agreed(honesty.peer_findings(small.panel))
    twice = {unit for unit, ways in small.dishonest.items() if len(ways) == 2}
    assert twice == {2, 4, 6, 8, 10, 12}
    # Unit 1 sets everything to 100 in the last month, which is a jump as well.
    assert set(shown) == twice - {4} | {1}
    assert set(shown[12]) == {"end_jump", "above_measured"}


def test_checks_of_one_group_do_not_count_as_two() -> None:
    row = honesty.tested_units(invent(40, 60, share_dishonest=0, seed=1).panel)["heaped_digits"][1]
    assert honesty.agreed({"heaped_digits": {1: row}, "bunched_at_target": {1: row}}) == {}
    assert honesty.agreed({"heaped_digits": {1: row}, "end_jump": {1: row}}) == {1: ("heaped_digits", "end_jump")}


def test_nothing_is_said_with_few_peers_or_few_values() -> None:
    few_peers = invent(19, 60, share_dishonest=0.2, seed=3)
    assert all(not units for units in honesty.tested_units(few_peers.panel).values())
    few_values = honesty.tested_units(invent(40, 4, share_dishonest=0, seed=3).panel)
    assert {check: len(few_values[check]) for check in ("heaped_digits", "end_jump", "too_smooth")} == {
        "heaped_digits": 0, "end_jump": 0, "too_smooth": 0,
    }  # fmt: skip


def test_tails_are_those_of_the_tables() -> None:
    assert student_upper_tail(2.228, 10) == pytest.approx(0.025, abs=2e-5)
    assert student_upper_tail(1.960, 100000) == pytest.approx(0.025, abs=2e-5)
    assert student_upper_tail(0, 4) == 0.5
    # Twenty peers who all have 5 of 20: hardly any overdispersion, so 12 of 20 is about the binomial's 0.0009.
    alike = dict.fromkeys(range(20), (5, 20)) | {99: (12, 20)}
    assert share_tails(alike, fewest=20)[99] == pytest.approx(0.00094, rel=0.1)


def test_false_discoveries_are_held_as_benjamini_and_hochberg_say() -> None:
    tails = {1: 0.001, 2: 0.008, 3: 0.039, 4: 0.041, 5: 0.042, 6: 0.06, 7: 0.074, 8: 0.205, 9: 0.212, 10: 0.216}
    assert discoveries(tails) == {1, 2}
    assert discoveries({}) == frozenset()


@given(st.dictionaries(st.integers(1, 50), st.floats(0, 1), max_size=30), st.floats(0.001, 0.2))
def test_a_smaller_tail_is_never_left_out_for_a_larger_one(tails: dict[int, float], level: float) -> None:
    found = discoveries(tails, level)
    assert all(tails[other] > max(tails[unit] for unit in found) for other in set(tails) - found if found)
    assert all(tails[unit] <= level for unit in found)


@given(st.lists(st.floats(-1000, 1000), min_size=20, max_size=60, unique=True), st.floats(-50, 50))
def test_where_the_scale_begins_does_not_matter(values: list[float], moved: float) -> None:
    plain = robust_tails(dict(enumerate(round(value, 3) for value in values)))
    shifted = robust_tails({unit: round(value, 3) + round(moved, 3) for unit, value in enumerate(values)})
    assert plain.keys() == shifted.keys()
    assert all(math.isclose(plain[unit], shifted[unit], rel_tol=1e-5, abs_tol=1e-9) for unit in plain)


def test_a_line_is_found_through_a_third_of_nonsense() -> None:
    x = [float(value) for value in range(30)]
    y = [2 * value + 1 if value % 3 else 500.0 for value in x]
    assert theil_sen(x, y) == (2.0, 1.0)
    many = [float(value) for value in range(400)]
    assert theil_sen(many, [3 * value for value in many]) == (3.0, 0.0)
    assert theil_sen([1.0, 1.0], [2.0, 4.0]) == (0.0, 3.0)


@pytest.mark.parametrize("silent", [0, 1, 3])
def test_series_over_a_whole_year_give_the_numbers_of_those_that_were_cut(small: Society, silent: int) -> None:
    """Months of which nobody tells change nothing, at the end or before it."""
    late = [
        replace(unit, courses=tuple(_silent(course, 2 * (at % 2)) for at, course in enumerate(unit.courses)))
        for unit in small.panel.units
    ]
    longer = [replace(unit, courses=tuple(_silent(course, silent) for course in unit.courses)) for unit in late]
    shorter = closed_up([numbers_of(unit) for unit in late])
    assert closed_up([numbers_of(unit) for unit in longer]) == [replace(row, gap=row.gap + silent) for row in shorter]
    assert sum({0, 2} <= row.jumps.keys() for row in shorter) == 120


def _silent(course: Course, months: int) -> Course:
    return replace(course, values=(*course.values, *[None] * months))
