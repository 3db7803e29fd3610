"""Documents: the list, one document with its clauses, registering one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.forms import attempt
from thucthi.documents import access
from thucthi.documents.actions import NewDocument, register_document, relate_documents
from thucthi.documents.calculations import compose_text, paragraphs_of
from thucthi.documents.forms.register import DocumentForm, RelationForm, slug_of
from thucthi.documents.models import Document, RelationKind
from thucthi.documents.selectors import (
    document_for,
    open_programmes_under,
    passages_of,
    registers_of,
    relations_of,
    search_documents,
    visible_documents,
)
from thucthi.kernel.gate import door

ROWS = 30


@door(access.may_open_documents)
@require_safe
def documents(request: Any) -> HttpResponse:
    words = request.GET.get("tim", "").strip()
    page = Paginator(search_documents(request.viewer, words), ROWS).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "words": words,
        "query": urlencode({"tim": words}),
        "may_keep": access.may_keep_documents(request.viewer),
    }
    return render(request, "documents/documents.html", context, using="jinja2")


@door(access.may_open_documents)
@require_safe
def document(request: Any, slug: str) -> HttpResponse:
    return _document_page(request, document_for(request.viewer, slug), RelationForm(), 200)


@door(access.may_keep_documents)
def add_document(request: Any) -> HttpResponseBase:
    registers = registers_of(request.viewer)
    if request.method != "POST":
        return _form_page(request, DocumentForm(registers=registers), 200)
    form = DocumentForm(request.POST, registers=registers)
    document = attempt(form, lambda: register_document(by=request.viewer, new=_new_document(form)))
    if document is None:
        return _form_page(request, form, 422)
    messages.success(request, _("Đã đăng ký %(document)s.") % {"document": document})
    return redirect("documents:document", slug=document.slug)


@door(access.may_keep_documents)
def add_relation(request: Any, slug: str) -> HttpResponseBase:
    source = document_for(request.viewer, slug)
    form = RelationForm(request.POST if request.method == "POST" else None)
    done = attempt(form, lambda: _relate(request, source, form)) if request.method == "POST" else None
    if done is None:
        return _document_page(request, source, form, 422 if request.method == "POST" else 200)
    messages.success(request, _("Đã ghi quan hệ giữa hai văn bản."))
    return redirect("documents:document", slug=slug)


def _relate(request: Any, source: Document, form: RelationForm) -> Any:
    read = form.cleaned_data
    target = visible_documents(request.viewer).filter(slug=read.get("target", "").strip()).first()
    if target is None:
        form.add_error("target", _("Không tìm thấy văn bản mang mã này. Đề nghị kiểm tra lại."))
        return None
    return relate_documents(by=request.viewer, source=source, target=target, kind=read.get("kind", ""))


def _new_document(form: DocumentForm) -> NewDocument:
    """What was typed; where the form itself is at fault something stands in, and the action is taken back."""
    read = form.cleaned_data
    text, clauses = compose_text(paragraphs_of(read.get("words", "")))
    register = form.registers.get(read.get("register", "")) or next(iter(form.registers.values()))
    day = read.get("issued_on") or date.min
    number, symbol = read.get("number", "").strip(), read.get("symbol", "").strip()
    return NewDocument(
        slug=read.get("slug", "").strip() or slug_of(number, symbol, day.year),
        number=number,
        symbol=symbol,
        year=day.year,
        issuer=read.get("issuer") or register,
        type=read.get("type", ""),
        issued_on=day,
        title=read.get("title", ""),
        register=register,
        text=text,
        text_is_summary=read.get("text_is_summary", False),
        source=read.get("source", ""),
        security=read.get("security", ""),
        clauses=clauses,
    )


def _form_page(request: Any, form: DocumentForm, status: int) -> HttpResponse:
    return render(request, "documents/add_document.html", {"form": form}, status=status, using="jinja2")


def _document_page(request: Any, document: Document, form: RelationForm, status: int) -> HttpResponse:
    context = {
        "document": document,
        "passages": passages_of(document),
        "relations": relations_of(request.viewer, document),
        "relation_words": dict(RelationKind.choices),
        "programmes": open_programmes_under(document),
        "has_frame": hasattr(document, "control_frame"),
        "may_keep": access.can_keep_in(request.viewer, document.register.path),
        "form": form,
    }
    return render(request, "documents/document.html", context, status=status, using="jinja2")
