"""When a question is put, what is said beside it, and when a check falls silent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.monitoring.calculations.honesty import (
    CHECKS_BY_PEERS,
    GROUPS,
    SHOWN,
    Confirmed,
    Rate,
    confirmed_shares,
    expected_false,
    rates_for,
    silent,
)
from thucthi.monitoring.calculations.honesty.catalogue import CATALOGUE, WORDS


def test_a_check_that_mostly_asks_for_nothing_switches_itself_off() -> None:
    shares = confirmed_shares([("end_jump", False)] * 8 + [("end_jump", True)] * 2 + [("too_smooth", False)] * 9)
    assert shares == {"end_jump": Confirmed(2, 10), "too_smooth": Confirmed(0, 9)}
    assert silent(shares) == {"end_jump"}
    assert Confirmed(3, 10).is_off is False
    assert Confirmed().share is None


def test_the_number_of_honest_units_to_expect_is_said_with_its_bound() -> None:
    expected = expected_false(34, Rate(honest=3200, flagged=2, planted=100, found=84, naive=None))
    assert (expected.looked_at, expected.about) == (34, 34 * 2 / 3200)
    assert expected.about < expected.at_most < 0.1
    assert Rate(3000, 0, 0, 0, None).at_most == 0.001
    assert Rate(0, 0, 0, 0, None).at_most == 1.0
    assert Rate(3000, 0, 0, 0, None).power is None


@given(st.integers(1, 5000), st.data())
def test_the_bound_is_never_below_what_was_measured(honest: int, data: st.DataObject) -> None:
    rate = Rate(honest, data.draw(st.integers(0, honest)), 1, 1, None)
    assert rate.false <= rate.at_most <= 1


@pytest.mark.parametrize(("peers", "size"), [(1, 34), (34, 34), (63, 34), (345, 3500), (3321, 3500), (0, 34)])
def test_rates_are_those_of_the_group_nearest_in_size(peers: int, size: int) -> None:
    rates = rates_for(peers)
    assert rates.peers == size
    assert set(rates.by_check) == {*CHECKS_BY_PEERS, SHOWN}
    assert rates.measured_on >= date(2026, 11, 30)


def test_every_measured_rate_holds_its_bound() -> None:
    for size in (34, 3500):
        assert all(rate.false < 0.01 for rate in rates_for(size).by_check.values())
    assert rates_for(3500).by_check["heaped_digits"].naive_share > 0.99


def test_every_check_has_words_and_every_statistical_one_a_group() -> None:
    assert set(GROUPS) == set(CHECKS_BY_PEERS)
    assert [check.code for check in CATALOGUE if check.is_by_peers] == list(CHECKS_BY_PEERS)
    assert len(WORDS) == len(CATALOGUE)
    assert all(check.sentence.startswith("Vì sao") and check.sentence.endswith("?") for check in CATALOGUE)


def test_every_sentence_can_be_filled_in() -> None:
    numbers = {"n": 3, "own": "60 %", "peers": "30 %", "start": "01/06/2026"}
    filled = [check.sentence % numbers for check in CATALOGUE]
    assert WORDS["done_without_evidence"].sentence % {} == (
        "Vì sao báo hoàn thành 100 % khi chưa có minh chứng được chấp nhận?"
    )
    assert not [sentence for sentence in filled if "%%" in sentence or "%(" in sentence]
