"""SDMX-JSON: the message of version 2.0.0, and the earlier shape (1.0) that more programs read.

Both carry the same series, observations and codes; only the frame differs.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from thucthi.monitoring.calculations.taking_away.contents import Contents
from thucthi.monitoring.calculations.taking_away.sdmx_codes import (
    AGENCY,
    ATTRIBUTES,
    DIMENSIONS,
    MEASURE,
    STRUCTURE,
    TIME,
    VERSION,
    Component,
    Names,
    attributes_of,
    codelists,
    key_of,
    number_in_json,
    standing_rows,
    time_of,
)

SCHEMA = "https://json.sdmx.org/2.0.0/sdmx-json-data-schema.json"
URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{STRUCTURE}({VERSION})"


def sdmx_json_2_of(contents: Contents) -> bytes:
    """The message of version 2.0.0 (SDMX 3.0)."""
    series, structure = _shaped(contents, uncoded="value")
    links = [{"rel": "dataflow", "urn": URN}]
    named = {"name": contents.definition.name, "names": _names(contents)}
    structures = [{"dataSets": [0], "links": links, **named, **structure}]
    structures[0]["measures"] = {"observation": [{"id": MEASURE, "name": "Giá trị"}]}
    data_sets = [{"structure": 0, "action": "Information", "links": links, "series": series}]
    meta = {"schema": SCHEMA, **_header(contents), "contentLanguages": ["vi", "en"]}
    return _written({"meta": meta, "data": {"structures": structures, "dataSets": data_sets}})


def sdmx_json_1_of(contents: Contents) -> bytes:
    """The shape of SDMX-JSON 1.0 in which header, structure and data sets stand side by side."""
    series, structure = _shaped(contents, uncoded="name")
    structure["name"] = contents.definition.name
    data_sets = [{"action": "Information", "series": series}]
    return _written({"header": _header(contents), "structure": structure, "dataSets": data_sets})


def _written(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _names(contents: Contents) -> dict[str, str]:
    return {"vi": contents.definition.name, "en": contents.definition.name_en or contents.definition.name}


def _header(contents: Contents) -> dict[str, Any]:
    day = contents.as_of.isoformat()
    return {
        "id": f"{contents.definition.code}-{day}",
        "test": contents.is_simulated,
        "prepared": f"{day}T00:00:00+07:00",
        "sender": {"id": AGENCY, "name": "Thực Thi"},
    }


class _Places:
    """Gives every value its place in the list of a component, in the order of first use."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}

    def of(self, value: str) -> int:
        return self.found.setdefault(value, len(self.found))


def _shaped(contents: Contents, *, uncoded: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The series, and the structure that explains their numbers."""
    rows = list(standing_rows(contents))
    # Readers take a component that never has a value for a mistake and then miscount those behind it.
    said = [attributes_of(contents, row) for row in rows]
    used = [place for place in range(len(ATTRIBUTES)) if any(each[place] for each in said)]
    dimensions, attributes, times = [_Places() for _ in DIMENSIONS], {place: _Places() for place in used}, _Places()
    spans: dict[str, tuple[date, date]] = {}
    series: dict[str, Any] = {}
    for row, texts in zip(rows, said, strict=True):
        key = ":".join(str(places.of(code)) for places, code in zip(dimensions, key_of(contents, row), strict=True))
        time = time_of(row.period)
        spans[time] = (row.period_start, row.period_end)
        placed = [attributes[place].of(texts[place]) if texts[place] else None for place in used]
        observations = series.setdefault(key, {"observations": {}})["observations"]
        observations[str(times.of(time))] = [number_in_json(row.amount), *placed]
    lists = codelists(contents)
    level = {
        "series": [_dimension(each, place, places, lists) for place, (each, places) in _numbered(dimensions)],
        "observation": [_time(times, spans)] if rows else [],
    }
    explained = [_attribute(ATTRIBUTES[place], places, lists, uncoded) for place, places in attributes.items()]
    below = {"dataSet": [], "series": [], "observation": explained}
    return series, {"dimensions": {"dataSet": [], **level}, "attributes": below}


def _numbered(places: Sequence[_Places]) -> enumerate[tuple[Component, _Places]]:
    return enumerate(zip(DIMENSIONS, places, strict=True))


def _coded(code: str, names: Names) -> dict[str, Any]:
    return {"id": code, "name": names[0], "names": {"vi": names[0], "en": names[1]}}


def _dimension(
    component: Component, place: int, places: _Places, lists: Mapping[str, Mapping[str, Names]]
) -> dict[str, Any]:
    """A dimension lists what occurs; without observations the whole code list, because a list may not be empty."""
    names = lists[component.codelist]
    values = [_coded(code, names[code]) for code in places.found or names]
    return {"id": component.id, "name": component.name[0], "keyPosition": place, "values": values}


def _time(times: _Places, spans: Mapping[str, tuple[date, date]]) -> dict[str, Any]:
    values = [
        {"id": time, "name": time, "start": f"{spans[time][0]}T00:00:00Z", "end": f"{spans[time][1]}T23:59:59Z"}
        for time in times.found
    ]
    name = {"id": TIME.id, "name": TIME.name[0], "keyPosition": len(DIMENSIONS), "roles": ["TIME_PERIOD"]}
    return {**name, "values": values}


def _attribute(
    component: Component, places: _Places, lists: Mapping[str, Mapping[str, Names]], uncoded: str
) -> dict[str, Any]:
    names = lists.get(component.codelist, {})
    coded = bool(component.codelist)
    values = [_code_alone(text, names[text], uncoded) if coded else {uncoded: text} for text in places.found]
    return {"id": component.id, "name": component.name[0], "relationship": {"observation": {}}, "values": values}


def _code_alone(code: str, names: Names, uncoded: str) -> dict[str, Any]:
    return {"id": code, "name": names[0]} if uncoded == "name" else _coded(code, names)
