"""Writing about owed instruments: registering, changing, stages, the issued text, contradictions, times of the law."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.directory.forms import attempt
from thucthi.documents import access, actions
from thucthi.documents.forms.instruments import (
    AnswerForm,
    ClockEndForm,
    ClockForm,
    ConflictForm,
    InstrumentEditForm,
    InstrumentForm,
    IssuedDocumentForm,
    StageForm,
    typed_instrument,
)
from thucthi.documents.models import Document, Instrument
from thucthi.documents.selectors import document_for, visible_documents
from thucthi.documents.selectors.contents import content_of_instrument
from thucthi.documents.selectors.instruments import conflict_for, instrument_for, speaking_for, visible_instruments
from thucthi.documents.views.instruments import clock_named, clocks_page, page_of
from thucthi.kernel.errors import NotVisible, Stale, require
from thucthi.kernel.gate import door


@door(access.may_keep_documents)
def owe(request: Any, slug: str) -> HttpResponseBase:
    document = document_for(request.viewer, slug)
    _require_keeper(request, document)
    form = InstrumentForm(
        request.POST if request.method == "POST" else None, clauses=list(document.clauses.all()), initial={"version": 0}
    )
    if request.method != "POST":
        return _form_page(request, document, None, form, 200)
    today = timezone.localdate()
    made = attempt(form, lambda: actions.owe_instrument(document, by=request.viewer, content=form.content(), on=today))
    if made is None:
        return _form_page(request, document, None, form, 422)
    messages.success(request, _("Đã ghi văn bản còn phải ban hành."))
    return redirect("documents:instrument", code=made.code)


@door(access.may_keep_documents)
def edit(request: Any, code: str) -> HttpResponseBase:
    row = instrument_for(request.viewer, code)
    _require_keeper(request, row.document)
    first = {**typed_instrument(content_of_instrument(row)), "version": row.version}
    form = InstrumentEditForm(
        request.POST if request.method == "POST" else None, clauses=list(row.document.clauses.all()), initial=first
    )
    if request.method != "POST":
        return _form_page(request, row.document, row, form, 200)
    try:
        made = attempt(form, lambda: _edit(request, row, form))
    except Stale as stale:
        form.add_error(None, str(stale))
        return _form_page(request, row.document, row, form, 409)
    if made is None:
        return _form_page(request, row.document, row, form, 422)
    messages.success(request, _("Đã lưu; nội dung cũ vẫn đọc được bên dưới."))
    return redirect("documents:instrument", code=code)


def _edit(request: Any, row: Instrument, form: InstrumentEditForm) -> Instrument:
    read = form.cleaned_data
    return actions.edit_instrument(
        row,
        by=request.viewer,
        content=form.content(),
        version=read.get("version") or 0,
        on=timezone.localdate(),
        decision=read.get("decision", ""),
    )


def _require_keeper(request: Any, document: Document) -> None:
    require(
        access.can_keep_in(request.viewer, document.register.path),
        _("Chỉ cơ quan giữ sổ của văn bản ghi được văn bản còn phải ban hành."),
    )


def _form_page(
    request: Any, document: Document, row: Instrument | None, form: InstrumentForm, status: int
) -> HttpResponse:
    context = {"document": document, "instrument": row, "form": form}
    return render(request, "documents/owe_instrument.html", context, status=status, using="jinja2")


@door(access.may_follow_instruments)
@require_POST
def enter(request: Any, code: str) -> HttpResponseBase:
    row, form = instrument_for(request.viewer, code), StageForm(request.POST, auto_id="giai-doan-%s")

    def act() -> object:
        after = form.cleaned_data.get("after", "")
        return actions.enter_stage(row, by=request.viewer, step=form.step(), on=timezone.localdate(), after=after)

    return _on_page(request, row, ("stage_form", form), act, _("Đã ghi giai đoạn."))


@door(access.may_follow_instruments)
@require_POST
def link_document(request: Any, code: str) -> HttpResponseBase:
    row, form = instrument_for(request.viewer, code), IssuedDocumentForm(request.POST, auto_id="ban-hanh-%s")
    return _on_page(request, row, ("document_form", form), lambda: _link(request, row, form), _("Đã gắn văn bản."))


def _link(request: Any, row: Instrument, form: IssuedDocumentForm) -> Instrument | None:
    typed = form.cleaned_data.get("document", "").strip()
    issued = visible_documents(request.viewer).filter(slug=typed).first()
    if issued is None:
        form.add_error("document", _("Không tìm thấy văn bản mang mã này. Đề nghị kiểm tra lại."))
        return None
    return actions.link_issued_document(row, by=request.viewer, issued=issued)


@door(access.may_open_documents)
@require_POST
def conflict(request: Any, code: str) -> HttpResponseBase:
    row = instrument_for(request.viewer, code)
    form = ConflictForm(request.POST, organisations=speaking_for(request.viewer), auto_id="mau-thuan-%s")
    return _on_page(request, row, ("conflict_form", form), lambda: _state(request, row, form), _("Đã ghi mâu thuẫn."))


def _state(request: Any, row: Instrument, form: ConflictForm) -> object:
    read = form.cleaned_data
    typed = read.get("other", "").strip()
    organisation = form.organisations.get(read.get("organisation", ""))
    if organisation is None:
        form.add_error("organisation", _("Đề nghị chọn cơ quan của ông/bà."))
        return None
    document = visible_documents(request.viewer).filter(slug=typed).first()
    instrument = None if document else visible_instruments(request.viewer).filter(code=typed).first()
    return actions.state_conflict(
        row,
        by=request.viewer,
        organisation=organisation,
        text=read.get("text", ""),
        on=timezone.localdate(),
        other_document=document,
        other_instrument=instrument,
    )


@door(access.may_follow_instruments)
@require_POST
def answer(request: Any, code: str, pk: int) -> HttpResponseBase:
    row, found = instrument_for(request.viewer, code), conflict_for(request.viewer, code, pk)
    form = AnswerForm(request.POST, auto_id=f"tra-loi-{pk}-%s")

    def act() -> object:
        text = form.cleaned_data.get("text", "")
        return actions.answer_conflict(found, by=request.viewer, text=text, on=timezone.localdate())

    return _on_page(request, row, ("answer_forms", form), act, _("Đã ghi trả lời."))


def _on_page(
    request: Any, row: Instrument, named: tuple[str, Any], act: Callable[[], object], said: str
) -> HttpResponseBase:
    form = named[1]
    try:
        done, status = attempt(form, act), 422
    except Stale as stale:
        form.add_error(None, str(stale))
        done, status = None, 409
    if done is None:
        return page_of(request, row, named, status)
    messages.success(request, said)
    return redirect("documents:instrument", code=row.code)


@door(access.may_keep_clocks)
@require_POST
def set_clock(request: Any) -> HttpResponseBase:
    form = ClockForm(request.POST)
    if attempt(form, lambda: actions.set_statutory_clock(by=request.viewer, new=form.content())) is None:
        return clocks_page(request, form, None, 422)
    messages.success(request, _("Đã ghi thời hạn luật định."))
    return redirect("documents:clocks")


@door(access.may_keep_clocks)
@require_POST
def end_clock(request: Any, pk: int) -> HttpResponseBase:
    clock, form = clock_named(pk), ClockEndForm(request.POST, auto_id=f"ket-thuc-{pk}-%s")
    if clock is None:
        raise NotVisible
    try:
        done = attempt(form, lambda: actions.end_statutory_clock(clock, by=request.viewer, **_end_of(form)))
    except Stale as stale:
        form.add_error(None, str(stale))
        return clocks_page(request, form, pk, 409)
    if done is None:
        return clocks_page(request, form, pk, 422)
    messages.success(request, _("Đã kết thúc thời hạn luật định."))
    return redirect("documents:clocks")


def _end_of(form: ClockEndForm) -> dict[str, Any]:
    return {"on": form.cleaned_data.get("on"), "reason": form.cleaned_data.get("reason", "")}
