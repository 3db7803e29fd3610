"""The comparer of figures: a planted slow row turns it red, noise does not, and what was kept is not lost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bench import table
from benchmarks.kept import Fixed, KeptRun, Row, keep, ratios, read_kept, slower

ROWS = [Row("read", 1_000, 4.0, 5.0, bar=5.0), Row("page", 1_000, 30.0, 70.0, bar=60.0)]
FIXED = Fixed(query=20.0, loop=5.0)


def test_a_cost_is_a_ratio_to_both_fixed_tasks() -> None:
    assert FIXED.unit == 10.0
    assert ratios(ROWS, FIXED) == {"read @ 1,000": 0.4, "page @ 1,000": 3.0}


def test_planted_a_slow_row_is_found_and_named() -> None:
    kept = ratios(ROWS, FIXED)
    now = ratios([Row("read", 1_000, 5.0), ROWS[1]], FIXED)
    assert [str(each) for each in slower(now, kept)] == ["read @ 1,000: +25% (ratio 0.400 → 0.500)"]


@given(st.floats(0.01, 1.19))
def test_noise_is_not_a_fall(factor: float) -> None:
    now = ratios([Row("read", 1_000, 4.0 * factor)], FIXED)
    assert slower(now, ratios(ROWS, FIXED)) == []


@given(st.floats(0.1, 10))
def test_a_slower_machine_is_not_a_fall(slowness: float) -> None:
    slow = [Row(row.name, row.size, row.cost * slowness) for row in ROWS]
    found = ratios(slow, Fixed(FIXED.query * slowness, FIXED.loop * slowness))
    assert slower(found, ratios(ROWS, FIXED)) == []


def test_the_worst_comes_first_and_a_new_row_has_nothing_to_fall_from() -> None:
    now = {"read @ 1,000": 0.8, "page @ 1,000": 9.0, "new @ 1,000": 99.0}
    assert [each.key for each in slower(now, ratios(ROWS, FIXED))] == ["page @ 1,000", "read @ 1,000"]


def test_keeping_one_size_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    assert read_kept(path) == KeptRun("", "", {})
    keep(KeptRun("first", "a", {"read @ 10": 1.0, "read @ 20": 2.0}), path)
    keep(KeptRun("second", "b", {"read @ 20": 3.00001}), path)
    assert read_kept(path) == KeptRun("second", "b", {"read @ 10": 1.0, "read @ 20": 3.0})


def test_what_is_kept_in_the_project_can_be_read() -> None:
    assert all(ratio > 0 for ratio in read_kept().ratios.values())


def test_the_table_says_which_bar_is_missed_and_how_it_grows() -> None:
    rows = [*ROWS, Row("read", 10_000, 8.0, 4.5, bar=5.0), Row("writes", 1_000, 2.0, 3.0, 25.0, 40.0, 500.0)]
    assert table(rows, (1_000, 10_000))[2:] == [
        "| read | 4.0, 5.0 | 8.0, 4.5 | × 2.0 | 5 | yes |",
        "| page | 30.0, 70.0 | – | – | 60 | **no** |",
        "| writes | 2.0, 3.0, 40/s | – | – | 25, 500/s | **no** |",
    ]


@pytest.mark.parametrize(
    ("row", "is_met"),
    [
        (Row("a", 1, 1.0, 5.0, bar=5.0), True),
        (Row("a", 1, 1.0, 5.1, bar=5.0), False),
        (Row("a", 1, 1.0, 9.0), True),
        (Row("a", 1, 1.0, 9.0, rate=499.0, at_least=500.0), False),
    ],
)
def test_a_bar_is_met_up_to_its_figure(row: Row, is_met: bool) -> None:
    assert row.is_met is is_met
