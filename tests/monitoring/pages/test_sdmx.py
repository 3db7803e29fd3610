"""sdmx1 reads back what was written: every state, decimals, negative and large numbers, breakdowns, nothing at all.

sdmx1 2.28 reads SDMX-CSV 2.0.0, SDMX-ML 3.0 structures, and SDMX-JSON in its first shape only (its own tests mark the
reader of version 2 as unfinished); the message of version 2 is held against the first one and the rules of its schema.
"""

import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sdmx
from hypothesis import given
from hypothesis import strategies as st
from sdmx.reader.csv import Reader as CsvReader

from tests.monitoring.pages.contents import ALL_STATES, DEFINITION, contents, row, without
from thucthi.indicators.models import Indicator, IndicatorVersion, Observation
from thucthi.kernel.periods import span_of
from thucthi.kernel.values import STATES_WITH_AMOUNT, ValueState
from thucthi.monitoring.calculations.taking_away.contents import COUNTRY, Contents, Row, harmless, with_breaks
from thucthi.monitoring.calculations.taking_away.sdmx_codes import (
    breakdown_of,
    code_of_breakdown,
    period_of,
    status_of,
    time_of,
)
from thucthi.monitoring.calculations.taking_away.sdmx_csv import sdmx_csv_of
from thucthi.monitoring.calculations.taking_away.sdmx_json import sdmx_json_1_of, sdmx_json_2_of
from thucthi.monitoring.calculations.taking_away.sdmx_structure import structure_of
from thucthi.monitoring.selectors.taking_away import contents_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
Read = tuple[str, str, str, str, str, Decimal | None, str, str, str, str, str]


def told(whole: Contents, text: Any = str) -> set[Read]:
    """What must be read back. `text` is what the format does to free text."""
    return {
        (
            each.period,
            each.area,
            each.kind,
            each.breakdown,
            each.state.value,
            each.amount,
            status_of(each),
            "" if each.numerator is None else f"{each.numerator.normalize():f}",
            "" if each.denominator is None else f"{each.denominator.normalize():f}",
            text(each.source),
            text(each.remark),
        )
        for each in whole.rows
        if each.is_standing
    }


def word(value: Any) -> str:
    return str(getattr(value, "id", value))


def read_back(key: Any, value: Any, attributes: Any) -> Read:
    said = {name: word(each.value) for name, each in attributes.items()}
    return (
        period_of(key["TIME_PERIOD"].value),
        key["REF_AREA"].value,
        key["KIND"].value,
        breakdown_of(key["BREAKDOWN"].value),
        said["VALUE_STATE"],
        None if value in (None, "") else Decimal(str(value)),
        said["OBS_STATUS"],
        *(said.get(name, "") for name in ("NUMERATOR", "DENOMINATOR", "SOURCE", "REMARK")),
    )


def by_json(whole: Contents) -> set[Read]:
    message = sdmx.read_sdmx(io.BytesIO(sdmx_json_1_of(whole)))
    return {read_back(each.key, each.value, each.attached_attribute) for each in message.data[0].obs}


def by_csv(whole: Contents) -> set[Read]:
    structure = sdmx.read_sdmx(io.BytesIO(structure_of(whole)))
    message = CsvReader().convert(io.BytesIO(sdmx_csv_of(whole)), structure=structure.dataflow["INDICATOR_VALUES"])
    observations = message.data[0].obs if message.data else []
    return {read_back(each.dimension, each.value, each.attached_attribute) for each in observations}


def test_sdmx_json_is_read_back_without_loss() -> None:
    whole = contents(*ALL_STATES)
    assert len(told(whole)) == len(ALL_STATES)
    assert by_json(whole) == told(whole)


def test_sdmx_csv_is_read_back_without_loss_but_for_the_apostrophe_before_a_formula() -> None:
    whole = contents(*ALL_STATES)
    assert by_csv(whole) == told(whole, harmless)


def test_an_indicator_without_values_is_read_back_as_nothing() -> None:
    assert by_json(contents()) == by_csv(contents()) == set()


def test_corrected_rows_are_not_in_a_message() -> None:
    whole = contents(row(1, is_standing=False), row(2, corrects=1, amount=Decimal(56)), has_history=True)
    assert by_json(whole) == by_csv(whole) == told(whole)
    assert {each[5] for each in by_json(whole)} == {Decimal(56)}


@pytest.mark.parametrize(
    ("frequency", "period", "time", "code"),
    [
        ("yearly", "2026", "2026", "A"),
        ("half_yearly", "2026-H2", "2026-S2", "S"),
        ("quarterly", "2026-Q4", "2026-Q4", "Q"),
        ("monthly", "2026-11", "2026-11", "M"),
        ("weekly", "2026-W47", "2026-W47", "W"),
    ],
)
def test_periods_of_every_frequency_come_back(frequency: str, period: str, time: str, code: str) -> None:
    whole = contents(row(1, period), definition=replace(DEFINITION, frequency=frequency))
    message = sdmx.read_sdmx(io.BytesIO(sdmx_json_1_of(whole)))
    key = message.data[0].obs[0].key
    assert (key["TIME_PERIOD"].value, key["FREQ"].value) == (time, code)
    assert (time_of(period), period_of(time)) == (time, period)
    assert by_csv(whole) == told(whole)


