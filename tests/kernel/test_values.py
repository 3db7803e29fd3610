"""The algebra of figures: nothing collapses into anything else."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.values import (
    Bound,
    Direction,
    Operator,
    Total,
    Value,
    ValueState,
    achievement,
    format_en,
    format_vi,
    total,
)

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
values = st.one_of(
    amounts.filter(bool).map(lambda amount: Value.number(amount, "%")),
    amounts.map(lambda amount: Value.provisional(amount, "%")),
    st.sampled_from([Value.confirmed_zero("%"), Value.not_reported(), Value.not_applicable(), Value.confidential()]),
)


class TestValue:
    def test_keeps_the_parts_of_a_ratio(self) -> None:
        value = Value.number(D("80"), "%", numerator=D(4), denominator=D(5))
        assert (value.state, value.amount, value.unit) == (ValueState.NUMBER, D(80), "%")
        assert (value.numerator, value.denominator) == (D(4), D(5))

    def test_the_six_states_without_figures_are_six_different_values(self) -> None:
        six = {
            Value.number(D(1)),
            Value.provisional(D(1)),
            Value.confirmed_zero(),
            Value.not_reported(),
            Value.not_applicable(),
            Value.confidential(),
        }
        assert len(six) == 6

    def test_a_confirmed_zero_may_be_zero_out_of_many(self) -> None:
        value = Value.confirmed_zero("%", denominator=D(34))
        assert (value.amount, value.numerator, value.denominator) == (D(0), D(0), D(34))

    def test_a_provisional_figure_may_be_zero(self) -> None:
        assert Value.provisional(D(0)).amount == D(0)

    def test_an_inconsistent_ratio_is_kept_as_stated(self) -> None:
        assert Value.number(D(90), "%", numerator=D(4), denominator=D(5)).amount == D(90)

    @pytest.mark.parametrize("amount", [D(0), D("-0"), D("0.00")])
    def test_a_plain_number_is_never_zero(self, amount: D) -> None:
        with pytest.raises(ValueError, match="confirmed_zero or provisional"):
            Value.number(amount)

    @pytest.mark.parametrize("state", [ValueState.NUMBER, ValueState.PROVISIONAL, ValueState.CONFIRMED_ZERO])
    @pytest.mark.parametrize("amount", [None, D("NaN"), D("Infinity")])
    def test_a_figure_is_needed(self, state: ValueState, amount: D | None) -> None:
        with pytest.raises(ValueError, match="needs a finite amount"):
            Value(state, amount)

    @pytest.mark.parametrize("state", [ValueState.NOT_REPORTED, ValueState.NOT_APPLICABLE, ValueState.CONFIDENTIAL])
    def test_no_figure_hides_in_a_state_without_one(self, state: ValueState) -> None:
        with pytest.raises(ValueError, match="carries no amount"):
            Value(state, D(0))
        with pytest.raises(ValueError, match="carries no ratio"):
            Value(state, None, "%", D(1), D(2))

    def test_a_confirmed_zero_is_zero(self) -> None:
        with pytest.raises(ValueError, match="exactly 0"):
            Value(ValueState.CONFIRMED_ZERO, D(1))

    @pytest.mark.parametrize(
        ("numerator", "denominator", "reason"),
        [(D(1), None, "together"), (None, D(1), "together"), (D(1), D(0), "not 0"), (D("NaN"), D(1), "finite")],
    )
    def test_a_broken_ratio_is_refused(self, numerator: D | None, denominator: D | None, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            Value.number(D(1), numerator=numerator, denominator=denominator)


class TestTotal:
    def test_a_missing_answer_neither_blanks_the_sum_nor_counts_as_zero(self) -> None:
        answers = [
            Value.number(D("10.5"), "km"),
            Value.provisional(D("-0.5"), "km"),
            Value.confirmed_zero("km"),
            Value.not_reported(),
            Value.confidential(),
            Value.not_applicable(),
        ]
        assert total(answers) == Total(
            sum=D("10.0"),
            unit="km",
            counted=3,
            expected=5,
            states=tuple((state, 1) for state in ValueState),
        )

    def test_nothing_counted_has_no_sum(self) -> None:
        found = total([Value.not_reported("km"), Value.not_reported("km")])
        assert (found.sum, found.counted, found.expected, found.is_complete) == (None, 0, 2, False)
        assert found.count_of(ValueState.NOT_REPORTED) == 2
        assert found.count_of(ValueState.NUMBER) == 0

    def test_nothing_expected_is_not_complete(self) -> None:
        assert total([]) == Total(None, "", 0, 0, ())
        assert not total([Value.not_applicable()]).is_complete

    def test_confirmed_zeros_add_up_to_zero(self) -> None:
        found = total([Value.confirmed_zero("km"), Value.confirmed_zero("km"), Value.not_applicable()])
        assert (found.sum, found.counted, found.expected, found.is_complete) == (D(0), 2, 2, True)

    def test_kilometres_and_per_cent_are_not_added(self) -> None:
        with pytest.raises(ValueError, match="different units"):
            total([Value.number(D(1), "km"), Value.number(D(1), "%")])

    @given(st.lists(values))
    def test_the_missing_change_coverage_only(self, answers: list[Value]) -> None:
        alone, with_missing = total(answers), total([*answers, Value.not_reported()])
        assert (with_missing.sum, with_missing.counted) == (alone.sum, alone.counted)
        assert with_missing.expected == alone.expected + 1
        assert not with_missing.is_complete

    @given(st.lists(values), st.lists(values))
    def test_parts_reconcile_with_the_whole(self, first: list[Value], second: list[Value]) -> None:
        whole, left, right = total(first + second), total(first), total(second)
        assert (whole.sum or D(0)) == (left.sum or D(0)) + (right.sum or D(0))
        assert (whole.counted, whole.expected) == (left.counted + right.counted, left.expected + right.expected)
        assert all(whole.count_of(s) == left.count_of(s) + right.count_of(s) for s in ValueState)

    @given(st.lists(values))
    def test_order_does_not_matter(self, answers: list[Value]) -> None:
        assert total(answers) == total(answers[::-1])


class TestAchievement:
    @pytest.mark.parametrize(
        ("baseline", "target", "actual", "direction", "expected"),
        [
            (D(0), D(100), D(130), Direction.RISE, D(130)),
            (D(40), D(60), D(39), Direction.RISE, D(-5)),
            (D(40), D(60), D(60), Direction.RISE, D(100)),
            (D(10), D(5), D("7.5"), Direction.FALL, D(50)),
            (D(10), D(5), D(4), Direction.FALL, D(120)),
            (D(10), D(5), D(11), Direction.FALL, D(-20)),
            (None, D(80), D(60), Direction.RISE, D(75)),
            (None, D(5), D(4), Direction.FALL, None),
            (D(42), D(42), D(42), Direction.HOLD, D(100)),
            (D(42), D(40), D(44), Direction.HOLD, D(90)),
            (None, D(40), D(30), Direction.HOLD, D(75)),
            (D(1), D(0), D(1), Direction.HOLD, None),
            (D(5), D(5), D(7), Direction.RISE, None),
            (D(60), D(40), D(50), Direction.RISE, None),
            (D(40), D(60), D(50), Direction.FALL, None),
            (D(40), D(60), None, Direction.RISE, None),
            (D(40), None, D(50), Direction.RISE, None),
        ],
    )
    def test_share_of_the_promised_way(
        self, baseline: D | None, target: D | None, actual: D | None, direction: Direction, expected: D | None
    ) -> None:
        assert achievement(baseline, target, actual, direction) == expected

    @given(amounts, amounts, amounts)
    def test_falling_mirrors_rising(self, baseline: D, target: D, actual: D) -> None:
        rising = achievement(baseline, target, actual, Direction.RISE)
        assert achievement(-baseline, -target, -actual, Direction.FALL) == rising

    @given(amounts, amounts, st.sampled_from([Direction.RISE, Direction.FALL]))
    def test_ends_of_the_way(self, baseline: D, target: D, direction: Direction) -> None:
        at_target = achievement(baseline, target, target, direction)
        at_baseline = achievement(baseline, target, baseline, direction)
        assert (at_baseline, at_target) in {(D(0), D(100)), (None, None)}

    @given(amounts, amounts)
    def test_a_held_figure_never_exceeds_100(self, target: D, actual: D) -> None:
        held = achievement(None, target, actual, Direction.HOLD)
        assert held is None if target == 0 else held is not None and held <= 100


class TestBound:
    @pytest.mark.parametrize(
        ("bound", "wording", "wording_en"),
        [
            (Bound(Operator.AT_LEAST, D(55), None, "%"), "≥ 55 %", "≥ 55%"),
            (Bound(Operator.MORE_THAN, D("0.7"), None), "> 0,7", "> 0.7"),
            (Bound(Operator.AT_MOST, None, D(50), "hạng", "rank"), "≤ 50 hạng", "≤ 50 rank"),
            (Bound(Operator.LESS_THAN, None, D("109.00")), "< 109", "< 109"),
            (Bound(Operator.EQUAL, D(8500), None, "km"), "= 8.500 km", "= 8,500 km"),
            (Bound(Operator.RANGE, D("8.5"), D("9.5"), "%"), "8,5–9,5 %", "8.5–9.5%"),
            (Bound(Operator.ABOUT, D(22), None, "% GDP", "% of GDP"), "≈ 22 % GDP", "≈ 22% of GDP"),
            (Bound(Operator.ABOUT, D(183), D(236), "GW"), "≈ 183–236 GW", "≈ 183–236 GW"),
        ],
    )
    def test_wording(self, bound: Bound, wording: str, wording_en: str) -> None:
        assert (bound.wording, bound.wording_en) == (wording, wording_en)

    @pytest.mark.parametrize(
        ("operator", "low", "high", "below", "at_low", "at_high", "above"),
        [
            (">=", D(8), None, False, True, True, True),
            (">", D(8), None, False, False, True, True),
            ("<=", None, D(10), True, True, True, False),
            ("<", None, D(10), True, True, False, False),
            ("=", D(8), None, False, True, False, False),
            ("range", D(8), D(10), False, True, True, False),
            ("about", D(8), D(10), None, None, None, None),
        ],
    )
    def test_met_on_and_beside_the_edges(  # noqa: PLR0917
        self, operator: str, low: D | None, high: D | None, below: bool, at_low: bool, at_high: bool, above: bool
    ) -> None:
        bound = Bound(Operator(operator), low, high)
        met = [bound.met_by(amount) for amount in (D("7.99"), D(8), D(10), D("10.01"))]
        assert met == [below, at_low, at_high, above]
        assert bound.met_by(None) is None

    @pytest.mark.parametrize(
        ("operator", "low", "high", "reason"),
        [
            (">=", None, None, "needs low"),
            (">=", D(1), D(2), "has no high"),
            ("<=", D(1), None, "has no low"),
            ("<", None, None, "needs a high"),
            ("=", D(1), D(1), "has no high"),
            ("range", D(1), None, "needs a high"),
            ("range", D(2), D(1), "above"),
            ("about", None, D(1), "needs low"),
        ],
    )
    def test_a_bound_that_says_nothing_is_refused(
        self, operator: str, low: D | None, high: D | None, reason: str
    ) -> None:
        with pytest.raises(ValueError, match=reason):
            Bound(Operator(operator), low, high)


class TestFormat:
    @pytest.mark.parametrize(
        ("amount", "vietnamese", "english"),
        [
            (D("8500"), "8.500", "8,500"),
            (D("1234567.8900"), "1.234.567,89", "1,234,567.89"),
            (D("100.000000"), "100", "100"),
            (D("-0.50"), "−0,5", "−0.5"),
            (D("-0"), "0", "0"),
            (D("1E+3"), "1.000", "1,000"),
        ],
    )
    def test_all_digits_that_mean_something(self, amount: D, vietnamese: str, english: str) -> None:
        assert (format_vi(amount), format_en(amount)) == (vietnamese, english)

    @pytest.mark.parametrize(
        ("amount", "places", "vietnamese"),
        [
            (D("33.3333"), 1, "33,3"),
            (D("2.5"), 0, "3"),
            (D("-2.5"), 0, "−3"),
            (D(7), 2, "7,00"),
            (D("-0.04"), 1, "0,0"),
        ],
    )
    def test_as_many_places_as_asked(self, amount: D, places: int, vietnamese: str) -> None:
        assert format_vi(amount, places=places) == vietnamese

    @pytest.mark.parametrize("amount", [D("NaN"), D("-Infinity")])
    def test_only_numbers(self, amount: D) -> None:
        with pytest.raises(ValueError, match="finite"):
            format_vi(amount)

    @given(amounts)
    def test_can_be_read_back(self, amount: D) -> None:
        assert D(format_en(amount).replace(",", "").replace("−", "-")) == amount
        assert D(format_vi(amount).replace(".", "").replace(",", ".").replace("−", "-")) == amount
