"""Pages of how far figures can be relied on: all organisations of a kind, and one with the rows of each part."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thucthi.kernel.gate import door
from thucthi.kernel.replicas import tolerates_lag
from thucthi.monitoring.access import may_read_signals
from thucthi.monitoring.calculations.reliability import CASES_OF_PEERS, FEWEST_PARTS, LEAST_WEIGHT
from thucthi.monitoring.forms.verdicts import years_before
from thucthi.monitoring.selectors.peer_kinds import kind_in_words
from thucthi.monitoring.selectors.questions import names_of, organisation_seen
from thucthi.monitoring.selectors.reliability import reliability_of, reliability_table
from thucthi.monitoring.views.questions import ROWS, peers_form, year_asked

RULES = {"cases_of_peers": CASES_OF_PEERS, "fewest_parts": FEWEST_PARTS, "least_weight": LEAST_WEIGHT}


@door(may_read_signals)
@tolerates_lag
@require_safe
def reliability(request: Any) -> HttpResponse:
    form = peers_form(request)
    table = reliability_table(request.viewer, form.kind, form.year, timezone.localdate())
    context = {
        "table": table,
        "page": Paginator(table.rows, ROWS).get_page(request.GET.get("trang")),
        "filter": form,
        "kind_words": kind_in_words(form.kind),
        "rules": RULES,
    }
    return render(request, "monitoring/reliability.html", context, using="jinja2")


@door(may_read_signals)
@require_safe
def reliability_parts(request: Any, code: str) -> HttpResponse:
    organisation = organisation_seen(request.viewer, code)
    found = reliability_of(request.viewer, organisation, year_asked(request), timezone.localdate())
    rows = [trace for part in found.opened for trace in (*part.against, *part.in_favour)]
    context = {
        "found": found,
        "organisation": organisation,
        "names": names_of(rows),
        "years": years_before(timezone.localdate().year),
        "rules": RULES,
    }
    return render(request, "monitoring/reliability_parts.html", context, using="jinja2")
