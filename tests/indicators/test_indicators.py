"""Indicators: definitions and targets as written, values that are only added, progress that is never clamped."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.directory.models import Role
from thucthi.indicators.actions import (
    NewIndicator,
    NewObservation,
    NewTarget,
    define_indicators,
    link_contributions,
    record_observations,
    set_targets,
)
from thucthi.indicators.calculations import measured_progress
from thucthi.indicators.models import Contribution, Indicator, Observation, Target
from thucthi.indicators.selectors import (
    bound_of,
    history,
    latest_values,
    progress_towards,
    series,
    targets_of,
    value_of,
)
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.kernel.periods import span_of
from thucthi.kernel.values import ValueState
from thucthi.ledger.models import Entry

Q1, Q2 = date(2026, 3, 31), date(2026, 6, 30)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def indicator(world: World) -> Indicator:
    spec = NewIndicator("5g", "Phủ sóng 5G", "rise", unit="%", name_en="5G coverage")
    return define_indicators(by=world.steering, specs=[spec])[0]


def value(indicator: Indicator, **other: object) -> NewObservation:
    row = NewObservation(indicator, "2026-Q1", Q1, "number", "Cục Viễn thông", date(2026, 4, 10), Decimal(40))
    return replace(row, **other)


def test_definitions_are_all_or_none(world: World, indicator: Indicator) -> None:
    assert (indicator.name_en, indicator.direction) == ("5G coverage", "rise")
    with pytest.raises(Refused) as refusal:
        define_indicators(
            by=world.steering,
            specs=[NewIndicator("5g", "A", "rise"), NewIndicator("b", " ", "up"), NewIndicator("b", "B", "fall")],
        )
    assert [fault.field for fault in refusal.value.faults] == ["5g", "b", "b", "b"]
    with pytest.raises(Forbidden):
        define_indicators(by=world.editor, specs=[NewIndicator("c", "C", "rise")])
    assert Indicator.objects.get() == indicator
    assert Entry.objects.get(event="indicators.defined").content == {"codes": ["5g"]}


def test_targets_stand_as_written(world: World, indicator: Indicator) -> None:
    clause = world.document.clauses.get(path="1")
    target = NewTarget("t", indicator, world.document, ">=", "2030", low=Decimal(99), year=2030, clause=clause)
    made = set_targets(by=world.steering, specs=[target])
    assert list(targets_of(world.document)) == made
    assert bound_of(made[0]).wording == "≥ 99 %"
    faulty = [
        replace(target, code="a", operator="<="),
        replace(target, code="b", operator="?"),
        replace(target, code="c", operator="range", high=Decimal(1)),
        replace(target, code="t"),
    ]
    with pytest.raises(Refused) as refusal:
        set_targets(by=world.steering, specs=faulty)
    assert [fault.field for fault in refusal.value.faults] == ["t", "a", "b", "c"]
    with pytest.raises(Forbidden):
        set_targets(by=world.head, specs=[replace(target, code="d")])
    assert Target.objects.count() == 1


def test_a_correction_is_a_new_row_and_the_old_picture_stays(world: World, indicator: Indicator) -> None:
    first = record_observations(by=world.steering, rows=[value(indicator)])[0]
    second = record_observations(
        by=world.steering, rows=[value(indicator, amount=Decimal(38), corrects=first, available_on=date(2026, 5, 2))]
    )[0]
    assert latest_values([indicator.pk], date(2026, 5, 1)) == {indicator.pk: first}
    assert latest_values([indicator.pk], date(2026, 5, 2)) == {indicator.pk: second}
    assert latest_values([indicator.pk], date(2026, 4, 9)) == {}
    assert (series(indicator), list(history(indicator))) == ([second], [second, first])
    with pytest.raises(Refused):
        record_observations(by=world.steering, rows=[value(indicator, corrects=first)])
    with pytest.raises(Refused):
        record_observations(by=world.steering, rows=[value(indicator, corrects=second, period="2026-Q2")])
    with pytest.raises(DatabaseError), transaction.atomic():
        Observation.objects.update(amount=1)
    assert Entry.objects.filter(event="observations.recorded").count() == 2


@pytest.mark.parametrize(
    ("state", "amount"),
    [
        ("number", None),
        ("number", Decimal(0)),
        ("confirmed_zero", Decimal(1)),
        ("not_reported", Decimal(0)),
        ("x", None),
    ],
)
def test_state_and_amount_belong_together(
    world: World, indicator: Indicator, state: str, amount: Decimal | None
) -> None:
    with pytest.raises(Refused):
        record_observations(by=world.steering, rows=[value(indicator), value(indicator, state=state, amount=amount)])
    assert not Observation.objects.exists()
    assert not Entry.objects.filter(event="observations.recorded").exists()


def test_six_kinds_of_answers_never_collapse(world: World, indicator: Indicator) -> None:
    answers = [
        ("number", Decimal(3)), ("confirmed_zero", Decimal(0)), ("provisional", Decimal(0)), ("not_reported", None),
        ("not_applicable", None), ("confidential", None),
    ]  # fmt: skip
    rows = [
        value(
            indicator,
            state=state,
            amount=amount,
            period=f"2026-{number:02d}",
            period_end=span_of(f"2026-{number:02d}").end,
        )
        for number, (state, amount) in enumerate(answers, start=1)
    ]
    record_observations(by=world.steering, rows=rows)
    assert [(value_of(row).state, value_of(row).amount) for row in series(indicator)] == [
        (ValueState(state), amount) for state, amount in answers
    ]


def test_everyone_records_for_their_own(world: World, indicator: Indicator) -> None:
    own = value(indicator, organisation=world.state.province)
    record_observations(by=world.state.viewer(Role.REPORTER, world.state.province), rows=[own])
    record_observations(by=world.steering, rows=[replace(own, period="2026-Q2", period_end=Q2)])
    assert len(series(indicator, organisation_id=world.state.province.pk)) == 2
    assert series(indicator) == []
    assert latest_values([indicator.pk], date(2027, 1, 1)) == {}
    for viewer, row in [
        (world.state.viewer(Role.REPORTER, world.state.elsewhere), own),
        (world.state.viewer(Role.REPORTER, world.state.province), value(indicator)),
        (world.state.viewer(Role.AUDITOR, world.state.province), own),
    ]:
        with pytest.raises(Forbidden):
            record_observations(by=viewer, rows=[row])
    assert Observation.objects.count() == 2


def test_a_task_is_linked_once_to_what_it_moves(world: World, indicator: Indicator) -> None:
    task = world.draft().tasks.get()
    assert len(link_contributions(by=world.editor, links=[(task, indicator), (task, indicator)])) == 1
    assert link_contributions(by=world.editor, links=[(task, indicator)]) == []
    with pytest.raises(Forbidden):
        link_contributions(by=world.steering, links=[(task, indicator)])
    assert (Contribution.objects.count(), Entry.objects.filter(event="contributions.linked").count()) == (1, 1)


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "direction", "expected"),
    [
        ("20", "60", "40", "rise", "50"),
        ("20", "60", "72", "rise", "130"),
        ("20", "60", "18", "rise", "-5"),
        ("10", "4", "7", "fall", "50"),
        (None, "50", "25", "rise", "50"),
        (None, "4", "7", "fall", None),
        ("20", "20", "20", "rise", None),
        ("20", None, "40", "rise", None),
        ("20", "60", None, "rise", None),
    ],
)
def test_measured_progress(
    baseline: str | None, target: str | None, actual: str | None, direction: str, expected: str | None
) -> None:
    numbers = [None if part is None else Decimal(part) for part in (baseline, target, actual)]
    assert measured_progress(*numbers, direction) == (None if expected is None else Decimal(expected))


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_progress_is_zero_at_the_start_and_a_hundred_at_the_target(baseline: Decimal, target: Decimal) -> None:
    direction = "rise" if target > baseline else "fall"
    if target != baseline:
        assert measured_progress(baseline, target, baseline, direction) == 0
        assert measured_progress(baseline, target, target, direction) == 100


def test_a_target_is_measured_from_its_own_baseline(world: World, indicator: Indicator) -> None:
    spec = NewTarget("t", indicator, world.document, ">=", "2030", low=Decimal(60), baseline=Decimal(20))
    target = set_targets(by=world.steering, specs=[spec])[0]
    row = record_observations(by=world.steering, rows=[value(indicator)])[0]
    assert progress_towards(target, row) == 50
    assert progress_towards(target, None) is None
