"""Pages of facts about those who headed a body, and the file of a dossier."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from thucthi.kernel.errors import NotVisible
from thucthi.kernel.gate import door
from thucthi.monitoring.access import may_read_dossiers
from thucthi.monitoring.calculations.dossier_file import KIND_WORDS, csv_of, workbook_of
from thucthi.monitoring.calculations.intervals import Interval
from thucthi.monitoring.forms.accountability import quarter_asked, quarters_before
from thucthi.monitoring.selectors.dossiers import dossier_of
from thucthi.monitoring.selectors.heads import headed_body, heads_page, tenure_page

FORMS = {
    "csv": (csv_of, "text/csv; charset=utf-8"),
    "xlsx": (workbook_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@door(may_read_dossiers)
@require_safe
def heads(request: Any, code: str) -> HttpResponse:
    organisation, today = headed_body(request.viewer, code), timezone.localdate()
    quarter = quarter_asked(request.GET.get("ky", ""), today)
    page = heads_page(request.viewer, organisation, Interval(quarter.start, quarter.end), today)
    context = {
        "page": page,
        "quarter": quarter,
        "quarters": quarters_before(today),
        "tenures": page.tenures,
        "kind_words": _kind_words(),
    }
    return render(request, "monitoring/heads.html", context, using="jinja2")


@door(may_read_dossiers)
@require_safe
def tenure(request: Any, code: str, pk: int) -> HttpResponse:
    organisation = headed_body(request.viewer, code)
    page = tenure_page(request.viewer, organisation, pk, timezone.localdate())
    return render(
        request,
        "monitoring/tenure.html",
        {"page": page, "own": page.shares[0], "kind_words": _kind_words()},
        using="jinja2",
    )


@door(may_read_dossiers)
@require_safe
def dossier(request: Any, code: str, form: str) -> HttpResponse:
    organisation, today = headed_body(request.viewer, code), timezone.localdate()
    if form not in FORMS:
        raise NotVisible(gettext("Không có bản tải về này; có CSV và XLSX."))
    quarter = quarter_asked(request.GET.get("ky", ""), today)
    write, content_type = FORMS[form]
    found = dossier_of(request.viewer, organisation, Interval(quarter.start, quarter.end), today)
    response = HttpResponse(write(found, gettext), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="du-kien-{code}-{quarter.key}.{form}"'
    return response


def _kind_words() -> dict[str, str]:
    return {kind: gettext(words) for kind, words in KIND_WORDS.items()}