def statuses(whole: Contents) -> dict[tuple[str, str], str]:
    """By area and period, as read back from both formats."""
    by_both = [{(each[1], each[0]): each[6] for each in read} for read in (by_json(whole), by_csv(whole))]
    assert by_both[0] == by_both[1]
    return by_both[0]


def test_a_break_of_the_series_is_told_by_its_status() -> None:
    """Changed on 15 March: March is the first period not comparable; where March is missing or hidden, it is April."""
    rows = [row(n, f"2026-{n:02d}", state=ValueState.PROVISIONAL if n == 3 else ValueState.NUMBER) for n in range(1, 6)]
    missing = [
        row(10 + n, f"2026-{n:02d}", area="ubnd-an-binh", **(without(ValueState.NOT_REPORTED) if n == 3 else {}))
        for n in range(1, 5)
    ]
    begun_later = [row(20 + n, f"2026-{n:02d}", area="ubnd-hoa") for n in (4, 5)]
    areas = {COUNTRY: ("Cả nước", "Viet Nam"), "ubnd-an-binh": ("An Bình",) * 2, "ubnd-hoa": ("Hòa",) * 2}
    marked = with_breaks([*rows, *missing, *begun_later], [date(2026, 3, 15)])
    whole = contents(*marked, areas=areas)
    assert statuses(whole) == {
        (COUNTRY, "2026-01"): "A", (COUNTRY, "2026-02"): "A", (COUNTRY, "2026-03"): "B",
        (COUNTRY, "2026-04"): "A", (COUNTRY, "2026-05"): "A",
        ("ubnd-an-binh", "2026-01"): "A", ("ubnd-an-binh", "2026-02"): "A", ("ubnd-an-binh", "2026-03"): "O",
        ("ubnd-an-binh", "2026-04"): "B", ("ubnd-hoa", "2026-04"): "A", ("ubnd-hoa", "2026-05"): "A",
    }  # fmt: skip
    assert {each[4] for each in by_json(whole) if each[6] == "B"} == {"provisional", "number"}


def test_a_corrected_row_takes_no_break_from_the_one_that_stands() -> None:
    corrected = row(3, "2026-03", is_standing=False)
    marked = with_breaks([row(1, "2026-02"), corrected, row(4, "2026-03", corrects=3)], [date(2026, 3, 1)])
    assert [each.is_break for each in marked] == [False, False, True]
    assert [each.is_break for each in with_breaks(marked, [])] == [False, False, False]


def test_the_break_is_read_from_the_versions_of_the_sheet(db: None) -> None:
    """A new name breaks nothing, a new method does; a version after the day of reading is not known yet."""
    indicator = Indicator.objects.create(code="gay", name="Gãy", unit="%", direction="rise", kind="ratio")
    sheet = {"name": "Gãy", "method": "A", "unit": "%"}
    for number, since, said in ((1, "2026-01-01", {}), (2, "2026-02-10", {"name": "Gãy hơn"}),
                                (3, "2026-03-10", {"name": "Gãy hơn", "method": "B"}),
                                (4, "2026-12-01", {"name": "Gãy hơn", "method": "C"})):  # fmt: skip
        IndicatorVersion.objects.create(
            indicator=indicator, number=number, since=since, sheet=sheet | said, reason="Đổi" if number > 1 else ""
        )
    for month in (1, 2, 3, 4):
        period = f"2026-{month:02d}"
        Observation.objects.create(
            indicator=indicator, period=period, period_end=span_of(period).end, kind="actual", state="number",
            amount=Decimal(40 + month), source="Mẫu", available_on=span_of(period).end, is_simulated=True,
        )  # fmt: skip
    whole = contents_of(indicator, as_of=date(2026, 6, 1), with_history=False)
    assert [(each.period, each.is_break) for each in whole.rows] == [
        ("2026-01", False), ("2026-02", False), ("2026-03", True), ("2026-04", False),
    ]  # fmt: skip
    assert [each.is_break for each in contents_of(indicator, as_of=date(2026, 3, 5), with_history=False).rows] == [
        False, False,
    ]  # fmt: skip


AMOUNTS = st.decimals(min_value=Decimal("-99999999999999"), max_value=Decimal("99999999999999"), places=6)
SLUGS = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)


def _row(state: ValueState, amount: Decimal) -> Row:
    if state not in STATES_WITH_AMOUNT:
        return row(1, state=state, amount=None, numerator=None, denominator=None)
    if state is ValueState.CONFIRMED_ZERO:
        return row(1, state=state, amount=Decimal(0))
    return row(1, state=state if amount else ValueState.PROVISIONAL, amount=amount)


