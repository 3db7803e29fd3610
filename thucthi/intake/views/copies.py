"""What a programme shares with others and what it leaves open."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thucthi.intake import access
from thucthi.intake.selectors.copies import copies_of
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.gate import door
from thucthi.programmes.selectors import programme_for


@door(access.may_read_drafts)
@require_safe
def copies(request: Any, code: str) -> HttpResponse:
    programme = programme_for(request.viewer, code)
    if not access.can_see_sources(request.viewer, programme.organisation.path):
        raise NotVisible
    context = {"programme": programme, "copies": copies_of(programme, request.viewer)}
    return render(request, "intake/copies.html", context, using="jinja2")
