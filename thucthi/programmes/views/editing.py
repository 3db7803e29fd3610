"""Drafting: opening a programme, its editor with the clarity gate, the form of a task."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.forms import attempt
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.errors import Refused, Stale, require
from thucthi.kernel.gate import door
from thucthi.programmes import access
from thucthi.programmes.actions import NewProgramme, add_task, create_programme, edit_task, remove_draft_task
from thucthi.programmes.forms import IssueForm, ProgrammeForm, TaskForm, lines_of, typed_as
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors import programme_for, task_for
from thucthi.programmes.selectors.contents import TaskContent, content_of, differences
from thucthi.programmes.selectors.pages import (
    citable_clauses,
    drafting_organisations,
    groups_of,
    groups_on,
    tasks_in_order,
)

TASKS = 50


@door(access.may_draft)
def create(request: Any) -> HttpResponseBase:
    choices: dict[str, Any] = {
        "organisations": drafting_organisations(request.viewer),
        "documents": list(visible_documents(request.viewer)),
    }
    require(bool(choices["organisations"]), _("Tài khoản của ông/bà chưa được giao soạn chương trình."))
    if request.method != "POST":
        asked = {"documents": request.GET.getlist("van-ban")}
        return _programme_form(request, ProgrammeForm(initial=asked, **choices), 200)
    form = ProgrammeForm(request.POST, **choices)
    made = attempt(form, lambda: create_programme(by=request.viewer, new=_new_programme(form)))
    if made is None:
        return _programme_form(request, form, 422)
    messages.success(request, _("Đã mở dự thảo. Nay ông/bà có thể ghi các nhiệm vụ."))
    return redirect("programmes:edit_programme", code=made.code)


def _new_programme(form: ProgrammeForm) -> NewProgramme:
    read = form.cleaned_data
    owner = form.organisations.get(read.get("organisation", "")) or next(iter(form.organisations.values()))
    plain = ("code", "title", "profile", "rhythm", "authority_basis", "resource_source")
    return NewProgramme(
        **{name: read.get(name, "").strip() for name in plain},
        organisation=owner,
        documents=tuple(form.offered[slug] for slug in read.get("documents", [])),
        groups=tuple(lines_of(read.get("groups", ""))),
        head=owner.posts.filter(is_head=True).first(),
    )


def _programme_form(request: Any, form: ProgrammeForm, status: int) -> HttpResponse:
    return render(request, "programmes/create_programme.html", {"form": form}, status=status, using="jinja2")


@door(access.may_draft)
@require_safe
def programme(request: Any, code: str) -> HttpResponse:
    found = programme_for(request.viewer, code)
    form = IssueForm(initial={"version": found.version, "issued_on": timezone.localdate()})
    return editor_page(request, found, form)


def editor_page(
    request: Any, programme: Programme, form: IssueForm, status: int = 200, faults: Any = ()
) -> HttpResponse:
    """The editor; `faults` are (address on the page, sentence). What was issued is only read, so page by page."""
    whole = Paginator(tasks_in_order(programme), TASKS)
    page = whole.get_page(request.GET.get("trang")) if programme.is_issued else None
    groups = groups_of(programme) if page is None else groups_on(programme, page)
    rows = [row for group in groups for row in group.rows]
    context = {
        "programme": programme,
        "groups": groups,
        "page": page,
        "issue_form": form,
        "faults": faults,
        "stopping": sum(1 for row in rows if row.missing),
        "total": whole.count if page else len(rows),
        "can_draft": access.can_draft_for(request.viewer, programme.organisation_id) and not programme.is_issued,
        "can_decide": access.can_decide_for(request.viewer, programme.organisation_id) and not programme.is_issued,
    }
    return render(request, "programmes/edit_programme.html", context, status=status, using="jinja2")


@door(access.may_draft)
def add(request: Any, code: str) -> HttpResponseBase:
    found = programme_for(request.viewer, code)
    _require_editor(request, found)
    if request.method != "POST":
        return _task_form(request, found, _form(found), 200)
    form = _form(found, request.POST)
    made = attempt(form, lambda: add_task(found, by=request.viewer, content=form.content(), on=timezone.localdate()))
    if made is None:
        return _task_form(request, found, form, 422)
    messages.success(request, _("Đã thêm nhiệm vụ %(code)s.") % {"code": made.code})
    return redirect("programmes:edit_programme", code=code)


@door(access.may_draft)
def edit(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    _require_editor(request, task.programme)
    if request.method != "POST":
        first = {**typed_as(content_of(task)), "version": task.version}
        return _task_form(request, task.programme, _form(task.programme, initial=first), 200, task=task)
    form = _form(task.programme, request.POST)
    try:
        saved = attempt(form, lambda: _save(request, task, form))
    except Stale as stale:
        return _stale(request, task, form, stale)
    if saved is None:
        return _task_form(request, task.programme, form, 422, task=task)
    messages.success(request, _("Đã lưu nhiệm vụ %(code)s.") % {"code": code})
    return redirect("programmes:edit_programme", code=task.programme.code)


def _save(request: Any, task: Task, form: TaskForm) -> Task:
    version = form.cleaned_data.get("version") or 0
    return edit_task(task, by=request.viewer, content=form.content(), version=version, on=timezone.localdate())


def _stale(request: Any, task: Task, form: TaskForm, stale: Stale) -> HttpResponse:
    """What was typed stays in the form; saving once more is then a choice made knowingly."""
    task.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(task.version)
    form.data = data
    assert isinstance(stale.current, TaskContent)  # noqa: S101 - edit_task says so
    assert isinstance(stale.submitted, TaskContent)  # noqa: S101
    differing = differences(stale.current, stale.submitted)
    return _task_form(request, task.programme, form, 409, task=task, differing=differing, clash=str(stale))


@door(access.may_draft)
@require_POST
def remove(request: Any, code: str) -> HttpResponseBase:
    task = task_for(request.viewer, code)
    programme = task.programme
    try:
        remove_draft_task(task, by=request.viewer, version=int(request.POST.get("version") or 0))
    except (Refused, Stale) as error:
        form = IssueForm(initial={"version": programme.version, "issued_on": timezone.localdate()})
        status = 409 if isinstance(error, Stale) else 422
        return editor_page(request, programme, form, status, [(f"#nv-{code}", str(error))])
    messages.success(request, _("Đã bỏ nhiệm vụ %(code)s khỏi dự thảo.") % {"code": code})
    return redirect("programmes:edit_programme", code=programme.code)


def _require_editor(request: Any, programme: Programme) -> None:
    require(
        access.can_draft_for(request.viewer, programme.organisation_id),
        _("Ông/bà chỉ soạn được nhiệm vụ trong chương trình của cơ quan mình."),
    )


def _form(programme: Programme, data: Any = None, initial: Any = None) -> TaskForm:
    titles = [group.title for group in programme.groups.all()]
    return TaskForm(data, initial=initial, groups=titles, clauses=citable_clauses(programme))


def _task_form(request: Any, programme: Programme, form: TaskForm, status: int, **more: Any) -> HttpResponse:
    context = {"programme": programme, "form": form, "task": None, "differing": (), "clash": "", **more}
    return render(request, "programmes/edit_task.html", context, status=status, using="jinja2")
