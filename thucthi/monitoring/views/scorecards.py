"""The sheet of a body and its right of reply."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.kernel.errors import NotVisible, require
from thucthi.kernel.gate import door
from thucthi.monitoring.access import can_state_reply_of
from thucthi.monitoring.actions.statements import state_reply
from thucthi.monitoring.forms.accountability import ReplyForm, quarter_asked, quarters_before
from thucthi.monitoring.selectors.scorecards import body_for_scorecard
from thucthi.monitoring.selectors.scorecards import scorecard as scorecard_of


@door(may_work)
@require_safe
def scorecard(request: Any, code: str) -> HttpResponse:
    organisation, today = body_for_scorecard(request.viewer, code), timezone.localdate()
    quarter = quarter_asked(request.GET.get("ky", ""), today)
    card = scorecard_of(request.viewer, organisation, quarter, today)
    context = {"card": card, "quarters": quarters_before(today)}
    return render(request, "monitoring/scorecard.html", context, using="jinja2")


@door(may_work)
def reply(request: Any, code: str, period: str) -> HttpResponseBase:
    organisation, today = body_for_scorecard(request.viewer, code), timezone.localdate()
    require(
        can_state_reply_of(request.viewer, organisation.pk),
        _("Chỉ người đứng đầu cơ quan (hoặc người được ủy quyền) được gửi giải trình."),
    )
    if period not in dict(quarters_before(today)):
        raise NotVisible(_("Không có kỳ này."))
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = attempt(
            form,
            lambda: state_reply(
                organisation,
                by=request.viewer,
                period=period,
                text=form.cleaned_data.get("text", ""),
                on=today,
                is_public=form.is_public,
            ),
        )
        if made is not None:
            messages.success(request, _("Đã gửi giải trình; nội dung hiện cạnh phiếu theo dõi và không sửa được nữa."))
            return redirect(f"{reverse('monitoring:scorecard', kwargs={'code': code})}?ky={period}#giai-trinh")
    context = {
        "form": form,
        "organisation": organisation,
        "period": period,
        "words": dict(quarters_before(today))[period],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "monitoring/reply.html", context, status=status, using="jinja2")
