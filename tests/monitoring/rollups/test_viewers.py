"""Live counts and lists show each viewer what a recount of the tasks he may see gives, and no more."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection

from tests.monitoring.rollups.histories import START, set_day
from tests.monitoring.world import AS_OF, HIDDEN, World, make_world
from thucthi.directory.access import ANONYMOUS, SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.monitoring import selectors
from thucthi.monitoring.actions.rollups import fold_deltas, roll_day
from thucthi.monitoring.calculations import Tally
from thucthi.monitoring.selectors.rollup_lists import (
    KindOfLead,
    kinds_of_leads,
    kinds_recounted,
    late_statement,
    late_tasks,
    latest_in_order,
)
from thucthi.monitoring.selectors.rollups import COUNTRY, LiveCounts, live_counts, recounted
from thucthi.monitoring.states import Schedule
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.programmes.selectors.visibility import closed_programmes

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    set_day(AS_OF)
    return make_world()


def viewers(world: World) -> list[Viewer]:
    state = world.state
    return [
        SYSTEM,
        ANONYMOUS,
        state.viewer(Role.REPORTER, state.commune),
        state.viewer(Role.HEAD, state.government),
        state.viewer(Role.AUDITOR, state.government),
        state.viewer(Role.STEERING_OFFICE, state.committee),
    ]


def counted(found: LiveCounts | None) -> dict[tuple[int, int], Tally]:
    assert found is not None
    return {place: each for place, each in found.tallies.items() if each.total}


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("ahead", [0, 1, 12])
def test_every_viewer_sees_his_own_recount(world: World, folded: bool, ahead: int) -> None:
    if folded:
        fold_deltas(by=SYSTEM)
        roll_day(by=SYSTEM)
    day = AS_OF + timedelta(days=ahead)
    set_day(day)
    state = world.state
    bodies = [state.government.pk, state.science.pk, state.finance.pk, state.province.pk, state.commune.pk]
    totals = []
    for viewer in viewers(world):
        for whole in (COUNTRY, *bodies):
            live = live_counts(viewer, bodies, in_full=whole)
            assert counted(live) == counted(recounted(day, viewer, bodies, whole))
        totals.append(live_counts(viewer, [COUNTRY]).at(COUNTRY).total)  # type: ignore[union-attr]
    assert totals == [9, 0, 8, 9, 9, 8]


def test_what_is_hidden_stays_out_of_what_everybody_reads(world: World) -> None:
    task = Task.objects.get(code=f"{HIDDEN}-nv-mat")
    assert (task.standing.is_issued, task.standing.is_open) == (True, False)
    Programme.objects.get(pk=task.programme_id).bases.update(security="public")
    assert live_counts(viewers(world)[2], [COUNTRY]).at(COUNTRY).total == 9  # type: ignore[union-attr]


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("ahead", [0, 1, 12])
def test_late_tasks_are_those_that_the_states_call_overdue(world: World, folded: bool, ahead: int) -> None:
    if folded:
        fold_deltas(by=SYSTEM)
        roll_day(by=SYSTEM)
    day = AS_OF + timedelta(days=ahead)
    set_day(day)
    tree = selectors.lineages(day)
    for viewer in viewers(world):
        states = selectors.task_states(visible_tasks(viewer).filter(is_issued=True), day)
        for body in (COUNTRY, world.state.government.pk, world.state.province.pk):
            expected = sorted(
                (each.due_on, each.task_id)
                for each in states
                if each.schedule is Schedule.OVERDUE and (body == COUNTRY or body in tree.ancestors(each.lead_id))
            )
            assert [(each.due_on, each.task_id) for each in late_tasks(viewer, body)] == expected
            for in_order, first in product((True, False), (1, 2, 3, 50) if viewer is not ANONYMOUS else ()):
                found = _late(viewer, body, in_order=in_order, first=first)
                assert found == expected[:first], (in_order, first)


def _late(viewer: Viewer, body: int, **how: Any) -> list[tuple[date, int]]:
    """By the way that is named, whichever `late_tasks` would take."""
    statement = late_statement(in_order=how["in_order"])
    programmes = list(closed_programmes(viewer))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organisation": body, "first": how["first"], "programmes": programmes})
        return [(due_on, task_id) for task_id, due_on in cursor.fetchall()]


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("ahead", [0, 12])
def test_kinds_of_leads_are_those_of_a_recount(world: World, folded: bool, ahead: int) -> None:
    if folded:
        fold_deltas(by=SYSTEM)
        roll_day(by=SYSTEM)
    day = AS_OF + timedelta(days=ahead)
    set_day(day)
    found = []
    for viewer in viewers(world):
        kinds = kinds_of_leads(day, viewer)
        assert in_order(kinds) == in_order(kinds_recounted(day, viewer))
        found.append(sum(each.tally.total for each in kinds))
    assert found == [9, 0, 8, 9, 9, 8]
    before = day - timedelta(days=1)
    assert in_order(kinds_of_leads(before, SYSTEM)) == in_order(kinds_recounted(before, SYSTEM))


def in_order(kinds: tuple[KindOfLead, ...]) -> list[KindOfLead]:
    return sorted((each for each in kinds if each.bodies), key=lambda each: (each.tree, each.kind, each.level))


def test_bodies_stand_in_order_of_what_is_late_whether_folded_or_not(world: World) -> None:
    state = world.state
    for number in range(3):
        world.add(f"nv-muon-{number}", state.finance, START - timedelta(days=number))
    world.add("nv-con-han", state.finance, AS_OF + timedelta(days=60))
    expected = [(state.finance.pk, 3), (state.science.pk, 0)]
    for _ in range(2):
        assert [(each.organisation_id, each.tally.overdue) for each in latest_in_order("ministry")] == expected
        fold_deltas(by=SYSTEM)
    world.add("nv-muon-nua", state.science, START)
    assert [each.organisation_id for each in latest_in_order("ministry", 1)] == [state.finance.pk]
    assert [each.tally.overdue for each in latest_in_order("ministry")] == [3, 1]


def test_two_queries_however_many_places(world: World, django_assert_num_queries: Any) -> None:
    viewer = world.state.viewer(Role.REPORTER, world.state.commune)
    with django_assert_num_queries(2):
        live_counts(viewer, [world.state.science.pk, world.state.finance.pk], in_full=COUNTRY)
