"""The statement of the database gives, field by field, what the pure rules give."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.monitoring.figures.worlds import PERIODS, World, by_pure_rules, store, worlds
from thucthi.monitoring.calculations.figures.shapes import COUNTRY
from thucthi.monitoring.selectors.figures import engine
from thucthi.monitoring.selectors.figures.engine import Reading, unsuppressed
from thucthi.monitoring.selectors.figures.rules import period_of, plans_of

pytestmark = pytest.mark.django_db
FIXTURES_MAY_STAY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=80, deadline=None, suppress_health_check=FIXTURES_MAY_STAY)
@given(world=worlds(), most_by_line=st.sampled_from((0, 400)))
def test_the_statement_equals_the_pure_rules(
    db: None, monkeypatch: pytest.MonkeyPatch, world: World, most_by_line: int
) -> None:
    monkeypatch.setattr(engine, "MOST_UNITS_BY_LINE", most_by_line)
    with transaction.atomic():
        stored = store(world)
        plan = plans_of([stored.indicator.pk], "actual")[stored.indicator.pk]
        terms = [(plan, period_of(period)) for period in PERIODS]
        found = {(row.period, row.unit_id): row for row in unsuppressed(Reading(world.as_of), terms)}
        expected = {
            (period, unit): figure for period in PERIODS for unit, figure in by_pure_rules(stored, period).items()
        }
        assert found == expected
        some = [COUNTRY, *stored.units[::2]]
        chosen = {(row.period, row.unit_id): row for row in unsuppressed(Reading(world.as_of), terms, units=some)}
        assert chosen == {key: figure for key, figure in expected.items() if key[1] in some}
        transaction.set_rollback(True)
