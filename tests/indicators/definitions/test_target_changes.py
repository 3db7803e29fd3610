"""Targets change by decision, what stood before stays readable, and a refusal moves nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.indicators.actions.definitions import NewIndicator, define_indicators
from thucthi.indicators.actions.target_changes import change_target
from thucthi.indicators.actions.targets import NewTarget, set_target
from thucthi.indicators.models import Target, TargetChange
from thucthi.indicators.selectors.targets import kept_terms, path_of, plain_terms, terms_of
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry

DECIDED = {"decision": "12/NQ-CP", "decided_on": date(2026, 5, 1), "reason": "Thiếu vốn"}


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def target(world: World) -> Target:
    return set_target(by=world.steering, spec=spec(world))


def spec(world: World) -> NewTarget:
    indicator = define_indicators(by=world.steering, specs=[NewIndicator("5g", "Phủ sóng 5G", "rise", unit="%")])[0]
    return NewTarget(
        "t",
        indicator,
        world.document,
        ">",
        "2030",
        low=Decimal(90),
        year=2030,
        baseline=Decimal(20),
        baseline_on=date(2025, 12, 31),
    )


def counts() -> tuple[int, ...]:
    return (Target.objects.count(), TargetChange.objects.count(), Entry.objects.count())


def test_a_target_is_changed_by_a_decision_and_the_old_terms_stay(world: World, target: Target) -> None:
    new = replace(terms_of(target), operator=">=", low=Decimal(80), year=2032)
    change = change_target(target, by=world.steering, new=new, seen=0, **DECIDED)
    target.refresh_from_db()
    assert (target.operator, target.low, target.year, target.period) == (">=", Decimal(80), 2032, "2032")
    assert (kept_terms(change.old).low, kept_terms(change.new)) == (Decimal(90), terms_of(target))
    assert path_of(target).target == 80
    entry = Entry.objects.get(event="target.changed").content
    assert entry["lowered"] == ["amount", "year"]
    with pytest.raises(DatabaseError), transaction.atomic():
        TargetChange.objects.update(reason="khác")


def test_a_raised_target_is_not_called_lowered(world: World, target: Target) -> None:
    change_target(target, by=world.steering, new=replace(terms_of(target), low=Decimal(95)), **DECIDED)
    assert Entry.objects.get(event="target.changed").content["lowered"] == []


def test_a_change_needs_its_decision_and_a_difference(world: World, target: Target) -> None:
    before, same = counts(), terms_of(target)
    with pytest.raises(Refused) as refusal:
        change_target(target, by=world.steering, new=same, decision=" ", decided_on=date(2100, 1, 1), reason="")
    assert [fault.field for fault in refusal.value.faults] == ["decision", "decided_on", "reason", ""]
    with pytest.raises(Forbidden):
        change_target(target, by=world.editor, new=replace(terms_of(target), low=Decimal(1)), **DECIDED)
    assert counts() == before


def test_a_second_change_on_the_same_page_is_stale(world: World, target: Target) -> None:
    change_target(target, by=world.steering, new=replace(terms_of(target), low=Decimal(95)), seen=0, **DECIDED)
    before = counts()
    with pytest.raises(Stale):
        change_target(target, by=world.steering, new=replace(terms_of(target), low=Decimal(80)), seen=0, **DECIDED)
    assert counts() == before
    assert Target.objects.get().low == 95


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"operator": "<="}, "operator"),
        ({"low": Decimal("1e14")}, "low"),
        ({"low": Decimal("NaN")}, "low"),
        ({"low": Decimal("0.0000001")}, "low"),
        ({"year": 20300}, "year"),
        ({"year": 2024}, "baseline_on"),
        ({"path": "stepped"}, "path_points"),
        ({"path": "?"}, "path"),
        ({"path": "growth", "baseline": Decimal(0)}, "path"),
        ({"path": "custom", "path_points": ((date(2024, 1, 1), Decimal(1)),)}, "path_points"),
        ({"path": "custom", "path_points": ((date(2032, 1, 1), Decimal(1)),)}, "path_points"),
        (
            {"path": "custom", "path_points": ((date(2027, 1, 1), Decimal(1)), (date(2026, 6, 1), Decimal(1)))},
            "path_points",
        ),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    world: World, target: Target, change: dict[str, object], field: str
) -> None:
    before = counts()
    with pytest.raises(Refused) as refusal:
        change_target(target, by=world.steering, new=replace(terms_of(target), **change), **DECIDED)
    assert field in [fault.field for fault in refusal.value.faults]
    assert counts() == before


def test_a_target_of_levels_names_a_level_of_the_rubric(world: World) -> None:
    levels = NewIndicator("muc", "Mức gỡ", "rise", kind="qualitative", rubric=("thấp", "vừa", "cao"))
    indicator = define_indicators(by=world.steering, specs=[levels])[0]
    wanted = NewTarget("m", indicator, world.document, ">=", "2027", low=Decimal(4), year=2027)
    before = counts()
    with pytest.raises(Refused) as refusal:
        set_target(by=world.steering, spec=wanted)
    assert [fault.field for fault in refusal.value.faults] == ["low"]
    assert counts() == before
    assert set_target(by=world.steering, spec=replace(wanted, low=Decimal(3))).low == 3


def test_a_target_is_entered_with_a_code_of_its_own(world: World, target: Target) -> None:
    before = counts()
    again = NewTarget("t", target.indicator, world.document, ">", "2030", low=Decimal(1), year=2030)
    for code in ("t", "mã", ""):
        with pytest.raises(Refused) as refusal:
            set_target(by=world.steering, spec=replace(again, code=code))
        assert [fault.field for fault in refusal.value.faults] == ["code"]
    with pytest.raises(Forbidden):
        set_target(by=world.editor, spec=replace(again, code="u"))
    assert counts() == before


def test_terms_are_kept_and_read_back_without_loss(world: World, target: Target) -> None:
    points = ((date(2026, 6, 30), Decimal("30.5")), (date(2028, 6, 30), Decimal(60)))
    change_target(
        target, by=world.steering, new=replace(terms_of(target), path="stepped", path_points=points), **DECIDED
    )
    target.refresh_from_db()
    terms = terms_of(target)
    assert terms.path_points == points
    assert kept_terms(plain_terms(terms)) == terms
