"""The rules by which the builder of Open SDG (sdg-build) takes in a table and a page of fields.

The builder is not in our package index. The checks here follow its sources: `check_csv.py` (first column Year, last
Value, Value numeric, no white space around headings and texts, no empty line), `InputCsvData` (the table is read by
pandas, its name is the indicator's), `InputYamlMdMeta` (fields in YAML between lines of dashes), and
`SchemaInputOpenSdg` (reporting_status required; data_non_statistical when complete; graph_title and graph_type when
something is drawn). Not tried: a whole site built by it.
"""

import io
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
import yaml

from tests.monitoring.pages.contents import ALL_STATES, DEFINITION, contents, row
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.taking_away.contents import Contents
from thucthi.monitoring.calculations.taking_away.open_sdg import data_of, metadata_of

STATUSES = {"notstarted", "inprogress", "complete", "notapplicable"}


def table(whole: Contents) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data_of(whole)))


def faults_of_table(frame: pd.DataFrame) -> list[str]:
    faults = [] if frame.columns[0] == "Year" else ["first column"]
    faults += [] if frame.columns[-1] == "Value" else ["last column"]
    faults += [] if frame.columns[-2] == "GeoCode" else ["column of codes"]
    faults += [name for name in frame.columns if name != name.strip()]
    faults += [] if frame["Value"].dtype in ("float64", "int64") else ["values are not numbers"]
    texts = frame.select_dtypes(exclude="number")
    faults += [name for name in texts if any(str(text) != str(text).strip() for text in texts[name].dropna())]
    return faults + (["empty line"] if frame.isnull().all(axis=1).any() else [])


def fields(data: bytes) -> dict[str, object]:
    opening, text, rest = data.decode().split("---\n")
    assert (opening, rest) == ("", "")
    return yaml.safe_load(text)


def faults_of_fields(found: dict[str, object]) -> list[str]:
    faults = [] if found.get("reporting_status") in STATUSES else ["reporting_status"]
    if found["reporting_status"] == "complete":
        faults += [] if isinstance(found.get("data_non_statistical"), bool) else ["data_non_statistical"]
        if found["data_non_statistical"] is False:
            faults += [name for name in ("graph_title", "graph_type") if not found.get(name)]
    faults += [] if found["graph_type"] in {"line", "bar"} else ["graph_type"]
    return faults + [name for name, value in found.items() if not isinstance(value, str | int | float | bool)]


def test_a_yearly_table_has_these_bytes() -> None:
    yearly = replace(DEFINITION, frequency="yearly")
    rows = (row(1, "2025"), row(2, "2025", area="ubnd-an-binh", amount=Decimal("40")))
    assert data_of(contents(*rows, definition=yearly)).decode() == (
        "Year,Units,Period,Observation status,Area,GeoCode,Value\n"
        "2025,%,,A,,,55.5\n"
        "2025,%,,A,UBND tỉnh An Bình,ubnd-an-binh,40\n"
    )


def test_the_table_keeps_the_rules_of_the_builder() -> None:
    assert faults_of_table(table(contents(*ALL_STATES))) == []


def test_only_official_values_that_are_numbers_have_a_line() -> None:
    found = table(contents(*ALL_STATES))
    assert sorted(zip(found["Period"], found["Observation status"], found["Value"], strict=True)) == [
        (1, "A", 55.5), (2, "A", 0.0), (3, "P", -12.345678), (7, "A", 99999999999999.999999),
    ]  # fmt: skip


def test_a_breakdown_is_a_column_of_its_dimension() -> None:
    found = table(contents(row(1), row(2, breakdown="gioi:nu|tuoi:0-4")))
    assert list(found.columns) == [
        "Year",
        "Units",
        "Period",
        "Observation status",
        "gioi",
        "tuoi",
        "Area",
        "GeoCode",
        "Value",
    ]
    assert found["gioi"].tolist()[1] == "nu"


def headline(frame: pd.DataFrame) -> list[tuple[int, float]]:
    """The lines the builder draws first: blank in every column that breaks down, by its usual settings."""
    plain = ["Year", "Units", "Series", "Value", "GeoCode", "Observation status", "Unit multiplier", "Unit measure"]
    breaking = frame.drop(columns=[name for name in plain if name in frame.columns])
    drawn = frame[breaking.isnull().all(axis=1)]
    return list(zip(drawn["Year"], drawn["Value"], strict=True))


def test_the_headline_is_the_country_by_year() -> None:
    rows = [
        *months(*range(1, 13)).rows,
        row(20, "2025-12", area="ubnd-an-binh"),
        row(21, "2025-12", breakdown="gioi:nu"),
    ]
    assert headline(table(contents(*rows))) == [(2025, 12)]


def months(*amounts: int, state: ValueState = ValueState.NUMBER) -> Contents:
    rows = [row(n, f"2025-{n:02d}", amount=Decimal(amount), state=state) for n, amount in enumerate(amounts, start=1)]
    return contents(*rows)


def year_lines(whole: Contents) -> list[tuple[str, float]]:
    found = table(whole)
    year = found[found["Period"].isna()]
    return list(zip(year["Observation status"], year["Value"], strict=True))


def test_a_year_of_a_ratio_is_what_stood_at_its_end() -> None:
    assert year_lines(months(*range(1, 13))) == [("A", 12)]
    assert year_lines(months(*range(1, 12))) == []


def test_a_year_of_a_flow_is_the_sum_of_all_its_parts_or_is_not_said() -> None:
    flow = replace(DEFINITION, kind="flow")
    assert year_lines(replace(months(*range(1, 13)), definition=flow)) == [("A", 78)]
    assert year_lines(replace(months(*range(1, 12)), definition=flow)) == []
    assert year_lines(replace(months(*range(1, 13), state=ValueState.PROVISIONAL), definition=flow)) == [("P", 78)]


def test_january_alone_does_not_stand_for_its_year() -> None:
    assert year_lines(months(5)) == []


@pytest.mark.parametrize("week", ["2026-W53", "2025-W52"])
def test_the_last_week_closes_its_year(week: str) -> None:
    weekly = replace(DEFINITION, frequency="weekly")
    assert year_lines(contents(row(1, week), definition=weekly)) == [("A", 55.5)]


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("rows", [ALL_STATES, ()])
def test_the_fields_keep_the_rules_of_the_builder(rows: tuple, english: bool) -> None:
    assert faults_of_fields(fields(metadata_of(contents(*rows), english=english))) == []


def test_an_indicator_with_values_is_complete_and_one_without_is_not_started() -> None:
    assert fields(metadata_of(contents(*ALL_STATES)))["reporting_status"] == "complete"
    assert fields(metadata_of(contents()))["reporting_status"] == "notstarted"


def test_the_english_fields_have_the_english_name() -> None:
    found = fields(metadata_of(contents(row(1)), english=True))
    assert (found["indicator_name"], found["national_geographical_coverage"]) == (
        "Share of files handled online",
        "Viet Nam",
    )


def test_a_text_with_yaml_in_it_stays_a_text() -> None:
    nasty = replace(DEFINITION, method='a: b\n---\n- "c" # d')
    data = metadata_of(contents(row(1), definition=nasty)).decode()
    assert yaml.safe_load(data.removeprefix("---\n").removesuffix("---\n"))["computation_calculations"] == nasty.method
