"""Taking a document in, waiting for its reading, and what came out of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.forms import attempt
from thucthi.intake import access, actions
from thucthi.intake.calculations.wording import table_as_page
from thucthi.intake.forms import FileForm, TableForm
from thucthi.intake.models import SourceFile
from thucthi.intake.selectors.files import (
    Progress,
    file_for,
    files_of,
    reading_for,
    reading_of,
    standing_of,
    standings_of,
)
from thucthi.intake.selectors.review import changes_of, left_out, result_page, source_page
from thucthi.intake.selectors.suggestions import may_be_asked
from thucthi.kernel.errors import Refused, require
from thucthi.kernel.gate import door
from thucthi.programmes.models import Programme
from thucthi.programmes.selectors import programme_for


@door(access.may_take_in)
def read_document(request: Any, code: str) -> HttpResponseBase:
    programme = _drafted(request, code)
    files = list(files_of(programme))
    if request.method != "POST":
        return _form_page(request, programme, FileForm(earlier=files), 200)
    form = FileForm(request.POST, request.FILES, earlier=files)
    sent = request.FILES.get("file")
    if sent is None:
        form.add_error("file", _("Hãy chọn tệp trước khi bấm “Đọc văn bản”."))
        return _form_page(request, programme, form, 422)
    content = sent.read(settings.EVIDENCE_MAX_BYTES + 1)
    taken = attempt(form, lambda: _take_in(request, programme, form, file_name=sent.name, content=content))
    return _form_page(request, programme, form, 422) if taken is None else _to_result(request, taken, files)


@door(access.may_take_in)
def paste_table(request: Any, code: str) -> HttpResponseBase:
    programme = _drafted(request, code)
    files = list(files_of(programme))
    form = TableForm(request.POST if request.method == "POST" else None, earlier=files)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        context = {"programme": programme, "form": form}
        return render(request, "intake/paste_table.html", context, status=status, using="jinja2")
    content = table_as_page(form.cleaned_data["table"])
    name = _("Bảng dán ngày %(day)s") % {"day": f"{timezone.localdate():%d-%m-%Y}"} + ".html"
    taken = attempt(form, lambda: _take_in(request, programme, form, file_name=name, content=content, is_pasted=True))
    if taken is None:
        context = {"programme": programme, "form": form}
        return render(request, "intake/paste_table.html", context, status=422, using="jinja2")
    return _to_result(request, taken, files)


def _drafted(request: Any, code: str) -> Programme:
    programme = programme_for(request.viewer, code)
    require(
        access.can_take_in(request.viewer, programme.organisation_id),
        _("Ông/bà chỉ đưa được văn bản vào chương trình của cơ quan mình."),
    )
    return programme


def _take_in(request: Any, programme: Programme, form: Any, **given: Any) -> SourceFile:
    return actions.take_in(programme, by=request.viewer, replaces=form.replaced(), **given)


def _to_result(request: Any, file: SourceFile, before: list[SourceFile]) -> HttpResponseBase:
    if file in before:
        messages.info(request, _("Tệp này đã được đưa vào ngày %(day)s; không tạo thêm gì mới.") % {"day": _day(file)})
    return redirect("intake:result", pk=file.pk)


def _day(file: SourceFile) -> str:
    return f"{timezone.localtime(file.recorded_at):%d/%m/%Y}"


def _form_page(request: Any, programme: Programme, form: FileForm, status: int) -> HttpResponse:
    standings = standings_of(list(form.earlier.values()))
    files = [(file, standings[file.pk]) for file in form.earlier.values()]
    context = {"programme": programme, "form": form, "files": files}
    return render(request, "intake/read_document.html", context, status=status, using="jinja2")


@door(access.may_read_drafts)
@require_safe
def result(request: Any, pk: int) -> HttpResponse:
    """A file that cannot be read is answered 422, with the sentence that tells why."""
    return _result_page(request, file_for(request.viewer, pk))


def _result_page(request: Any, file: SourceFile, trouble: str = "") -> HttpResponse:
    standing, reading = standing_of(file), reading_of(file)
    can_take_in = access.can_take_in(request.viewer, file.programme.organisation_id) and not file.programme.is_issued
    has_failed = standing.progress == Progress.FAILED
    context = {
        "file": file,
        "programme": file.programme,
        "standing": standing,
        "page": result_page(reading, file.programme) if reading else None,
        "can_take_in": can_take_in,
        "can_read_again": can_take_in and (has_failed or standing.is_cut_off(timezone.now())),
        "trouble": trouble,
    }
    status = 422 if has_failed or trouble else 200
    return render(request, "intake/result.html", context, status=status, using="jinja2")


@door(access.may_take_in)
@require_POST
def read_again(request: Any, pk: int) -> HttpResponseBase:
    file = file_for(request.viewer, pk)
    try:
        actions.read_again(file, by=request.viewer)
    except Refused as refusal:
        return _result_page(request, file, str(refusal))
    return redirect("intake:result", pk=pk)


@door(access.may_read_drafts)
@require_safe
def source(request: Any, pk: int) -> HttpResponse:
    reading = reading_for(request.viewer, pk)
    start, end = (_offset(request.GET.get(name, "")) for name in ("tu", "den"))
    context = {"reading": reading, "file": reading.file, "page": source_page(reading, start, max(start, end))}
    return render(request, "intake/source.html", context, using="jinja2")


def _offset(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@door(access.may_read_drafts)
@require_safe
def uncovered(request: Any, pk: int) -> HttpResponse:
    reading = reading_for(request.viewer, pk)
    can_take_in = access.can_take_in(request.viewer, reading.file.programme.organisation_id)
    context = {
        "reading": reading,
        "file": reading.file,
        "clauses": left_out(reading),
        "total": len(reading.clauses),
        "can_ask": can_take_in and may_be_asked(reading),
    }
    return render(request, "intake/uncovered.html", context, using="jinja2")


@door(access.may_read_drafts)
@require_safe
def changes(request: Any, pk: int) -> HttpResponse:
    reading = reading_for(request.viewer, pk)
    context = {"reading": reading, "file": reading.file, "changes": changes_of(reading)}
    return render(request, "intake/changes.html", context, using="jinja2")
