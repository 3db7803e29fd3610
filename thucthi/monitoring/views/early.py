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
from thucthi.monitoring.selectors.early import early_page, early_rows
from thucthi.monitoring.selectors.early_money import unfunded

ROWS = 50


@door(may_work)
@require_safe
def early_list(request: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {"rows": early_rows(request.viewer, today), "as_of": today}
    return render(request, "monitoring/early.html", context, using="jinja2")


@door(may_work)
@require_safe
def early_of(request: Any, slug: str) -> HttpResponse:
    page = early_page(request.viewer, document_for(request.viewer, slug), timezone.localdate())
    return render(request, "monitoring/early_of.html", {"page": page}, using="jinja2")


@door(may_work)
@require_safe
def unfunded_tasks(request: Any) -> HttpResponse:
    found = unfunded(request.viewer, timezone.localdate())
    context = {"found": found, "page": Paginator(found.rows, ROWS).get_page(request.GET.get("trang"))}
    return render(request, "monitoring/unfunded.html", context, using="jinja2")
