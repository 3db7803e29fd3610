"""Pages of the cascade: who owes a programme, where the chain breaks, sectors without a task; charging, lifting."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.documents.selectors import document_for
from thucthi.kernel.errors import NotVisible, Stale, require
from thucthi.kernel.gate import door
from thucthi.monitoring.forms.accountability import DutyForm, ObligeForm
from thucthi.monitoring.selectors.cascades import cascade_page, documents_cascading
from thucthi.monitoring.selectors.peer_kinds import kinds_of_peers
from thucthi.monitoring.selectors.sectors import sector_matrix
from thucthi.monitoring.views.silence import lineage_of, page_asked, place_asked
from thucthi.programmes.access import can_keep_frame_of, may_keep_frames
from thucthi.programmes.actions.cascade import lift_duty, oblige_programmes
from thucthi.programmes.models import CascadeDuty

# Columns of the table beside each other; its heading counts all.
RESOLUTIONS = 20


@door(may_work)
@require_safe
def cascades(request: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {"lines": documents_cascading(request.viewer, today), "today": today}
    return render(request, "monitoring/cascades.html", context, using="jinja2")


@door(may_work)
@require_safe
def cascade(request: Any, slug: str) -> HttpResponse:
    document, under = document_for(request.viewer, slug), place_asked(request)
    found = cascade_page(request.viewer, document, under, timezone.localdate(), page_asked(request))
    context = {"found": found, "lineage": lineage_of(under)}
    return render(request, "monitoring/cascade.html", context, using="jinja2")


@door(may_work)
@require_safe
def sectors(request: Any) -> HttpResponse:
    matrix = sector_matrix(request.viewer, timezone.localdate())
    page = Paginator(matrix.documents, RESOLUTIONS).get_page(request.GET.get("trang"))
    return render(request, "monitoring/sectors.html", {"matrix": matrix, "page": page}, using="jinja2")


@door(may_keep_frames)
def oblige(request: Any, slug: str) -> HttpResponseBase:
    document = _kept(request, slug)
    form = ObligeForm(request.POST if request.method == "POST" else None, kinds=kinds_of_peers())
    if request.method != "POST":
        return _oblige_page(request, document, form, status=200)
    try:
        made = attempt(form, lambda: _oblige(request, document, form))
    except Stale as stale:
        return _oblige_page(request, document, form, status=409, clash=str(stale))
    if made is None:
        return _oblige_page(request, document, form, status=422)
    told = ngettext("Đã giao %(n)s cơ quan.", "Đã giao %(n)s cơ quan.", len(made)) % {"n": len(made)}
    messages.success(request, told)
    return redirect("monitoring:cascade", slug=slug)


def _oblige(request: Any, document: Document, form: ObligeForm) -> list[CascadeDuty]:
    cleaned = form.cleaned_data
    bodies = Organisation.objects.filter(kind=cleaned.get("kind", "")).live(timezone.localdate())
    charged = document.cascade_duties.values("organisation")
    return oblige_programmes(
        document,
        by=request.viewer,
        organisations=list(bodies.exclude(pk__in=charged).order_by("sort_key")),
        due_on=cleaned.get("due_on"),
        basis=cleaned.get("basis", ""),
    )


def _oblige_page(request: Any, document: Document, form: ObligeForm, *, status: int, clash: str = "") -> HttpResponse:
    context = {"document": document, "form": form, "clash": clash}
    return render(request, "monitoring/oblige.html", context, status=status, using="jinja2")


def _kept(request: Any, slug: str) -> Document:
    document = document_for(request.viewer, slug)
    require(
        can_keep_frame_of(request.viewer, document.register.path),
        _("Chỉ cơ quan thường trực nơi đăng ký văn bản được giao hoặc bãi bỏ nghĩa vụ ban hành chương trình."),
    )
    return document


@door(may_keep_frames)
def lift(request: Any, slug: str, code: str) -> HttpResponseBase:
    document = _kept(request, slug)
    duty = document.cascade_duties.select_related("organisation").filter(organisation__code=code).first()
    if duty is None:
        raise NotVisible(_("Không có nghĩa vụ này."))
    form, status, clash = DutyForm(request.POST if request.method == "POST" else None), 200, ""
    if request.method == "POST":
        try:
            if attempt(form, lambda: _lift(request, duty, form)) is not None:
                messages.success(request, _("Đã bãi bỏ nghĩa vụ; lý do được giữ lại."))
                return redirect("monitoring:cascade", slug=slug)
            status = 422
        except Stale as stale:
            status, clash = 409, str(stale)
    context = {"document": document, "duty": duty, "form": form, "clash": clash}
    return render(request, "monitoring/lift_duty.html", context, status=status, using="jinja2")


def _lift(request: Any, duty: CascadeDuty, form: DutyForm) -> CascadeDuty:
    return lift_duty(duty, by=request.viewer, reason=form.cleaned_data.get("reason", ""), on=timezone.localdate())
