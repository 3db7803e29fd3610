"""The bell: notices, what was seen, which of them come by mail, and how the post stands."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.access import may_work
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.gate import door, machine_door
from thucthi.workspace.access import may_watch_letters
from thucthi.workspace.actions import choose_mail, mark_seen
from thucthi.workspace.models import Notice
from thucthi.workspace.selectors.letters import post
from thucthi.workspace.selectors.notices import REASON_TONES, mail_choices, notices_of, unseen_notices
from thucthi.workspace.selectors.unsubscribing import Stopping, stopping

ROWS = 50


@door(may_work)
@require_safe
def notices(request: Any) -> HttpResponse:
    context = {
        "page": Paginator(notices_of(request.viewer), ROWS).get_page(request.GET.get("trang")),
        "unseen": unseen_notices(request.viewer),
        "tones": REASON_TONES,
        "zone": timezone.get_current_timezone(),
    }
    return render(request, "workspace/notices.html", context, using="jinja2")


@door(may_work)
@require_POST
def see_notices(request: Any) -> HttpResponseBase:
    """Without `id`: all. With `mo`, on to the thing itself: the path that the notice holds, never one that was sent."""
    asked = [int(text) for text in request.POST.getlist("id") if text.isdecimal() and len(text) < 18]
    mark_seen(by=request.viewer, ids=asked or None, at=timezone.now())
    opened = Notice.objects.filter(account=request.viewer.account_id, pk__in=asked).first() if asked else None
    if opened and request.POST.get("mo"):
        return redirect(opened.path)
    return redirect("workspace:notices")


@door(may_work)
def notice_choices(request: Any) -> HttpResponseBase:
    if request.method != "POST":
        context = {"choices": mail_choices(request.viewer), "email": request.user.email}
        return render(request, "workspace/notice_choices.html", context, using="jinja2")
    account, wanted, now = request.user, set(request.POST.getlist("reason")), timezone.now()
    for choice in mail_choices(request.viewer):
        if choice.by_mail != (choice.reason.value in wanted):
            choose_mail(account, by=request.viewer, reason=choice.reason, by_mail=not choice.by_mail, at=now)
    messages.success(request, _("Đã lưu lựa chọn nhận thư."))
    return redirect("workspace:notice_choices")


def _signed(request: HttpRequest) -> Stopping | None:
    match = request.resolver_match
    return stopping(match.kwargs["token"]) if match else None


@machine_door(_signed, methods=("GET", "HEAD", "POST"))
def unsubscribe(request: Any, token: str) -> HttpResponse:
    """No sign-in: the address itself is the proof, and all it can do is stop one kind of letter (RFC 8058)."""
    asked: Stopping = request.machine
    if request.method == "POST" and not asked.is_stopped:
        by = viewer_of(asked.account)
        choose_mail(asked.account, by=by, reason=asked.reason, by_mail=False, at=timezone.now())
    context = {"asked": asked, "done": request.method == "POST" or asked.is_stopped}
    return render(request, "workspace/unsubscribe.html", context, using="jinja2")


@door(may_watch_letters)
@require_safe
def letters(request: Any) -> HttpResponse:
    context = {"post": post(timezone.localdate()), "zone": timezone.get_current_timezone()}
    return render(request, "workspace/letters.html", context, using="jinja2")
