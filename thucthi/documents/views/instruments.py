"""Reading what documents still owe: of a resolution, of a drafter, one text, the times of the law."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thucthi.documents import access
from thucthi.documents.forms.instruments import (
    AnswerForm,
    ClockEndForm,
    ClockForm,
    ConflictForm,
    IssuedDocumentForm,
    StageForm,
)
from thucthi.documents.models import Instrument, StatutoryClock
from thucthi.documents.selectors import document_for
from thucthi.documents.selectors.clocks import all_clocks, keeps_clocks_at_the_centre
from thucthi.documents.selectors.instruments import (
    drafter_for,
    drafters,
    instrument_for,
    instrument_page,
    pipeline,
    speaking_for,
    visible_instruments,
)
from thucthi.kernel.gate import door


@door(access.may_open_documents)
@require_safe
def instruments(request: Any, slug: str) -> HttpResponse:
    document = document_for(request.viewer, slug)
    context = {
        "document": document,
        "pipeline": pipeline(visible_instruments(request.viewer).filter(document=document), timezone.localdate()),
        "may_keep": access.can_keep_in(request.viewer, document.register.path),
    }
    return render(request, "documents/instruments.html", context, using="jinja2")


@door(access.may_open_documents)
@require_safe
def all_drafters(request: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {"rows": drafters(request.viewer, today), "as_of": today}
    return render(request, "documents/drafters.html", context, using="jinja2")


@door(access.may_open_documents)
@require_safe
def drafter(request: Any, code: str) -> HttpResponse:
    organisation = drafter_for(code)
    found = pipeline(visible_instruments(request.viewer).filter(drafter=organisation), timezone.localdate())
    context = {"drafter": organisation, "pipeline": found}
    return render(request, "documents/drafter.html", context, using="jinja2")


@door(access.may_open_documents)
@require_safe
def instrument(request: Any, code: str) -> HttpResponse:
    return page_of(request, instrument_for(request.viewer, code), None, 200)


def page_of(request: Any, row: Instrument, at_fault: tuple[str, Any] | None, status: int) -> HttpResponse:
    """The page of one owed text; `at_fault`: the form to show again, under its name."""
    today = timezone.localdate()
    page = instrument_page(request.viewer, row, today)
    first = {"after": page.row.standing.stage or "", "entered_on": today}
    context: dict[str, Any] = {
        "page": page,
        "as_of": today,
        "stage_form": StageForm(initial=first, auto_id="giai-doan-%s"),
        "document_form": IssuedDocumentForm(auto_id="ban-hanh-%s"),
        "conflict_form": ConflictForm(organisations=speaking_for(request.viewer), auto_id="mau-thuan-%s"),
        "answer_forms": {each.pk: AnswerForm(auto_id=f"tra-loi-{each.pk}-%s") for each in page.conflicts},
    }
    _show_again(context, at_fault)
    return render(request, "documents/instrument.html", context, status=status, using="jinja2")


def _show_again(context: dict[str, Any], at_fault: tuple[str, Any] | None) -> None:
    if at_fault is None:
        return
    name, form = at_fault
    context["form"] = form
    if name == "answer_forms":
        # One form for each contradiction; the address of the posted one is its own.
        context[name] = {pk: form if form.auto_id == each.auto_id else each for pk, each in context[name].items()}
    else:
        context[name] = form


@door(access.may_open_documents)
@require_safe
def clocks(request: Any) -> HttpResponse:
    return clocks_page(request, None, None, 200)


def clocks_page(request: Any, at_fault: Any, ending: int | None, status: int) -> HttpResponse:
    """`at_fault`: the form to show again, that of the clock `ending`, or the one of a new clock."""
    rows = list(all_clocks())
    context: dict[str, Any] = {
        "clocks": rows,
        "may_keep": access.can_keep_clocks(request.viewer, is_central=keeps_clocks_at_the_centre(request.viewer)),
        "as_of": timezone.localdate(),
        "form": ClockForm() if at_fault is None or ending else at_fault,
        "end_forms": {row.pk: ClockEndForm(auto_id=f"ket-thuc-{row.pk}-%s") for row in rows},
        "ending": ending,
    }
    if ending:
        context["end_forms"][ending] = at_fault
    return render(request, "documents/clocks.html", context, status=status, using="jinja2")


def clock_named(pk: int) -> StatutoryClock | None:
    return all_clocks().filter(pk=pk).first()
