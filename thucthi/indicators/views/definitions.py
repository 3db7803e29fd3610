"""Sheets of indicators: the list, one sheet, a new one, a revision, versions side by side."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import asked_in, attempt
from thucthi.indicators import access
from thucthi.indicators.actions.sheets import define_indicator, revise_indicator
from thucthi.indicators.forms.sheets import RevisionForm, SheetForm, filled_in
from thucthi.indicators.models import Indicator
from thucthi.indicators.selectors.definition_pages import find_indicators, indicator_for, sheet_page, versions_page
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door

ROWS = 50
STANDARD = {"direction": "rise", "kind": "stock", "frequency": "quarterly", "delay_days": 30, "scale": "1"}


@door(may_work)
@require_safe
def definitions(request: Any) -> HttpResponse:
    asked = asked_in(request.GET)
    page = Paginator(find_indicators(asked), ROWS).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "asked": asked,
        "query": urlencode({"q": asked}),
        "may_define": access.can_define(request.viewer),
    }
    return render(request, "indicators/definitions.html", context, using="jinja2")


@door(may_work)
@require_safe
def sheet(request: Any, code: str) -> HttpResponse:
    context = {"page": sheet_page(request.viewer, code), "may_define": access.can_define(request.viewer)}
    return render(request, "indicators/sheet.html", context, using="jinja2")


@door(may_work)
@require_safe
def versions(request: Any, code: str) -> HttpResponse:
    found = versions_page(request.viewer, code, request.GET.get("tu", ""), request.GET.get("den", ""))
    return render(request, "indicators/versions.html", {"page": found}, using="jinja2")


@door(access.can_define)
def define(request: Any) -> HttpResponseBase:
    if request.method != "POST":
        return _sheet_form(request, SheetForm(initial=STANDARD), 200)
    form = SheetForm(request.POST)
    made = attempt(form, lambda: define_indicator(by=request.viewer, spec=form.sheet()))
    if made is None:
        return _sheet_form(request, form, 422)
    messages.success(request, _("Đã định nghĩa chỉ tiêu %(code)s.") % {"code": made.code})
    return redirect("indicators:sheet", code=made.code)


@door(access.can_define)
def revise(request: Any, code: str) -> HttpResponseBase:
    indicator = indicator_for(request.viewer, code)
    if request.method != "POST":
        return _sheet_form(request, RevisionForm(initial=filled_in(indicator)), 200, indicator)
    form = RevisionForm(request.POST)
    try:
        revised = attempt(form, lambda: _revise(request, indicator, form))
    except Stale as stale:
        return _sheet_form(request, form, 409, indicator, clash=str(stale))
    if revised is None:
        return _sheet_form(request, form, 422, indicator)
    messages.success(request, _("Đã ghi phiên bản %(n)s của phiếu.") % {"n": revised.version})
    return redirect("indicators:sheet", code=code)


def _revise(request: Any, indicator: Indicator, form: RevisionForm) -> Indicator:
    read = form.cleaned_data
    return revise_indicator(
        indicator,
        by=request.viewer,
        changes=form.sheet(indicator.code),
        reason=read.get("reason", ""),
        version=read.get("version") or 0,
    )


def _sheet_form(
    request: Any, form: SheetForm, status: int, indicator: Indicator | None = None, clash: str = ""
) -> HttpResponse:
    context = {"form": form, "indicator": indicator, "clash": clash}
    return render(request, "indicators/sheet_form.html", context, status=status, using="jinja2")
