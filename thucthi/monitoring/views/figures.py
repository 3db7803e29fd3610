"""Pages of indicators, and their values in the formats that people take away."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.gate import door
from thucthi.kernel.periods import span_of
from thucthi.monitoring.calculations.taking_away.contents import Contents
from thucthi.monitoring.calculations.taking_away.open_sdg import data_of, metadata_of
from thucthi.monitoring.calculations.taking_away.parquet import parquet_of
from thucthi.monitoring.calculations.taking_away.sdmx_csv import sdmx_csv_of
from thucthi.monitoring.calculations.taking_away.sdmx_json import sdmx_json_1_of, sdmx_json_2_of
from thucthi.monitoring.calculations.taking_away.sdmx_structure import structure_of
from thucthi.monitoring.calculations.taking_away.tables import csv_of, json_of
from thucthi.monitoring.calculations.taking_away.workbook import workbook_of
from thucthi.monitoring.selectors.indicator_frame import indicator_of
from thucthi.monitoring.selectors.indicator_lists import grid, indicator_list, provinces_page
from thucthi.monitoring.selectors.indicator_page import indicator_page, value_page
from thucthi.monitoring.selectors.taking_away import contents_of
from thucthi.monitoring.selectors.ways import ways_around_values


@dataclass(frozen=True, slots=True)
class Format:
    """A way to take values away. `name` is the file's, with the code of the indicator in it."""

    write: Callable[[Contents], bytes]
    content_type: str
    name: str
    word: str
    has_history: bool = False


FORMATS = {
    "csv": Format(csv_of, "text/csv; charset=utf-8", "{}.csv", "CSV", has_history=True),
    "xlsx": Format(
        lambda contents: workbook_of(contents, _),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "{}.xlsx",
        "XLSX",
        has_history=True,
    ),
    "json": Format(json_of, "application/json", "{}.json", "JSON", has_history=True),
    "parquet": Format(parquet_of, "application/vnd.apache.parquet", "{}.parquet", "Parquet", has_history=True),
    "sdmx-csv": Format(
        sdmx_csv_of, "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8", "{}.sdmx.csv", "SDMX-CSV 2.0"
    ),
    "sdmx-json": Format(
        sdmx_json_1_of, "application/vnd.sdmx.data+json; version=1.0.0", "{}.sdmx.json", "SDMX-JSON 1.0"
    ),
    "sdmx-json-2": Format(
        sdmx_json_2_of, "application/vnd.sdmx.data+json; version=2.0.0", "{}.sdmx2.json", "SDMX-JSON 2.0"
    ),
    "sdmx-cau-truc": Format(
        structure_of, "application/vnd.sdmx.structure+xml; version=3.0.0", "{}.structure.xml", "SDMX-ML 3.0"
    ),
    "open-sdg-so-lieu": Format(data_of, "text/csv; charset=utf-8", "indicator_{}.csv", "Open SDG (CSV)"),
    "open-sdg-dinh-nghia": Format(metadata_of, "text/markdown; charset=utf-8", "{}.md", "Open SDG (vi)"),
    "open-sdg-dinh-nghia-en": Format(
        partial(metadata_of, english=True), "text/markdown; charset=utf-8", "{}.md", "Open SDG (en)"
    ),
}


@door(may_work)
@require_safe
def indicators(request: Any) -> HttpResponse:
    asked = request.GET.get("tim", "")[:100]
    listed = indicator_list(request.viewer, asked, as_of=timezone.localdate(), page=request.GET.get("trang", ""))
    context = {
        "list": listed,
        "asked": asked,
        "query": urlencode({"tim": asked}),
        "ways": ways_around_values(request.viewer),
    }
    return render(request, "monitoring/indicators.html", context, using="jinja2")


@door(may_work)
@require_safe
def indicator(request: Any, code: str) -> HttpResponse:
    page = indicator_page(
        request.viewer,
        code,
        unit_code=request.GET.get("don-vi", ""),
        period=request.GET.get("ky", ""),
        as_of=timezone.localdate(),
    )
    return render(request, "monitoring/indicator.html", {"page": page, "formats": FORMATS}, using="jinja2")


@door(may_work)
@require_safe
def value(request: Any, code: str, unit: str, period: str) -> HttpResponse:
    try:
        span_of(period)
    except ValueError:
        raise NotVisible(_("Không có kỳ này.")) from None
    page = value_page(code, unit_code=unit, period=period, as_of=timezone.localdate())
    return render(request, "monitoring/value.html", {"page": page}, using="jinja2")


@door(may_work)
@require_safe
def figure_grid(request: Any) -> HttpResponse:
    shown = grid(
        request.viewer,
        document_slug=request.GET.get("van-ban", ""),
        level=request.GET.get("cap", ""),
        period=request.GET.get("ky", ""),
        as_of=timezone.localdate(),
        page=request.GET.get("trang", ""),
    )
    query = urlencode({name: request.GET.get(name, "") for name in ("van-ban", "cap", "ky")})
    return render(request, "monitoring/grid.html", {"grid": shown, "query": query}, using="jinja2")


@door(may_work)
@require_safe
def provinces(request: Any, code: str) -> HttpResponse:
    shown = provinces_page(request.viewer, code, order=request.GET.get("xep", ""), as_of=timezone.localdate())
    return render(request, "monitoring/provinces.html", {"shown": shown}, using="jinja2")


@door(may_work)
@require_safe
def take_away(request: Any, code: str, form: str) -> HttpResponse:
    wanted, with_history = FORMATS.get(form), request.GET.get("lich-su") == "1"
    if wanted is None or (with_history and not wanted.has_history):
        raise NotVisible(_("Không có bản tải về này. Bản có lịch sử chỉ có ở CSV, XLSX, JSON và Parquet."))
    today = timezone.localdate()
    contents = contents_of(indicator_of(code, today), as_of=today, with_history=with_history)
    response = HttpResponse(wanted.write(contents), content_type=wanted.content_type)
    response["Content-Disposition"] = f'attachment; filename="{wanted.name.format(code)}"'
    return response
