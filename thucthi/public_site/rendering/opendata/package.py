"""`datapackage.json`: the tables of an issue described so that programs check them (Data Package 1, Table Schema 1)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from thucthi.kernel.canonical import canonical_json
from thucthi.public_site.rendering.cells import SIMULATED
from thucthi.public_site.rendering.opendata.shapes import Column, Kind, Table
from thucthi.publication.shapes import Header

CONVENTIONS_VI = (
    "Ô trống nghĩa là không có con số; cột có đuôi _state (hoặc state) nói vì sao: chưa báo cáo, không áp dụng, "
    "không công bố. Số 0 là số. Ô chữ có thể bị hiểu là công thức được thêm một dấu nháy đơn ở đầu trong CSV."
)
CONVENTIONS_EN = (
    "An empty cell means there is no figure; the column ending in _state (or named state) says why: not reported, not "
    "applicable, confidential. 0 is a number. In CSV, text that could be taken for a formula begins with an apostrophe."
)


@dataclass(frozen=True)
class DataFile:
    """A written data file: its path below the issue, and what binds its bytes to the description."""

    path: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Described:
    """A table with its columns, closing ones included, and its files; the CSV is the first."""

    table: Table
    columns: tuple[Column, ...]
    files: Sequence[DataFile]


def package_name(header: Header) -> str:
    plain = unicodedata.normalize("NFD", f"thuc-thi-{header.issue}".lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-")


def package_of(header: Header, tables: Sequence[Described]) -> bytes:
    keyed = {each.table.name for each in tables if each.table.key}
    return canonical_json(
        {
            "profile": "tabular-data-package",
            "name": package_name(header),
            "id": f"{settings.SITE_URL}/ky-cong-bo/{header.name}/",
            "title": f"Thực Thi – {header.label_vi} / {header.label_en}",
            "description": f"{CONVENTIONS_VI}\n\n{CONVENTIONS_EN}",
            "homepage": settings.SITE_URL,
            "version": header.issue,
            "created": f"{header.as_of.isoformat()}T00:00:00+07:00",
            "keywords": ["nghị quyết", "thực thi", "Việt Nam", "resolutions", "accountability"],
            "licenses": [{"name": settings.OPEN_DATA_LICENCE_NAME, "path": settings.OPEN_DATA_LICENCE}],
            "contributors": [{"title": settings.OPEN_DATA_PUBLISHER, "role": "publisher"}],
            "notice": SIMULATED if header.simulated else None,
            "resources": [_resource(each, keyed) for each in tables],
        }
    )


def _resource(each: Described, keyed: set[str]) -> dict[str, object]:
    sheet, *others = each.files
    return {
        "profile": "tabular-data-resource",
        "name": each.table.name.replace("_", "-"),
        "path": sheet.path,
        "title": f"{each.table.vi} / {each.table.en}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": sheet.size,
        "hash": f"sha256:{sheet.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": _schema(each, keyed),
        "alternates": [
            {"path": file.path, "mediatype": file.media_type, "bytes": file.size, "hash": f"sha256:{file.sha256}"}
            for file in others
        ],
    }


def _schema(each: Described, keyed: set[str]) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(column) for column in each.columns], "missingValues": [""]}
    if each.table.key:
        schema["primaryKey"] = list(each.table.key)
    if each.table.of in keyed:
        schema["foreignKeys"] = [_points_at(each)]
    return schema


def _points_at(each: Described) -> dict[str, object]:
    target = "slug" if each.table.of == "documents" else "code"
    return {"fields": [each.columns[0].name], "reference": {"resource": each.table.of, "fields": [target]}}


def _field(column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "type": column.kind.value,
        "title": column.vi,
        "description": column.en,
    }
    if column.kind is Kind.FLAG:
        described |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.unit:
        described["unit"] = column.unit
    return described
