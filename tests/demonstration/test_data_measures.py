"""The files behind the simulated values: each sheet is whole, and every code means something."""

import csv
from pathlib import Path

from thucthi.demonstration import reading
from thucthi.demonstration.loading_values import measure_of

DATA = Path(reading.__file__).with_name("data")


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


SHEETS, PROVINCES, TRAITS, UNIT_TARGETS = (
    read(name) for name in ("measures.csv", "provinces.csv", "traits.csv", "unit_targets.csv")
)
BODIES = {row["code"] for row in read("organisations.csv")}
TARGETS = {row["code"]: row for row in read("targets.csv")}
WRITTEN = ("definition", "method", "limits", "contact", "low_limit", "high_limit", "delay_days", "operator", "origin")


def test_every_sheet_is_filled_in_and_measured_by_another_than_its_owner() -> None:
    for row in SHEETS:
        assert [column for column in WRITTEN if not row[column]] == [], row["code"]
        assert {row["owner"], row["source_owner"]} <= BODIES, row["code"]
        assert row["owner"] != row["source_owner"], row["code"]
        assert float(row["low_limit"]) < float(row["high_limit"]), row["code"]
        assert measure_of(row).code == row["code"]


def test_every_measure_but_the_population_belongs_to_a_target() -> None:
    assert {row["code"] for row in SHEETS} - set(TARGETS) == {"dan-so-tinh"}
    named = [row["code"] for row in SHEETS if row["name_vi"] and row["name_en"] and row["direction"]]
    assert named == ["dan-so-tinh"]


def test_no_rank_is_measured_by_province() -> None:
    assert {TARGETS[row["code"]]["unit_vi"] for row in SHEETS if row["code"] in TARGETS}.isdisjoint({"hạng"})


def test_every_way_of_adding_up_and_every_kind_but_rank_occurs() -> None:
    assert {row["operator"] for row in SHEETS} == {
        "sum", "weighted_mean", "ratio_of_sums", "min", "max", "latest", "count_meeting_floor", "none",
    }  # fmt: skip
    assert {row["origin"] for row in SHEETS} == {"children", "source"}
    assert {row["kind"] for row in SHEETS} == {"stock", "flow", "cumulative", "ratio", "index", "qualitative"}
    assert {row["path"] for row in SHEETS} == {"straight", "stepped", "growth", "custom"}


def test_a_mean_is_weighed_and_only_a_count_has_a_floor() -> None:
    for row in SHEETS:
        assert bool(row["is_weighted"]) == (row["operator"] == "weighted_mean"), row["code"]
        assert bool(row["floor"]) == (row["operator"] == "count_meeting_floor"), row["code"]
        assert (row["kind"] == "ratio") == (float(row["per_thousand"]) > 0), row["code"]


def test_there_are_34_provinces_of_which_21_lie_by_the_sea() -> None:
    assert len({row["code"] for row in PROVINCES}) == len(PROVINCES) == 34
    assert {row["code"] for row in PROVINCES} <= BODIES
    assert sum(row["is_coastal"] == "1" for row in PROVINCES) == 21


def test_traits_name_known_indicators_provinces_and_months() -> None:
    codes = {row["code"] for row in SHEETS} | {"*"}
    assert {row["indicator_code"] for row in TRAITS} <= codes
    assert {row["unit_code"] for row in TRAITS} <= {row["code"] for row in PROVINCES}
    assert all("2023-11" <= row["first"] <= row["last"] <= "2026-10" for row in TRAITS)
    assert {row["trait"] for row in TRAITS} == {
        "silent", "sent_late", "confidential", "heaped", "smooth", "full", "quarter_end", "slip", "above",
        "raised_late",
    }  # fmt: skip


def test_targets_of_provinces_reach_the_country_or_not() -> None:
    def added(code: str) -> float:
        return sum(float(row["low"]) for row in UNIT_TARGETS if row["indicator_code"] == code)

    assert round(added("nq68-so-dn-2030"), 4) == 1.8464 < float(TARGETS["nq68-so-dn-2030"]["low"])
    assert added("nq68-giam-doc") == 10450 > float(TARGETS["nq68-giam-doc"]["low"])
    below = [
        row["organisation_code"] for row in UNIT_TARGETS if row["code"].endswith("thpt") and float(row["low"]) < 60
    ]
    assert below == ["UBND-11", "UBND-12"]
    assert sum(row["indicator_code"] == "nq72-tram-y-te" for row in UNIT_TARGETS) == 27
