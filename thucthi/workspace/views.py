"""The official's home and the search over everything."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from thucthi.directory.access import may_work
from thucthi.kernel.gate import GuardedRequest, door
from thucthi.workspace import selectors


@door(may_work)
def home(request: GuardedRequest) -> HttpResponse:
    today = timezone.localdate()
    work = selectors.my_work(request.viewer, today)
    return render(request, "workspace/home.html", {"work": work, "today": today}, using="jinja2")


@door(may_work)
def search(request: GuardedRequest) -> HttpResponse:
    results = selectors.search(request.viewer, request.GET.get("q", "").strip()[:200])
    return render(request, "workspace/search.html", {"results": results}, using="jinja2")
