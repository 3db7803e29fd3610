"""The official's home, the search over everything, and where work stands."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.kernel.gate import GuardedRequest, door
from thucthi.kernel.replicas import tolerates_lag
from thucthi.workspace import selectors
from thucthi.workspace.selectors.addresses import address_if_any


@door(may_work)
@require_safe
def home(request: GuardedRequest) -> HttpResponse:
    today = timezone.localdate()
    work = selectors.my_work(request.viewer, today)
    return render(
        request,
        "workspace/home.html",
        {"work": work, "today": today, "sheet": address_if_any("reporting:bulk")},
        using="jinja2",
    )


@door(may_work)
@require_safe
def search(request: GuardedRequest) -> HttpResponse:
    results = selectors.search(request.viewer, request.GET.get("q", "").strip()[:200])
    return render(request, "workspace/search.html", {"results": results}, using="jinja2")


@door(may_work)
@require_safe
def task_stuck(request: GuardedRequest, code: str) -> HttpResponse:
    stuck = selectors.task_stuck(request.viewer, code, timezone.localdate())
    return render(request, "workspace/task_stuck.html", {"stuck": stuck}, using="jinja2")


@door(may_work)
@require_safe
def task_progress(request: GuardedRequest, code: str) -> HttpResponse:
    progress = selectors.task_progress(request.viewer, code, timezone.localdate())
    context = {"progress": progress, "figure": selectors.Figure}
    return render(request, "workspace/task_progress.html", context, using="jinja2")


@door(may_work)
@tolerates_lag
@require_safe
def overview(request: GuardedRequest, code: str = "") -> HttpResponse:
    found = selectors.overview(request.viewer, code, timezone.localdate())
    return render(request, "workspace/overview.html", {"overview": found}, using="jinja2")
