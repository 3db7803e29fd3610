"""A lowered target is recognised, whichever way is good."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from thucthi.indicators.calculations.lowering import Lowering, Terms, is_lowered, lowerings
from thucthi.kernel.values import Direction

AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=2)


def terms(operator: str, low: object = None, high: object = None, year: int | None = 2030) -> Terms:
    return Terms(operator, _decimal(low), _decimal(high), year)


def _decimal(amount: object) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


@pytest.mark.parametrize(
    ("old", "new", "direction", "ways"),
    [
        (terms(">", 55), terms(">=", 55), "rise", [Lowering.OPERATOR]),
        (terms(">=", 55), terms(">", 55), "rise", []),
        (terms("=", 80), terms(">=", 80), "rise", []),
        (terms(">=", 80), terms("about", 80), "rise", [Lowering.OPERATOR]),
        (terms(">=", 55), terms(">=", 50), "rise", [Lowering.AMOUNT]),
        (terms(">", 50), terms(">=", 55), "rise", []),
        (terms("<=", None, 3), terms("<=", None, 5), "fall", [Lowering.AMOUNT]),
        (terms("<", None, 3), terms("<=", None, 3), "fall", [Lowering.OPERATOR]),
        (terms("<=", None, 3), terms("<=", None, 2), "fall", []),
        (terms("range", 10, 12), terms("range", 9, 12), "rise", [Lowering.AMOUNT]),
        (terms("range", 10, 12), terms("range", 10, 11), "rise", []),
        (terms("range", 4, 5), terms("range", 3, 5), "hold", [Lowering.AMOUNT]),
        (terms("range", 4, 5), terms("range", 4, 5, 2031), "hold", [Lowering.YEAR]),
        (terms("range", 4, 5), terms("range", "4.2", 5), "hold", []),
        (terms("=", 4), terms("range", 4, 5), "hold", [Lowering.AMOUNT]),
        (terms(">=", 55), terms(">=", 50, None, 2035), "rise", [Lowering.AMOUNT, Lowering.YEAR]),
        (terms(">=", 55, None, None), terms(">=", 55, None, 2035), "rise", []),
    ],
)
def test_less_is_less_in_amount_words_or_years(old: Terms, new: Terms, direction: str, ways: list[Lowering]) -> None:
    assert list(lowerings(old, new, Direction(direction))) == ways
    assert is_lowered(old, new, Direction(direction)) is bool(ways)


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_falling_is_the_mirror_of_rising(one: Decimal, other: Decimal) -> None:
    rising = lowerings(terms(">=", one), terms(">=", other), Direction.RISE)
    assert rising == lowerings(terms("<=", None, -one), terms("<=", None, -other), Direction.FALL)


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, st.sampled_from([">", ">="]), st.sampled_from([">", ">="]))
def test_of_two_different_targets_exactly_one_asks_for_less(
    one: Decimal, other: Decimal, sign: str, other_sign: str
) -> None:
    assume((one, sign) != (other, other_sign))
    first, second = terms(sign, one), terms(other_sign, other)
    assert is_lowered(first, second, Direction.RISE) != is_lowered(second, first, Direction.RISE)


@settings(deadline=None)
@given(AMOUNTS, st.sampled_from(list(Direction)))
def test_the_same_terms_are_never_lower(amount: Decimal, direction: Direction) -> None:
    same = terms("=", amount)
    assert not is_lowered(same, replace(same, baseline=Decimal(1)), direction)
