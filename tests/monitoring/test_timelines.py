"""The facts of a task read once give the states of any day that the facts of that day give, over random histories."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.monitoring.rollups.histories import RECORDED, make_history
from tests.thorough import in_full
from thucthi.monitoring import selectors
from thucthi.monitoring.calculations import timelines as pure
from thucthi.monitoring.calculations.standing import TaskState
from thucthi.monitoring.calculations.timelines import Timeline, states_on
from thucthi.monitoring.selectors.timelines import timelines
from thucthi.programmes.models import Task

pytestmark = pytest.mark.django_db
HISTORIES = settings(max_examples=in_full(10, 25), suppress_health_check=[HealthCheck.function_scoped_fixture])


def without_progress(state: TaskState) -> TaskState:
    return replace(state, accepted=None, measured=None)


@HISTORIES
@given(seed=st.integers(0, 10**9), hours=st.none() | st.integers(0, 11), step=st.sampled_from([1, 3, 7]))
def test_the_states_of_many_days_are_those_of_each_day(db: None, seed: int, hours: int | None, step: int) -> None:
    with transaction.atomic():
        history = make_history(seed)
        history.happen(60)
        known_by = None if hours is None else RECORDED + timedelta(hours=hours)
        days = [history.day + timedelta(days=ago) for ago in range(-30, 15, step)]
        lines = timelines(Task.objects.all(), known_by)
        found = [states_on(each, days) for each in lines]
        for place, day in enumerate(days):
            expected = selectors.task_states(Task.objects.all(), day, known_by)
            assert [states[place] for states in found] == [without_progress(each) for each in expected]
            owed = selectors.owed_reports(Task.objects.all(), day, known_by)
            assert Counter(each for line in lines for each in pure.handed_by(line, day)) == Counter(owed)
        transaction.set_rollback(True)


def test_planted_a_turn_that_nobody_names_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task overdue from one day to the next, without anybody writing anything."""
    due = date(2026, 11, 18)
    task = Timeline(1, "nv-1", 1, 1, date(2026, 1, 5), date(2026, 1, 5), "date", due)
    days = [due, due + timedelta(days=1)]
    assert [each.schedule.value for each in states_on(task, days)] == ["due_soon", "overdue"]
    monkeypatch.setattr(pure, "_turns", lambda _task: iter(()))
    assert [each.schedule.value for each in states_on(task, days)] == ["due_soon", "due_soon"]
