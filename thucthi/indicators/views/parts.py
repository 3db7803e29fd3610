"""How figures are made from parts, how they are broken down, and which few a document is read by."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.directory.forms import attempt
from thucthi.documents.models import Document
from thucthi.documents.selectors import document_for
from thucthi.indicators import access
from thucthi.indicators.actions.sheets import set_core_indicators, set_dimensions, set_rules
from thucthi.indicators.forms.sheets import CoreForm, DimensionForm, RuleForm, as_rules, stored, typed_parts
from thucthi.indicators.models import CoreIndicator, Dimension, Indicator
from thucthi.indicators.selectors.definition_pages import dimensions_of, indicator_for, rule_rows
from thucthi.indicators.selectors.sheets import parts_in_words
from thucthi.kernel.errors import Refused
from thucthi.kernel.gate import door


@door(access.can_define)
def rules(request: Any, code: str) -> HttpResponseBase:
    indicator = indicator_for(request.viewer, code)
    sent = request.POST if request.method == "POST" else None
    rows = [RuleForm(sent, unit=row.unit, word=row.word, rule=row.rule) for row in rule_rows(indicator)]
    if sent is None:
        return _rules_page(request, indicator, rows, 200)
    if not _keep_rules(request, indicator, rows):
        return _rules_page(request, indicator, rows, 422)
    messages.success(request, _("Đã ghi cách tổng hợp. Số liệu các kỳ được tính lại theo cách này."))
    return redirect("indicators:sheet", code=code)


def _keep_rules(request: Any, indicator: Indicator, rows: list[RuleForm]) -> bool:
    """False when a row could not be read or the rules do not hold; each row then says why."""
    if not all([row.is_valid() for row in rows]):  # noqa: C419 - every row says its faults, not only the first
        return False
    try:
        set_rules(indicator, by=request.viewer, rules=as_rules(rows, indicator))
    except Refused as refused:
        by_unit = {row.unit: row for row in rows}
        for fault in refused.faults:
            by_unit.get(fault.field, rows[0]).add_error(None, fault.text)
        return False
    return True


def _rules_page(request: Any, indicator: Indicator, rows: list[RuleForm], status: int) -> HttpResponse:
    faults = [
        (
            f"#{row[name].id_for_label}" if name in row.fields else f"#{row['origin'].id_for_label}",
            f"{row.word}: {text}",
        )
        for row in rows
        for name, texts in row.errors.items()
        for text in texts
    ]
    context = {"indicator": indicator, "rows": rows, "faults": faults}
    return render(request, "indicators/rules.html", context, status=status, using="jinja2")


@door(access.can_define)
def dimensions(request: Any, code: str) -> HttpResponseBase:
    indicator = indicator_for(request.viewer, code)
    standing = dimensions_of(indicator)
    if request.method != "POST":
        return _dimensions_page(request, indicator, _dimension_form(standing, request.GET.get("sua", "")), 200)
    form = DimensionForm(request.POST)
    if attempt(form, lambda: _keep_dimension(request, indicator, form, standing)) is None:
        return _dimensions_page(request, indicator, form, 422)
    messages.success(request, _("Đã ghi phân tổ của chỉ tiêu."))
    return redirect("indicators:dimensions", code=code)


@door(access.can_define)
@require_POST
def drop_dimension(request: Any, code: str, dimension: str) -> HttpResponseBase:
    indicator = indicator_for(request.viewer, code)
    kept = [stored(row) for row in dimensions_of(indicator) if row.code != dimension]
    try:
        set_dimensions(indicator, by=request.viewer, dimensions=kept)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Đã bỏ phân tổ."))
    return redirect("indicators:dimensions", code=code)


def _keep_dimension(
    request: Any, indicator: Indicator, form: DimensionForm, standing: list[Dimension]
) -> list[Dimension]:
    wanted = form.dimension()
    others = [stored(row) for row in standing if row.code != wanted.code]
    return set_dimensions(indicator, by=request.viewer, dimensions=[*others, wanted])


def _dimension_form(standing: list[Dimension], code: str) -> DimensionForm:
    """Empty, or filled with the breakdown that is to be changed."""
    found = next((row for row in standing if row.code == code), None)
    if found is None:
        return DimensionForm()
    names = ("code", "name", "name_en", "is_exhaustive")
    return DimensionForm(initial={**{name: getattr(found, name) for name in names}, "parts": typed_parts(found)})


def _dimensions_page(request: Any, indicator: Indicator, form: DimensionForm, status: int) -> HttpResponse:
    rows = [(row, parts_in_words(row)) for row in dimensions_of(indicator)]
    context = {"indicator": indicator, "rows": rows, "form": form}
    return render(request, "indicators/dimensions.html", context, status=status, using="jinja2")


@door(access.can_define)
def core_indicators(request: Any, slug: str) -> HttpResponseBase:
    document = document_for(request.viewer, slug)
    if request.method != "POST":
        chosen = [row.indicator for row in document.core_indicators.select_related("indicator").order_by("position")]
        return _core_page(request, document, CoreForm(initial={"indicators": chosen}), 200)
    form = CoreForm(request.POST)
    if attempt(form, lambda: _choose(request, document, form)) is None:
        return _core_page(request, document, form, 422)
    messages.success(request, _("Đã ghi các chỉ tiêu chính của văn bản."))
    return redirect("indicators:targets", slug=slug)


def _choose(request: Any, document: Document, form: CoreForm) -> list[CoreIndicator]:
    chosen = form.cleaned_data.get("indicators", [])
    return set_core_indicators(document, by=request.viewer, indicators=chosen)


def _core_page(request: Any, document: Document, form: CoreForm, status: int) -> HttpResponse:
    promised = Indicator.objects.filter(targets__document=document).distinct().order_by("code")
    context = {"document": document, "form": form, "promised": promised}
    return render(request, "indicators/core_indicators.html", context, status=status, using="jinja2")
