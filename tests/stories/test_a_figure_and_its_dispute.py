"""From values to a figure that opens: what is missing stays missing, a dispute moves it, the old picture stays."""

from datetime import date
from decimal import Decimal

import pytest

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.actions import (
    NewIndicator,
    NewObservation,
    NewRule,
    define_indicators,
    deliver_observations,
    set_rollup_rules,
)
from thucthi.indicators.actions.disputes import Corrected, answer_dispute, raise_dispute
from thucthi.indicators.models import DeliveryKind, Indicator, Observation
from thucthi.kernel.values import ValueState
from thucthi.ledger.models import Entry
from thucthi.monitoring.calculations.figures.shapes import Figure
from thucthi.monitoring.selectors.figures import computation, figures

PERIOD, END = "2026-10", date(2026, 10, 31)
KNOWN, DISPUTED, ANSWERED = date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 18)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def indicator(world: World) -> Indicator:
    spec = NewIndicator(
        "dn-moi", "Doanh nghiệp thành lập mới", "rise", unit="doanh nghiệp", kind="flow", frequency="monthly",
        source_owner=world.state.finance, owner=world.state.science,
    )  # fmt: skip
    made = define_indicators(by=world.steering, specs=[spec])[0]
    rules = [NewRule(made, "country", "children", "sum"), NewRule(made, "province", "own")]
    set_rollup_rules(by=world.steering, indicators=[made], rules=rules)
    return made


def deliver(world: World, indicator: Indicator, body: Organisation, amount: int) -> None:
    row = NewObservation(indicator, PERIOD, END, "number", "Sở Tài chính", KNOWN, Decimal(amount), organisation=body)
    deliver_observations(by=world.state.viewer(Role.REPORTER, body), kind=DeliveryKind.FORM, rows=[row])


def country(indicator: Indicator, as_of: date) -> Figure:
    (figure,) = figures([indicator.pk], [PERIOD], as_of=as_of, units=[0])
    return figure


def test_a_figure_opens_into_its_rows_and_a_dispute_moves_it(world: World, indicator: Indicator) -> None:
    province, elsewhere = world.state.province, world.state.elsewhere
    assert (country(indicator, KNOWN).state, country(indicator, KNOWN).expected) == (ValueState.NOT_REPORTED, 2)

    deliver(world, indicator, province, 120)
    partial = country(indicator, KNOWN)
    assert (partial.amount, partial.counted, partial.expected) == (120, 1, 2)

    deliver(world, indicator, elsewhere, 80)
    whole = country(indicator, KNOWN)
    assert (whole.amount, whole.counted, whole.expected, whole.state) == (200, 2, 2, ValueState.NUMBER)
    opened = computation(indicator.pk, PERIOD, 0, as_of=KNOWN)
    assert opened is not None
    assert sorted((part.unit_id, part.figure.amount) for part in opened.members) == sorted(
        [(province.pk, Decimal(120)), (elsewhere.pk, Decimal(80))]
    )

    stood = Observation.objects.get(organisation=province)
    before = Entry.objects.count()
    dispute = raise_dispute(
        stood,
        by=world.state.viewer(Role.HEAD, province),
        organisation=province,
        motive="Thiếu doanh nghiệp đăng ký tại khu công nghiệp.",
        source="Sổ đăng ký kinh doanh",
        proposed_amount=Decimal(150),
        on=DISPUTED,
    )
    answer_dispute(
        dispute,
        by=world.state.viewer(Role.REPORTER, world.state.finance),
        verdict="accepted",
        text="Đã đối chiếu, số đúng là 150.",
        on=ANSWERED,
        corrected=Corrected("number", Decimal(150), "Sổ đăng ký kinh doanh"),
    )
    assert Entry.objects.count() == before + 2
    assert country(indicator, ANSWERED).amount == 230
    assert country(indicator, DISPUTED).amount == 200
    assert list(Observation.objects.filter(organisation=province).order_by("pk").values_list("amount", flat=True)) == [
        Decimal(120),
        Decimal(150),
    ]
