"""Finding organisations, one organisation, recording a change of the tree."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from thucthi.directory.access import may_change_the_tree, may_work
from thucthi.directory.actions import record_event
from thucthi.directory.forms import EventForm, asked_in, attempt
from thucthi.directory.selectors import (
    all_organisations,
    answering_for_many,
    organisation_for,
    organisation_page,
    rearrangeable_by,
    search_organisations,
)
from thucthi.kernel.errors import require
from thucthi.kernel.gate import GuardedRequest, door

MOST_FOUND = 500
ON_ONE_PAGE = 50


@require_safe
@door(may_work)
def organisations(request: GuardedRequest) -> HttpResponse:
    asked = asked_in(request.GET)
    found = search_organisations(asked, MOST_FOUND) if asked else all_organisations()
    page = Paginator(found, ON_ONE_PAGE).get_page(request.GET.get("trang"))
    shown = {
        "asked": asked,
        "page": page,
        "heirs": answering_for_many(page.object_list, timezone.localdate()),
        "cut": page.paginator.count == MOST_FOUND,
    }
    return render(request, "directory/organisations.html", shown, using="jinja2")


@require_safe
@door(may_work)
def organisation(request: GuardedRequest, code: str) -> HttpResponse:
    today = timezone.localdate()
    known = organisation_page(request.viewer, code, today)
    shown = {
        "page": known,
        "children": Paginator(known.children, ON_ONE_PAGE).get_page(request.GET.get("trang")),
        "today": today,
        "may_rearrange": rearrangeable_by(request.viewer, known.organisation),
    }
    return render(request, "directory/organisation.html", shown, using="jinja2")


@require_http_methods(["GET", "HEAD", "POST"])
@door(may_change_the_tree)
def rearrange(request: GuardedRequest, code: str) -> HttpResponse:
    concerned = organisation_for(request.viewer, code)
    require(rearrangeable_by(request.viewer, concerned), _("Cơ quan này ngoài phạm vi sắp xếp của ông/bà."))
    form = EventForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        form.is_valid()
        if attempt(form, lambda: record_event(by=request.viewer, event=form.event_of(concerned))):
            messages.success(request, _("Đã ghi việc sắp xếp tổ chức."))
            return redirect("directory:organisation", code=concerned.code)
    shown = {"organisation": concerned, "form": form}
    return render(request, "directory/rearrange.html", shown, using="jinja2", status=422 if form.is_bound else 200)
