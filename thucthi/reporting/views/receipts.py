"""The receipt of a report, to read and to take home; who sees the report may take it."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.kernel.errors import NotVisible
from thucthi.kernel.gate import door
from thucthi.ledger.selectors.receipts import as_file
from thucthi.reporting.access import may_read_reports
from thucthi.reporting.selectors import period_label, report_for
from thucthi.reporting.selectors.receipts import receipt_for


@door(may_read_reports)
@require_safe
def receipt(request: Any, pk: int) -> HttpResponse:
    report = report_for(request.viewer, pk)
    context = {
        "report": report,
        "period": period_label(report.obligation),
        "receipt": receipt_for(report),
        "localtime": timezone.localtime,
    }
    return render(request, "reporting/receipt.html", context, using="jinja2")


@door(may_read_reports)
@require_safe
def receipt_file(request: Any, pk: int) -> HttpResponseBase:
    """The receipt as JSON; without a signature there is no file, and the page says why."""
    report = report_for(request.viewer, pk)
    found = receipt_for(report)
    if found is None:
        raise NotVisible(_("Báo cáo này không có biên nhận riêng."))
    if not found.note:
        return redirect("reporting:receipt", pk=pk)
    answer = JsonResponse(as_file(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="bien-nhan-{found.uid}.json"'
    answer["Cache-Control"] = "private, no-cache"
    return answer
