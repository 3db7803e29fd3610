"""Quality of values: the overview, one indicator, what is to be looked at again, rules between indicators."""

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
from thucthi.indicators.access import can_define, may_follow_up
from thucthi.indicators.actions.doubts import close_follow_up, open_follow_up, set_consistency_rule
from thucthi.indicators.calculations.quality import (
    FEWEST_OTHERS,
    FLAGGED_FROM,
    FLAGGED_FROM_BY_MEAN,
    Outcome,
    Reporting,
)
from thucthi.indicators.forms.doubts import (
    CloseMarkForm,
    ConsistencyRuleForm,
    FollowUpFilter,
    MarkForm,
    RowsForm,
    ScopeForm,
)
from thucthi.indicators.models import FollowUp, Observation
from thucthi.indicators.selectors.consistency import rule_called, rule_findings, rule_standings, wording_of
from thucthi.indicators.selectors.disputes import observation_for
from thucthi.indicators.selectors.follow_ups import follow_up_list, mark_for
from thucthi.indicators.selectors.quality import (
    indicator_called,
    indicators_with_values,
    quality_kept,
    quality_of,
    rows_in,
)
from thucthi.indicators.selectors.spoken import span_words, value_words
from thucthi.kernel.errors import Stale
from thucthi.kernel.gate import door
from thucthi.kernel.periods import span_of

INDICATORS = 20
ROWS = 50
# Histories of all units are read for the list of what is to be looked at: so many indicators at once.
MOST_INDICATORS = 100


@door(may_work)
@require_safe
def quality(request: Any) -> HttpResponse:
    today, form = timezone.localdate(), ScopeForm(request.GET)
    page = Paginator(indicators_with_values(), INDICATORS).get_page(request.GET.get("trang"))
    rows, counted_at = quality_kept(list(page.object_list), today, form.within)
    context = {
        "page": page,
        "rows": rows,
        "counted_at": counted_at,
        "filter": form,
        "within": form.within,
        "query": urlencode({"don_vi": request.GET.get("don_vi", "")}),
        "today": today,
        "may_follow_up": may_follow_up(request.viewer),
    }
    return render(request, "indicators/quality.html", context, using="jinja2")


@door(may_work)
@require_safe
def quality_of_indicator(request: Any, code: str) -> HttpResponse:
    today, form = timezone.localdate(), RowsForm(request.GET)
    found = quality_of(indicator_called(code), today, form.within)
    wanted = form.cleaned_data.get("xem", "") if form.is_valid() else ""
    shown = rows_in(found.rows, {Reporting(wanted)} if wanted else ())
    context = {
        "found": found,
        "page": Paginator(shown, ROWS).get_page(request.GET.get("trang")),
        "far": Paginator(found.far, ROWS).get_page(request.GET.get("khac-thuong")),
        "fresh": Paginator(found.freshness, ROWS).get_page(request.GET.get("do-moi")),
        "total": len(shown),
        "filter": form,
        "within": form.within,
        "query": urlencode({"don_vi": request.GET.get("don_vi", ""), "xem": wanted}),
        "scope": urlencode({"don_vi": request.GET.get("don_vi", "")}),
        "today": today,
        "limits": {"score": FLAGGED_FROM, "mean": FLAGGED_FROM_BY_MEAN, "fewest": FEWEST_OTHERS},
        "may_follow_up": may_follow_up(request.viewer),
    }
    return render(request, "indicators/quality_of.html", context, using="jinja2")


@door(may_follow_up)
@require_safe
def follow_ups(request: Any) -> HttpResponse:
    today, known = timezone.localdate(), list(indicators_with_values())
    form = FollowUpFilter(request.GET, indicators=[(row.code, row.name) for row in known])
    chosen = form.cleaned_data if form.is_valid() else {}
    code = chosen.get("chi_tieu", "")
    looked_at = [row for row in known if not code or row.code == code][:MOST_INDICATORS]
    found = follow_up_list(looked_at, today, within=form.within, concern=chosen.get("loai", ""))
    query = {name: request.GET.get(name, "") for name in ("chi_tieu", "loai", "don_vi")}
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("trang")),
        "total": len(found),
        "looked_at": len(looked_at),
        "known": len(known),
        "filter": form,
        "query": urlencode(query),
        "today": today,
    }
    return render(request, "indicators/follow_ups.html", context, using="jinja2")


