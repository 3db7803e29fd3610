"""When reports are owed under a document, with the next due days, and whom they climb."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.documents.models import Document
from thucthi.documents.selectors import document_for
from thucthi.kernel.gate import door
from thucthi.reporting import actions
from thucthi.reporting.forms import CalendarForm, RouteForm
from thucthi.reporting.models import AcceptanceRoute, ReportingCalendar, Rung
from thucthi.reporting.selectors.calendars import calendar_page
from thucthi.reporting.selectors.routes import route_page


@door(may_work)
@require_safe
def cycle(request: Any, slug: str) -> HttpResponse:
    return _page(request, document_for(request.viewer, slug))


@door(may_work)
@require_POST
def set_calendar(request: Any, slug: str) -> HttpResponseBase:
    document, form = document_for(request.viewer, slug), CalendarForm(request.POST, prefix="lich")
    form.is_valid()
    new = form.calendar(timezone.localdate())
    if attempt(form, lambda: actions.set_calendar(document, by=request.viewer, new=new)) is None:
        return _page(request, document, calendar_form=form)
    messages.success(request, _("Đã đặt lịch báo cáo, áp dụng từ %(day)s.") % {"day": f"{new.valid_from:%d/%m/%Y}"})
    return redirect("reporting:cycle", slug=slug)


@door(may_work)
@require_POST
def set_route(request: Any, slug: str) -> HttpResponseBase:
    document, form = document_for(request.viewer, slug), RouteForm(request.POST, prefix="cap")
    form.is_valid()
    new = form.route(timezone.localdate())
    if attempt(form, lambda: actions.set_route(document, by=request.viewer, new=new)) is None:
        return _page(request, document, route_form=form)
    messages.success(request, _("Đã đặt các cấp nghiệm thu; báo cáo đã gửi giữ lộ trình cũ."))
    return redirect("reporting:cycle", slug=slug)


@door(may_work)
@require_POST
def end_calendar(request: Any, slug: str, pk: int) -> HttpResponseBase:
    document, today = document_for(request.viewer, slug), timezone.localdate()
    line, form = get_object_or_404(ReportingCalendar, pk=pk, document=document), Form(request.POST)
    if attempt(form, lambda: actions.end_calendar(line, by=request.viewer, last_day=today)) is None:
        return _page(request, document, faulty=form)
    messages.success(request, _("Dòng lịch báo cáo hết hiệu lực sau hôm nay."))
    return redirect("reporting:cycle", slug=slug)


@door(may_work)
@require_POST
def end_route(request: Any, slug: str, pk: int) -> HttpResponseBase:
    document, today = document_for(request.viewer, slug), timezone.localdate()
    line, form = get_object_or_404(AcceptanceRoute, pk=pk, document=document), Form(request.POST)
    if attempt(form, lambda: actions.end_route(line, by=request.viewer, last_day=today)) is None:
        return _page(request, document, faulty=form)
    messages.success(request, _("Lộ trình nghiệm thu hết hiệu lực sau hôm nay."))
    return redirect("reporting:cycle", slug=slug)


def _page(
    request: Any,
    document: Document,
    *,
    calendar_form: CalendarForm | None = None,
    route_form: RouteForm | None = None,
    faulty: Form | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    wrong = calendar_form or route_form or faulty
    context = {
        "document": document,
        "calendar": calendar_page(request.viewer, document, today),
        "routes": route_page(request.viewer, document, today),
        "calendar_form": calendar_form or CalendarForm(prefix="lich", initial={"valid_from": today}),
        "route_form": route_form or RouteForm(prefix="cap", initial={"valid_from": today}),
        "form": wrong or CalendarForm(prefix="lich"),
        "rungs": dict(Rung.choices),
        "today": today,
    }
    return render(request, "reporting/cycle.html", context, status=422 if wrong else 200, using="jinja2")
