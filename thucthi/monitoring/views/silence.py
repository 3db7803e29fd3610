"""The page of silence: who owes reports and gives none."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thucthi.directory.models import Organisation
from thucthi.directory.selectors import organisation_for
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.gate import door
from thucthi.kernel.replicas import tolerates_lag
from thucthi.monitoring.access import may_follow_execution
from thucthi.monitoring.forms.accountability import STANDARD_PERIODS, SilenceForm
from thucthi.monitoring.selectors.silence import Wanted, silence_page


@door(may_follow_execution)
@tolerates_lag
@require_safe
def silence(request: Any) -> HttpResponse:
    documents = list(visible_documents(request.viewer).order_by("-issued_on", "pk"))
    form = SilenceForm(request.GET, documents=[(row.slug, row.code) for row in documents])
    slug = form.chosen("van_ban", "")
    wanted = Wanted(
        periods=form.chosen("it_nhat", STANDARD_PERIODS),
        under=place_asked(request),
        level=form.chosen("cap", ""),
        document=next((row for row in documents if row.slug == slug), None),
    )
    found = silence_page(request.viewer, wanted, timezone.localdate(), page_asked(request))
    choice = {"it_nhat": wanted.periods, "cap": wanted.level, "van_ban": slug}
    context = {"found": found, "filter": form, "choice": choice, "lineage": lineage_of(wanted.under)}
    return render(request, "monitoring/silence.html", context, using="jinja2")


def place_asked(request: Any) -> Organisation | None:
    """The body below which one looks; None for everywhere. Raises NotVisible for an unknown code."""
    code = request.GET.get("duoi", "")
    return organisation_for(request.viewer, code) if code else None


def page_asked(request: HttpRequest) -> int:
    number = request.GET.get("trang", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1


def lineage_of(organisation: Organisation | None) -> list[Organisation]:
    """From the root down to the body itself."""
    if organisation is None:
        return []
    rows = Organisation.objects.in_bulk(organisation.path)
    return [rows[pk] for pk in organisation.path if pk in rows]
