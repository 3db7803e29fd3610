"""Deciding: issuing a programme, exceptions, receiving a task, changing an issued one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Refused, Stale, require
from thucthi.kernel.gate import door
from thucthi.programmes import access, actions
from thucthi.programmes.calculations import PROFILES
from thucthi.programmes.forms import (
    DeadlineForm,
    DecisionForm,
    ExceptionForm,
    IssueForm,
    LeadForm,
    ProductForm,
    StepForm,
    WordingForm,
)
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import programme_for, task_for
from thucthi.programmes.selectors.pages import task_page
from thucthi.programmes.views.editing import editor_page


@door(access.may_decide)
@require_POST
def issue(request: Any, code: str) -> HttpResponseBase:
    programme = programme_for(request.viewer, code)
    form = IssueForm(request.POST)
    form.is_valid()
    read = form.cleaned_data
    day = read.get("issued_on") or timezone.localdate()
    try:
        actions.issue_programme(
            programme,
            by=request.viewer,
            issued_on=day,
            issued_as=read.get("issued_as", ""),
            version=read.get("version"),
        )
    except Refused as refusal:
        faults = [(_address(fault.field), fault.text) for fault in refusal.faults]
        return editor_page(request, programme, form, 422, faults)
    except Stale as stale:
        return editor_page(request, programme, form, 409, [("", str(stale))])
    messages.success(request, _("Chương trình đã được ban hành; các nhiệm vụ đã được giao."))
    return redirect("programmes:programme", code=code)


def _address(field: str) -> str:
    """Where on the editor's page a fault of the issue belongs."""
    return f"#id_{field}" if field in IssueForm.base_fields else f"#nv-{field}" if field else ""


@door(access.may_decide)
def grant(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    criteria = [(key.value, _(name)) for key, name in PROFILES[task.programme.profile].names.items()]
    form = ExceptionForm(
        request.POST if request.method == "POST" else None,
        criteria=criteria,
        initial={"criterion": request.GET.get("tieu-chi", "")},
    )
    if request.method != "POST":
        return _decision_page(request, task, form, _("Cho phép ngoại lệ"), 200)
    today = timezone.localdate()
    granted = attempt(form, lambda: actions.grant_clarity_exception(task, by=request.viewer, on=today, **_of(form)))
    if granted is None:
        return _decision_page(request, task, form, _("Cho phép ngoại lệ"), 422)
    messages.success(request, _("Đã cho phép ngoại lệ; lý do sẽ được công khai."))
    return redirect("programmes:edit_programme", code=task.programme.code)


@door(access.may_open_programmes)
@require_POST
def receive(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    try:
        actions.receive_task(task, by=request.viewer, on=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã xác nhận tiếp nhận nhiệm vụ."))
    return redirect("programmes:task", code=code)


CHANGES: dict[str, tuple[type[DecisionForm], Callable[..., object]]] = {
    "thoi-han": (DeadlineForm, actions.change_deadline),
    "chu-tri": (LeadForm, actions.change_lead),
    "san-pham": (ProductForm, actions.change_product),
    "noi-dung": (WordingForm, actions.change_text),
}


@door(access.may_decide)
def change(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    kind, act = CHANGES.get(request.GET.get("gi", ""), CHANGES["thoi-han"])
    form = kind(request.POST if request.method == "POST" else None)
    title = _("Thay đổi nhiệm vụ đã giao")
    if request.method != "POST":
        return _decision_page(request, task, form, title, 200)
    if attempt(form, lambda: act(task, by=request.viewer, **_change_of(form, task))) is None:
        return _decision_page(request, task, form, title, 422)
    messages.success(request, _("Đã ghi quyết định; giá trị cũ vẫn đọc được bên dưới."))
    return redirect("programmes:task", code=code)


def _change_of(form: DecisionForm, task: Task) -> dict[str, Any]:
    read = _of(form)
    return {**read, "new_lead": read["new_lead"] or task.lead} if "new_lead" in read else read


STEPS: dict[str, Callable[..., object]] = {
    "suspended": actions.suspend_task,
    "resumed": actions.resume_task,
    "cancelled": actions.cancel_task,
}


@door(access.may_decide)
def step(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    form = StepForm(request.POST if request.method == "POST" else None)
    title = _("Tạm dừng, tiếp tục hoặc hủy nhiệm vụ")
    if request.method != "POST":
        return _decision_page(request, task, form, title, 200)
    if attempt(form, lambda: _take_step(request, task, form)) is None:
        return _decision_page(request, task, form, title, 422)
    messages.success(request, _("Đã ghi quyết định."))
    return redirect("programmes:task", code=code)


def _take_step(request: Any, task: Task, form: StepForm) -> object:
    read = _of(form)
    act = STEPS.get(read["kind"])
    if act is None:
        form.add_error("kind", _("Đề nghị chọn một quyết định."))
        return None
    return act(task, by=request.viewer, on=read["decided_on"], decision=read["decision"], reason=read["reason"])


def _of(form: Any) -> dict[str, Any]:
    """What was typed; where the form itself is at fault today stands in for a day, and the action is taken back."""
    read = {name: form.cleaned_data.get(name, "") for name in form.fields}
    if "decided_on" in read:
        read["decided_on"] = read["decided_on"] or timezone.localdate()
    return read


def _decision_page(request: Any, task: Task, form: Any, title: str, status: int) -> HttpResponse:
    require(
        access.can_decide_for(request.viewer, task.programme.organisation_id),
        _("Chỉ người đứng đầu cơ quan ban hành chương trình được quyết định việc này."),
    )
    context = {"page": task_page(request.viewer, task), "form": form, "title": title}
    return render(request, "programmes/decide.html", context, status=status, using="jinja2")
