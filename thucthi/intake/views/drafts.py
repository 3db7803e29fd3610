"""The review of what was read: accept, correct, split, merge, drop."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.forms import attempt
from thucthi.intake import access, actions
from thucthi.intake.forms import AboveForm, BodiesForm, DraftForm, MergeForm, SplitForm, named_bodies
from thucthi.intake.models import DocumentReading, TaskDraft
from thucthi.intake.selectors.bodies import usual_bodies
from thucthi.intake.selectors.drafts import first_values
from thucthi.intake.selectors.files import draft_for, reading_for
from thucthi.intake.selectors.review import VIEWS, draft_page, review_page
from thucthi.kernel.errors import Refused, Stale
from thucthi.kernel.gate import door

# How many of those left out are named in the message; all of them stay in the list, with their reasons.
MOST_NAMED = 10


@door(access.may_read_drafts)
@require_safe
def review(request: Any, pk: int) -> HttpResponse:
    return _review(request, reading_for(request.viewer, pk))


def _review(request: Any, reading: DocumentReading, form: AboveForm | None = None, status: int = 200) -> HttpResponse:
    asked = request.GET.get("xem", "")
    shown = asked if asked in VIEWS else VIEWS[0]
    page = review_page(reading, shown=shown, number=request.GET.get("trang"), today=timezone.localdate())
    context = {
        "review": page,
        "file": reading.file,
        "programme": reading.file.programme,
        "shown": shown,
        "form": form or AboveForm(counts=page.thresholds),
        "can_decide": _can_decide(request, reading),
    }
    return render(request, "intake/review.html", context, status=status, using="jinja2")


def _can_decide(request: Any, reading: DocumentReading) -> bool:
    programme = reading.file.programme
    return access.can_take_in(request.viewer, programme.organisation_id) and not programme.is_issued


@door(access.may_take_in)
@require_POST
def accept_above(request: Any, pk: int) -> HttpResponseBase:
    reading, form = reading_for(request.viewer, pk), AboveForm(request.POST)
    if not form.is_valid():
        return _review(request, reading, form, 422)
    least = form.cleaned_data["least"]
    done = attempt(form, lambda: actions.accept_above(reading, by=request.viewer, least=least, on=timezone.localdate()))
    if done is None:
        return _review(request, reading, form, 422)
    messages.success(request, _("Đã nhận %(n)s nhiệm vụ vào dự thảo chương trình.") % {"n": len(done.tasks)})
    if done.left:
        messages.warning(request, _left_out(done))
    return redirect("intake:review", pk=pk)


def _left_out(done: actions.Accepted) -> str:
    named = [f"{each.draft.index or each.draft.position + 1}: {each.reason}" for each in done.left[:MOST_NAMED]]
    rest = len(done.left) - len(named)
    told = _("Chưa nhận %(n)s bản: %(named)s") % {"n": len(done.left), "named": " ".join(named)}
    return told + (" " + _("… và %(n)s bản nữa.") % {"n": rest} if rest else "")


@door(access.may_read_drafts)
def draft(request: Any, pk: int) -> HttpResponseBase:
    found = draft_for(request.viewer, pk)
    if request.method != "POST":
        return _draft_page(request, found)
    form = DraftForm(request.POST)
    try:
        saved = attempt(form, lambda: _correct(request, found, form))
    except Stale as stale:
        return _stale(request, found, form, stale)
    if saved is None:
        return _draft_page(request, found, form, status=422)
    messages.success(request, _("Đã lưu. Các rõ dưới đây đã được xét lại theo nội dung mới."))
    return redirect("intake:draft", pk=pk)


def _correct(request: Any, found: TaskDraft, form: DraftForm) -> TaskDraft:
    version = form.cleaned_data.get("version") or 0
    return actions.correct_draft(found, by=request.viewer, correction=form.correction(), version=version)


def _stale(request: Any, found: TaskDraft, form: DraftForm, stale: Stale) -> HttpResponse:
    """What was typed stays in the form, above what stands now; saving once more is then a choice made knowingly."""
    found.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(found.version)
    form.data = data
    return _draft_page(request, found, form, status=409, clash=str(stale))


def _draft_page(
    request: Any, found: TaskDraft, at_fault: Any = None, *, status: int = 200, clash: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    page = draft_page(found, today)
    forms: dict[str, Any] = {
        "form": DraftForm(initial=first_values(found)),
        "split": SplitForm(initial={"parts": found.text}),
        "merge": MergeForm(neighbours=page.neighbours),
        "bodies": BodiesForm(initial=named_bodies(found), offered=usual_bodies(found.lead_text, today)),
    }
    forms = {name: at_fault if type(at_fault) is type(form) else form for name, form in forms.items()}
    context = {
        **forms,
        "page": page,
        "draft": found,
        "file": found.reading.file,
        "programme": found.reading.file.programme,
        "at_fault": at_fault or (),
        "clash": clash,
        "can_decide": _can_decide(request, found.reading),
    }
    return render(request, "intake/draft.html", context, status=status, using="jinja2")


@door(access.may_take_in)
@require_POST
def accept(request: Any, pk: int) -> HttpResponseBase:
    found = draft_for(request.viewer, pk)
    return _press(
        request,
        found,
        lambda: actions.accept_draft(found, by=request.viewer, on=timezone.localdate()),
        _("Đã nhận vào dự thảo chương trình."),
    )


@door(access.may_take_in)
@require_POST
def drop(request: Any, pk: int) -> HttpResponseBase:
    found = draft_for(request.viewer, pk)
    return _press(
        request,
        found,
        lambda: actions.drop_draft(found, by=request.viewer),
        _("Đã bỏ. Bản này nằm trong mục “Đã bỏ” và lấy lại được."),
    )


@door(access.may_take_in)
@require_POST
def restore(request: Any, pk: int) -> HttpResponseBase:
    found = draft_for(request.viewer, pk)
    return _press(request, found, lambda: actions.restore_draft(found, by=request.viewer), _("Đã lấy lại."))


def _press(request: Any, found: TaskDraft, act: Callable[[], object], done: str) -> HttpResponseBase:
    """One press on a draft; it leads back to where in the list it was made."""
    try:
        act()
    except Refused as refusal:
        return _draft_page(request, found, [("", fault.text) for fault in refusal.faults], status=422)
    except Stale as stale:
        return _draft_page(request, found, [("", str(stale))], status=409)
    messages.success(request, done)
    return _to_review(request, found)


def _to_review(request: Any, found: TaskDraft) -> HttpResponseBase:
    page = request.POST.get("trang", "")
    where = f"?trang={page}#danh-sach" if page.isascii() and page.isdigit() else "#danh-sach"
    return redirect(resolve_url("intake:review", pk=found.reading.file_id) + where)


@door(access.may_take_in)
@require_POST
def split(request: Any, pk: int) -> HttpResponseBase:
    found, form = draft_for(request.viewer, pk), SplitForm(request.POST)
    return _remake(
        request,
        found,
        form,
        lambda: actions.split_draft(found, by=request.viewer, parts=form.typed()),
        _("Đã tách; mỗi phần nay là một bản riêng."),
    )


@door(access.may_take_in)
@require_POST
def merge(request: Any, pk: int) -> HttpResponseBase:
    found = draft_for(request.viewer, pk)
    form = MergeForm(request.POST, neighbours=draft_page(found, timezone.localdate()).neighbours)
    return _remake(
        request,
        found,
        form,
        lambda: actions.merge_drafts(found, by=request.viewer, others=form.chosen()),
        _("Đã gộp thành một bản."),
    )


@door(access.may_take_in)
@require_POST
def assign(request: Any, pk: int) -> HttpResponseBase:
    found = draft_for(request.viewer, pk)
    form = BodiesForm(request.POST, offered=usual_bodies(found.lead_text, timezone.localdate()))
    return _remake(
        request,
        found,
        form,
        lambda: actions.assign_bodies(found, by=request.viewer, bodies=form.organisations()),
        _("Đã lập mỗi cơ quan một bản."),
    )


def _remake(request: Any, found: TaskDraft, form: Any, act: Callable[[], object], done: str) -> HttpResponseBase:
    """One draft becomes several, or several one; on a fault everything typed stays."""
    try:
        made = attempt(form, act)
    except Stale as stale:
        return _draft_page(request, found, [("", str(stale))], status=409)
    if made is None:
        return _draft_page(request, found, form, status=422)
    messages.success(request, done)
    return _to_review(request, found)
