"""Pages of the three early clocks and of tasks without money."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.documents.selectors import document_for
from thucthi.kernel.gate import door
from thucthi.monitoring.selectors.early import early_page, early_rows, resolutions_with_clocks
from thucthi.monitoring.selectors.early_money import unfunded, unfunded_rows

ROWS, RESOLUTIONS = 50, 20


@door(may_work)
@require_safe
def early_list(request: Any) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(resolutions_with_clocks(request.viewer, today), RESOLUTIONS).get_page(request.GET.get("trang"))
    found = early_rows(request.viewer, list(page.object_list), today)
    context = {"rows": found.value, "kept_since": found.kept_since, "page": page, "as_of": today}
    return render(request, "monitoring/early.html", context, using="jinja2")


@door(may_work)
@require_safe
def early_of(request: Any, slug: str) -> HttpResponse:
    found = early_page(request.viewer, document_for(request.viewer, slug), timezone.localdate())
    context = {"found": found, "page": Paginator(found.bodies, ROWS).get_page(request.GET.get("trang"))}
    return render(request, "monitoring/early_of.html", context, using="jinja2")


@door(may_work)
@require_safe
def unfunded_tasks(request: Any) -> HttpResponse:
    found = unfunded(request.viewer, timezone.localdate())
    page = Paginator(found.ids, ROWS).get_page(request.GET.get("trang"))
    rows = unfunded_rows(request.viewer, list(page.object_list), found.as_of)
    context = {"found": found, "page": page, "rows": rows}
    return render(request, "monitoring/unfunded.html", context, using="jinja2")
