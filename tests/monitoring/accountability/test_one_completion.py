"""A completion that its author took back is none, whichever page is asked."""

from datetime import date

import pytest

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.kernel.periods import span_of
from thucthi.monitoring.calculations.intervals import Interval
from thucthi.monitoring.calculations.standing import Ratio
from thucthi.monitoring.selectors.ageing import BY_IDLE, ageing_page
from thucthi.monitoring.selectors.heads import facts_of
from thucthi.monitoring.selectors.scorecard_figures import Scope, tasks_due
from thucthi.monitoring.selectors.standing import task_states
from thucthi.monitoring.selectors.two_counters import two_counters
from thucthi.programmes.models import Task

CODE = "nv-xong-som"
WHOLE = Interval(date(2026, 1, 1), AS_OF)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def said_done(world: World) -> tuple[bool, bool, bool, int, Ratio]:
    """(by its state, by the ageing list, by the facts of its head, by the counter, by the scorecard's due tasks)."""
    body = world.state.science
    (state,) = task_states(Task.objects.filter(code=CODE), AS_OF)
    aged = {row.task.code for row in ageing_page(SYSTEM, body, BY_IDLE, AS_OF).rows}
    (fact,) = (row for row in facts_of(SYSTEM, body, WHOLE, AS_OF).tasks if row.code == CODE)
    (row,) = (row for row in two_counters(SYSTEM, span_of("2026-Q4"), AS_OF).rows if row.organisation == body)
    scope = Scope((body.pk,), date(2026, 10, 1), date(2026, 12, 31), date(2026, 12, 31))
    came = tasks_due(scope)[1][body.pk]
    return state.completed_on is not None, CODE not in aged, fact.course.done_on is not None, row.delivered, came


def test_every_page_knows_of_a_completion(world: World) -> None:
    assert said_done(world) == (True, True, True, 1, Ratio(1, 2))


def test_a_correction_takes_it_back_everywhere(world: World) -> None:
    completed = world.tasks[CODE].reports.get(claims_completion=True)
    world.report(completed.obligation, date(2026, 11, 10), "80", correction_reason="Chưa xong.")
    assert said_done(world) == (False, False, False, 0, Ratio(0, 2))
