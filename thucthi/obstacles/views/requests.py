"""Whom a body waits for and who waits for it, one request with its thread, and sending one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import organisation_for
from thucthi.kernel.errors import NotVisible, Stale
from thucthi.kernel.gate import door
from thucthi.obstacles.access import may_send_requests
from thucthi.obstacles.actions import NewRequest, add_request_step, send_request
from thucthi.obstacles.forms import RequestForm, RequestStepForm
from thucthi.obstacles.models import CoordinationRequest
from thucthi.obstacles.selectors import (
    both_ways,
    may_see_waiting_of,
    request_for,
    request_hops,
    request_senders,
    request_standing_of,
    request_steps_open_to,
    waiting_bodies,
)
from thucthi.obstacles.views.typed import task_typed

ROWS = 50


@door(may_work)
@require_safe
def waiting(request: Any) -> HttpResponse:
    today, own = timezone.localdate(), waiting_bodies(request.viewer)
    code = request.GET.get("don-vi", "")
    chosen = _chosen_body(request, code) if code else None
    found = both_ways([chosen] if chosen else own, today)
    context = {
        "chosen": chosen,
        "bodies": own,
        "choices": [("", _("Tất cả")), *((body.code, body.official_name) for body in own)],
        "found": found,
        "for_others": Paginator(found.for_others.rows, ROWS).get_page(request.GET.get("cho-ai")),
        "for_us": Paginator(found.for_us.rows, ROWS).get_page(request.GET.get("ai-cho")),
        "may_send": may_send_requests(request.viewer),
    }
    return render(request, "obstacles/waiting.html", context, using="jinja2")


def _chosen_body(request: Any, code: str) -> Organisation:
    found = organisation_for(request.viewer, code)
    if not may_see_waiting_of(request.viewer, found):
        raise NotVisible(_("Ông/bà không thuộc phạm vi được xem các yêu cầu của cơ quan này."))
    return found


@door(may_send_requests)
def send(request: Any) -> HttpResponseBase:
    senders = request_senders(request.viewer)
    if request.method != "POST":
        asked = {"task": request.GET.get("nhiem-vu", ""), "asked": request.GET.get("co-quan", ""), "working_days": 10}
        return _send_page(request, RequestForm(organisations=senders, initial=asked), 200)
    form = RequestForm(request.POST, organisations=senders)
    sent = attempt(form, lambda: _send(request, form, senders))
    if sent is None:
        return _send_page(request, form, 422)
    messages.success(
        request,
        _("Đã gửi yêu cầu %(code)s đến %(name)s.") % {"code": sent.code, "name": sent.asked.official_name},
    )
    return redirect("obstacles:request", code=sent.code)


def _send(request: Any, form: RequestForm, senders: list[Organisation]) -> CoordinationRequest:
    read = form.cleaned_data
    task = task_typed(request.viewer, form)
    if form.body is None:
        form.add_error("asking", _("Hãy chọn đơn vị gửi yêu cầu."))
    new = NewRequest(
        asking=form.body or senders[0],
        asked=read.get("asked"),
        text=read.get("text", ""),
        task=task,
        due_on=read.get("due_on"),
        working_days=read.get("working_days"),
    )
    return send_request(by=request.viewer, new=new, on=timezone.localdate())


def _send_page(request: Any, form: RequestForm, status: int) -> HttpResponse:
    return render(request, "obstacles/send_request.html", {"form": form}, status=status, using="jinja2")


@door(may_work)
def request_page(request: Any, code: str) -> HttpResponseBase:
    today = timezone.localdate()
    found = request_for(request.viewer, code, today)
    kinds, bodies = request_steps_open_to(request.viewer, found, today)
    if request.method != "POST":
        return _page(request, found, RequestStepForm(kinds=kinds, organisations=bodies), 200)
    form = RequestStepForm(request.POST, kinds=kinds, organisations=bodies)
    try:
        step = attempt(form, lambda: _take_step(request, found, form, bodies))
    except Stale as stale:
        return _page(request, found, form, 409, clash=str(stale))
    if step is None:
        return _page(request, found, form, 422)
    messages.success(request, _("Đã ghi: %(kind)s.") % {"kind": step.get_kind_display()})
    return redirect("obstacles:request", code=code)


def _take_step(request: Any, found: CoordinationRequest, form: RequestStepForm, bodies: list[Organisation]) -> Any:
    read = form.cleaned_data
    return add_request_step(
        found,
        by=request.viewer,
        kind=read.get("kind", ""),
        text=read.get("text", ""),
        organisation=form.body or (bodies[0] if len(bodies) == 1 else found.asked),
        on=timezone.localdate(),
    )


def _page(
    request: Any, found: CoordinationRequest, form: RequestStepForm, status: int, clash: str = ""
) -> HttpResponse:
    context = {
        "standing": request_standing_of(found, timezone.localdate()),
        "steps": found.steps.select_related("organisation", "by").order_by("pk"),
        "hops": request_hops(found),
        "form": form,
        "clash": clash,
        "today": timezone.localdate(),
    }
    return render(request, "obstacles/request.html", context, status=status, using="jinja2")
