"""What waits for a verdict, one report beside the last accepted one, and the verdict; files as attachments."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.forms import Form
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
from thucthi.reporting.access import can_report, may_read_reports, may_review
from thucthi.reporting.calculations.statements import differences
from thucthi.reporting.forms import AcceptForm, ReturnForm
from thucthi.reporting.models import Acceptance, Report, Rung, Verdict
from thucthi.reporting.selectors import (
    content_of,
    evidence_for,
    last_accepted_report,
    period_label,
    public_wording,
    report_for,
)
from thucthi.reporting.selectors import (
    review_queue as queue_of,
)
from thucthi.reporting.selectors.duties import standings_of, word_of
from thucthi.reporting.selectors.obligations import latest_report
from thucthi.reporting.selectors.queues import COUNTED, count_to_review
from thucthi.reporting.selectors.review import chain_of
from thucthi.reporting.selectors.routes import rungs_of
from thucthi.reporting.selectors.turns import may_decide, who_decided
from thucthi.reporting.selectors.waiting import reach_of
from thucthi.reporting.selectors.wording import in_words, typed_figure, typed_of

ROWS = 50
LONGEST_ID = 19
SIZES = (50, 200, 500)
MARKS = {"tat-ca", "dung-ke-hoach"}


@door(may_review)
@require_safe
def review_queue(request: Any) -> HttpResponse:
    return _queue_page(request)


@door(may_review)
def accept_reports(request: Any) -> HttpResponseBase:
    """Agree with everything that was marked, as it was shown."""
    if request.method != "POST":
        return redirect("reporting:review_queue")
    form = Form(request.POST)
    shown = [row for row in map(_shown, request.POST.getlist("chon")) if row is not None]
    outcome = attempt(form, lambda: actions.accept_reports(shown, by=request.viewer, note="", at=timezone.now()))
    if outcome is None:
        return _queue_page(request, form=form, status=422)
    if outcome.not_taken:
        return _queue_page(request, outcome=outcome, status=409)
    messages.success(request, outcome_in_words(outcome))
    return redirect("reporting:review_queue")


def outcome_in_words(outcome: actions.BulkOutcome) -> str:
    said = {"accepted": len(outcome.accepted), "endorsed": len(outcome.endorsed)}
    if outcome.endorsed:
        return _("Đã chấp nhận %(accepted)s báo cáo; %(endorsed)s báo cáo được đồng ý và lên cấp tiếp theo.") % said
    return _("Đã chấp nhận %(accepted)s báo cáo.") % said


def _shown(value: str) -> actions.Shown | None:
    pk, _colon, rest = value.partition(":")
    seal, _colon, rung = rest.partition(":")
    return actions.Shown(int(pk), seal, rung) if pk.isdecimal() and len(pk) < LONGEST_ID else None


def _queue_page(request: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    size = _number(request.GET.get("so-dong"), ROWS)
    size = size if size in SIZES else ROWS
    reach = reach_of(request.viewer)
    total = count_to_review(reach)
    last = max(1, -(-min(total, COUNTED) // size))
    number = min(_number(request.GET.get("trang"), 1), last)
    mark = request.GET.get("chon", "")
    context = {
        "rows": queue_of(request.viewer, since=(number - 1) * size, to=number * size, reach=reach),
        "number": number,
        "last": last,
        "size": size,
        "sizes": SIZES,
        "total": total,
        "counted": COUNTED,
        "mark": mark if mark in MARKS else "",
        "period_label": period_label,
        "in_words": in_words,
        "rungs": dict(Rung.choices),
        "today": timezone.localdate(),
        **more,
    }
    return render(request, "reporting/review_queue.html", context, status=status, using="jinja2")


def _number(text: str | None, otherwise: int) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < LONGEST_ID else otherwise


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
            rung=form.cleaned_data["rung"] if "rung" in form.data else None,
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
            rung=form.cleaned_data["rung"] if "back-rung" in form.data else None,
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
        BytesIO(content_of(found)), as_attachment=True, filename=found.file_name, content_type=found.media_type
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
    if isinstance(decided, Acceptance):
        messages.success(request, _("Đã %(verdict)s báo cáo của nhiệm vụ %(code)s.") % said)
    else:
        messages.success(request, _("Đã đồng ý; báo cáo của nhiệm vụ %(code)s lên cấp tiếp theo.") % said)
    return redirect("reporting:review_queue")


def _page(
    request: Any, report: Report, accept: AcceptForm, send_back: ReturnForm, *, status: int = 200, clash: str = ""
) -> HttpResponse:
    context = {
        "report": report,
        "files": [row.evidence for row in report.report_evidence.all()],
        "obstacle": standing_of(report.obstacle, timezone.localdate()) if report.obstacle else None,
        "period": period_label(report.obligation),
        "form": accept if accept.is_bound else send_back,
        "accept": accept,
        "send_back": send_back,
        "clash": clash,
        "is_author": report.author_id == request.viewer.account_id,
        "in_queue": may_review(request.viewer),
        "wording": public_wording(
            report.obligation,
            claim=report.claim,
            progress=report.progress_declared,
            note=report.note,
            cause=report.cause,
        ),
        **_compared(report),
        **_chain(request, report),
    }
    return render(request, "reporting/review_report.html", context, status=status, using="jinja2")


def _compared(report: Report) -> dict[str, Any]:
    """The last accepted report of the task, and what this one says otherwise."""
    last = last_accepted_report(report.task_id, before=report)
    rows = differences(typed_of(last), typed_of(report)) if last else ()
    return {
        "last": last,
        "last_period": period_label(last.obligation) if last else None,
        "differences": [in_words(row) for row in rows if row.field != "evidence"],
    }


def _chain(request: Any, report: Report) -> dict[str, Any]:
    """Who decided on which rung, whose turn it is, whether the report was on time and may be corrected."""
    decided = getattr(report, "acceptance", None)
    chain, newest = chain_of(report, report.task), latest_report(report.obligation)
    turn = may_decide(request.viewer, chain)
    standing = standings_of([report.obligation], timezone.localdate())[report.obligation_id]
    is_locked = decided is not None and decided.verdict == Verdict.ACCEPTED and newest == report
    return {
        "decided": decided,
        "who_decided": who_decided,
        "rungs": rungs_of(report),
        "turn": turn,
        "may_decide": turn is not None,
        "may_correct": is_locked and can_report(request.viewer, chain.place),
        "newest": newest,
        "standing_word": word_of(standing),
    }
