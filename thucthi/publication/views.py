"""Preparing, reviewing, publishing and correcting issues."""

from typing import Any

from django.contrib import messages
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
from thucthi.publication.actions import announce_correction, prepare_snapshot, publish_snapshot
from thucthi.publication.calculations import differences
from thucthi.publication.forms import CorrectionForm, PrepareForm
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors.consistency import consistency_book, consistency_page
from thucthi.publication.selectors.issue_summary import summary_of
from thucthi.publication.selectors.published import (
    another_is_published,
    published_before,
    snapshot_for,
    snapshots_for,
)
from thucthi.publication.selectors.vocabulary import vocabulary


@door(access.may_see_issues)
@require_safe
def issues(request: Any) -> HttpResponse:
    form = PrepareForm(initial={"kind": "weekly", "as_of": timezone.localdate()})
    return _issues_page(request, form, 200)


def _issues_page(request: Any, form: PrepareForm, status: int) -> HttpResponse:
    context = {
        "snapshots": snapshots_for(request.viewer),
        "form": form,
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
        snapshot = prepare_snapshot(by=request.viewer, **form.cleaned_data)
    except Stale as error:
        form.add_error(None, str(error))
        return _issues_page(request, form, 409)
    messages.success(
        request, _("Đã chuẩn bị kỳ %(issue)s. Người khác cần xem lại rồi phát hành.") % {"issue": snapshot.issue}
    )
    return redirect("publication:issue", pk=snapshot.pk)


@door(access.may_see_issues)
@require_safe
def issue(request: Any, pk: int) -> HttpResponse:
    return _issue_page(request, snapshot_for(request.viewer, pk), CorrectionForm(), 200)


def _issue_page(request: Any, snapshot: Snapshot, form: CorrectionForm, status: int, trouble: str = "") -> HttpResponse:
    before = published_before(snapshot)
    context = {
        "snapshot": snapshot,
        "before": before,
        "differences": differences(summary_of(before) if before else None, summary_of(snapshot)),
        "words": vocabulary(),
        "form": form,
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
        publish_snapshot(snapshot, by=request.viewer)
    except (Refused, Stale) as error:
        return _issue_page(request, snapshot, CorrectionForm(), 409 if isinstance(error, Stale) else 422, str(error))
    messages.success(request, _("Đã phát hành kỳ %(issue)s.") % {"issue": snapshot.issue})
    return redirect("publication:issue", pk=pk)


@door(access.may_publish)
@require_POST
def correct_issue(request: Any, pk: int) -> HttpResponseBase:
    snapshot, form = snapshot_for(request.viewer, pk), CorrectionForm(request.POST)
    if form.is_valid():
        try:
            announce_correction(snapshot, by=request.viewer, on=timezone.localdate(), **form.cleaned_data)
        except Refused as error:
            for fault in error.faults:
                form.add_error(fault.field or None, fault.text)
        else:
            messages.success(request, _("Đã đăng đính chính."))
            return redirect("publication:issue", pk=pk)
    return _issue_page(request, snapshot, form, 422)


@door(access.may_see_issues)
@require_safe
def preview_issue(request: Any, pk: int, path: str) -> HttpResponse:
    """The prepared pages, for those who review them; only what the manifest lists."""
    name = f"{path}index.html" if not path or path.endswith("/") else path
    try:
        content = files.read_file(snapshot_for(request.viewer, pk).manifest_hash, name)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(content, content_type=files.content_type(name))


@door(may_work)
@require_safe
def consistency(request: Any) -> HttpResponse:
    book = consistency_book(request.viewer, timezone.localdate())
    return render(request, "publication/consistency.html", {"book": book}, using="jinja2")


@door(may_work)
@require_safe
def consistency_of(request: Any, slug: str) -> HttpResponse:
    book = consistency_page(request.viewer, document_for(request.viewer, slug), timezone.localdate())
    return render(request, "publication/consistency_of.html", {"book": book, "row": book.rows[0]}, using="jinja2")
