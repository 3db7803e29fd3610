"""The way in: what one may enter, and the form for one value with the history of its line."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.indicators import access
from thucthi.indicators.actions.observations import deliver_observations
from thucthi.indicators.forms.entry import AskForm, ValueForm
from thucthi.indicators.forms.observations import observations_of
from thucthi.indicators.models import DeliveryKind
from thucthi.indicators.selectors.entry import state_words
from thucthi.indicators.selectors.one_value import ASKED, Stated, line_page, stated_by_form
from thucthi.indicators.selectors.uploads import uploads_of
from thucthi.kernel.errors import Refused
from thucthi.kernel.gate import door


@door(access.may_enter_values)
@require_safe
def entry(request: Any) -> HttpResponse:
    context = {
        "form": AskForm(viewer=request.viewer, initial={"year": timezone.localdate().year}),
        "uploads": uploads_of(request.viewer)[:10],
    }
    return render(request, "indicators/entry.html", context, using="jinja2")


@door(access.may_enter_values)
def value(request: Any) -> HttpResponseBase:
    """One value: asked for by ?indicator=&organisation=&period=, written by POST."""
    if request.method != "POST":
        asked = {name: request.GET.get(name, "") for name in ASKED}
        return _value_page(request, ValueForm(initial=asked), None, 200)
    form = ValueForm(request.POST)
    form.is_valid()
    stated = stated_by_form(request.viewer, form.row())
    _judge(form, stated)
    if not form.errors and stated.good is not None:
        try:
            delivery = deliver_observations(
                by=request.viewer,
                kind=DeliveryKind.FORM,
                rows=observations_of([stated.good], available_on=timezone.localdate()),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _done(delivery.added, delivery.corrected))
            return redirect(f"{reverse('indicators:value')}?{urlencode(stated.asked)}")
    return _value_page(request, form, stated, 422)


def _judge(form: ValueForm, stated: Stated) -> None:
    """Put what is wrong, and what wants a reason, beside the fields."""
    for column, text in stated.faults:
        form.add_error(column, text)
    if stated.faults:
        return
    if stated.good is None:
        form.add_error("value", _("Hãy ghi giá trị, hoặc chọn trạng thái."))
    elif stated.is_correction and str(stated.standing_pk) != form.cleaned_data.get("stood", ""):
        form.add_error(
            None, _("Kỳ này đã có số liệu, xem lịch sử bên dưới. Nếu cần đính chính, hãy ghi lý do rồi gửi lại.")
        )
    elif stated.is_correction and not form.cleaned_data.get("remark", "").strip():
        form.add_error("remark", _("Số này đính chính số đã ghi. Hãy ghi lý do đính chính."))
    elif stated.wants_reason and form.cleaned_data.get("asked") != "1":
        for column, text in stated.warnings:
            form.add_error(column, text)


def _done(added: int, corrected: int) -> str:
    if corrected:
        return _("Đã ghi số đính chính. Số cũ vẫn còn trong lịch sử.")
    return _("Đã ghi số liệu.") if added else _("Số này đã có đúng như vậy; không ghi thêm gì.")


def _value_page(request: Any, form: ValueForm, stated: Stated | None, status: int) -> HttpResponse:
    page = line_page(request.viewer, stated.asked if stated else form.initial)
    if not form.is_bound:
        form.initial = {**form.initial, "source": page.source}
    hidden = {"stood": page.standing_pk or "", "asked": "1" if stated and stated.wants_reason else ""}
    context = {"form": form, "page": page, "hidden": hidden, "states": state_words()}
    return render(request, "indicators/value.html", context, status=status, using="jinja2")
