"""What the engine counts is what a recount of all tasks gives, after any storm of writes, moves, folds and new days."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.monitoring.rollups.histories import History, make_history, set_day
from thucthi.directory.access import SYSTEM
from thucthi.monitoring.actions.rollups import fold_deltas, rebuild_rollups, roll_day
from thucthi.monitoring.calculations import Tally
from thucthi.monitoring.selectors.rollup_check import mismatches
from thucthi.monitoring.selectors.rollups import live_counts

pytestmark = pytest.mark.django_db
STORMS = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(history: History) -> dict[tuple[int, int], Tally] | None:
    places = [0, *(body.pk for body in history.bodies), history.state.committee.pk]
    found = live_counts(SYSTEM, places, document_ids=[0, *(each.pk for each in history.documents)])
    if found is None:
        return None
    assert found.day == history.day
    return {place: tally for place, tally in found.tallies.items() if tally.total}


@STORMS
@given(seed=st.integers(0, 10**9))
@example(seed=84)  # a decision dated ahead about the deadline of a draft
@example(seed=105)
def test_every_count_is_that_of_a_recount_after_any_storm(db: None, seed: int) -> None:
    with transaction.atomic():
        history = make_history(seed)
        for _ in range(6):
            history.happen(12)
            engine = history.random.choice([None, fold_deltas, fold_deltas, roll_day, rebuild_rollups, "day"])
            if engine == "day":
                history.day += timedelta(days=history.random.choice([1, 1, 2, 9]))
                set_day(history.day)
            elif engine:
                engine(by=SYSTEM)
            found = read(history)
            if found is None:  # heirs answer since midnight: the next bell follows them
                fold_deltas(by=SYSTEM)
                found = read(history)
            assert found == history.recounted()
            assert mismatches() == []
        transaction.set_rollback(True)
