"""Reading: the list of programmes, one programme, one task."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from thucthi.documents.selectors import document_for
from thucthi.kernel.gate import door
from thucthi.programmes import access
from thucthi.programmes.selectors import programme_for, search_programmes, task_for
from thucthi.programmes.selectors.pages import groups_on, task_page, tasks_in_order

ROWS = 30
TASKS = 50


@door(access.may_open_programmes)
@require_safe
def programmes(request: Any) -> HttpResponse:
    words, slug = request.GET.get("tim", "").strip(), request.GET.get("van-ban", "")
    found = search_programmes(request.viewer, words)
    document = document_for(request.viewer, slug) if slug else None
    if document is not None:
        found = found.filter(bases=document)
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("trang")),
        "words": words,
        "document": document,
        "query": urlencode({"tim": words, "van-ban": slug}),
        "may_draft": access.may_draft(request.viewer),
    }
    return render(request, "programmes/programmes.html", context, using="jinja2")


@door(access.may_open_programmes)
@require_safe
def programme(request: Any, code: str) -> HttpResponse:
    found = programme_for(request.viewer, code)
    page = Paginator(tasks_in_order(found), TASKS).get_page(request.GET.get("trang"))
    context = {
        "programme": found,
        "page": page,
        "groups": groups_on(found, page),
        "documents": found.bases.order_by("issued_on"),
        "can_draft": access.can_draft_for(request.viewer, found.organisation_id),
        "can_decide": access.can_decide_for(request.viewer, found.organisation_id),
    }
    return render(request, "programmes/programme.html", context, using="jinja2")


@door(access.may_open_programmes)
@require_safe
def task(request: Any, code: str) -> HttpResponse:
    page = task_page(request.viewer, task_for(request.viewer, code))
    return render(request, "programmes/task.html", {"page": page}, using="jinja2")
