"""Preparing, reviewing, publishing and correcting issues."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.access import may_work
from thucthi.documents.selectors import document_for
from thucthi.kernel.errors import Refused, Stale
from thucthi.kernel.gate import door
from thucthi.publication import access, files
from thucthi.publication.actions import announce_correction, prepare_snapshot, publish_snapshot, return_snapshot
from thucthi.publication.calculations import differences
from thucthi.publication.fetching import bring_here
from thucthi.publication.forms import CorrectedIssueForm, CorrectionForm, PrepareForm, ReturnForm
from thucthi.publication.models import Snapshot
from thucthi.publication.orders.actions import order_preparation, order_publication
from thucthi.publication.orders.selectors import (
    is_long_to_prepare,
    is_long_to_publish,
    newest_orders,
    newest_publishing_of,
)
from thucthi.publication.selectors.consistency import consistency_book, consistency_page, resolutions_checked
from thucthi.publication.selectors.issue_summary import summary_of
from thucthi.publication.selectors.published import (
    another_is_published,
    coming_runs,
    newest_version,
    published_before,
    snapshot_for,
    snapshots_for,
)
from thucthi.publication.selectors.vocabulary import vocabulary

RESOLUTIONS, LINES = 20, 50


@door(access.may_see_issues)
@require_safe
def issues(request: Any) -> HttpResponse:
    form = PrepareForm(initial={"kind": "weekly", "as_of": timezone.localdate()})
    return _issues_page(request, form, 200)


def _issues_page(request: Any, form: PrepareForm, status: int) -> HttpResponse:
    context = {
        "snapshots": snapshots_for(request.viewer),
        "form": form,
        "runs": coming_runs(timezone.now()),
        "orders": newest_orders(request.viewer),
        "may_prepare": access.may_prepare(request.viewer),
    }
    return render(request, "publication/issues.html", context, using="jinja2", status=status)


@door(access.may_prepare)
@require_POST
def prepare_issue(request: Any) -> HttpResponseBase:
    form = PrepareForm(request.POST)
    if form.is_valid() and form.cleaned_data["as_of"] > timezone.localdate():
        form.add_error("as_of", _("Không chuẩn bị kỳ công bố cho một ngày chưa tới."))
    if not form.is_valid():
        return _issues_page(request, form, 422)
    try:
        return _prepare(
            request, _("Đã chuẩn bị kỳ %(issue)s. Người khác cần xem lại rồi phát hành."), **form.cleaned_data
        )
    except Stale as error:
        form.add_error(None, str(error))
        return _issues_page(request, form, 409)
    except Refused as error:
        _show_faults(form, error)
        return _issues_page(request, form, 422)


def _prepare(request: Any, done: str, **asked: Any) -> HttpResponseBase:
    """At once, or by the worker where that is too long for a page; the actions refuse what they refuse."""
    if is_long_to_prepare():
        order = order_preparation(by=request.viewer, **asked)
        said = _("Đã ghi yêu cầu chuẩn bị kỳ %(issue)s. Máy chủ đang làm; ông/bà có thể rời trang này và quay lại sau.")
        messages.success(request, said % {"issue": order.issue})
        return redirect("publication:issues")
    made = prepare_snapshot(by=request.viewer, **asked)
    messages.success(request, done % {"issue": made.name})
    return redirect("publication:issue", pk=made.pk)


def _show_faults(form: Form, error: Refused) -> None:
    for fault in error.faults:
        form.add_error(fault.field if fault.field in form.fields else None, fault.text)


@door(access.may_see_issues)
@require_safe
def issue(request: Any, pk: int) -> HttpResponse:
    return _issue_page(request, snapshot_for(request.viewer, pk), 200)


def _issue_page(request: Any, snapshot: Snapshot, status: int, *, trouble: str = "", **forms: Form) -> HttpResponse:
    before = published_before(snapshot)
    newest = newest_version(snapshot.kind, snapshot.issue)
    context = {
        "correction_form": CorrectionForm(),
        "return_form": ReturnForm(),
        "version_form": CorrectedIssueForm(),
        **forms,
        "newest": newest,
        "may_correct": access.may_prepare(request.viewer) and newest == snapshot,
        "is_returned": hasattr(snapshot, "returned"),
        "snapshot": snapshot,
        "publishing": newest_publishing_of(snapshot, request.viewer),
        "before": before,
        "differences": differences(summary_of(before) if before else None, summary_of(snapshot)),
        "words": vocabulary(),
        "trouble": trouble,
        "is_published": hasattr(snapshot, "publication"),
        "can_publish": access.can_publish(request.viewer, snapshot.prepared_by_id),
        "may_publish": access.may_publish(request.viewer),
        "another_is_published": another_is_published(snapshot),
    }
    return render(request, "publication/issue.html", context, using="jinja2", status=status)


@door(access.may_publish)
@require_POST
def publish_issue(request: Any, pk: int) -> HttpResponseBase:
    snapshot = snapshot_for(request.viewer, pk)
    try:
        said = _publish(request, snapshot)
    except (Refused, Stale) as error:
        return _issue_page(request, snapshot, 409 if isinstance(error, Stale) else 422, trouble=str(error))
    messages.success(request, said % {"issue": snapshot.name})
    return redirect("publication:issue", pk=pk)


def _publish(request: Any, snapshot: Snapshot) -> str:
    if is_long_to_publish(snapshot):
        order_publication(snapshot, by=request.viewer)
        return _("Đã ghi yêu cầu phát hành kỳ %(issue)s. Máy chủ đang so từng tệp với bản kê trước khi phát hành.")
    publish_snapshot(snapshot, by=request.viewer)
    return _("Đã phát hành kỳ %(issue)s.")


@door(access.may_publish)
@require_POST
def return_issue(request: Any, pk: int) -> HttpResponseBase:
    snapshot, form = snapshot_for(request.viewer, pk), ReturnForm(request.POST)
    if not form.is_valid():
        return _issue_page(request, snapshot, 422, return_form=form)
    try:
        return_snapshot(snapshot, by=request.viewer, **form.cleaned_data)
    except Stale as error:
        return _issue_page(request, snapshot, 409, trouble=str(error), return_form=form)
    messages.success(request, _("Đã trả lại kỳ %(issue)s; lý do đã được ghi.") % {"issue": snapshot.name})
    return redirect("publication:issue", pk=pk)


@door(access.may_prepare)
@require_POST
def prepare_version(request: Any, pk: int) -> HttpResponseBase:
    """Another version of a published issue, with what was recorded since."""
    wrong, form = snapshot_for(request.viewer, pk), CorrectedIssueForm(request.POST)
    if not form.is_valid():
        return _issue_page(request, wrong, 422, version_form=form)
    moment = form.cleaned_data["cut_off_at"] or timezone.now()
    try:
        return _prepare(
            request,
            _("Đã chuẩn bị bản sửa %(issue)s. Người khác cần xem lại rồi phát hành."),
            kind=wrong.kind,
            as_of=wrong.as_of,
            cut_off_at=moment,
            corrects=wrong,
        )
    except (Refused, Stale) as error:
        return _issue_page(request, wrong, 422, trouble=str(error), version_form=form)


@door(access.may_publish)
@require_POST
def correct_issue(request: Any, pk: int) -> HttpResponseBase:
    snapshot, form = snapshot_for(request.viewer, pk), CorrectionForm(request.POST)
    if form.is_valid():
        try:
            announce_correction(snapshot, by=request.viewer, on=timezone.localdate(), **form.cleaned_data)
        except Refused as error:
            _show_faults(form, error)
        else:
            messages.success(request, _("Đã đăng đính chính."))
            return redirect("publication:issue", pk=pk)
    return _issue_page(request, snapshot, 422, correction_form=form)


@door(access.may_see_issues)
@require_safe
def preview_issue(request: Any, pk: int, path: str) -> HttpResponse:
    """The prepared pages, for those who review them; only what the manifest lists."""
    name = f"{path}index.html" if not path or path.endswith("/") else path
    manifest_hash = snapshot_for(request.viewer, pk).manifest_hash
    bring_here(manifest_hash)
    try:
        content = files.read_file(manifest_hash, name)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(content, content_type=files.content_type(name))


@door(may_work)
@require_safe
def consistency(request: Any) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(resolutions_checked(request.viewer, today), RESOLUTIONS).get_page(request.GET.get("trang"))
    found = consistency_book(request.viewer, list(page.object_list), today)
    context = {"book": found.value, "kept_since": found.kept_since, "page": page}
    return render(request, "publication/consistency.html", context, using="jinja2")


@door(may_work)
@require_safe
def consistency_of(request: Any, slug: str) -> HttpResponse:
    """Each list turns its pages for itself: `?trang-<check>=`."""
    found = consistency_page(request.viewer, document_for(request.viewer, slug), timezone.localdate())
    pages = {
        key: Paginator(lines, LINES).get_page(request.GET.get(f"trang-{key.value}"))
        for key, lines in found.lists.items()
    }
    context = {"book": found, "row": found.row, "pages": pages}
    return render(request, "publication/consistency_of.html", context, using="jinja2")
