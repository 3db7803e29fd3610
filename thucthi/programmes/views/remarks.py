"""What is said about a task: the threads, adding to them, settling one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door
from thucthi.programmes import access
from thucthi.programmes.actions.remarks import add_remark, close_thread
from thucthi.programmes.forms.remarks import RemarkForm
from thucthi.programmes.models import Remark, Task
from thucthi.programmes.selectors import task_for
from thucthi.programmes.selectors.remarks import first_remark_for, first_remarks, speaks_as, threads

THREADS = 20


@door(access.may_open_programmes)
def remarks(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    form = RemarkForm(request.POST if request.method == "POST" else None, organisations=speaks_as(request.viewer))
    if request.method != "POST":
        return _page(request, task, form, 200)
    try:
        remark = attempt(form, lambda: _say(request, task, form))
    except Stale as stale:
        return _page(request, task, form, 409, str(stale))
    if remark is None:
        return _page(request, task, form, 422)
    messages.success(request, _("Đã gửi ý kiến."))
    return redirect("programmes:remarks", code=code)


def _say(request: Any, task: Task, form: RemarkForm) -> Remark:
    asked = request.POST.get("answers", "")
    return add_remark(
        task,
        by=request.viewer,
        organisation=form.organisations.get(form.cleaned_data.get("organisation", "")),
        text=form.cleaned_data.get("text", ""),
        at=timezone.now(),
        answers=first_remark_for(task, int(asked)) if asked.isdecimal() and len(asked) < 18 else None,
    )


def _page(request: Any, task: Task, form: RemarkForm, status: int, clash: str = "") -> HttpResponse:
    page = Paginator(first_remarks(task), THREADS).get_page(request.GET.get("trang"))
    context = {
        "task": task,
        "page": page,
        "threads": threads(page, request.viewer, task),
        "form": form,
        "answering": request.POST.get("answers") or request.GET.get("tra-loi", ""),
        "clash": clash,
        "zone": timezone.get_current_timezone(),
        "may_raise": access.may_speak_of_obstacles(request.viewer),
    }
    return render(request, "programmes/remarks.html", context, status=status, using="jinja2")


@door(access.may_open_programmes)
@require_POST
def close(request: Any, code: str, pk: int) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    try:
        close_thread(first_remark_for(task, pk), by=request.viewer, at=timezone.now())
    except Stale as stale:
        messages.warning(request, str(stale))
    else:
        messages.success(request, _("Đã ghi là giải quyết xong."))
    return redirect("programmes:remarks", code=code)
