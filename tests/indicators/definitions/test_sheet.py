"""The catalogue of the sheet."""

from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.indicators.calculations.sheet import (
    ASKED_FIRST,
    CATALOGUE,
    KEYS,
    Difference,
    Held,
    declared_same,
    differences,
    filled,
    groups_written,
    unknown_fields,
)
from thucthi.indicators.models import Indicator

SHEETS = st.dictionaries(st.sampled_from(["name", "unit", "rubric"]), st.text(max_size=5))


def test_the_catalogue_has_about_forty_fields_each_once_with_two_names() -> None:
    keys = [field.key for field in CATALOGUE]
    assert len(keys) == len(set(keys)) == 47
    assert all(field.name and field.name_en for field in CATALOGUE)
    assert {key for _group, fields in groups_written() for key in (field.key for field in fields)} == KEYS


def test_ten_fields_are_asked_first_and_all_columns_exist() -> None:
    columns = {field.name for field in Indicator._meta.concrete_fields}
    assert len(ASKED_FIRST) == 10
    assert set(ASKED_FIRST) <= columns
    assert {field.column for field in CATALOGUE if field.held is Held.COLUMN} <= columns


def test_only_filled_fields_are_given_out_in_the_order_of_the_catalogue() -> None:
    given_out = filled(
        {"name": "Phủ sóng 5G", "unit": "%", "method": " "},
        {"indicator_number": "5g"},
        {"RATIONALE": "Hạ tầng", "nonsense": "x"},
    )
    assert list(given_out) == ["indicator_number", "indicator_name", "UNIT_MEASURE", "RATIONALE", "reporting_status"]
    assert given_out["reporting_status"] == "notstarted"


def test_unknown_fields_are_named_and_declared_sameness_is_read() -> None:
    assert unknown_fields({"RATIONALE": "", "same_as": "", "nonsense": ""}) == ["nonsense"]
    assert declared_same({"same_as": "nq57-tfp, nq68_tfp;  x"}) == {"nq57-tfp", "nq68_tfp", "x"}
    assert declared_same({}) == frozenset()


def test_versions_differ_field_by_field() -> None:
    old = {"name": "A", "rubric": [], "metadata": {"RATIONALE": "x", "same_as": "b"}, "delay_days": 30}
    new = {"name": "B", "rubric": ["thấp", "cao"], "metadata": {"RATIONALE": "y", "same_as": "b"}, "delay_days": 30}
    assert differences(old, new) == [
        Difference("name", "A", "B"),
        Difference("rubric", "", "thấp; cao"),
        Difference("RATIONALE", "x", "y"),
    ]


@settings(deadline=None)
@given(SHEETS, SHEETS)
def test_differences_are_the_same_seen_from_either_side(one: dict[str, str], other: dict[str, str]) -> None:
    there = {(found.field, found.old, found.new) for found in differences(one, other)}
    assert there == {(found.field, found.new, found.old) for found in differences(other, one)}
    assert differences(one, one) == []
