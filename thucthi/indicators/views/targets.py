"""Targets of documents: the lists, one target, entering one, changing one by decision, comparing them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.documents.models import Document
from thucthi.documents.selectors import document_for
from thucthi.indicators import access
from thucthi.indicators.actions.target_changes import change_target
from thucthi.indicators.actions.targets import set_target
from thucthi.indicators.forms.targets import ChangeForm, TargetForm, terms_filled_in
from thucthi.indicators.models import Target, TargetChange
from thucthi.indicators.selectors.cascades import cascade_page
from thucthi.indicators.selectors.comparisons import drift_rows
from thucthi.indicators.selectors.definition_pages import kinds_of_units
from thucthi.indicators.selectors.target_pages import documents_with_targets, target_page, targets_page
from thucthi.kernel.errors import Fault, Refused, Stale
from thucthi.kernel.gate import door

ROWS = 40


@door(may_work)
@require_safe
def documents(request: Any) -> HttpResponse:
    page = Paginator(documents_with_targets(request.viewer), ROWS).get_page(request.GET.get("trang"))
    return render(request, "indicators/documents.html", {"page": page}, using="jinja2")


@door(may_work)
@require_safe
def targets(request: Any, slug: str) -> HttpResponse:
    context = {"page": targets_page(request.viewer, slug), "may_define": access.can_define(request.viewer)}
    return render(request, "indicators/targets.html", context, using="jinja2")


@door(may_work)
@require_safe
def target(request: Any, code: str) -> HttpResponse:
    page = target_page(request.viewer, code, timezone.localdate())
    context = {"page": page, "may_define": access.can_define(request.viewer)}
    return render(request, "indicators/target.html", context, using="jinja2")


@door(may_work)
@require_safe
def cascade(request: Any, code: str) -> HttpResponse:
    context = {"page": cascade_page(request.viewer, code, timezone.localdate())}
    return render(request, "indicators/cascade.html", context, using="jinja2")


@door(may_work)
@require_safe
def drift(request: Any) -> HttpResponse:
    chosen = request.GET.get("van-ban", "")
    rows = drift_rows(request.viewer, chosen)
    context = {
        "page": Paginator(rows, ROWS).get_page(request.GET.get("trang")),
        "total": sum(not row.is_suggestion for row in rows),
        "suggested": sum(row.is_suggestion for row in rows),
        "documents": [(row.slug, row.code) for row in documents_with_targets(request.viewer)],
        "chosen": chosen,
        "query": urlencode({"van-ban": chosen}),
        "today": timezone.localdate(),
    }
    return render(request, "indicators/drift.html", context, using="jinja2")


@door(access.can_define)
def add(request: Any, slug: str) -> HttpResponseBase:
    document = document_for(request.viewer, slug)
    units = kinds_of_units()
    if request.method != "POST":
        asked = {"indicator": request.GET.get("chi-tieu", ""), "path": "straight"}
        return _add_page(request, document, TargetForm(document=document, units=units, initial=asked), 200)
    form = TargetForm(request.POST, document=document, units=units)
    made = attempt(form, lambda: _add(request, form))
    if made is None:
        return _add_page(request, document, form, 422)
    messages.success(request, _("Đã ghi chỉ tiêu %(code)s của văn bản.") % {"code": made.code})
    return redirect("indicators:target", code=made.code)


def _add(request: Any, form: TargetForm) -> Target:
    wanted = form.target()
    if wanted is None:
        raise Refused([Fault("indicator", _("Đề nghị ghi mã hoặc tên chỉ tiêu."))])
    return set_target(by=request.viewer, spec=wanted)


def _add_page(request: Any, document: Document, form: TargetForm, status: int) -> HttpResponse:
    context = {"document": document, "form": form}
    return render(request, "indicators/add_target.html", context, status=status, using="jinja2")


@door(access.can_define)
def change(request: Any, code: str) -> HttpResponseBase:
    page = target_page(request.viewer, code, timezone.localdate())
    if request.method != "POST":
        shown = {**terms_filled_in(page.target), "seen": page.seen}
        return _change_page(request, page, ChangeForm(initial=shown), 200)
    form = ChangeForm(request.POST)
    try:
        changed = attempt(form, lambda: _change(request, page.target, form))
    except Stale as stale:
        return _change_page(request, page, form, 409, clash=str(stale))
    if changed is None:
        return _change_page(request, page, form, 422)
    messages.success(request, _("Đã ghi thay đổi theo %(decision)s.") % {"decision": changed.decision})
    return redirect("indicators:target", code=code)


def _change(request: Any, found: Target, form: ChangeForm) -> TargetChange:
    read: dict[str, Any] = form.cleaned_data
    return change_target(
        found,
        by=request.viewer,
        decision=read.get("decision", ""),
        decided_on=read.get("decided_on"),  # type: ignore[arg-type]
        reason=read.get("reason", ""),
        new=form.terms(),
        seen=read.get("seen") or 0,
    )


def _change_page(request: Any, page: Any, form: ChangeForm, status: int, clash: str = "") -> HttpResponse:
    context = {"page": page, "form": form, "clash": clash}
    return render(request, "indicators/change_target.html", context, status=status, using="jinja2")
