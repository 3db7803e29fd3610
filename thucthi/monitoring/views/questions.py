"""Pages of questions about figures: the list, one organisation's, answering one, and how they are asked."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import NotVisible, Stale
from thucthi.kernel.gate import door
from thucthi.monitoring.access import can_judge_signals_of, may_read_signals
from thucthi.monitoring.actions.verdicts import SignalAnswer, judge_signal
from thucthi.monitoring.forms.verdicts import PeersForm, VerdictForm, years_before
from thucthi.monitoring.models import SignalVerdict
from thucthi.monitoring.selectors.peer_kinds import kind_in_words, kinds_of_peers
from thucthi.monitoring.selectors.question_board import board
from thucthi.monitoring.selectors.question_methods import methods
from thucthi.monitoring.selectors.questions import Asked, asked_of, names_of, one_asked, organisation_seen

ROWS = 50


def peers_form(request: Any) -> PeersForm:
    """What the reader chose to compare; nonsense in the address means the standard choice."""
    today = timezone.localdate()
    kinds = kinds_of_peers()
    standard = {"loai": kinds[0][0] if kinds else "", "nam": str(today.year)}
    return PeersForm({**standard, **request.GET.dict()}, kinds=kinds, this_year=today.year)


def year_asked(request: Any) -> int:
    """The year in the address, else this one."""
    this_year = timezone.localdate().year
    found = request.GET.get("nam", "")
    return int(found) if found in {text for _, text in years_before(this_year)} else this_year


@door(may_read_signals)
@require_safe
def signals(request: Any) -> HttpResponse:
    form = peers_form(request)
    found = board(request.viewer, form.kind, form.year, timezone.localdate())
    context = {
        "board": found,
        "page": Paginator(found.rows, ROWS).get_page(request.GET.get("trang")),
        "filter": form,
        "kind_words": kind_in_words(form.kind),
        "today": timezone.localdate(),
    }
    return render(request, "monitoring/signals.html", context, using="jinja2")


@door(may_read_signals)
@require_safe
def signals_of(request: Any, code: str) -> HttpResponse:
    organisation = organisation_seen(request.viewer, code)
    year = year_asked(request)
    found = asked_of(request.viewer, organisation, year, timezone.localdate())
    context = {
        "found": found,
        "year": year,
        "years": years_before(timezone.localdate().year),
        "may_judge": can_judge_signals_of(request.viewer, organisation.path),
        "today": timezone.localdate(),
    }
    return render(request, "monitoring/signals_of.html", context, using="jinja2")


@door(may_read_signals)
def signal(request: Any, code: str, check: str, period: str, subject: str) -> HttpResponseBase:
    organisation = organisation_seen(request.viewer, code)
    year = year_asked(request)
    asked = one_asked(asked_of(request.viewer, organisation, year, timezone.localdate()), check, period, subject)
    if asked is None:
        raise NotVisible(_("Câu hỏi này không được đặt ra, hoặc không còn được đặt ra."))
    if request.method != "POST":
        return _page(request, organisation, asked, VerdictForm(), status=200)
    form = VerdictForm(request.POST)
    try:
        verdict = attempt(form, lambda: _judge(request, organisation, asked, form, year))
    except Stale as stale:
        return _page(request, organisation, asked, form, status=409, clash=str(stale))
    if verdict is None:
        return _page(request, organisation, asked, form, status=422)
    messages.success(request, _("Đã ghi kết quả xem xét: %(finding)s.") % {"finding": verdict.get_finding_display()})
    return redirect("monitoring:signals_of", code=code)


def _judge(request: Any, organisation: Organisation, asked: Asked, form: VerdictForm, year: int) -> SignalVerdict:
    _check, _body, period, subject = asked.question.key
    answer = SignalAnswer(
        check=asked.question.check,
        period=period,
        subject=subject,
        year=year,
        finding=form.cleaned_data.get("finding", ""),
        text=form.cleaned_data.get("text", ""),
    )
    return judge_signal(organisation, by=request.viewer, answer=answer, on=timezone.localdate())


def _page(
    request: Any, organisation: Organisation, asked: Asked, form: VerdictForm, *, status: int, clash: str = ""
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "asked": asked,
        "names": names_of(asked.question.traces),
        "form": form,
        "clash": clash,
        "may_judge": can_judge_signals_of(request.viewer, organisation.path) and asked.verdict is None,
        "year": year_asked(request),
    }
    return render(request, "monitoring/signal.html", context, status=status, using="jinja2")


@door(may_read_signals)
@require_safe
def signal_methods(request: Any) -> HttpResponse:
    form = peers_form(request)
    context = {"methods": methods(request.viewer, form.kind, form.year, timezone.localdate()), "filter": form}
    context["kind_words"] = kind_in_words(form.kind)
    return render(request, "monitoring/signal_methods.html", context, using="jinja2")
