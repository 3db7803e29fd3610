"""Ageing tasks, moved deadlines and leads, the two counters, and the page that leads to all of accountability."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.kernel.gate import door
from thucthi.kernel.replicas import tolerates_lag
from thucthi.monitoring.forms.accountability import quarter_asked, quarters_before
from thucthi.monitoring.selectors.actor_classes import actor_classes
from thucthi.monitoring.selectors.ageing import BY_IDLE, BY_OVERDUE, ageing_page
from thucthi.monitoring.selectors.moved_tasks import FIELDS, changes_page
from thucthi.monitoring.selectors.two_counters import two_counters
from thucthi.monitoring.selectors.ways_of_accountability import ways_of_accountability
from thucthi.monitoring.views.silence import lineage_of, page_asked, place_asked


@door(may_work)
@tolerates_lag
@require_safe
def accountability(request: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "ways": ways_of_accountability(request.viewer),
        "classes": actor_classes(request.viewer, today),
        "today": today,
    }
    return render(request, "monitoring/accountability.html", context, using="jinja2")


@door(may_work)
@tolerates_lag
@require_safe
def ageing(request: Any) -> HttpResponse:
    order = BY_OVERDUE if request.GET.get("xep") == BY_OVERDUE else BY_IDLE
    under = place_asked(request)
    found = ageing_page(request.viewer, under, order, timezone.localdate(), page_asked(request))
    context = {"found": found, "lineage": lineage_of(under)}
    return render(request, "monitoring/ageing.html", context, using="jinja2")


@door(may_work)
@tolerates_lag
@require_safe
def changes(request: Any) -> HttpResponse:
    asked = request.GET.get("loai", "")
    asked = asked if asked in FIELDS else "gia-han"
    under = place_asked(request)
    found = changes_page(request.viewer, under, asked, timezone.localdate(), page_asked(request))
    context = {"found": found, "lineage": lineage_of(under)}
    return render(request, "monitoring/changes.html", context, using="jinja2")


@door(may_work)
@tolerates_lag
@require_safe
def counters(request: Any) -> HttpResponse:
    today = timezone.localdate()
    quarter = quarter_asked(request.GET.get("ky", ""), today)
    context = {
        "found": two_counters(request.viewer, quarter, today),
        "quarters": quarters_before(today),
    }
    return render(request, "monitoring/counters.html", context, using="jinja2")
