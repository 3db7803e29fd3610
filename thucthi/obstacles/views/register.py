"""The board of obstacles, one obstacle with its steps, and raising one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door
from thucthi.obstacles.access import may_assign_tasks, may_raise_obstacles
from thucthi.obstacles.actions import NewObstacle, add_step, raise_obstacle
from thucthi.obstacles.forms import FilterForm, ObstacleForm, StepForm
from thucthi.obstacles.models import Obstacle
from thucthi.obstacles.selectors import (
    ObstacleFilter,
    list_obstacles,
    may_speak_for,
    obstacle_for,
    organisations_around,
    steps_open_to,
)
from thucthi.obstacles.selectors.obstacle_page import obstacle_page
from thucthi.obstacles.views.typed import task_typed
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks

ROWS = 50
STANDARD_FILTER = {"state": "open"}


@door(may_work)
@require_safe
def obstacles(request: Any) -> HttpResponse:
    form = FilterForm(request.GET or STANDARD_FILTER, organisations=organisations_around(request.viewer))
    form.is_valid()
    chosen = form.cleaned_data.get("organisation", "")
    wanted = ObstacleFilter(
        cause=form.cleaned_data.get("cause", ""),
        state=form.cleaned_data.get("state", ""),
        organisation=form.organisations.get(chosen),
        rung=form.cleaned_data.get("rung", ""),
        desk=form.organisations.get(form.cleaned_data.get("desk", "")),
    )
    found = list_obstacles(request.viewer, wanted, timezone.localdate())
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("trang")),
        "total": len(found),
        "filter": form,
        "query": urlencode({name: form.cleaned_data.get(name, "") for name in form.fields}),
        "today": timezone.localdate(),
        "may_raise": may_raise_obstacles(request.viewer),
    }
    return render(request, "obstacles/obstacles.html", context, using="jinja2")


@door(may_raise_obstacles)
def add_obstacle(request: Any) -> HttpResponseBase:
    speaking = may_speak_for(request.viewer)
    if request.method != "POST":
        asked = {"task": request.GET.get("nhiem-vu", ""), "condition": request.GET.get("vuong", "")}
        return _raise_page(request, ObstacleForm(organisations=speaking, initial=asked), 200)
    form = ObstacleForm(request.POST, organisations=speaking)
    obstacle = attempt(form, lambda: _raise(request, form))
    if obstacle is None:
        return _raise_page(request, form, 422)
    messages.success(request, _("Đã nêu điểm nghẽn %(code)s.") % {"code": obstacle.code})
    return redirect("obstacles:obstacle", code=obstacle.code)


def _raise(request: Any, form: ObstacleForm) -> Obstacle:
    read = form.cleaned_data
    task = task_typed(request.viewer, form)
    if form.body is None:
        form.add_error("organisation", _("Hãy chọn đơn vị nêu điểm nghẽn."))
    new = NewObstacle(
        code=None,
        task=task,
        organisation=form.body or may_speak_for(request.viewer)[0],
        cause=read.get("cause", ""),
        condition=read.get("condition", ""),
        asked_of=read.get("asked_of"),
        asked_what=read.get("asked_what", ""),
        due_on=read.get("due_on"),
        information=read.get("information", ""),
        field=read.get("field", ""),
        proposed_solution=read.get("proposed_solution", ""),
        authority=read.get("authority", ""),
        affected=_affected(request, form),
    )
    return raise_obstacle(by=request.viewer, new=new, on=timezone.localdate())


def _affected(request: Any, form: ObstacleForm) -> list[Task]:
    """One code a line; a code the viewer cannot see is as good as unknown."""
    codes = list(dict.fromkeys(form.cleaned_data.get("affected", "").split()))
    found = {task.code: task for task in visible_tasks(request.viewer).filter(code__in=codes)}
    unknown = ", ".join(code for code in codes if code not in found)
    if unknown:
        form.add_error("affected", _("Không có nhiệm vụ mang mã: %(codes)s.") % {"codes": unknown})
    return list(found.values())


def _raise_page(request: Any, form: ObstacleForm, status: int) -> HttpResponse:
    return render(request, "obstacles/add_obstacle.html", {"form": form}, status=status, using="jinja2")


@door(may_work)
def obstacle(request: Any, code: str) -> HttpResponseBase:
    found, today = obstacle_for(request.viewer, code), timezone.localdate()
    if request.method != "POST":
        return _page(request, found, None, 200)
    kinds, bodies = steps_open_to(request.viewer, found, today)
    form = StepForm(request.POST, kinds=kinds, organisations=bodies)
    try:
        step = attempt(form, lambda: _take_step(request, found, form, bodies))
    except Stale as stale:
        return _page(request, found, form, 409, clash=str(stale))
    if step is None:
        return _page(request, found, form, 422)
    messages.success(request, _("Đã ghi: %(kind)s.") % {"kind": step.get_kind_display()})
    if request.POST.get("ve") == "bang":
        return redirect("obstacles:board")
    return redirect("obstacles:obstacle", code=code)


def _take_step(request: Any, found: Obstacle, form: StepForm, bodies: list[Organisation]) -> Any:
    read = form.cleaned_data
    body = form.body or (bodies[0] if len(bodies) == 1 else found.asked_of)
    return add_step(
        found,
        by=request.viewer,
        kind=read.get("kind", ""),
        text=read.get("text", ""),
        organisation=body,
        on=timezone.localdate(),
    )


def _page(request: Any, found: Obstacle, form: StepForm | None, status: int, clash: str = "") -> HttpResponse:
    today = timezone.localdate()
    page = obstacle_page(request.viewer, found, max(today, found.raised_on))
    context = {
        "page": page,
        "form": form or StepForm(kinds=page.kinds, organisations=page.speaking),
        "may_assign": may_assign_tasks(request.viewer),
        "clash": clash,
        "today": today,
    }
    return render(request, "obstacles/obstacle.html", context, status=status, using="jinja2")
