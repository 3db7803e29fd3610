"""The clocks of the ladder: what holds, what held, and setting them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door
from thucthi.obstacles import access, actions
from thucthi.obstacles.forms import RuleForm
from thucthi.obstacles.models import LadderRule
from thucthi.obstacles.selectors.ladder import may_set_rules, proposed_clocks, rules_in_order


@door(may_work)
@require_safe
def ladder_rules(request: Any) -> HttpResponse:
    return _rules_page(request, 200)


def _rules_page(request: Any, status: int, clash: str = "") -> HttpResponse:
    context = {
        "rules": rules_in_order(),
        "proposed": proposed_clocks(),
        "may_set": may_set_rules(request.viewer),
        "today": timezone.localdate(),
        "clash": clash,
    }
    return render(request, "obstacles/ladder_rules.html", context, status=status, using="jinja2")


@door(access.may_set_ladder_rules)
def set_ladder_rule(request: Any) -> HttpResponseBase:
    form = RuleForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "obstacles/set_ladder_rule.html", {"form": form}, using="jinja2")
    rule = attempt(form, lambda: _set(request, form))
    if rule is None:
        return render(request, "obstacles/set_ladder_rule.html", {"form": form}, status=422, using="jinja2")
    messages.success(request, _("Đã đặt thời hạn, áp dụng từ %(day)s.") % {"day": f"{rule.valid_from:%d/%m/%Y}"})
    return redirect("obstacles:ladder_rules")


def _set(request: Any, form: RuleForm) -> LadderRule:
    read = form.cleaned_data
    new = actions.NewRule(
        cause=read.get("cause", ""),
        rung=read.get("rung", ""),
        working_days=read.get("working_days"),
        basis=read.get("basis", ""),
        valid_from=read.get("valid_from"),
    )
    return actions.set_ladder_rule(by=request.viewer, new=new, on=timezone.localdate())


@door(access.may_set_ladder_rules)
@require_POST
def end_ladder_rule(request: Any, pk: int) -> HttpResponseBase:
    rule = get_object_or_404(LadderRule, pk=pk)
    try:
        ended = actions.end_ladder_rule(rule, by=request.viewer, on=timezone.localdate())
    except Stale as stale:
        return _rules_page(request, 409, clash=str(stale))
    messages.success(request, _("Quy định kết thúc ngày %(day)s.") % {"day": f"{ended.valid_to:%d/%m/%Y}"})
    return redirect("obstacles:ladder_rules")
