"""A list of the country's figures asks little and never shows another figure than the engine does."""

from datetime import date
from decimal import Decimal

import pytest

from tests.programmes.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.indicators.actions import NewIndicator, NewRule, define_indicators, deliver_observations, set_rollup_rules
from thucthi.indicators.models import DeliveryKind, Indicator
from thucthi.indicators.selectors.stated import NewObservation
from thucthi.monitoring.selectors.figures import country_figures, figures

PERIOD, END, AS_OF = "2026-10", date(2026, 10, 31), date(2026, 11, 20)
ORIGINS = {
    "cong-bo": ("source", "sum"),
    "mat": ("source", "sum"),
    "cong": ("children", "sum"),
    "max": ("children", "max"),
}


@pytest.fixture
def indicators(db: None) -> dict[str, Indicator]:
    world: World = make_world()
    specs = [NewIndicator(code, code, "rise", kind="flow", frequency="monthly") for code in ORIGINS]
    made = {row.code: row for row in define_indicators(by=SYSTEM, specs=specs)}
    rules = [NewRule(made[code], "country", *origin) for code, origin in ORIGINS.items()]
    rules += [NewRule(row, "province", "own") for row in made.values()]
    set_rollup_rules(by=SYSTEM, indicators=list(made.values()), rules=rules)
    rows = []
    for code, row in made.items():
        for body, amount in ((None, 300), (world.state.province, 100), (world.state.elsewhere, 200)):
            is_secret = code == "mat" and body == world.state.elsewhere
            said = ("confidential", None) if is_secret else ("number", Decimal(amount))
            rows.append(NewObservation(row, PERIOD, END, said[0], "Nguồn", END, said[1], organisation=body))
    deliver_observations(by=SYSTEM, kind=DeliveryKind.FORM, rows=rows)
    return made


@pytest.mark.parametrize("most_shapes", [0, 1, 2, 9])
def test_what_is_listed_is_what_the_engine_shows(indicators: dict[str, Indicator], most_shapes: int) -> None:
    ids = [row.pk for row in indicators.values()]
    listed, left_out = country_figures(ids, [PERIOD], as_of=AS_OF, most_shapes=most_shapes)
    whole = {row.indicator_id: row for row in figures(ids, [PERIOD], as_of=AS_OF, units=[0])}
    assert {row.indicator_id for row in listed} | left_out == set(ids)
    assert not {row.indicator_id for row in listed} & left_out
    for row in listed:
        same = whole[row.indicator_id]
        assert (row.amount, row.state, row.is_suppressed) == (same.amount, same.state, same.is_suppressed)
    assert indicators["mat"].pk in left_out
    assert indicators["cong-bo"].pk not in left_out
