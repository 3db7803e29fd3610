"""Pages that show what waits for what: the picture, how far delays reach, the critical chain, conflicts."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.selectors import organisation_for
from thucthi.documents.selectors import document_for
from thucthi.indicators.selectors.target_pages import target_for
from thucthi.kernel.gate import door
from thucthi.monitoring.forms.graph import GraphFilter
from thucthi.monitoring.selectors.conflicts import conflicts_page, documents_offered
from thucthi.monitoring.selectors.graph_pages import (
    Asked,
    Scope,
    graph_page,
    scope_of_document,
    scope_of_organisation,
    scope_of_target,
    scope_of_task,
)
from thucthi.monitoring.selectors.propagation_pages import chain_page, pushed_page
from thucthi.programmes.access import may_open_programmes
from thucthi.programmes.selectors import task_for

NEAR, FURTHER = 1, 2


@door(may_open_programmes)
@require_safe
def pushes(request: Any) -> HttpResponse:
    slug = request.GET.get("van-ban", "")
    scope = scope_of_document(request.viewer, document_for(request.viewer, slug)) if slug else None
    page = pushed_page(request.viewer, scope, _page_asked(request.GET), timezone.localdate())
    offered = [(row.slug, f"{row.code} – {row.title}"[:100]) for row in documents_offered(request.viewer)]
    context = {"page": page, "choices": [("", _("Mọi văn bản")), *offered], "slug": slug}
    return render(request, "monitoring/pushes.html", context, using="jinja2")


@door(may_open_programmes)
@require_safe
def graph_of_document(request: Any, slug: str) -> HttpResponse:
    return _graph(request, scope_of_document(request.viewer, document_for(request.viewer, slug)), NEAR)


@door(may_open_programmes)
@require_safe
def graph_of_organisation(request: Any, code: str) -> HttpResponse:
    return _graph(request, scope_of_organisation(request.viewer, organisation_for(request.viewer, code)), NEAR)


@door(may_open_programmes)
@require_safe
def graph_of_task(request: Any, code: str) -> HttpResponse:
    return _graph(request, scope_of_task(task_for(request.viewer, code)), FURTHER)


@door(may_open_programmes)
@require_safe
def chain_of_document(request: Any, slug: str) -> HttpResponse:
    return _chain(request, scope_of_document(request.viewer, document_for(request.viewer, slug)))


@door(may_open_programmes)
@require_safe
def chain_of_task(request: Any, code: str) -> HttpResponse:
    return _chain(request, scope_of_task(task_for(request.viewer, code)))


@door(may_open_programmes)
@require_safe
def chain_of_target(request: Any, code: str) -> HttpResponse:
    return _chain(request, scope_of_target(target_for(request.viewer, code)))


@door(may_open_programmes)
@require_safe
def conflicts(request: Any) -> HttpResponse:
    context = {"page": conflicts_page(request.viewer), "today": timezone.localdate()}
    return render(request, "monitoring/conflicts.html", context, using="jinja2")


def _graph(request: Any, scope: Scope, depth: int) -> HttpResponse:
    form = GraphFilter({"sau": depth, **request.GET.dict()})
    form.is_valid()
    read = form.cleaned_data
    asked = Asked(
        depth=depth if read.get("sau") in ("", None) else read["sau"],
        late_only=read.get("cham", False),
        folded=read.get("gom", False),
        page=read.get("trang") or 1,
    )
    page = graph_page(request.viewer, scope, asked, timezone.localdate())
    return render(request, "monitoring/graph.html", {"page": page, "filter": form}, using="jinja2")


def _chain(request: Any, scope: Scope) -> HttpResponse:
    page = chain_page(request.viewer, scope, timezone.localdate())
    return render(request, "monitoring/chain.html", {"page": page}, using="jinja2")


def _page_asked(read: QueryDict) -> int:
    typed = read.get("trang", "")
    return max(int(typed), 1) if typed.isdecimal() and len(typed) < 7 else 1
