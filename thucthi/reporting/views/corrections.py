"""Replacing an accepted report by a new version that asks for a new acceptance."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Stale, require
from thucthi.kernel.gate import door
from thucthi.reporting import actions
from thucthi.reporting.access import can_report, may_report
from thucthi.reporting.forms import CorrectionForm, initial_of, key_in
from thucthi.reporting.models import Report
from thucthi.reporting.selectors import period_label, report_for
from thucthi.reporting.selectors.obligations import evidence_offered, last_period_report, place_of
from thucthi.reporting.selectors.wording import typed_of


@door(may_report)
def correct_report(request: Any, pk: int) -> HttpResponseBase:
    report = report_for(request.viewer, pk)
    require(
        can_report(request.viewer, place_of(report.obligation, report.task)),
        _("Chỉ người báo cáo hoặc người đứng đầu của cơ quan chủ trì được đính chính báo cáo này."),
    )
    files = tuple(evidence_offered(report.obligation, last_period_report(report.obligation)))
    if request.method != "POST":
        initial = initial_of(typed_of(report), version=0, key=str(uuid4()))
        return _page(request, report, CorrectionForm(initial=initial, offered=files))
    form = CorrectionForm(request.POST, offered=files)
    try:
        made = attempt(form, lambda: _correct(request, report, form))
    except Stale as stale:
        return _page(request, report, form, status=409, clash=str(stale))
    if made is None:
        return _page(request, report, form, status=422)
    messages.success(request, _("Đã gửi bản đính chính; báo cáo chờ nghiệm thu lại."))
    return redirect("reporting:review_report", pk=made.pk)


def _correct(request: Any, report: Report, form: CorrectionForm) -> Report:
    return actions.correct_report(
        report,
        by=request.viewer,
        content=form.content(),
        reason=form.cleaned_data.get("reason", ""),
        idempotency_key=key_in(request.POST),
        at=timezone.now(),
    )


def _page(request: Any, report: Report, form: CorrectionForm, *, status: int = 200, clash: str = "") -> HttpResponse:
    context = {"report": report, "form": form, "period": period_label(report.obligation), "clash": clash}
    return render(request, "reporting/correct_report.html", context, status=status, using="jinja2")