@door(may_follow_up)
def mark(request: Any, pk: int) -> HttpResponseBase:
    value = observation_for(request.viewer, pk)
    form = MarkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _value_page(request, "indicators/open_follow_up.html", value, form)
    try:
        made = attempt(
            form,
            lambda: open_follow_up(
                value, by=request.viewer, reason=form.cleaned_data.get("reason", ""), on=timezone.localdate()
            ),
        )
    except Stale as stale:
        return _value_page(request, "indicators/open_follow_up.html", value, form, 409, clash=str(stale))
    if made is None:
        return _value_page(request, "indicators/open_follow_up.html", value, form, 422)
    messages.success(request, _("Đã đánh dấu cần xem lại."))
    return redirect("indicators:follow_ups")


@door(may_follow_up)
def close_mark(request: Any, pk: int) -> HttpResponseBase:
    found = mark_for(request.viewer, pk)
    value, form = found.observation, CloseMarkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _value_page(request, "indicators/close_follow_up.html", value, form, mark=found)
    try:
        closed = attempt(
            form,
            lambda: close_follow_up(
                found, by=request.viewer, outcome=form.cleaned_data.get("outcome", ""), on=timezone.localdate()
            ),
        )
    except Stale as stale:
        return _value_page(request, "indicators/close_follow_up.html", value, form, 409, clash=str(stale), mark=found)
    if closed is None:
        return _value_page(request, "indicators/close_follow_up.html", value, form, 422, mark=found)
    messages.success(request, _("Đã đóng dấu cần xem lại."))
    return redirect("indicators:follow_ups")


def _value_page(
    request: Any,
    template: str,
    value: Observation,
    form: Any,
    status: int = 200,
    *,
    clash: str = "",
    mark: FollowUp | None = None,
) -> HttpResponse:
    context = {
        "value": value,
        "said": value_words(value.state, value.amount, value.indicator.unit),
        "period": span_words(span_of(value.period)),
        "mark": mark,
        "form": form,
        "clash": clash,
    }
    return render(request, template, context, status=status, using="jinja2")


@door(may_work)
@require_safe
def consistency_rules(request: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "rules": rule_standings(today),
        "today": today,
        "may_define": can_define(request.viewer),
    }
    return render(request, "indicators/consistency_rules.html", context, using="jinja2")


@door(may_work)
@require_safe
def consistency_rule(request: Any, code: str) -> HttpResponse:
    today, rule = timezone.localdate(), rule_called(code)
    rank = {Outcome.BROKEN: 0, Outcome.UNCHECKED: 1, Outcome.HOLDS: 2}
    found = sorted(rule_findings(today, rules=[rule]), key=lambda row: (rank[row.finding.outcome], row.span))
    context = {
        "rule": rule,
        "wording": wording_of(rule),
        "page": Paginator(found, ROWS).get_page(request.GET.get("trang")),
        "total": len(found),
        "today": today,
        "may_define": can_define(request.viewer),
    }
    return render(request, "indicators/consistency_rule.html", context, using="jinja2")


@door(can_define)
def set_rule(request: Any, code: str | None = None) -> HttpResponseBase:
    rule = rule_called(code) if code else None
    fields = ("code", "name", "left", "operator", "right", "tolerance", "is_active")
    initial = {name: getattr(rule, name) for name in fields} if rule else {}
    form = ConsistencyRuleForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        made = attempt(form, lambda: set_consistency_rule(by=request.viewer, spec=form.spec))
        if made is not None:
            messages.success(request, _("Đã ghi quan hệ %(code)s.") % {"code": made.code})
            return redirect("indicators:consistency_rule", code=made.code)
        status = 422
    return render(
        request, "indicators/set_consistency_rule.html", {"form": form, "rule": rule}, status=status, using="jinja2"
    )
