"""The database's standing of a task is the one that the pure functions give, on any day of any history."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.monitoring.rollups.histories import make_history
from thucthi.monitoring import selectors
from thucthi.programmes.models import Task

pytestmark = pytest.mark.django_db
STANDING = "task_id, lead_id, programme_id, stage, schedule, reported, due_on"
HISTORIES = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(query: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


@HISTORIES
@given(seed=st.integers(0, 10**9), ago=st.integers(-25, 25))
def test_standings_are_those_of_the_pure_functions(db: None, seed: int, ago: int) -> None:
    with transaction.atomic():
        history = make_history(seed)
        history.happen(40)
        day = history.day + timedelta(days=ago)
        states = selectors.task_states(Task.objects.all(), day)
        expected = sorted(
            (
                row.task_id,
                row.lead_id,
                row.programme_id,
                row.stage.value,
                row.schedule.value,
                row.reported.value,
                row.due_on,
            )
            for row in states
        )
        everything = f"SELECT {STANDING} FROM monitoring_all_standings(%s) ORDER BY task_id"
        chosen = f"SELECT {STANDING} FROM monitoring_standings(%s, %s) ORDER BY task_id"
        assert rows(everything, day) == expected
        assert rows(chosen, [row.task_id for row in states], day) == expected
        transaction.set_rollback(True)


@HISTORIES
@given(seed=st.integers(0, 10**9))
def test_a_standing_holds_until_the_day_it_names(db: None, seed: int) -> None:
    with transaction.atomic():
        history = make_history(seed)
        history.happen(40)
        question = "SELECT task_id, stage, schedule, reported, stale_on FROM monitoring_all_standings(%s)"
        now = {row[0]: row[1:] for row in rows(question, history.day)}
        for ahead in range(1, 30):
            day = history.day + timedelta(days=ahead)
            for task, *then, _stale_on in rows(question, day):
                *standing, stale_on = now[task]
                assert (stale_on is not None and stale_on <= day) or then == standing
        transaction.set_rollback(True)


@HISTORIES
@given(seed=st.integers(0, 10**9), ago=st.integers(-25, 25))
def test_lineages_are_those_of_the_pure_functions(db: None, seed: int, ago: int) -> None:
    with transaction.atomic():
        history = make_history(seed)
        for _ in range(8):
            history.random.choice([history.dissolve, history.move_body])()
        day = history.day + timedelta(days=ago)
        tree = selectors.lineages(day)
        expected = sorted((pk, above) for pk in tree.paths for above in {0, *tree.ancestors(pk)})
        assert sorted(rows("SELECT * FROM monitoring_all_lineages(%s)", day)) == expected
        assert sorted(rows("SELECT * FROM monitoring_lineages(%s, %s)", list(tree.paths), day)) == expected
        transaction.set_rollback(True)
