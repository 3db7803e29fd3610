"""The overview of quality, counted in SQL, is what the rows of each indicator give."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.indicators.quality.world import World, make_world
from tests.kept_states import Kept
from tests.people import _organisation
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Level, Organisation
from thucthi.indicators.actions.definitions import NewRule, set_rollup_rules
from thucthi.indicators.calculations.quality import Freshness, rates
from thucthi.indicators.models import Indicator, Observation
from thucthi.indicators.selectors.owed import owed_rows
from thucthi.indicators.selectors.quality import HISTORY_MONTHS, RATE_MONTHS, freshness_of, quality_overview
from thucthi.indicators.selectors.quality_counts import counted_late, counting
from thucthi.kernel.periods import Frequency, span_containing, spans_between

FREQUENCIES = ["monthly", "quarterly", "yearly"]
DAYS = [date(2026, 2, 1), date(2026, 4, 20), date(2026, 11, 20)]


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def any_country(world: World, seed: int) -> list[Indicator]:
    """Indicators of three frequencies owed by provinces, communes or the country; bodies that began and ended."""
    chance = random.Random(seed)  # noqa: S311 - reproducible worlds, not secrets
    for number in range(6):
        body = _organisation(f"xa-{number}", f"Xã {number}", world.state.province, level=Level.COMMUNE, kind="commune")
        body.valid_from = chance.choice([None, date(2025, 1, 1), date(2026, 1, 15), date(2026, 10, 3)])
        body.valid_to = chance.choice([None, None, None, date(2026, 11, 10)])
        body.save(update_fields=["valid_from", "valid_to"])
    made = []
    for number, frequency in enumerate(FREQUENCIES):
        indicator = Indicator.objects.create(
            code=f"ct-{number}", name="Mẫu", unit="%", direction="rise", kind="stock", frequency=frequency,
            delay_days=chance.choice([0, 15, 60]), tree_from=chance.choice([None, date(2026, 7, 1)]),
        )  # fmt: skip
        rules = [NewRule(indicator, "commune", "own"), NewRule(indicator, "province", "both", "sum")]
        rules += [NewRule(indicator, "country", "source")] if chance.random() < 0.7 else []
        set_rollup_rules(by=SYSTEM, indicators=[indicator], rules=rules)
        made.append(indicator)
        units: list[Organisation | None] = [None, *Organisation.objects.filter(kind__in=["commune", "province"])]
        for unit in units:
            any_series(chance, indicator, unit)
    return made


def any_series(chance: random.Random, indicator: Indicator, unit: Organisation | None) -> None:
    frequency = Frequency(indicator.frequency)
    first, last = (span_containing(day, frequency) for day in (date(2024, 1, 1), date(2026, 10, 31)))
    share = chance.choice([0, 0.2, 0.9])
    for span in spans_between(first, last):
        if chance.random() >= share:
            continue
        row, on = None, span.end + timedelta(days=chance.randrange(1, 80))
        for _step in range(chance.choice([1, 1, 2, 3])):
            state = chance.choice(["number", "number", "number", "not_reported", "not_applicable", "confidential"])
            row = Observation.objects.create(
                indicator=indicator, organisation=unit, period=span.key, period_end=span.end, kind="actual",
                state=state, amount=Decimal(7) if state == "number" else None, source="Mẫu", available_on=on,
                corrects=row, is_simulated=True,
            )  # fmt: skip
            on += timedelta(days=20)


@pytest.mark.parametrize("seed", range(5))
def test_the_overview_is_what_the_rows_give(world: World, seed: int) -> None:
    indicators = any_country(world, seed)
    for as_of in DAYS:
        for within in (None, world.state.province):
            rows = owed_rows(indicators, as_of, months=RATE_MONTHS, within=within)
            expected = []
            for one in indicators:
                fresh = freshness_of([one], as_of, within=within)[one.pk]
                late = sum(row.staleness.state is Freshness.LATE for row in fresh)
                shares = rates((row.as_value for row in rows[one.pk]), as_of)
                expected.append((one.code, shares, late, len(fresh)))
            found = quality_overview(indicators, as_of, within)
            assert [(row.indicator.code, row.rates, row.late, row.series) for row in found] == expected


def test_planted_an_answer_makes_a_series_timely(world: World) -> None:
    asked = counting([world.whole], date(2026, 11, 20), None)
    assert counted_late(asked, HISTORY_MONTHS) == {world.whole.pk: (2, 2)}
    world.value("2026-10")
    assert counted_late(asked, HISTORY_MONTHS) == {world.whole.pk: (1, 2)}
