"""What waits for a verdict, one report beside the last accepted one, and the verdict; files as attachments."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door
from thucthi.obstacles.selectors import standing_of
from thucthi.reporting import actions
from thucthi.reporting.access import can_review, may_read_reports, may_review
from thucthi.reporting.calculations.statements import differences
from thucthi.reporting.forms import AcceptForm, ReturnForm
from thucthi.reporting.models import Report
from thucthi.reporting.selectors import (
    evidence_for,
    file_of,
    last_accepted_report,
    period_label,
    public_wording,
    report_for,
)
from thucthi.reporting.selectors import (
    review_queue as queue_of,
)
from thucthi.reporting.selectors.obligations import place_of
from thucthi.reporting.selectors.wording import in_words, typed_figure, typed_of

ROWS = 50


@door(may_review)
@require_safe
def review_queue(request: Any) -> HttpResponse:
    page = Paginator(queue_of(request.viewer), ROWS).get_page(request.GET.get("trang"))
    context = {"page": page, "period_label": period_label, "today": timezone.localdate()}
    return render(request, "reporting/review_queue.html", context, using="jinja2")


@door(may_read_reports)
@require_safe
def review_report(request: Any, pk: int) -> HttpResponse:
    report = report_for(request.viewer, pk)
    accept = AcceptForm(
        initial={"progress_accepted": typed_figure(report.progress_declared), "content_hash": report.content_hash}
    )
    return _page(request, report, accept, ReturnForm(initial={"content_hash": report.content_hash}, prefix="back"))


@door(may_review)
def accept_report(request: Any, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("reporting:review_report", pk=pk)
    report, form = report_for(request.viewer, pk), AcceptForm(request.POST)

    def accept() -> Any:
        return actions.accept_report(
            report,
            by=request.viewer,
            content_hash=form.cleaned_data["content_hash"],
            progress_accepted=form.cleaned_data.get("progress_accepted"),
            note=form.cleaned_data["note"],
            at=timezone.now(),
        )

    again = ReturnForm(initial={"content_hash": report.content_hash}, prefix="back")
    return _decide(request, report, form, accept) or _page(request, report, form, again, status=422)


@door(may_review)
def return_report(request: Any, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("reporting:review_report", pk=pk)
    report, form = report_for(request.viewer, pk), ReturnForm(request.POST, prefix="back")

    def send_back() -> Any:
        return actions.return_report(
            report,
            by=request.viewer,
            content_hash=form.cleaned_data["content_hash"],
            note=form.cleaned_data["note"],
            at=timezone.now(),
        )

    accept = AcceptForm(
        initial={"progress_accepted": typed_figure(report.progress_declared), "content_hash": report.content_hash}
    )
    return _decide(request, report, form, send_back) or _page(request, report, accept, form, status=422)


@door(may_read_reports)
@require_safe
def evidence(request: Any, pk: int) -> HttpResponseBase:
    found = evidence_for(request.viewer, pk)
    answer = FileResponse(
        file_of(found).open("rb"), as_attachment=True, filename=found.file_name, content_type=found.media_type
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _decide(request: Any, report: Report, form: Any, act: Any) -> HttpResponseBase | None:
    """The redirect after a verdict, the 409 page when somebody was first, None when the form has faults."""
    try:
        decided = attempt(form, act)
    except Stale as stale:
        fresh = report_for(request.viewer, report.pk)
        return _page(request, fresh, AcceptForm(), ReturnForm(prefix="back"), status=409, clash=str(stale))
    if decided is None:
        return None
    said = {"code": report.task.code, "verdict": decided.get_verdict_display().lower()}
    messages.success(request, _("Đã %(verdict)s báo cáo của nhiệm vụ %(code)s.") % said)
    return redirect("reporting:review_queue")


def _page(
    request: Any, report: Report, accept: AcceptForm, send_back: ReturnForm, *, status: int = 200, clash: str = ""
) -> HttpResponse:
    last = last_accepted_report(report.task_id, before=report)
    rows = differences(typed_of(last), typed_of(report)) if last else ()
    decided = getattr(report, "acceptance", None)
    context = {
        "report": report,
        "files": [row.evidence for row in report.report_evidence.all()],
        "obstacle": standing_of(report.obstacle, timezone.localdate()) if report.obstacle else None,
        "period": period_label(report.obligation),
        "last": last,
        "last_period": period_label(last.obligation) if last else None,
        "differences": [in_words(row) for row in rows if row.field != "evidence"],
        "decided": decided,
        "may_decide": decided is None
        and can_review(request.viewer, place_of(report.obligation, report.task), report.author_id),
        "form": accept if accept.is_bound else send_back,
        "accept": accept,
        "send_back": send_back,
        "clash": clash,
        "in_queue": may_review(request.viewer),
        "wording": public_wording(
            report.obligation,
            claim=report.claim,
            progress=report.progress_declared,
            note=report.note,
            cause=report.cause,
        ),
    }
    return render(request, "reporting/review_report.html", context, status=status, using="jinja2")
