"""Secret addresses of calendars, and the calendars that programs read there."""

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.directory.access import may_work, sight_of
from thucthi.directory.forms import attempt
from thucthi.kernel.errors import NotVisible, Stale
from thucthi.kernel.gate import door, machine_door
from thucthi.kernel.sight import looking_as
from thucthi.workspace.actions import GivenCalendar, give_calendar, revoke_calendar
from thucthi.workspace.calculations import calendar_file, fingerprint
from thucthi.workspace.forms import CalendarForm
from thucthi.workspace.selectors.calendars import Subscription, calendar_keys_of, days_of, subscription_behind


@door(may_work)
def calendars(request: Any) -> HttpResponseBase:
    """A new address is answered with the address itself and no redirect: it is shown once and kept nowhere."""
    form = CalendarForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, form, 200)
    given = attempt(form, lambda: _give(request, form))
    if given is None:
        return _page(request, form, 422)
    address = request.build_absolute_uri(reverse("workspace:calendar_feed", kwargs={"secret": given.secret}))
    return render(request, "workspace/new_calendar.html", {"given": given, "address": address}, using="jinja2")


def _give(request: Any, form: CalendarForm) -> GivenCalendar:
    return give_calendar(
        by=request.viewer,
        organisation=form.cleaned_data.get("organisation"),
        document=form.document_for(request.viewer),
        at=timezone.now(),
    )


def _page(request: Any, form: CalendarForm, status: int) -> HttpResponse:
    context = {"form": form, "keys": calendar_keys_of(request.viewer), "zone": timezone.get_current_timezone()}
    return render(request, "workspace/calendars.html", context, status=status, using="jinja2")


@door(may_work)
@require_POST
def revoke(request: Any, pk: int) -> HttpResponseBase:
    key = calendar_keys_of(request.viewer).filter(pk=pk).first()
    if key is None:
        raise NotVisible(_("Không tìm thấy địa chỉ lịch này."))
    try:
        revoke_calendar(key, by=request.viewer, at=timezone.now())
    except Stale as stale:
        messages.warning(request, str(stale))
    else:
        messages.success(request, _("Đã thu hồi; từ nay địa chỉ lịch đó không đọc được."))
    return redirect("workspace:calendars")


def _subscribed(request: HttpRequest) -> Subscription | HttpResponse:
    match = request.resolver_match
    found = subscription_behind(match.kwargs["secret"]) if match else None
    return found or _nothing_here()


def _nothing_here() -> HttpResponse:
    """A 404 that Django does not log: the line would hold the secret."""
    answer = HttpResponse(_("Không có lịch ở địa chỉ này."), status=404, content_type="text/plain; charset=utf-8")
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


@machine_door(_subscribed, methods=("GET", "HEAD"))
def calendar_feed(request: Any, secret: str) -> HttpResponseBase:
    """What changed is told by the ETag; nothing is drawn for who has the newest already."""
    with looking_as(sight_of(request.machine.viewer)):
        days = days_of(request.machine, timezone.localdate())
    tag = f'"{fingerprint(days.name, days.happenings)}"'
    known = request.headers.get("If-None-Match", "")
    fresh = tag in known
    answer: HttpResponse = HttpResponseNotModified() if fresh else _file(days.name, days.happenings)
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, max-age=900"
    answer["Referrer-Policy"] = "no-referrer"
    if days.happenings:
        newest = max(one.changed_at for one in days.happenings).astimezone(UTC)
        answer["Last-Modified"] = http_date(newest.timestamp())
    return answer


def _file(name: str, happenings: Any) -> HttpResponse:
    answer = HttpResponse(calendar_file(name, happenings), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="thuc-thi.ics"'
    return answer
