"""Values that come in together: told apart from what stood, all or none, one entry in the ledger."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.directory.access import ANONYMOUS, SYSTEM
from thucthi.directory.models import Role
from thucthi.indicators.actions import (
    NewIndicator,
    NewObservation,
    NewRule,
    define_indicators,
    deliver_observations,
    record_observations,
    set_rollup_rules,
)
from thucthi.indicators.models import (
    Delivery,
    DeliveryKind,
    Feed,
    FeedKind,
    Indicator,
    IndicatorVersion,
    Observation,
    RollupRule,
)
from thucthi.indicators.selectors import series
from thucthi.indicators.selectors.stated import correcting
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def indicator(world: World) -> Indicator:
    spec = NewIndicator("5g", "Phủ sóng 5G", "rise", unit="%", frequency="monthly", kind="ratio", scale=Decimal(100))
    return define_indicators(by=world.steering, specs=[spec])[0]


def row(world: World, indicator: Indicator, **other: object) -> NewObservation:
    made = NewObservation(
        indicator, "2026-10", date(2026, 10, 31), "number", "Cục Viễn thông", date(2026, 11, 10), Decimal(40),
        organisation=world.state.province,
    )  # fmt: skip
    return replace(made, **other)


def counts(delivery: Delivery) -> tuple[int, int, int]:
    return (delivery.added, delivery.corrected, delivery.unchanged)


def test_a_delivery_adds_corrects_and_passes_over(world: World, indicator: Indicator) -> None:
    first = deliver_observations(
        by=world.steering,
        kind=DeliveryKind.FORM,
        rows=[row(world, indicator), row(world, indicator, organisation=None), row(world, indicator, kind="declared")],
    )
    assert counts(first) == (3, 0, 0)
    again = [
        row(world, indicator),
        row(world, indicator, organisation=None, amount=Decimal(41), available_on=date(2026, 11, 20)),
        row(
            world, indicator, period="2026-11", period_end=date(2026, 11, 30), state="confirmed_zero", amount=Decimal(0)
        ),
    ]
    second = deliver_observations(by=world.steering, kind=DeliveryKind.FORM, rows=again)
    assert counts(second) == (1, 1, 1)
    assert [found.amount for found in series(indicator)] == [41]
    assert Observation.objects.filter(corrects__isnull=False).get().corrects == Observation.objects.get(
        organisation=None, amount=40
    )
    entries = Entry.objects.filter(event="observations.delivered").order_by("pk")
    assert [entry.content["counts"] for entry in entries] == [
        {"added": 3, "corrected": 0, "unchanged": 0},
        {"added": 1, "corrected": 1, "unchanged": 1},
    ]
    assert [len(entry.content["rows"]) for entry in entries] == [3, 2]


def test_a_faulty_row_keeps_the_whole_delivery_out(world: World, indicator: Indicator) -> None:
    rows = [
        row(world, indicator),
        row(world, indicator),
        row(world, indicator, period="2026-13"),
        row(world, indicator, period="2026-09", period_end=date(2026, 9, 29)),
        row(world, indicator, period="2026-08", period_end=date(2026, 8, 31), amount=None),
        row(world, indicator, period="2026-07", period_end=date(2026, 7, 31), numerator=Decimal(4)),
        row(world, indicator, period="2026-06", period_end=date(2026, 6, 30), source=" ", kind="guess"),
    ]
    with pytest.raises(Refused) as refusal:
        deliver_observations(by=world.steering, kind=DeliveryKind.GRID, rows=rows)
    body = world.state.province.code
    assert sorted(fault.field for fault in refusal.value.faults) == [
        f"5g.{body}.2026-06", f"5g.{body}.2026-06", f"5g.{body}.2026-07", f"5g.{body}.2026-08", f"5g.{body}.2026-09",
        f"5g.{body}.2026-10", f"5g.{body}.2026-13",
    ]  # fmt: skip
    assert (Observation.objects.count(), Delivery.objects.count()) == (0, 0)
    assert not Entry.objects.filter(event="observations.delivered").exists()


def test_everyone_delivers_for_their_own_and_a_machine_for_its_scope(world: World, indicator: Indicator) -> None:
    elsewhere = world.state.viewer(Role.REPORTER, world.state.elsewhere)
    with pytest.raises(Forbidden):
        deliver_observations(by=elsewhere, kind=DeliveryKind.FORM, rows=[row(world, indicator)])
    feed = Feed.objects.create(
        code="cuc-vt", name="Cục Viễn thông", kind=FeedKind.API, organisation=world.state.science,
        scope=world.state.province, source="Cục Viễn thông",
    )  # fmt: skip
    with pytest.raises(Forbidden):
        deliver_observations(by=SYSTEM, kind=DeliveryKind.FEED, rows=[row(world, indicator)], feed=feed)
    feed.indicators.add(indicator)
    for outside in (None, world.state.elsewhere):
        with pytest.raises(Forbidden):
            deliver_observations(
                by=SYSTEM, kind=DeliveryKind.FEED, rows=[row(world, indicator, organisation=outside)], feed=feed
            )
    assert Observation.objects.count() == 0
    below = row(world, indicator, organisation=world.state.commune)
    delivery = deliver_observations(by=ANONYMOUS, kind=DeliveryKind.FEED, rows=[below], feed=feed)
    assert (counts(delivery), Observation.objects.get().delivery) == ((1, 0, 0), delivery)


def test_a_line_is_opened_once_and_a_row_corrected_once(world: World, indicator: Indicator) -> None:
    opened = record_observations(by=world.steering, rows=[row(world, indicator)])[0]
    with pytest.raises(Refused):
        record_observations(by=world.steering, rows=[row(world, indicator, amount=Decimal(41))])
    corrected = record_observations(by=world.steering, rows=[correcting(opened, amount=Decimal(41))])[0]
    plain = {field.name: getattr(opened, field.name) for field in Observation._meta.concrete_fields}
    del plain["id"], plain["recorded_at"]
    for broken in (plain, plain | {"corrects": opened}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Observation.objects.create(**broken)
    assert list(Observation.objects.order_by("pk")) == [opened, corrected]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "number", "amount": Decimal(0)},
        {"numerator": Decimal(1)},
        {"numerator": Decimal(1), "denominator": Decimal(0)},
        {"period": "10/2026"},
    ],
)
def test_the_database_refuses_nonsense_by_itself(world: World, indicator: Indicator, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(**{**vars(row(world, indicator)), **wrong})


def test_a_sheet_has_its_first_version_and_nobody_measures_himself(world: World, indicator: Indicator) -> None:
    version = IndicatorVersion.objects.get(indicator=indicator)
    assert (version.number, version.sheet["code"], version.sheet["scale"]) == (1, "5g", "100")
    own = NewIndicator("a", "A", "rise", owner=world.state.science, source_owner=world.state.science)
    faulty = [
        own,
        NewIndicator("b", "B", "rise", kind="qualitative", rubric=("Yếu",)),
        NewIndicator("c", "C", "rise", rubric=("Yếu", "Tốt")),
        NewIndicator("d", "D", "rise", frequency="often", low_limit=Decimal(2), high_limit=Decimal(1)),
    ]
    with pytest.raises(Refused) as refusal:
        define_indicators(by=world.steering, specs=faulty)
    assert [fault.field for fault in refusal.value.faults] == ["a", "b", "c", "d", "d"]
    assert Indicator.objects.get() == indicator


def test_rules_that_make_no_sense_are_refused(world: World, indicator: Indicator) -> None:
    good = [NewRule(indicator, "country", "children", "ratio_of_sums"), NewRule(indicator, "province", "own")]
    assert len(set_rollup_rules(by=world.steering, indicators=[indicator], rules=good)) == 2
    other = define_indicators(by=world.steering, specs=[NewIndicator("dan-so", "Dân số", "rise")])[0]
    wrong = [
        NewRule(indicator, "country", "children", "sum"),
        NewRule(indicator, "ministry", "children"),
        NewRule(indicator, "province", "own", "min"),
        NewRule(indicator, "district", "children", "count_meeting_floor"),
        NewRule(indicator, "commune", "children", "max", weight=other),
    ]
    with pytest.raises(Refused) as refusal:
        set_rollup_rules(by=world.steering, indicators=[indicator], rules=wrong)
    assert len(refusal.value.faults) == 5
    with pytest.raises(Forbidden):
        set_rollup_rules(by=world.editor, indicators=[indicator], rules=good)
    assert RollupRule.objects.count() == 2
    assert Entry.objects.filter(event="rollup_rules.set").count() == 1
