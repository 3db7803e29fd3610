"""Machine sources: the list, one source, setting it up with a rehearsal, its secrets, its runs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.indicators.access import may_manage_feeds
from thucthi.indicators.actions.feed_secrets import give_secret as give
from thucthi.indicators.actions.feed_secrets import revoke_secret as revoke
from thucthi.indicators.actions.feeds import ask_for_run, change_feed, create_feed
from thucthi.indicators.calculations.reading import read_rows
from thucthi.indicators.fetching.asking import ask
from thucthi.indicators.forms.feeds import FeedForm, NewFeedForm, SecretForm, as_typed
from thucthi.indicators.models import Feed, FeedKind
from thucthi.indicators.selectors.feed_pages import Rehearsal, moment, rehearsal_of, run_page, summary_of, tone_of
from thucthi.indicators.selectors.feeds import (
    allowed_hosts,
    bodies_to_keep_for,
    feed_for,
    feeds_of,
    known_of,
    lines_of,
    run_for,
    secrets_of,
)
from thucthi.kernel.errors import Fault, NotVisible, Refused
from thucthi.kernel.gate import door

RUNS = 20
USUAL_DAYS = 180
PATIENCE_SECONDS = 15


@door(may_manage_feeds)
@require_safe
def feeds(request: Any) -> HttpResponse:
    context = {"lines": feeds_of(request.viewer), "tone_of": tone_of, "moment": moment, "kinds": FeedKind.choices}
    return render(request, "indicators/feeds.html", context, using="jinja2")


@door(may_manage_feeds)
@require_safe
def feed(request: Any, code: str) -> HttpResponse:
    found = feed_for(request.viewer, code)
    expiry = timezone.localdate() + timedelta(days=USUAL_DAYS)
    return _feed_page(request, found, SecretForm(initial={"expires_on": expiry}), 200)


def _feed_page(request: Any, found: Feed, form: SecretForm, status: int) -> HttpResponse:
    context = {
        "line": lines_of([found])[0],
        "summary": summary_of(found),
        "page": Paginator(found.runs.order_by("-started_at", "-pk"), RUNS).get_page(request.GET.get("trang")),
        "tone_of": tone_of,
        "moment": moment,
        "secrets": secrets_of(found) if found.kind == FeedKind.API else [],
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "indicators/feed.html", context, status=status, using="jinja2")


@door(may_manage_feeds)
def add_feed(request: Any, kind: str) -> HttpResponseBase:
    if kind not in FeedKind.values:
        raise Http404
    bodies = bodies_to_keep_for(request.viewer)
    if request.method != "POST":
        return _form_page(request, kind, NewFeedForm(kind=kind, bodies=bodies))
    form = NewFeedForm(request.POST, kind=kind, bodies=bodies)
    return _saved_or_tried(request, kind, form, lambda: _create(request, kind, form))


def _create(request: Any, kind: str, form: FeedForm) -> Feed:
    code = form.cleaned_data.get("code", "")
    return _by_field_of_the_form(lambda: create_feed(by=request.viewer, code=code, kind=kind, content=form.content))


@door(may_manage_feeds)
def edit_feed(request: Any, code: str) -> HttpResponseBase:
    found = feed_for(request.viewer, code)
    bodies = _with(bodies_to_keep_for(request.viewer), found.organisation)
    if request.method != "POST":
        form = FeedForm(initial=as_typed(found), kind=found.kind, bodies=bodies)
        return _form_page(request, found.kind, form, found)
    form = FeedForm(request.POST, kind=found.kind, bodies=bodies)
    return _saved_or_tried(request, found.kind, form, lambda: _change(request, found, form), found)


def _change(request: Any, found: Feed, form: FeedForm) -> Feed:
    return _by_field_of_the_form(lambda: change_feed(found, by=request.viewer, content=form.content))


def _with(bodies: list[Organisation], one: Organisation) -> list[Organisation]:
    return bodies if one in bodies else [*bodies, one]


def _by_field_of_the_form(act: Callable[[], Feed]) -> Feed:
    """The action names a setting `columns.value`, the form its field `columns_value`."""
    try:
        return act()
    except Refused as refusal:
        faults = [Fault(fault.field.replace(".", "_"), fault.text) for fault in refusal.faults]
        raise Refused(faults) from None


def _saved_or_tried(
    request: Any, kind: str, form: FeedForm, save: Callable[[], Feed], found: Feed | None = None
) -> HttpResponseBase:
    if "try" in request.POST and kind != FeedKind.API:
        rehearsal = _rehearsed(form, save)
        return _form_page(request, kind, form, found, rehearsal)
    saved = attempt(form, save)
    if saved is None:
        return _form_page(request, kind, form, found)
    messages.success(request, _("Đã lưu nguồn “%(name)s”.") % {"name": saved.name})
    return redirect("indicators:feed", code=saved.code)


def _rehearsed(form: FeedForm, save: Callable[[], Feed]) -> Rehearsal | None:
    """Ask the source as it would be after saving; the saving itself is taken back before anything is asked."""
    known = None
    with transaction.atomic():
        tried = attempt(form, save)
        if tried is not None:
            known = known_of(tried, timezone.localdate())
        transaction.set_rollback(True)
    if tried is None or known is None:
        return None
    asked = ask(tried.address, tried.kind, tried.settings, allowed=allowed_hosts(), seconds=PATIENCE_SECONDS)
    return rehearsal_of(asked, None if asked.failure else read_rows(asked.rows, known))


def _form_page(
    request: Any, kind: str, form: FeedForm, found: Feed | None = None, rehearsal: Rehearsal | None = None
) -> HttpResponse:
    context = {"form": form, "kind": kind, "kind_word": FeedKind(kind).label, "feed": found, "rehearsal": rehearsal}
    status = 422 if form.errors else 200
    return render(request, "indicators/feed_form.html", context, status=status, using="jinja2")


@door(may_manage_feeds)
@require_POST
def run_feed_now(request: Any, code: str) -> HttpResponseBase:
    found = feed_for(request.viewer, code)
    try:
        ask_for_run(found, by=request.viewer)
        messages.success(request, _("Đã xếp hàng lấy số liệu; kết quả hiện ở đây sau ít phút."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("indicators:feed", code=code)


@door(may_manage_feeds)
@never_cache
@require_POST
def give_secret(request: Any, code: str) -> HttpResponseBase:
    """Answers with the secret itself and no redirect: it is shown on this one page and kept nowhere."""
    found, form = feed_for(request.viewer, code), SecretForm(request.POST)
    given = attempt(
        form,
        lambda: give(
            found,
            by=request.viewer,
            expires_on=form.cleaned_data.get("expires_on"),
            today=timezone.localdate(),
        ),
    )
    if given is None:
        return _feed_page(request, found, form, 422)
    return render(request, "indicators/feed_secret.html", {"feed": found, "given": given}, using="jinja2")


@door(may_manage_feeds)
@require_POST
def revoke_secret(request: Any, code: str, pk: int) -> HttpResponseBase:
    found = feed_for(request.viewer, code)
    secret = found.secrets.filter(pk=pk).first()
    if secret is None:
        raise NotVisible(_("Nguồn này không có khóa ấy."))
    revoke(secret, by=request.viewer)
    messages.success(request, _("Đã thu hồi khóa %(prefix)s…, từ nay không dùng được.") % {"prefix": secret.prefix})
    return redirect("indicators:feed", code=code)


@door(may_manage_feeds)
@require_safe
def feed_run(request: Any, pk: int) -> HttpResponse:
    context = {"page": run_page(run_for(request.viewer, pk)), "moment": moment}
    return render(request, "indicators/feed_run.html", context, using="jinja2")
