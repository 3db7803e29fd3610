"""Refusing a duty with a legal reason, ruling on it, and what was handed on most often."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Stale, require
from thucthi.kernel.gate import door
from thucthi.obstacles import access
from thucthi.obstacles.actions import NewRefusal, NewRuling, refuse_duty, rule_on_refusal
from thucthi.obstacles.forms import RefusalForm, RulingForm
from thucthi.obstacles.models import Refusal, RefusalRuling
from thucthi.obstacles.selectors import obstacle_for, request_for
from thucthi.obstacles.selectors.refusals import (
    Duty,
    bodies_that_refuse,
    bodies_that_rule,
    duty_of,
    handed_most,
    refusal_for,
    waiting_refusals,
)
from thucthi.programmes.selectors import task_for


@door(may_work)
@require_safe
def refusals(request: Any) -> HttpResponse:
    context = {
        "waiting": waiting_refusals(request.viewer, timezone.localdate()),
        "handed": handed_most(request.viewer, timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "obstacles/refusals.html", context, using="jinja2")


@door(access.may_refuse_duties)
def refuse_obstacle(request: Any, code: str) -> HttpResponseBase:
    return _refuse(request, obstacle_for(request.viewer, code))


@door(access.may_refuse_duties)
def refuse_request(request: Any, code: str) -> HttpResponseBase:
    return _refuse(request, request_for(request.viewer, code, timezone.localdate()))


@door(access.may_refuse_duties)
def refuse_task(request: Any, code: str) -> HttpResponseBase:
    return _refuse(request, task_for(request.viewer, code))


def _refuse(request: Any, duty: Duty) -> HttpResponseBase:
    bodies = bodies_that_refuse(request.viewer, duty, timezone.localdate())
    require(
        bool(bodies),
        _("Chỉ người đứng đầu hoặc người được giao phê duyệt của cơ quan đang giữ việc này được từ chối."),
    )
    form = RefusalForm(request.POST if request.method == "POST" else None, organisations=bodies)
    context = {"duty": duty, "form": form}
    if request.method != "POST":
        return render(request, "obstacles/refuse.html", context, using="jinja2")
    made = attempt(form, lambda: _make(request, duty, form))
    if made is None:
        return render(request, "obstacles/refuse.html", context, status=422, using="jinja2")
    messages.success(request, _("Đã ghi lời từ chối; cấp trên sẽ phân xử. Thời hạn vẫn tính cho đến khi có phân xử."))
    return redirect("obstacles:refusal", pk=made.pk)


def _make(request: Any, duty: Duty, form: RefusalForm) -> Refusal:
    read = form.cleaned_data
    new = NewRefusal(read.get("legal_basis", ""), read.get("reason", ""), read.get("proposed_owner"))
    return refuse_duty(duty, by=request.viewer, organisation=form.body, new=new, on=timezone.localdate())


@door(may_work)
def refusal(request: Any, pk: int) -> HttpResponseBase:
    found = refusal_for(request.viewer, pk, timezone.localdate())
    bodies = bodies_that_rule(request.viewer, found)
    if request.method != "POST":
        form = RulingForm(organisations=bodies, initial={"owner": found.proposed_owner})
        return _refusal_page(request, found, bodies, form, 200)
    require(
        bool(bodies),
        _("Chỉ cấp trên của cơ quan từ chối, hoặc cơ quan thường trực chỉ đạo ở trung ương, được phân xử."),
    )
    form = RulingForm(request.POST, organisations=bodies)
    try:
        made = attempt(form, lambda: _rule(request, found, form))
    except Stale as stale:
        return _refusal_page(
            request, refusal_for(request.viewer, pk, timezone.localdate()), bodies, form, 409, clash=str(stale)
        )
    if made is None:
        return _refusal_page(request, found, bodies, form, 422)
    messages.success(request, _("Đã ghi phân xử."))
    return redirect("obstacles:refusal", pk=pk)


def _rule(request: Any, found: Refusal, form: RulingForm) -> RefusalRuling:
    read = form.cleaned_data
    new = NewRuling(form.upheld, read.get("owner"), read.get("text", ""))
    return rule_on_refusal(found, by=request.viewer, organisation=form.body, new=new, on=timezone.localdate())


def _refusal_page(
    request: Any, found: Refusal, bodies: list[Organisation], form: RulingForm, status: int, *, clash: str = ""
) -> HttpResponse:
    ruling = getattr(found, "ruling", None)
    context = {
        "refusal": found,
        "duty": duty_of(found),
        "ruling": ruling,
        "form": form if bodies and ruling is None else None,
        "clash": clash,
    }
    return render(request, "obstacles/refusal.html", context, status=status, using="jinja2")
