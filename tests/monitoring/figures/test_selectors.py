"""Figures through the database: as of a day, through moves, opened into rows, hidden where they must be."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from tests.people import State, make_state
from thucthi.directory.models import Organisation, Placement
from thucthi.indicators.models import Dimension, Indicator, Observation, RollupRule
from thucthi.kernel.periods import span_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, ENGINE_VERSION, Figure, Operator, Origin, Why
from thucthi.monitoring.selectors.figures import (
    breakdown_figures,
    computation,
    figure_over,
    figures,
    reconciliations,
    series_figures,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
JULY = "2026-07"


@dataclass
class Measured:
    """Two provinces (An Bình with commune Hòa, An Khê) and an indicator of theirs."""

    state: State
    indicators: dict[str, Indicator] = field(default_factory=dict)

    def indicator(self, code: str, **rules: str) -> Indicator:
        """Rules as unit="origin operator"."""
        made = Indicator.objects.create(code=code, name=code, direction="rise", frequency="monthly", scale=100)
        for unit, rule in rules.items():
            origin, operator = rule.split()
            floor = Decimal(50) if operator == Operator.COUNT_MEETING_FLOOR else None
            RollupRule.objects.create(indicator=made, unit=unit, origin=origin, operator=operator, floor=floor)
        self.indicators[code] = made
        return made

    def say(
        self,
        indicator: Indicator,
        body: Organisation | None,
        amount: str | None,
        *,
        period: str = JULY,
        on: date = date(2026, 8, 20),
        **more: object,
    ) -> Observation:
        values = {"kind": "actual", "state": "confidential" if amount is None else "number", "source": "Cục Thống kê"}
        return Observation.objects.create(
            indicator=indicator,
            organisation=body,
            period=period,
            period_end=span_of(period).end,
            amount=None if amount is None else Decimal(amount),
            available_on=on,
            is_simulated=True,
            **(values | more),
        )

    def by_unit(self, indicator: Indicator, as_of: date = TODAY, **more: object) -> dict[int, Figure]:
        return {row.unit_id: row for row in figures([indicator.pk], [JULY], as_of=as_of, **more)}  # type: ignore[arg-type]


@pytest.fixture
def measured(db: None) -> Measured:
    return Measured(make_state())


def summed(measured: Measured) -> Indicator:
    return measured.indicator("tong", country="children sum", province="own none")


def test_the_country_is_the_sum_of_its_provinces_and_says_how_many(measured: Measured) -> None:
    indicator, state = summed(measured), measured.state
    measured.say(indicator, state.province, "40")
    measured.say(indicator, state.commune, "999")
    found = measured.by_unit(indicator)
    assert set(found) == {COUNTRY, state.province.pk, state.elsewhere.pk}
    whole = found[COUNTRY]
    assert (whole.amount, whole.contributed, whole.own, whole.state) == (40, 40, None, ValueState.NUMBER)
    assert (whole.counted, whole.expected, whole.missing) == (1, 2, 1)
    assert found[state.elsewhere.pk].state is ValueState.NOT_REPORTED


def test_what_was_corrected_later_does_not_change_an_earlier_picture(measured: Measured) -> None:
    indicator, state = summed(measured), measured.state
    first = measured.say(indicator, state.province, "40")
    measured.say(indicator, state.province, "44", on=date(2026, 10, 1), corrects=first)
    assert measured.by_unit(indicator, date(2026, 8, 19))[COUNTRY].amount is None
    assert measured.by_unit(indicator, date(2026, 9, 30))[COUNTRY].amount == 40
    assert measured.by_unit(indicator)[COUNTRY].amount == 44


def test_moving_a_body_keeps_the_history_of_both_its_parents(measured: Measured) -> None:
    state = measured.state
    indicator = measured.indicator("xa", country="children sum", province="children sum", commune="own none")
    Placement.objects.create(organisation=state.commune, parent=state.province, valid_to=date(2026, 7, 31))
    Placement.objects.create(organisation=state.commune, parent=state.elsewhere, valid_from=date(2026, 8, 1))
    for period in (JULY, "2026-08"):
        measured.say(indicator, state.commune, "7", period=period)
    rows = figures([indicator.pk], [JULY, "2026-08"], as_of=TODAY)
    amounts = {(row.period, row.unit_id): row.amount for row in rows}
    assert amounts[(JULY, state.province.pk)] == 7
    assert amounts[(JULY, state.elsewhere.pk)] is None
    assert amounts[("2026-08", state.province.pk)] is None
    assert amounts[("2026-08", state.elsewhere.pk)] == 7
    assert amounts[(JULY, COUNTRY)] == amounts[("2026-08", COUNTRY)] == 7


def test_a_series_shows_its_gaps_and_when_the_body_did_not_exist(measured: Measured) -> None:
    indicator, state = summed(measured), measured.state
    measured.say(indicator, state.province, "40")
    Organisation.objects.filter(pk=state.province.pk).update(valid_from=date(2026, 6, 15))
    rows = series_figures(indicator.pk, state.province.pk, first="2026-05", last="2026-08", as_of=TODAY)
    states = [ValueState.NOT_APPLICABLE, ValueState.NOT_REPORTED, ValueState.NUMBER, ValueState.NOT_REPORTED]
    assert [(row.period, row.state) for row in rows] == list(
        zip(("2026-05", "2026-06", JULY, "2026-08"), states, strict=True)
    )


def test_an_indicator_without_rules_has_the_countrys_own_value(measured: Measured) -> None:
    indicator = measured.indicator("khong-quy-tac")
    measured.say(indicator, None, "12")
    assert [(row.unit_id, row.amount) for row in figures([indicator.pk], [JULY], as_of=TODAY)] == [(COUNTRY, 12)]


def test_a_rule_for_the_kind_of_value_goes_before_the_rule_for_all_kinds(measured: Measured) -> None:
    indicator, state = summed(measured), measured.state
    RollupRule.objects.create(indicator=indicator, unit="country", kind="declared", origin="children", operator="max")
    for kind in ("actual", "declared"):
        measured.say(indicator, state.province, "40", kind=kind)
        measured.say(indicator, state.elsewhere, "2", kind=kind)
    assert measured.by_unit(indicator)[COUNTRY].amount == 42
    assert measured.by_unit(indicator, kind="declared")[COUNTRY].amount == 40


def test_a_computation_opens_into_its_rows(measured: Measured) -> None:
    indicator, state = summed(measured), measured.state
    row = measured.say(indicator, state.province, "40.5")
    other = measured.say(indicator, state.elsewhere, "-0.5")
    made = computation(indicator.pk, JULY, COUNTRY, as_of=TODAY)
    assert made is not None
    assert made.formula == "40,5 + (−0,5) = 40"
    assert (made.origin, made.operator, made.engine_version) == (Origin.CHILDREN, Operator.SUM, ENGINE_VERSION)
    assert (made.rule_version, made.tree_day, made.newest_observation_id) == (1, date(2026, 7, 31), other.pk)
    assert [(member.unit_id, member.observation_id, member.source, member.why) for member in made.members] == [
        (state.province.pk, row.pk, "Cục Thống kê", Why.COUNTED),
        (state.elsewhere.pk, other.pk, "Cục Thống kê", Why.COUNTED),
    ]
    assert sum(member.figure.amount or 0 for member in made.members if member.is_counted) == made.figure.amount


def test_a_computation_says_why_a_part_is_not_counted(measured: Measured) -> None:
    state, weight = measured.state, measured.indicator("dan-so", province="own none")
    indicator = measured.indicator("binh-quan", province="own none")
    RollupRule.objects.create(
        indicator=indicator, unit="country", origin="children", operator="weighted_mean", weight=weight
    )
    measured.say(indicator, state.province, "40")
    measured.say(indicator, state.elsewhere, "60")
    measured.say(weight, state.province, "3", period="2025-12")
    made = computation(indicator.pk, JULY, COUNTRY, as_of=TODAY)
    assert made is not None
    assert made.formula == "(40 × 3) : (3) = 40"
    assert (made.figure.counted, made.figure.expected, made.weight_indicator_id) == (1, 2, weight.pk)
    assert {member.unit_id: (member.weight, member.why) for member in made.members} == {
        state.province.pk: (3, Why.COUNTED),
        state.elsewhere.pk: (None, Why.NO_WEIGHT),
    }


def test_a_unit_without_a_rule_has_no_computation(measured: Measured) -> None:
    assert computation(summed(measured).pk, JULY, measured.state.commune.pk, as_of=TODAY) is None


def test_a_confidential_part_of_a_published_total_takes_another_part_with_it(measured: Measured) -> None:
    state = measured.state
    indicator = measured.indicator("mat", country="source sum", province="own none")
    measured.say(indicator, None, "100")
    measured.say(indicator, state.province, None)
    measured.say(indicator, state.elsewhere, "60")
    found = measured.by_unit(indicator)
    assert (found[COUNTRY].amount, found[COUNTRY].contributed) == (100, None)
    assert (found[state.elsewhere.pk].amount, found[state.elsewhere.pk].is_suppressed) == (None, True)
    alone = measured.by_unit(indicator, units=[state.elsewhere.pk])
    assert alone == {state.elsewhere.pk: found[state.elsewhere.pk]}
    series = series_figures(indicator.pk, state.elsewhere.pk, first=JULY, last=JULY, as_of=TODAY)
    assert series == [found[state.elsewhere.pk]]
    made = computation(indicator.pk, JULY, COUNTRY, as_of=TODAY)
    assert made is not None
    assert [member.figure.amount for member in made.members if not member.is_own] == [None, None]
    assert [member.why for member in made.members] == [Why.COUNTED, Why.CONFIDENTIAL, Why.SUPPRESSED]
    own = computation(indicator.pk, JULY, state.elsewhere.pk, as_of=TODAY)
    assert own is not None
    assert own.figure.amount is None
    assert [member.figure.amount for member in own.members] == [None]
    assert "60" not in own.formula
    assert reconciliations([indicator.pk], [JULY], as_of=TODAY) == []


def test_a_confidential_category_takes_another_category_with_it_on_every_level(measured: Measured) -> None:
    state, indicator = measured.state, summed(measured)
    Dimension.objects.create(
        indicator=indicator, code="gioi", name="Giới", categories={"nam": ["Nam", "Male"], "nu": ["Nữ", "Female"]}
    )
    for body, whole, male, female in ((state.province, "10", "4", None), (state.elsewhere, "20", "8", "12")):
        measured.say(indicator, body, whole)
        measured.say(indicator, body, male, breakdown="gioi:nam")
        measured.say(indicator, body, female, breakdown="gioi:nu")
    found = breakdown_figures(indicator.pk, JULY, ["gioi:nam", "gioi:nu"], as_of=TODAY)
    men, women = found["gioi:nam"], found["gioi:nu"]
    assert measured.by_unit(indicator)[COUNTRY].amount == 30
    assert (men[state.province.pk].amount, women[state.province.pk].amount) == (None, None)
    # The country's women leave the confidential ones out, its whole does not: its men would give them away.
    assert (men[COUNTRY].amount, women[COUNTRY].amount) == (None, 12)
    assert (men[state.elsewhere.pk].amount, women[state.elsewhere.pk].amount) == (8, 12)


def test_parent_and_children_that_differ_are_listed_with_the_difference(measured: Measured) -> None:
    state = measured.state
    indicator = measured.indicator("lech", country="source sum", province="own none")
    Dimension.objects.create(
        indicator=indicator, code="gioi", name="Giới", categories={"nam": ["Nam", "Male"], "nu": ["Nữ", "Female"]}
    )
    measured.say(indicator, None, "100")
    measured.say(indicator, state.province, "40")
    measured.say(indicator, state.elsewhere, "59.5", numerator=Decimal(3), denominator=Decimal(5))
    measured.say(indicator, state.province, "21", breakdown="gioi:nam")
    measured.say(indicator, state.province, "19", breakdown="gioi:nu")
    found = {(row.unit_id, row.what): row for row in reconciliations([indicator.pk], [JULY], as_of=TODAY)}
    children = found[(COUNTRY, "children")]
    assert (children.stated, children.computed, children.difference) == (100, Decimal("99.5"), Decimal("0.5"))
    assert children.is_complete
    assert found[(state.elsewhere.pk, "ratio")].difference == Decimal("-0.5")
    assert found[(state.province.pk, "dimension:gioi")].difference == 0
    assert set(found) == {
        (COUNTRY, "children"),
        (state.elsewhere.pk, "ratio"),
        (state.province.pk, "dimension:gioi"),
    }


def test_figures_are_read_where_nothing_may_be_written(measured: Measured) -> None:
    indicator, state = summed(measured), measured.state
    measured.say(indicator, state.province, "40")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET TRANSACTION READ ONLY")
    assert measured.by_unit(indicator)[COUNTRY].amount == 40
    assert computation(indicator.pk, JULY, COUNTRY, as_of=TODAY) is not None


def test_a_quarter_of_flows_is_their_sum_with_the_months_that_came(measured: Measured) -> None:
    indicator, state = summed(measured), measured.state
    Indicator.objects.filter(pk=indicator.pk).update(kind="flow")
    for period, amount in ((JULY, "5"), ("2026-08", "7")):
        measured.say(indicator, state.province, amount, period=period)
    quarter = figure_over(indicator.pk, state.province.pk, "2026-Q3", as_of=TODAY)
    assert (quarter.amount, quarter.counted, quarter.expected, quarter.last) == (12, 2, 3, "2026-08")
    with pytest.raises(ValueError, match="is not made of"):
        figure_over(indicator.pk, state.province.pk, "2026-W30", as_of=TODAY)


def test_an_unknown_period_is_refused(measured: Measured) -> None:
    with pytest.raises(ValueError, match="is not the key of a period"):
        figures([summed(measured).pk], ["tháng 7"], as_of=TODAY)
