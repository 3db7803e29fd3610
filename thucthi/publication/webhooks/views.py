"""Endpoints of the bodies the viewer answers for, and the log of what was sent to each."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thucthi.directory.access import may_keep_tokens
from thucthi.directory.forms import attempt
from thucthi.directory.selectors import bodies_with_tokens_kept_by
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door
from thucthi.publication.models import WebhookEndpoint
from thucthi.publication.webhooks import actions
from thucthi.publication.webhooks.calculations import MOST_ATTEMPTS, succeeded
from thucthi.publication.webhooks.events import Event
from thucthi.publication.webhooks.forms import EndpointForm
from thucthi.publication.webhooks.selectors import deliveries, endpoint_for, endpoints_kept_by, message_for

ON_ONE_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@door(may_keep_tokens)
def endpoints(request: Any) -> HttpResponseBase:
    """A new endpoint is answered with its secret and no redirect: it is shown once."""
    bodies = bodies_with_tokens_kept_by(request.viewer)
    form = EndpointForm(
        request.POST if request.method == "POST" else None,
        within=lambda: bodies.values_list("pk", flat=True),
        initial={"organisation": bodies.first()},
    )
    if not form.is_bound:
        return _list(request, form, 200)
    form.is_valid()
    given = attempt(form, lambda: _open(request, form))
    if given is None:
        return _list(request, form, 422)
    answer = render(request, "publication/new_webhook.html", {"given": given}, using="jinja2")
    answer["Cache-Control"] = "no-store"
    return answer


def _open(request: Any, form: EndpointForm) -> actions.GivenEndpoint:
    typed = form.cleaned_data
    return actions.open_endpoint(
        by=request.viewer,
        organisation=typed.get("organisation"),
        address=typed.get("address", "").strip(),
        events=typed.get("events") or (),
    )


def _list(request: Any, form: EndpointForm, status: int) -> HttpResponse:
    shown = {
        "form": form,
        "rows": endpoints_kept_by(request.viewer)[:200],
        "labels": dict(Event.choices),
        "zone": timezone.get_current_timezone(),
    }
    return render(request, "publication/webhooks.html", shown, using="jinja2", status=status)


@require_safe
@door(may_keep_tokens)
def endpoint(request: Any, pk: int) -> HttpResponse:
    return _page(request, endpoint_for(request.viewer, pk), 200)


def _page(request: Any, found: WebhookEndpoint, status: int, clash: str = "") -> HttpResponse:
    page = Paginator(deliveries(found), ON_ONE_PAGE).get_page(request.GET.get("trang"))
    shown = {
        "endpoint": found,
        "page": page,
        "labels": dict(Event.choices),
        "clash": clash,
        "most": MOST_ATTEMPTS,
        "succeeded": succeeded,
        "zone": timezone.get_current_timezone(),
    }
    return render(request, "publication/webhook.html", shown, using="jinja2", status=status)


@require_POST
@door(may_keep_tokens)
def close(request: Any, pk: int) -> HttpResponseBase:
    found = endpoint_for(request.viewer, pk)
    try:
        actions.close_endpoint(found, by=request.viewer, at=timezone.now())
    except Stale as stale:
        return _page(request, found, 409, str(stale))
    messages.success(request, _("Đã đóng; từ nay không gửi tin nào đến địa chỉ đó."))
    return redirect("webhooks:endpoint", pk=pk)


@require_POST
@door(may_keep_tokens)
def replay(request: Any, pk: int, message: int) -> HttpResponseBase:
    found = message_for(request.viewer, pk, message)
    try:
        actions.replay_message(found, by=request.viewer)
    except Stale as stale:
        return _page(request, found.endpoint, 409, str(stale))
    messages.success(request, _("Tin sẽ được gửi lại trong ít phút, cùng mã tin."))
    return redirect("webhooks:endpoint", pk=pk)
