"""Checks after a task was closed: the list of those that come up, setting one, and what was found."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import task_for
from thucthi.reporting import actions
from thucthi.reporting.access import can_set_after_check
from thucthi.reporting.forms import AfterCheckForm, FindingForm
from thucthi.reporting.models import AfterCheck
from thucthi.reporting.selectors.after_checks import (
    check_for,
    checks_due,
    checks_made,
    checks_of,
    is_completed,
    place_of_task,
)


@door(may_work)
@require_safe
def after_checks(request: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {"due": checks_due(request.viewer, today), "made": checks_made(request.viewer, today), "today": today}
    return render(request, "reporting/after_checks.html", context, using="jinja2")


@door(may_work)
def checks_of_task(request: Any, code: str) -> HttpResponseBase:
    task, today = task_for(request.viewer, code), timezone.localdate()
    form = AfterCheckForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _task_page(request, task, form)
    form.is_valid()
    new = actions.NewAfterCheck(
        due_on=form.cleaned_data.get("due_on") or today,
        examiner=form.cleaned_data.get("examiner"),
        what=form.cleaned_data.get("what", ""),
    )
    try:
        made = attempt(form, lambda: actions.set_after_check(task, by=request.viewer, new=new, on=today))
    except Stale as stale:
        return _task_page(request, task, form, status=409, clash=str(stale))
    if made is None:
        return _task_page(request, task, form, status=422)
    messages.success(request, _("Đã hẹn kiểm tra lại ngày %(day)s.") % {"day": f"{made.due_on:%d/%m/%Y}"})
    return redirect("reporting:checks_of_task", code=code)


@door(may_work)
def record_after_check(request: Any, pk: int) -> HttpResponseBase:
    check, today = check_for(request.viewer, pk), timezone.localdate()
    form = FindingForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _check_page(request, check, form)
    form.is_valid()
    finding, text = form.cleaned_data.get("finding", ""), form.cleaned_data.get("text", "")
    try:
        made = attempt(
            form,
            lambda: actions.record_after_check(check, by=request.viewer, finding=finding, text=text, on=today),
        )
    except Stale as stale:
        return _check_page(request, check, form, status=409, clash=str(stale))
    if made is None:
        return _check_page(request, check, form, status=422)
    messages.success(request, _("Đã ghi kết quả kiểm tra: %(finding)s.") % {"finding": made.get_finding_display()})
    return redirect("reporting:after_checks")


def _task_page(request: Any, task: Task, form: AfterCheckForm, *, status: int = 200, clash: str = "") -> HttpResponse:
    today = timezone.localdate()
    context = {
        "task": task,
        "rows": checks_of(task, request.viewer, today),
        "may_set": can_set_after_check(request.viewer, place_of_task(task)) and is_completed(task, today),
        "form": form,
        "clash": clash,
        "today": today,
    }
    return render(request, "reporting/checks_of_task.html", context, status=status, using="jinja2")


def _check_page(
    request: Any, check: AfterCheck, form: FindingForm, *, status: int = 200, clash: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    (row,) = [row for row in checks_of(check.task, request.viewer, today) if row.check.pk == check.pk]
    context = {"row": row, "check": check, "form": form, "clash": clash, "today": today}
    return render(request, "reporting/record_after_check.html", context, status=status, using="jinja2")
