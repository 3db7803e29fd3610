"""Money of tasks, the start of projects, the texts a task is to bring into force."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.forms import attempt
from thucthi.documents.models import Document
from thucthi.documents.selectors import document_for
from thucthi.kernel.errors import NotVisible, Stale, require
from thucthi.kernel.gate import door
from thucthi.programmes import access, actions
from thucthi.programmes.forms.money import FundingForm, StartForm, TaskInstrumentForm
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import task_for
from thucthi.programmes.selectors.money_sums import (
    documents_with_money,
    money_of_documents,
    money_of_programmes,
    programmes_under,
)
from thucthi.programmes.selectors.resources import resources_page
from thucthi.programmes.selectors.task_instruments import task_instruments_page

DOCUMENTS, PROGRAMMES = 20, 50
GIVEN, SPENT = "bo-tri", "giai-ngan"
STATE: dict[str, Callable[..., object]] = {GIVEN: actions.allocate_funding, SPENT: actions.state_disbursement}


@door(access.may_open_programmes)
@require_safe
def money(request: Any) -> HttpResponse:
    if slug := request.GET.get("van-ban"):
        return _money_of(request, document_for(request.viewer, slug))
    today = timezone.localdate()
    page = Paginator(documents_with_money(request.viewer), DOCUMENTS).get_page(request.GET.get("trang"))
    found = money_of_documents(request.viewer, list(page.object_list), today)
    context = {"page": page, "rows": found.value, "kept_since": found.kept_since, "as_of": today}
    return render(request, "programmes/money.html", context, using="jinja2")


def _money_of(request: Any, document: Document) -> HttpResponse:
    today = timezone.localdate()
    carrying = programmes_under(request.viewer, document)
    page = Paginator(carrying, PROGRAMMES).get_page(request.GET.get("trang"))
    whole = money_of_documents(request.viewer, [document], today)
    context = {
        "page": page,
        "whole": whole.value[0],
        "kept_since": whole.kept_since,
        "rows": money_of_programmes(list(page.object_list), today),
        "as_of": today,
    }
    return render(request, "programmes/money_of.html", context, using="jinja2")


@door(access.may_open_programmes)
@require_safe
def resources(request: Any, code: str) -> HttpResponse:
    return _resources(request, task_for(request.viewer, code), None, 200)


def _resources(request: Any, task: Task, at_fault: tuple[str, FundingForm] | None, status: int) -> HttpResponse:
    """`at_fault`: the form to show again, under what it states, or under the row it corrects."""
    page = resources_page(request.viewer, task, timezone.localdate())
    keys = [GIVEN, SPENT, *(f"dong-{row.funding.pk}" for row in page.rows if row.may_correct)]
    context: dict[str, Any] = {"page": page, "forms": {key: _funding_form(key) for key in keys}}
    if at_fault is not None:
        context["form"] = at_fault[1]
        context["forms"][at_fault[0]] = at_fault[1]
    return render(request, "programmes/resources.html", context, status=status, using="jinja2")


def _funding_form(key: str, data: Any = None) -> FundingForm:
    return FundingForm(data, auto_id=f"{key}-%s", initial={"dated_on": timezone.localdate()})


@door(access.may_state_money)
@require_POST
def state_money(request: Any, code: str, kind: str) -> HttpResponseBase:
    task, act = task_for(request.viewer, code), STATE.get(kind)
    if act is None:
        raise NotVisible
    form = _funding_form(kind, request.POST)
    made = attempt(form, lambda: act(task, by=request.viewer, new=form.funding(), on=timezone.localdate()))
    return _after(request, task, (kind, form), made, 422)


@door(access.may_state_money)
@require_POST
def correct_money(request: Any, code: str, pk: int) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    funding = task.fundings.filter(pk=pk).first()
    if funding is None:
        raise NotVisible
    form = _funding_form(f"dong-{pk}", request.POST)
    try:
        made = attempt(
            form,
            lambda: actions.correct_funding(funding, by=request.viewer, new=form.funding(), on=timezone.localdate()),
        )
    except Stale as stale:
        form.add_error(None, str(stale))
        return _resources(request, task, (f"dong-{pk}", form), 409)
    return _after(request, task, (f"dong-{pk}", form), made, 422)


def _after(
    request: Any, task: Task, at_fault: tuple[str, FundingForm], made: object | None, status: int
) -> HttpResponseBase:
    if made is None:
        return _resources(request, task, at_fault, status)
    messages.success(request, _("Đã ghi; số cũ vẫn đọc được."))
    return redirect("programmes:resources", code=task.code)


@door(access.may_start)
def start(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    require(
        access.can_receive(request.viewer, task.lead_id), _("Chỉ cơ quan chủ trì ghi được ngày khởi công, khởi động.")
    )
    form = StartForm(request.POST if request.method == "POST" else None, initial={"started_on": timezone.localdate()})
    if request.method != "POST":
        return _start_page(request, task, form, 200)
    if attempt(form, lambda: _start(request, task, form)) is None:
        return _start_page(request, task, form, 422)
    messages.success(request, _("Đã ghi ngày khởi công, khởi động."))
    return redirect("programmes:task", code=code)


def _start(request: Any, task: Task, form: StartForm) -> object:
    read = form.cleaned_data
    return actions.start_task(
        task,
        by=request.viewer,
        started_on=read.get("started_on"),
        decision=read.get("decision", ""),
        on=timezone.localdate(),
    )


def _start_page(request: Any, task: Task, form: StartForm, status: int) -> HttpResponse:
    return render(request, "programmes/start.html", {"task": task, "form": form}, status=status, using="jinja2")


@door(access.may_open_programmes)
def instruments(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    form = TaskInstrumentForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _instruments_page(request, task, form, 200)
    drops = request.POST.get("viec") == "bo"
    if attempt(form, lambda: _change(request, task, form, drops)) is None:
        return _instruments_page(request, task, form, 422)
    messages.success(request, _("Đã bỏ văn bản khỏi nhiệm vụ.") if drops else _("Đã gắn văn bản vào nhiệm vụ."))
    return redirect("programmes:task_instruments", code=code)


def _change(request: Any, task: Task, form: TaskInstrumentForm, drops: bool) -> bool:
    act = actions.unlink_task_instrument if drops else actions.link_task_instrument
    act(task, form.chosen(request.viewer), by=request.viewer, decided=form.decided())
    return True


def _instruments_page(request: Any, task: Task, form: TaskInstrumentForm, status: int) -> HttpResponse:
    page = task_instruments_page(request.viewer, task, timezone.localdate())
    context = {"page": page, "form": form}
    return render(request, "programmes/task_instruments.html", context, status=status, using="jinja2")
