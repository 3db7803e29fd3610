"""Deciding about an obstacle, a task out of a decision, and what an obstacle holds up."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Stale, require
from thucthi.kernel.gate import door
from thucthi.obstacles import access
from thucthi.obstacles.actions import NewDecision, add_decision_task, decide_obstacle
from thucthi.obstacles.forms import DecisionForm, DecisionTaskForm
from thucthi.obstacles.models import Decision, Obstacle
from thucthi.obstacles.selectors import obstacle_for
from thucthi.obstacles.selectors.decisions import decision_for, programmes_open_to
from thucthi.obstacles.selectors.impact import impact_rows, impacts_of
from thucthi.obstacles.selectors.obstacle_page import bodies_that_decide
from thucthi.programmes.selectors import visible_programmes


@door(access.may_decide_obstacles)
def decide(request: Any, code: str) -> HttpResponseBase:
    found, today = obstacle_for(request.viewer, code), timezone.localdate()
    bodies = bodies_that_decide(request.viewer, found, today)
    require(bool(bodies), _("Chỉ cơ quan đang giữ, đã giữ điểm nghẽn này hoặc ban chỉ đạo cấp trên được quyết định."))
    form = DecisionForm(request.POST if request.method == "POST" else None, organisations=bodies)
    if request.method != "POST":
        return _decision_page(request, found, form, 200)
    try:
        made = attempt(form, lambda: _decide(request, found, form))
    except Stale as stale:
        return _decision_page(request, found, form, 409, clash=str(stale))
    if made is None:
        return _decision_page(request, found, form, 422)
    messages.success(request, _("Đã ghi quyết định về điểm nghẽn %(code)s.") % {"code": code})
    return redirect("obstacles:obstacle", code=code)


def _decide(request: Any, found: Obstacle, form: DecisionForm) -> Decision:
    read = form.cleaned_data
    new = NewDecision(
        kind=read.get("kind", ""),
        text=read.get("text", ""),
        responsible=read.get("responsible"),
        due_on=read.get("due_on"),
        reference=read.get("reference", ""),
    )
    return decide_obstacle(found, by=request.viewer, organisation=form.body, new=new, on=timezone.localdate())


def _decision_page(request: Any, found: Obstacle, form: DecisionForm, status: int, clash: str = "") -> HttpResponse:
    context = {"obstacle": found, "form": form, "clash": clash}
    return render(request, "obstacles/decide.html", context, status=status, using="jinja2")


@door(access.may_assign_tasks)
def decision_task(request: Any, pk: int) -> HttpResponseBase:
    decision = decision_for(request.viewer, pk)
    programmes = programmes_open_to(decision)
    given = {"lead": decision.responsible, "text": decision.text}
    if decision.due_on:
        given["deadline_raw"] = f"{decision.due_on:%d/%m/%Y}"
    form = DecisionTaskForm(request.POST if request.method == "POST" else None, programmes=programmes, initial=given)
    context = {"decision": decision, "form": form}
    if request.method != "POST":
        return render(request, "obstacles/decision_task.html", context, using="jinja2")
    link = attempt(form, lambda: _add_task(request, decision, form))
    if link is None:
        return render(request, "obstacles/decision_task.html", context, status=422, using="jinja2")
    messages.success(request, _("Đã giao nhiệm vụ %(code)s từ quyết định này.") % {"code": link.task.code})
    return redirect("obstacles:obstacle", code=decision.obstacle.code)


def _add_task(request: Any, decision: Decision, form: DecisionTaskForm) -> Any:
    chosen = visible_programmes(request.viewer).filter(code=form.cleaned_data.get("programme", "")).first()
    return add_decision_task(
        decision, by=request.viewer, programme=chosen, content=form.content(), on=timezone.localdate()
    )


@door(may_work)
@require_safe
def impact(request: Any, code: str) -> HttpResponse:
    found = obstacle_for(request.viewer, code)
    counted = impacts_of([found])[found.pk]
    context = {
        "obstacle": found,
        "impact": counted,
        "rows": impact_rows(request.viewer, counted),
        "today": timezone.localdate(),
    }
    return render(request, "obstacles/impact.html", context, using="jinja2")
