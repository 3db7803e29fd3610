"""The grid: a table of inputs that is one form, and whose rows a script saves one by one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.directory.access import Viewer
from thucthi.indicators import access
from thucthi.indicators.actions.observations import deliver_observations
from thucthi.indicators.forms.entry import EARLIEST_YEAR, AskForm
from thucthi.indicators.forms.observations import observations_of
from thucthi.indicators.models import DeliveryKind
from thucthi.indicators.selectors.grid import GridRow, TypedRow, grid_of, read_typed, with_result
from thucthi.indicators.selectors.rows_to_fill import asked_rows, fill_of, spans_of_year
from thucthi.kernel.errors import NotVisible, Refused
from thucthi.kernel.gate import door
from thucthi.kernel.periods import Frequency

ROWS = 40


@door(access.may_enter_values)
def grid(request: Any) -> HttpResponse:
    """Rows to fill; sent whole, every row is recorded by itself, and a faulty one waits without holding the others."""
    year = {"year": timezone.localdate().year}
    form = AskForm(request.GET or None, viewer=request.viewer, initial=year)
    if not form.is_valid():
        nothing: dict[str, object] = {"form": form, "asked": None}
        return render(request, "indicators/grid.html", nothing, status=422 if request.GET else 200, using="jinja2")
    asked = asked_rows(request.viewer, today=timezone.localdate(), **form.asked())
    page = Paginator(asked.fills, ROWS).get_page(request.GET.get("trang"))
    rows = grid_of(list(page.object_list), asked.spans)
    if request.method == "POST":
        rows = [_save(request.viewer, read_typed(request.viewer, row, request.POST)) for row in rows]
    status = 422 if any(row.tone == "bad" for row in rows) else 200
    context = {"form": form, "asked": asked, "page": page, "rows": rows, **_frame(request, rows)}
    return render(request, "indicators/grid.html", context, status=status, using="jinja2")


def _frame(request: Any, rows: list[GridRow]) -> dict[str, object]:
    """What stands around the rows."""
    sources = {row.fill.indicator.source for row in rows}
    return {
        "saved": sum(row.tone == "done" for row in rows),
        "faults": [(f"#dong-{row.fill.key}", text) for row in rows if row.tone == "bad" for text in row.told],
        "source": request.POST.get("nguon", sources.pop() if len(sources) == 1 else ""),
        "query": urlencode({name: value for name, value in request.GET.items() if name != "trang"}),
        "by_indicator": bool(request.GET.get("indicator")),
    }


@door(access.may_enter_values)
@require_POST
def grid_row(request: Any) -> HttpResponse:
    """One row, sent by the script of the grid; answers with what stands at its end."""
    fill = fill_of(request.POST.get("dong", ""))
    if fill is None:
        raise NotVisible
    today, year = timezone.localdate(), request.POST.get("nam", "")
    is_year = year.isdecimal() and EARLIEST_YEAR <= int(year[:5]) <= today.year
    spans = spans_of_year(int(year) if is_year else today.year, Frequency(fill.indicator.frequency), today)
    row = _save(request.viewer, read_typed(request.viewer, grid_of([fill], spans)[0], request.POST))
    status = 422 if row.tone == "bad" else 200
    return render(request, "indicators/grid_row_end.html", {"row": row}, status=status, using="jinja2")


def _save(viewer: Viewer, typed: TypedRow) -> GridRow:
    """Record what is good; the whole row or nothing of it."""
    if typed.faults or not typed.good:
        return with_result(typed)
    rows = observations_of(typed.good, available_on=timezone.localdate())
    try:
        delivery = deliver_observations(by=viewer, kind=DeliveryKind.GRID, rows=rows)
    except Refused as refused:
        return with_result(typed, faults=[fault.text for fault in refused.faults])
    reason = [_("Số vừa ghi đính chính số trước. Đề nghị ghi lý do rồi ghi lại.")]
    wants_reason = delivery.corrected and not typed.row.remark.strip()
    return with_result(typed, is_saved=True, notes=reason if wants_reason else [])