@given(st.sampled_from(ValueState), AMOUNTS, SLUGS, SLUGS)
def test_any_value_is_read_back_from_both(state: ValueState, amount: Decimal, dimension: str, category: str) -> None:
    breakdown = f"{dimension}:{category}"
    each = replace(_row(state, amount), breakdown=breakdown)
    whole = contents(each, breakdowns={breakdown: ("Phần", "Part")})
    assert by_json(whole) == by_csv(whole) == told(whole)


@given(st.lists(st.tuples(SLUGS, SLUGS), max_size=3))
def test_the_code_of_a_breakdown_leads_back_to_it(parts: list[tuple[str, str]]) -> None:
    breakdown = "|".join(f"{dimension}:{category}" for dimension, category in parts)
    assert re.fullmatch(r"[A-Za-z0-9_@$-]+", code_of_breakdown(breakdown))
    assert breakdown_of(code_of_breakdown(breakdown)) == breakdown


def test_line_ends_in_a_source_do_not_break_the_table() -> None:
    whole = contents(row(1, source="Báo cáo\nsố\u20281"), row(2, "2026-02"))
    assert {each[9] for each in by_csv(whole)} == {"Báo cáo số 1", "Cổng dịch vụ công"}


def test_the_structure_names_every_code_that_occurs() -> None:
    message = sdmx.read_sdmx(io.BytesIO(structure_of(contents(*ALL_STATES))))
    lists = {code: sorted(each.items) for code, each in message.codelist.items()}
    assert lists == {
        "CL_FREQ": ["A", "M", "Q", "S", "W"],
        "CL_INDICATOR": ["ho-so-truc-tuyen"],
        "CL_AREA": ["VN", "ubnd-an-binh"],
        "CL_KIND": ["actual", "declared", "estimate", "sample"],
        "CL_BREAKDOWN": ["_T", "gioi@nu$tuoi@0-4"],
        "CL_OBS_STATUS": ["A", "B", "M", "O", "P", "Q"],
        "CL_VALUE_STATE": [
            "confidential", "confirmed_zero", "not_applicable", "not_reported", "number", "provisional",
        ],
        "CL_YES_NO": ["N", "Y"],
    }  # fmt: skip
    assert [each.id for each in message.structure["INDICATOR_VALUES"].dimensions] == [
        "FREQ", "INDICATOR", "REF_AREA", "KIND", "BREAKDOWN", "TIME_PERIOD",
    ]  # fmt: skip


def faults_of_version_2(message: dict[str, Any]) -> list[str]:
    """The rules of the schema of SDMX-JSON 2.0.0 that this message can break."""
    faults = [f"meta lacks {name}" for name in ("id", "prepared", "sender") if name not in message["meta"]]
    for structure in message["data"]["structures"]:
        dimensions = [each for level in structure["dimensions"].values() for each in level]
        attributes = [each for level in structure["attributes"].values() for each in level]
        faults += [f"{each['id']} has no place" for each in dimensions if "keyPosition" not in each]
        faults += [f"{each['id']} has no relationship" for each in attributes if "relationship" not in each]
        for each in [*dimensions, *attributes]:
            shapes = [({"id", "name"} <= set(value)) != ("value" in value) for value in each["values"]]
            faults += [] if shapes and all(shapes) else [f"values of {each['id']}"]
            codes = [value["id"] for value in each["values"] if "id" in value]
            faults += [code for code in codes if not re.fullmatch(r"[A-Za-z0-9_@$-]+", code)]
    for data_set in message["data"]["dataSets"]:
        faults += [] if data_set.get("links") else ["a data set has no links"]
        faults += [key for key in data_set["series"] if not re.fullmatch(r"[0-9]+(:[0-9]+)*", key)]
    return faults


@pytest.mark.parametrize("rows", [ALL_STATES, ()])
def test_the_message_of_version_2_keeps_the_rules_of_its_schema(rows: tuple[Row, ...]) -> None:
    assert faults_of_version_2(json.loads(sdmx_json_2_of(contents(*rows)))) == []


def test_both_versions_of_the_message_say_the_same() -> None:
    first, second = (json.loads(write(contents(*ALL_STATES))) for write in (sdmx_json_1_of, sdmx_json_2_of))
    assert second["data"]["dataSets"][0]["series"] == first["dataSets"][0]["series"]
    structure = second["data"]["structures"][0]
    for level in ("series", "observation"):
        assert structure["dimensions"][level] == first["structure"]["dimensions"][level]
    places = [
        [
            [value.get("id") or value.get("value") or value.get("name") for value in each["values"]]
            for each in attributes
        ]
        for attributes in (first["structure"]["attributes"]["observation"], structure["attributes"]["observation"])
    ]
    assert places[0] == places[1]
