"""Declared, measured, sampled side by side; and how far figures can be relied on."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.monitoring.calculations.reconciling import (
    TOLERANCES,
    Agreement,
    Sides,
    allowed_gap,
    reconcile,
    rounding_of,
)
from thucthi.monitoring.calculations.reliability import WEIGHTS, Cases, Part, reliabilities

LINE = (1, 2, "2026-05")
AMOUNTS = st.decimals(-1000, 1000, places=2)


def said(declared: str | None, measured: str | None, sample: str | None = None, margin: str | None = None) -> Sides:
    return Sides(*(None if text is None else Decimal(text) for text in (declared, measured, sample, margin)))


@pytest.mark.parametrize(
    ("sides", "kind", "word"),
    [
        (said("102", "100"), "stock", Agreement.AGREE),
        (said("102.1", "100.0"), "stock", Agreement.ABOVE),
        (said("97", "100"), "stock", Agreement.BELOW),
        (said("60.5", "60.0"), "ratio", Agreement.AGREE),
        (said("60.6", "60.1"), "ratio", Agreement.AGREE),
        (said("61.6", "60.0"), "ratio", Agreement.ABOVE),
        (said("3", "4"), "rank", Agreement.BELOW),
        (said("0", "0"), "stock", Agreement.AGREE),
        (said("80", None, "60"), "ratio", Agreement.ABOVE),
        (said("80", None, "60", "25"), "ratio", Agreement.AGREE),
        (said("80", "80", "60"), "ratio", Agreement.AGREE),
        (said("80", None), "ratio", Agreement.ONLY_DECLARED),
        (said(None, "80"), "ratio", Agreement.ONLY_REFERENCE),
        (said(None, None, "80"), "ratio", Agreement.ONLY_REFERENCE),
        (said(None, None), "ratio", Agreement.NOTHING),
    ],
)
def test_the_word_between_what_was_declared_and_what_was_measured(sides: Sides, kind: str, word: Agreement) -> None:
    assert reconcile(LINE, sides, kind=kind).word == word


def test_figures_are_held_to_no_more_than_their_rounding() -> None:
    assert rounding_of(Decimal("1.25"), Decimal("1.3")) == Decimal("0.05")
    assert rounding_of(Decimal(1200), Decimal(1100)) == Decimal("0.5")
    assert allowed_gap("stock", Decimal(10), rounding=Decimal("0.5")) == Decimal("0.5")


@given(AMOUNTS, AMOUNTS, st.sampled_from(sorted(TOLERANCES)))
def test_who_lies_above_is_never_below_and_the_gap_is_exact(declared: Decimal, measured: Decimal, kind: str) -> None:
    found = reconcile(LINE, Sides(declared, measured, None), kind=kind)
    assert found.gap == declared - measured
    assert (found.word is Agreement.AGREE) == (abs(found.gap) <= found.allowed)
    assert found.word in {Agreement.AGREE, Agreement.ABOVE if found.gap > 0 else Agreement.BELOW}


def test_a_score_is_the_weighted_mean_of_its_parts_drawn_to_the_peers() -> None:
    parts = {Part.ON_TIME: Cases(90, 90), Part.AGREES: Cases(40, 40), Part.EVIDENCED: Cases(10, 10)}
    poor = {Part.ON_TIME: Cases(0, 90), Part.AGREES: Cases(0, 40), Part.EVIDENCED: Cases(0, 10)}
    found = reliabilities({1: parts, 2: poor})
    assert [part.drawn for part in found[1].parts if part.drawn is not None] == [95 / 100, 45 / 50, 15 / 20]
    assert found[1].weight == 65
    assert found[1].score == pytest.approx(100 * (15 * 0.95 + 30 * 0.9 + 20 * 0.75) / 65)
    assert found[2].score == pytest.approx(100 * (15 * 0.05 + 30 * 0.1 + 20 * 0.25) / 65)


def test_a_few_cases_move_little_and_say_so() -> None:
    many = {Part.ON_TIME: Cases(50, 100), Part.AGREES: Cases(50, 100), Part.COMPLETE: Cases(50, 100)}
    one = {Part.ON_TIME: Cases(1, 1), Part.AGREES: Cases(50, 100), Part.COMPLETE: Cases(50, 100)}
    part = reliabilities({1: many, 2: one})[2].parts[0]
    assert part.is_small
    assert part.drawn == pytest.approx(0.55, abs=0.01)


def test_too_little_known_gives_no_number_and_a_missing_part_is_not_zero() -> None:
    assert sum(WEIGHTS.values()) == 100
    two = {Part.ON_TIME: Cases(5, 5), Part.AGREES: Cases(5, 5)}
    light = {Part.ON_TIME: Cases(5, 5), Part.STEADY: Cases(5, 5), Part.UPHELD: Cases(5, 5)}
    found = reliabilities({1: two, 2: light, 3: {}})
    assert [(row.score, row.weight) for row in found.values()] == [(None, 45), (None, 35), (None, 0)]
    assert found[1].parts[1].drawn is None


@given(
    st.dictionaries(
        st.integers(1, 9),
        st.dictionaries(
            st.sampled_from(Part), st.integers(0, 50).flatmap(lambda n: st.builds(Cases, st.integers(0, n), st.just(n)))
        ),
    )
)
def test_scores_stay_between_0_and_100_whatever_the_cases(cases: dict[int, dict[Part, Cases]]) -> None:
    found = reliabilities(cases)
    assert found.keys() == cases.keys()
    assert all(row.score is None or -1e-9 <= row.score <= 100 + 1e-9 for row in found.values())
