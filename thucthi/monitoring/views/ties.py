"""The page of what one task waits for and who waits for it, and the forms that change it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.forms import attempt
from thucthi.indicators.actions import end_data_need, set_data_need
from thucthi.indicators.models import DataNeed
from thucthi.kernel.errors import Stale, require
from thucthi.kernel.gate import door
from thucthi.monitoring.forms.graph import DataNeedForm, DependencyForm, EndingForm
from thucthi.monitoring.selectors.ties import may_end, ties_page
from thucthi.programmes.access import can_open_tying, can_tie, may_open_programmes, may_tie
from thucthi.programmes.actions import NewDependency, add_dependency, end_dependency
from thucthi.programmes.models import Dependency, Task
from thucthi.programmes.selectors import task_for
from thucthi.programmes.selectors.dependencies import dependency_of


@door(may_open_programmes)
@require_safe
def ties(request: Any, code: str) -> HttpResponse:
    page = ties_page(request.viewer, task_for(request.viewer, code), timezone.localdate())
    return render(request, "monitoring/ties.html", {"page": page}, using="jinja2")


@door(may_tie)
def add_tie(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    form = DependencyForm(request.POST if request.method == "POST" else None)
    title = _("Thêm việc, văn bản cần có trước")
    if request.method != "POST":
        require(can_open_tying(request.viewer, task.programme.organisation.path), _only_these())
        return _form_page(request, task, form, title, 200)
    today = timezone.localdate()
    made = attempt(form, lambda: add_dependency(by=request.viewer, new=_asked(form, task), on=today))
    if made is None:
        return _form_page(request, task, form, title, 422)
    messages.success(request, _("Đã ghi quan hệ; các ngày dự kiến được tính lại ngay."))
    return redirect("monitoring:ties", code=code)


def _asked(form: DependencyForm, task: Task) -> NewDependency:
    read = form.cleaned_data
    return NewDependency(
        kind=read.get("kind", ""),
        waiting=task,
        needed_code=read.get("needed_code", ""),
        lag_days=read.get("lag_days"),
        reason=read.get("reason", ""),
    )


@door(may_tie)
def end_tie(request: Any, code: str, pk: int) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    dependency = dependency_of(task, pk)
    form = EndingForm(request.POST if request.method == "POST" else None)
    title = _("Bỏ một quan hệ phụ thuộc")
    if request.method != "POST":
        require(may_end(request.viewer, dependency), _("Ông/bà không được bỏ quan hệ này."))
        return _form_page(request, task, form, title, 200)
    try:
        ended = attempt(form, lambda: _end(request, dependency, form))
    except Stale as stale:
        return _form_page(request, task, form, title, 409, clash=str(stale))
    if ended is None:
        return _form_page(request, task, form, title, 422)
    messages.success(request, _("Đã bỏ quan hệ; dòng cũ vẫn đọc được bên dưới."))
    return redirect("monitoring:ties", code=code)


def _end(request: Any, dependency: Dependency, form: EndingForm) -> Dependency:
    reason = form.cleaned_data.get("reason", "")
    return end_dependency(dependency, by=request.viewer, reason=reason, on=timezone.localdate())


@door(may_tie)
def add_data_need(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    form = DataNeedForm(request.POST if request.method == "POST" else None)
    title = _("Thêm số liệu cần có")
    if request.method != "POST":
        owner = task.programme.organisation
        require(can_tie(request.viewer, [owner.pk], [owner.path]), _only_these())
        return _form_page(request, task, form, title, 200)
    if attempt(form, lambda: _set(request, task, form)) is None:
        return _form_page(request, task, form, title, 422)
    messages.success(request, _("Đã ghi số liệu cần có."))
    return redirect("monitoring:ties", code=code)


def _set(request: Any, task: Task, form: DataNeedForm) -> DataNeed:
    read = form.cleaned_data
    code, reason = read.get("indicator_code", ""), read.get("reason", "")
    return set_data_need(task, by=request.viewer, indicator_code=code, reason=reason, on=timezone.localdate())


@door(may_tie)
@require_POST
def drop_data_need(request: Any, code: str, pk: int) -> HttpResponseBase:
    need = task_for(request.viewer, code).data_needs.filter(pk=pk).first()
    if need is None:
        raise Http404
    try:
        end_data_need(need, by=request.viewer, on=timezone.localdate())
    except Stale as stale:
        messages.info(request, str(stale))
        return redirect("monitoring:ties", code=code)
    messages.success(request, _("Đã bỏ số liệu không còn cần."))
    return redirect("monitoring:ties", code=code)


def _only_these() -> str:
    return _("Chỉ người soạn, người đứng đầu của cơ quan có chương trình, hoặc cơ quan thường trực chỉ đạo được ghi.")


def _form_page(request: Any, task: Task, form: Any, title: str, status: int, *, clash: str = "") -> HttpResponse:
    context = {"task": task, "form": form, "title": title, "clash": clash}
    return render(request, "monitoring/tie_form.html", context, status=status, using="jinja2")
