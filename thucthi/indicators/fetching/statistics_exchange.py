"""Cells out of SDMX (JSON, XML and CSV); run in a process of its own, the only one that loads the library."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator

import sdmx

from thucthi.indicators.calculations.mapping import FIELDS, NEEDED, SourceMap, map_of
from thucthi.indicators.calculations.said import N_
from thucthi.indicators.fetching.tables import Cells, cannot, limited
from thucthi.kernel.confinement import answering

STATUS, CONFIDENTIALITY = "OBS_STATUS", "CONF_STATUS"
_CONFIDENTIAL = frozenset("CNSD")
NOT_SDMX = N_("Nội dung không phải là SDMX đọc được. Đề nghị bên cung cấp gửi SDMX-JSON 1.0, SDMX-ML hoặc SDMX-CSV.")
WITH_ENTITIES = N_("Tệp XML có khai báo thực thể nên không được mở. Đề nghị báo bên cung cấp.")
NO_DIMENSION = N_("Dữ liệu SDMX không có chiều “%(name)s”. Các chiều có trong dữ liệu: %(names)s.")
Finder = Callable[[str], object]


def work(given: bytes) -> list[Cells]:
    """`given` is one line of JSON {kind, settings} and the content after it."""
    head, _, content = given.partition(b"\n")
    source_map = map_of(json.loads(head)["settings"])
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"<"):
        return limited(_cells(_observations(content), source_map))
    return limited(_cells(_lines(content), source_map))


def _observations(content: bytes) -> Iterator[dict[str, object]]:
    # An entity may name a file of this machine, and bombs are made of entities; data has no use for either.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise cannot(WITH_ENTITIES)
    try:
        # A message of structures has no data.
        sets = list(getattr(sdmx.read_sdmx(io.BytesIO(content)), "data", ()))
    except Exception:
        # The library has no error of its own for what it cannot read: KeyError, ValueError, lxml's, and others.
        raise cannot(NOT_SDMX) from None
    for data_set in sets:
        for observation in data_set.obs:
            found: dict[str, object] = {key: value.value for key, value in observation.key.values.items()}
            found |= {key: getattr(value.value, "id", value.value) for key, value in observation.attrib.items()}
            found["OBS_VALUE"] = observation.value
            yield found


def _lines(content: bytes) -> Iterator[dict[str, object]]:
    """SDMX-CSV, where every column is a dimension, an attribute or OBS_VALUE."""
    try:
        text = content.decode("utf-8-sig")
        for line in csv.DictReader(io.StringIO(text, newline=""), strict=True):
            # "REF_AREA: Vùng" in a heading, and "VN-HN: Hà Nội" in a cell, when labels were asked for.
            yield {(name or "").partition(":")[0].strip(): cell for name, cell in line.items()}
    except (UnicodeError, csv.Error):
        raise cannot(NOT_SDMX) from None


def _cells(observations: Iterator[dict[str, object]], source_map: SourceMap) -> Iterator[Cells]:
    columns = {"value": "OBS_VALUE", "state": STATUS, **source_map.columns}
    # Attributes may be absent from an observation, its dimensions may not.
    needed = [columns[name] for name in NEEDED if columns.get(name) and name != "value"]
    for number, found in enumerate(observations, start=1):
        for wanted in needed:
            if wanted not in found:
                raise cannot(NO_DIMENSION, name=wanted, names=", ".join(sorted(map(str, found))))
        cells = [_plain(found.get(columns.get(name, ""))) for name in FIELDS]
        kept_back = str(found.get(CONFIDENTIALITY) or "").strip().upper()
        if kept_back in _CONFIDENTIAL:
            cells[FIELDS.index("state")] = "C"
        yield number, cells


def _plain(cell: object) -> object:
    """Numbers as text: exactly what was sent."""
    if cell is None:
        return None
    return repr(cell) if isinstance(cell, float) else str(cell)


if __name__ == "__main__":
    sys.exit(answering(work, seconds=60, megabytes=600))
