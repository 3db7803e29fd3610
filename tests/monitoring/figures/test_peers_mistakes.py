"""Arithmetic that other systems get wrong, each a test whose name says the mistake."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.combine import figure_of_cell
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, Cell, Figure, Operator, Origin, Rule
from thucthi.monitoring.calculations.figures.tree import Body, nodes_of, roll_up

OWN = Rule(Origin.OWN)
NUMBER, ZERO, PROVISIONAL = ValueState.NUMBER, ValueState.CONFIRMED_ZERO, ValueState.PROVISIONAL
MISSING, NOT_OWED, SECRET = ValueState.NOT_REPORTED, ValueState.NOT_APPLICABLE, ValueState.CONFIDENTIAL


def number(amount: str, *, of: tuple[str, str] | None = None, row: int = 1, on: date = date(2026, 1, 1)) -> Cell:
    numerator, denominator = (Decimal(of[0]), Decimal(of[1])) if of else (None, None)
    return Cell(NUMBER, Decimal(amount), numerator, denominator, row, on)


def zero() -> Cell:
    return Cell(ZERO, Decimal(0), observation_id=1)


def country(
    rule: Rule, cells: Mapping[int, Cell], *, provinces: int = 3, weights: Mapping[int, Decimal] | None = None
) -> Figure:
    """The country over so many provinces that state their own values; cells by unit."""
    bodies = [Body(place + 1, None, "province") for place in range(provinces)]
    rules = {"country": rule, "province": OWN}
    made = roll_up(
        7,
        "2026-01",
        nodes=nodes_of(bodies, rules),
        rules=rules,
        cells=cells,
        weights=lambda kind, unit: (weights or {}).get(unit),
    )
    return made[COUNTRY]


def children(operator: Operator, **more: object) -> Rule:
    return Rule(Origin.CHILDREN, operator, **more)  # type: ignore[arg-type]


def test_a_total_of_zero_is_a_zero_and_not_a_blank() -> None:
    figure = country(children(Operator.SUM), {1: zero(), 2: zero(), 3: zero()})
    assert (figure.amount, figure.state, figure.counted, figure.expected) == (Decimal(0), ZERO, 3, 3)


def test_a_parent_does_not_skip_children_whose_total_is_zero() -> None:
    bodies = [Body(1, None, "province"), Body(2, 1, "commune"), Body(3, None, "province"), Body(4, 3, "commune")]
    rules = {"country": children(Operator.MIN), "province": children(Operator.SUM), "commune": OWN}
    made = roll_up(
        7,
        "2026-01",
        nodes=nodes_of(bodies, rules),
        rules=rules,
        cells={2: zero(), 4: number("5")},
        weights=lambda kind, unit: None,
    )
    assert (made[1].amount, made[1].state) == (Decimal(0), ZERO)
    assert (made[COUNTRY].amount, made[COUNTRY].counted) == (Decimal(0), 2)


def test_a_zero_total_with_something_missing_is_not_called_confirmed() -> None:
    figure = country(children(Operator.SUM), {1: zero(), 2: zero()})
    assert (figure.amount, figure.state, figure.counted, figure.expected) == (Decimal(0), PROVISIONAL, 2, 3)


def test_one_missing_value_does_not_blank_the_whole() -> None:
    figure = country(children(Operator.SUM), {1: number("5"), 2: Cell(MISSING, None), 3: number("7")})
    assert (figure.amount, figure.state) == (Decimal(12), NUMBER)
    assert (figure.counted, figure.expected, figure.missing) == (2, 3, 1)


@pytest.mark.parametrize(
    ("operator", "amount"),
    [(Operator.SUM, "12"), (Operator.WEIGHTED_MEAN, "6"), (Operator.MIN, "5"), (Operator.MAX, "7")],
)
def test_missing_does_not_count_as_zero(operator: Operator, amount: str) -> None:
    assert country(children(operator), {1: number("5"), 3: number("7")}).amount == Decimal(amount)


def test_the_denominator_of_a_ratio_starts_at_zero_and_not_at_one() -> None:
    rule = children(Operator.RATIO_OF_SUMS, scale=Decimal(100))
    figure = country(rule, {1: number("50", of=("1", "2")), 2: number("25", of=("1", "4")), 3: Cell(NOT_OWED, None)})
    assert (figure.numerator, figure.denominator, figure.amount) == (Decimal(2), Decimal(6), Decimal("33.333333"))
    assert (figure.counted, figure.expected, figure.not_applicable) == (2, 2, 1)


def test_a_ratio_is_not_the_mean_of_ratios() -> None:
    rule = children(Operator.RATIO_OF_SUMS, scale=Decimal(100))
    figure = country(rule, {1: number("100", of=("1", "1")), 2: number("1", of=("1", "100"))}, provinces=2)
    assert figure.amount == Decimal("1.980198")


def test_a_ratio_without_its_parts_is_owed_and_not_counted() -> None:
    rule = children(Operator.RATIO_OF_SUMS, scale=Decimal(100))
    figure = country(rule, {1: number("50", of=("1", "2")), 2: number("90")}, provinces=2)
    assert (figure.amount, figure.counted, figure.expected) == (Decimal(50), 1, 2)


def test_weights_are_not_ignored_because_one_of_them_is_one() -> None:
    rule = children(Operator.WEIGHTED_MEAN, is_weighted=True)
    weights = {1: Decimal(1), 2: Decimal(3)}
    assert country(rule, {1: number("10"), 2: number("20")}, provinces=2, weights=weights).amount == Decimal("17.5")


def test_what_has_no_weight_is_said_to_be_left_out_and_does_not_weigh_zero_or_one() -> None:
    rule = children(Operator.WEIGHTED_MEAN, is_weighted=True)
    cells = {1: number("10"), 2: number("20"), 3: number("90")}
    figure = country(rule, cells, weights={1: Decimal(1), 2: Decimal(1), 3: Decimal(0)})
    assert (figure.amount, figure.counted, figure.expected) == (Decimal(15), 2, 3)
    assert country(rule, cells, weights={}).state is MISSING


def test_a_missing_value_is_left_out_of_a_weighted_mean_as_out_of_a_plain_one() -> None:
    weights = {1: Decimal(1), 2: Decimal(3), 3: Decimal(96)}
    rule = children(Operator.WEIGHTED_MEAN, is_weighted=True)
    figure = country(rule, {1: number("10"), 2: number("20")}, weights=weights)
    assert (figure.amount, figure.counted, figure.expected) == (Decimal("17.5"), 2, 3)


def test_nothing_is_clamped_to_a_hundred_or_to_zero() -> None:
    figure = country(children(Operator.WEIGHTED_MEAN), {1: number("130"), 2: number("170")}, provinces=2)
    assert figure.amount == Decimal(150)
    assert country(children(Operator.SUM), {1: number("-5"), 2: number("2")}, provinces=2).amount == Decimal(-3)


def test_the_latest_value_is_offered_and_works() -> None:
    cells = {1: number("1", row=9, on=date(2026, 1, 2)), 2: number("2", row=3, on=date(2026, 1, 5))}
    assert country(children(Operator.LATEST), cells, provinces=2).amount == Decimal(2)
    same_day = {1: number("1", row=9, on=date(2026, 1, 5)), 2: number("2", row=3, on=date(2026, 1, 5))}
    assert country(children(Operator.LATEST), same_day, provinces=2).amount == Decimal(1)


def test_a_floor_of_a_falling_indicator_is_met_from_above() -> None:
    cells = {1: number("4"), 2: number("5"), 3: number("6")}
    falling = country(children(Operator.COUNT_MEETING_FLOOR, floor=Decimal(5), falls=True), cells)
    rising = country(children(Operator.COUNT_MEETING_FLOOR, floor=Decimal(5)), cells)
    assert (falling.amount, falling.numerator, falling.denominator) == (Decimal(2), Decimal(2), Decimal(3))
    assert (rising.amount, rising.denominator) == (Decimal(2), Decimal(3))


def test_the_floor_is_not_measured_against_those_who_said_nothing() -> None:
    figure = country(children(Operator.COUNT_MEETING_FLOOR, floor=Decimal(5)), {1: number("9")}, provinces=34)
    assert (figure.amount, figure.denominator, figure.counted, figure.expected) == (Decimal(1), Decimal(1), 1, 34)


def test_what_a_unit_did_itself_is_not_mixed_with_what_came_from_below() -> None:
    rule = Rule(Origin.BOTH, Operator.SUM)
    figure = country(rule, {COUNTRY: number("100"), 1: number("5"), 2: number("7")})
    assert (figure.amount, figure.own, figure.contributed) == (Decimal(112), Decimal(100), Decimal(12))
    assert (figure.counted, figure.expected) == (3, 4)


def test_a_published_figure_is_not_replaced_by_the_sum_of_its_parts() -> None:
    figure = country(Rule(Origin.SOURCE, Operator.SUM), {COUNTRY: number("100"), 1: number("5"), 2: number("7")})
    assert (figure.amount, figure.own, figure.contributed) == (Decimal(100), Decimal(100), Decimal(12))
    assert (figure.counted, figure.expected) == (1, 1)
    silent = country(Rule(Origin.SOURCE, Operator.SUM), {1: number("5")})
    assert (silent.amount, silent.state, silent.contributed) == (None, MISSING, Decimal(5))


def test_a_confidential_value_is_neither_shown_nor_added_nor_forgotten() -> None:
    figure = country(children(Operator.SUM), {1: number("5"), 2: Cell(SECRET, None), 3: number("7")})
    assert (figure.amount, figure.counted, figure.expected, figure.confidential) == (Decimal(12), 2, 3, 1)
    everyone = country(children(Operator.SUM), dict.fromkeys((1, 2, 3), Cell(SECRET, None)))
    assert (everyone.state, everyone.amount) == (SECRET, None)


def test_what_does_not_apply_leaves_the_denominator() -> None:
    nobody = country(children(Operator.SUM), dict.fromkeys((1, 2, 3), Cell(NOT_OWED, None)))
    assert (nobody.state, nobody.expected, nobody.not_applicable) == (NOT_OWED, 0, 3)


def test_a_provisional_part_makes_the_whole_provisional() -> None:
    cells = {1: number("5"), 2: Cell(PROVISIONAL, Decimal(0)), 3: number("7")}
    figure = country(children(Operator.SUM), cells)
    assert (figure.amount, figure.state, figure.provisional) == (Decimal(12), PROVISIONAL, 1)


def test_large_amounts_keep_every_digit() -> None:
    large = "99999999999999.999999"
    rule = children(Operator.WEIGHTED_MEAN, is_weighted=True)
    weights = {1: Decimal(large), 2: Decimal(large), 3: Decimal(large)}
    figure = country(rule, dict.fromkeys((1, 2, 3), number(large)), weights=weights)
    assert figure.amount == Decimal(large)
    total = country(children(Operator.SUM), dict.fromkeys((1, 2, 3), number(large))).amount
    assert total == Decimal("299999999999999.999997")


def test_no_value_yet_is_not_reported_and_has_no_amount() -> None:
    assert figure_of_cell(7, "2026-01", 1, None).state is MISSING
    assert country(children(Operator.SUM), {}).amount is None
