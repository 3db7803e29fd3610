"""Disputes of figures: the list, raising one, one with its answer, taking one back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.indicators.access import can_dispute_for
from thucthi.indicators.actions.disputes import answer_dispute, raise_dispute, withdraw_dispute
from thucthi.indicators.calculations.disputes import ANSWER_WORKING_DAYS, answer_due_on
from thucthi.indicators.forms.doubts import AnswerForm, DisputeFilter, DisputeForm, WithdrawForm
from thucthi.indicators.models import Dispute, Observation
from thucthi.indicators.selectors.disputes import (
    answering_body,
    dispute_for,
    disputes_of,
    list_disputes,
    may_dispute_as,
    observation_for,
    standing_of_dispute,
)
from thucthi.indicators.selectors.spoken import span_words, value_words
from thucthi.kernel.errors import Stale, require
from thucthi.kernel.gate import door
from thucthi.kernel.periods import span_of

ROWS = 50


@door(may_work)
@require_safe
def disputes(request: Any) -> HttpResponse:
    today, form = timezone.localdate(), DisputeFilter(request.GET)
    wanted = form.cleaned_data["xem"] if form.is_valid() else ""
    found = list_disputes(request.viewer, today, wanted=wanted)
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("trang")),
        "total": len(found),
        "overdue": sum(row.is_open and row.working_days < 0 for row in found),
        "filter": form,
        "wanted": wanted,
        "today": today,
        "clock": ANSWER_WORKING_DAYS,
    }
    return render(request, "indicators/disputes.html", context, using="jinja2")


@door(may_work)
def raise_on(request: Any, pk: int) -> HttpResponseBase:
    value = observation_for(request.viewer, pk)
    bodies = may_dispute_as(request.viewer, value)
    require(
        bool(bodies),
        _("Chỉ người báo cáo hoặc người đứng đầu của đơn vị được kiến nghị về số liệu của đơn vị mình."),
    )
    if request.method != "POST":
        return _raise_page(request, value, DisputeForm(organisations=bodies, initial={"organisation": bodies[-1].code}))
    form = DisputeForm(request.POST, organisations=bodies)
    try:
        dispute = attempt(form, lambda: _raise(request, value, form))
    except Stale as stale:
        return _raise_page(request, value, form, 409, clash=str(stale))
    if dispute is None:
        return _raise_page(request, value, form, 422)
    messages.success(
        request, _("Đã gửi kiến nghị; hạn trả lời %(day)s.") % {"day": f"{dispute.answer_due_on:%d/%m/%Y}"}
    )
    return redirect("indicators:dispute", pk=dispute.pk)


def _raise(request: Any, value: Observation, form: DisputeForm) -> Dispute:
    read = form.cleaned_data
    if form.body is None:
        form.add_error("organisation", _("Đề nghị chọn đơn vị kiến nghị."))
    return raise_dispute(
        value,
        by=request.viewer,
        organisation=form.body or next(iter(form.organisations.values())),
        motive=read.get("motive", ""),
        source=read.get("source", ""),
        proposed_amount=read.get("proposed_amount"),
        on=timezone.localdate(),
    )


def _raise_page(
    request: Any, value: Observation, form: DisputeForm, status: int = 200, clash: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "value": value,
        "said": value_words(value.state, value.amount, value.indicator.unit),
        "period": span_words(span_of(value.period)),
        "already": disputes_of([value.pk], today).get(value.pk, []),
        "due": answer_due_on(today),
        "clock": ANSWER_WORKING_DAYS,
        "form": form,
        "clash": clash,
    }
    return render(request, "indicators/raise_dispute.html", context, status=status, using="jinja2")


@door(may_work)
def dispute(request: Any, pk: int) -> HttpResponseBase:
    found, today = dispute_for(request.viewer, pk), timezone.localdate()
    if request.method != "POST":
        return _page(request, found, AnswerForm())
    form = AnswerForm(request.POST)
    try:
        answer = attempt(
            form,
            lambda: answer_dispute(
                found,
                by=request.viewer,
                verdict=form.cleaned_data.get("verdict", ""),
                text=form.cleaned_data.get("text", ""),
                on=today,
                corrected=form.corrected,
            ),
        )
    except Stale as stale:
        return _page(request, dispute_for(request.viewer, pk), form, 409, clash=str(stale))
    if answer is None:
        return _page(request, found, form, 422)
    messages.success(request, _("Đã ghi kết quả: %(verdict)s.") % {"verdict": answer.get_verdict_display()})
    return redirect("indicators:dispute", pk=pk)


@door(may_work)
@require_POST
def withdraw(request: Any, pk: int) -> HttpResponseBase:
    found, form = dispute_for(request.viewer, pk), WithdrawForm(request.POST)
    try:
        answer = attempt(
            form,
            lambda: withdraw_dispute(
                found, by=request.viewer, text=form.cleaned_data.get("text", ""), on=timezone.localdate()
            ),
        )
    except Stale as stale:
        return _page(request, dispute_for(request.viewer, pk), AnswerForm(), 409, clash=str(stale))
    if answer is None:
        return _page(request, found, AnswerForm(), 422, withdrawing=form)
    messages.success(request, _("Đã rút kiến nghị."))
    return redirect("indicators:dispute", pk=pk)


def _page(
    request: Any,
    found: Dispute,
    form: AnswerForm,
    status: int = 200,
    *,
    clash: str = "",
    withdrawing: WithdrawForm | None = None,
) -> HttpResponse:
    standing = standing_of_dispute(found, timezone.localdate(), request.viewer)
    correction = standing.answer.correction if standing.answer else None
    unit = found.observation.indicator.unit
    context = {
        "standing": standing,
        "answering": answering_body(found),
        "corrected": value_words(correction.state, correction.amount, unit) if correction else None,
        "may_withdraw": standing.is_open and can_dispute_for(request.viewer, found.organisation_id),
        "answering_form": form,
        "form": withdrawing or form,
        "withdrawing": withdrawing or WithdrawForm(),
        "clash": clash,
    }
    return render(request, "indicators/dispute.html", context, status=status, using="jinja2")
