"""Who decides in whose place, and lending one's own role for some days."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from thucthi.directory import actions
from thucthi.directory.access import may_delegate
from thucthi.directory.forms import DelegationForm, attempt
from thucthi.directory.selectors import delegation_for, delegations_around, lendable_by
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door


@require_http_methods(["GET", "HEAD", "POST"])
@door(may_delegate)
def delegations(request: Any) -> HttpResponseBase:
    today = timezone.localdate()
    form = DelegationForm(request.POST if request.method == "POST" else None, seats=lendable_by(request.viewer, today))
    if not form.is_bound:
        return _page(request, form)
    form.is_valid()
    seat = form.seats.get(form.cleaned_data.get("seat", ""))
    if seat is None:
        form.add_error("seat", _("Đề nghị chọn vai trò ủy quyền trong danh sách."))
        return _page(request, form, status=422)
    made = attempt(form, lambda: actions.delegate(by=request.viewer, new=form.delegation_of(seat), on=today))
    if made is None:
        return _page(request, form, status=422)
    messages.success(request, _("Đã ủy quyền cho %(name)s.") % {"name": made.receiver.username})
    return redirect("directory:delegations")


@require_POST
@door(may_delegate)
def revoke(request: Any, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    try:
        actions.revoke_delegation(delegation_for(request.viewer, pk), by=request.viewer, on=today)
    except Stale as stale:
        form = DelegationForm(seats=lendable_by(request.viewer, today))
        return _page(request, form, status=409, clash=str(stale))
    messages.success(request, _("Đã thu hồi ủy quyền; có hiệu lực ngay."))
    return redirect("directory:delegations")


def _page(request: Any, form: DelegationForm, *, status: int = 200, clash: str = "") -> HttpResponse:
    shown = {
        "form": form,
        "rows": delegations_around(request.viewer),
        "clash": clash,
        "today": timezone.localdate(),
    }
    return render(request, "directory/delegations.html", shown, using="jinja2", status=status)
