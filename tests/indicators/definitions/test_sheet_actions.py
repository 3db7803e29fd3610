"""Sheets are defined and revised with a reason; earlier ones stay readable; a refusal moves nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.kept_states import Kept
from tests.programmes.world import World, make_world
from thucthi.indicators.actions.definitions import NewIndicator, NewRule, define_indicators, set_rollup_rules
from thucthi.indicators.actions.observations import record_observations
from thucthi.indicators.actions.sheets import (
    NewDimension,
    define_indicator,
    revise_indicator,
    set_core_indicators,
    set_dimensions,
)
from thucthi.indicators.calculations.sheet import Difference, differences
from thucthi.indicators.models import CoreIndicator, Dimension, Indicator, IndicatorVersion, RollupRule
from thucthi.indicators.selectors.sheets import metadata_of
from thucthi.indicators.selectors.stated import NewObservation
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry

SPEC = NewIndicator("5g", "Phủ sóng 5G", "rise", unit="%", kind="ratio", metadata={"RATIONALE": " Hạ tầng số "})
SEX = NewDimension("gioi", "Giới tính", {"nam": ("Nam", "Men"), "nu": ("Nữ", "Women")}, "Sex")


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def indicator(world: World) -> Indicator:
    return define_indicator(by=world.steering, spec=SPEC)


def counts() -> tuple[int, ...]:
    rows = (Indicator, IndicatorVersion, RollupRule, Dimension, CoreIndicator, Entry)
    return tuple(model.objects.count() for model in rows)


def test_a_sheet_begins_with_its_first_version(world: World, indicator: Indicator) -> None:
    version = indicator.versions.get()
    assert (version.number, version.reason, version.sheet["name"]) == (1, "", "Phủ sóng 5G")
    assert indicator.metadata == {"RATIONALE": "Hạ tầng số"}
    assert Entry.objects.get(event="indicator.defined").content["code"] == "5g"


def test_faults_of_a_sheet_are_named_by_field_and_nothing_moves(world: World, indicator: Indicator) -> None:
    before = counts()
    faulty = NewIndicator(
        "5g",
        "",
        "up",
        unit="x" * 61,
        kind="qualitative",
        delay_days=-1,
        metadata={"nonsense": "x", "same_as": "5g, khong-co"},
        low_limit=Decimal(2),
        high_limit=Decimal(1),
    )
    with pytest.raises(Refused) as refusal:
        define_indicator(by=world.steering, spec=faulty)
    assert [fault.field for fault in refusal.value.faults] == [
        "name", "direction", "delay_days", "rubric", "high_limit", "metadata", "unit", "same_as", "same_as", "code",
    ]  # fmt: skip
    with pytest.raises(Forbidden):
        define_indicator(by=world.editor, spec=replace(SPEC, code="khac"))
    assert counts() == before


def test_a_revision_keeps_the_sheet_before_it(world: World, indicator: Indicator) -> None:
    revised = revise_indicator(
        indicator,
        by=world.steering,
        changes=replace(SPEC, definition="Dân số trong vùng phủ", source_owner=world.state.finance),
        reason="Làm rõ mẫu số",
        version=1,
    )
    assert (revised.version, revised.definition) == (2, "Dân số trong vùng phủ")
    first, second = indicator.versions.order_by("number")
    assert differences(first.sheet, second.sheet) == [
        Difference("definition", "", "Dân số trong vùng phủ"),
        Difference("source_owner", "", "bo-tai-chinh"),
    ]
    assert (second.reason, second.by_id) == ("Làm rõ mẫu số", world.steering.account_id)
    assert Entry.objects.filter(event="indicator.revised").count() == 1


def test_a_revision_on_an_older_version_is_stale_and_moves_nothing(world: World, indicator: Indicator) -> None:
    revise_indicator(indicator, by=world.steering, changes=replace(SPEC, unit="% dân số"), reason="Rõ hơn", version=1)
    before = counts()
    with pytest.raises(Stale) as stale:
        revise_indicator(indicator, by=world.steering, changes=SPEC, reason="Cũ", version=1)
    assert stale.value.current.unit == "% dân số"
    assert counts() == before
    assert Indicator.objects.get().unit == "% dân số"


def test_a_revision_needs_a_reason_and_a_difference_and_keeps_the_code(world: World, indicator: Indicator) -> None:
    before = counts()
    with pytest.raises(Refused) as refusal:
        revise_indicator(indicator, by=world.steering, changes=SPEC, reason=" ", version=1)
    assert [fault.field for fault in refusal.value.faults] == ["reason", ""]
    changes = replace(SPEC, code="6g", name="Phủ sóng 6G")
    with pytest.raises(Refused) as refusal:
        revise_indicator(indicator, by=world.steering, changes=changes, reason="x" * 501, version=1)
    assert [fault.field for fault in refusal.value.faults] == ["code", "reason"]
    with pytest.raises(Forbidden):
        revise_indicator(indicator, by=world.editor, changes=replace(SPEC, unit="‰"), reason="Khác", version=1)
    assert counts() == before


def test_a_kind_that_forbids_the_standing_rule_is_refused(world: World) -> None:
    flow = NewIndicator("luong", "Lượng", "rise", kind="flow")
    indicator = define_indicator(by=world.steering, spec=flow)
    set_rollup_rules(
        by=world.steering, indicators=[indicator], rules=[NewRule(indicator, "country", "children", "sum")]
    )
    before = counts()
    with pytest.raises(Refused) as refusal:
        revise_indicator(indicator, by=world.steering, changes=replace(flow, kind="ratio"), reason="Khác", version=1)
    assert [fault.field for fault in refusal.value.faults] == ["kind"]
    assert counts() == before


def test_two_rules_for_one_kind_of_unit_are_refused(world: World, indicator: Indicator) -> None:
    before = counts()
    rules = [NewRule(indicator, "country", "source"), NewRule(indicator, "country", "own")]
    with pytest.raises(Refused) as refusal:
        set_rollup_rules(by=world.steering, indicators=[indicator], rules=rules)
    assert [fault.field for fault in refusal.value.faults] == ["5g"]
    weighed = NewRule(indicator, "country", "children", "weighted_mean", weight=indicator)
    with pytest.raises(Refused):
        set_rollup_rules(by=world.steering, indicators=[indicator], rules=[weighed])
    assert counts() == before


def test_breakdowns_are_replaced_but_parts_with_values_stay(world: World, indicator: Indicator) -> None:
    set_dimensions(indicator, by=world.steering, dimensions=[SEX])
    row = NewObservation(
        indicator, "2026-Q1", date(2026, 3, 31), "number", "Nguồn", date(2026, 4, 10), Decimal(40), breakdown="gioi:nu"
    )
    record_observations(by=world.steering, rows=[row])
    before = counts()
    with pytest.raises(Refused) as refusal:
        set_dimensions(indicator, by=world.steering, dimensions=[])
    assert [fault.field for fault in refusal.value.faults] == ["gioi"]
    assert counts() == before
    wider = replace(SEX, categories={**SEX.categories, "khac": ("Khác", "Other")})
    assert set_dimensions(indicator, by=world.steering, dimensions=[wider])[0].categories["khac"] == ["Khác", "Other"]


def test_a_breakdown_needs_a_code_a_name_and_two_named_parts(world: World, indicator: Indicator) -> None:
    before = counts()
    faulty = [NewDimension("vùng", " ", {"a": (" ", "")}), SEX, SEX]
    with pytest.raises(Refused) as refusal:
        set_dimensions(indicator, by=world.steering, dimensions=faulty)
    assert [fault.field for fault in refusal.value.faults] == ["gioi", "vùng", "vùng", "vùng", "vùng"]
    with pytest.raises(Forbidden):
        set_dimensions(indicator, by=world.editor, dimensions=[SEX])
    assert counts() == before


def test_core_indicators_are_few_and_in_order(world: World) -> None:
    specs = [replace(SPEC, code=f"c{n}") for n in range(13)]
    made = define_indicators(by=world.steering, specs=specs)
    set_core_indicators(world.document, by=world.steering, indicators=made[:2])
    set_core_indicators(world.document, by=world.steering, indicators=[made[2], made[0]])
    chosen = world.document.core_indicators.order_by("position").values_list("indicator__code", "position")
    assert list(chosen) == [("c2", 1), ("c0", 2)]
    assert Entry.objects.filter(event="core_indicators.set").latest("pk").content["old"] == ["c0", "c1"]
    before = counts()
    for refused in (made, [made[0], made[0]]):
        with pytest.raises(Refused):
            set_core_indicators(world.document, by=world.steering, indicators=refused)
    with pytest.raises(Forbidden):
        set_core_indicators(world.document, by=world.editor, indicators=[])
    assert counts() == before


def test_metadata_is_given_out_by_open_sdg_key(world: World, indicator: Indicator) -> None:
    set_dimensions(indicator, by=world.steering, dimensions=[SEX])
    given_out = metadata_of(indicator)
    assert given_out["indicator_number"] == "5g"
    assert given_out["indicator_name"] == "Phủ sóng 5G"
    assert given_out["COVERAGE"] == "Giới tính: Nam, Nữ"
    assert given_out["RATIONALE"] == "Hạ tầng số"
    assert given_out["reporting_status"] == "notstarted"
    assert metadata_of(indicator, language="en")["COVERAGE"] == "Sex: Men, Women"
