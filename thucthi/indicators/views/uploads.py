"""Workbooks of values: handed out, sent in, looked at, confirmed or dropped."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.actions.uploads import confirm_upload, drop_upload, take_upload
from thucthi.indicators.forms.entry import AskForm
from thucthi.indicators.forms.uploads import ConfirmForm, UploadForm
from thucthi.indicators.models import Upload, UploadState
from thucthi.indicators.selectors.rows_to_fill import asked_rows
from thucthi.indicators.selectors.templates import template_of
from thucthi.indicators.selectors.uploads import shown, upload_for, uploads_of
from thucthi.indicators.worksheets.writing import workbook_of
from thucthi.kernel.errors import Fault, Refused
from thucthi.kernel.gate import door

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_WORK = (UploadState.WAITING, UploadState.CHECKING, UploadState.WRITING)


@door(access.may_enter_values)
@require_safe
def template(request: Any) -> HttpResponse:
    """The workbook to fill; what is wrong with the question is told on the page of entering."""
    form = AskForm(request.GET, viewer=request.viewer)
    if not form.is_valid():
        context = {"form": form, "uploads": uploads_of(request.viewer)[:10]}
        return render(request, "indicators/entry.html", context, status=422, using="jinja2")
    asked = asked_rows(request.viewer, today=timezone.localdate(), **form.asked())
    content = workbook_of(template_of(asked.title, asked.fills, asked.spans))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="so-lieu-{asked.code}-{asked.year}.xlsx"'
    return response


@door(access.may_enter_values)
def upload(request: Any) -> HttpResponseBase:
    if request.method != "POST":
        return _upload_page(request, UploadForm(viewer=request.viewer), 200)
    form = UploadForm(request.POST, request.FILES, viewer=request.viewer)
    before = set(uploads_of(request.viewer).values_list("pk", flat=True))
    taken = attempt(form, lambda: _take(request, form))
    if taken is None:
        return _upload_page(request, form, 422)
    if taken.pk in before:
        day = f"{timezone.localtime(taken.created_at):%H:%M %d/%m/%Y}"
        messages.info(request, _("Tệp này đã được gửi lúc %(day)s; không tạo thêm gì mới.") % {"day": day})
    return redirect("indicators:upload", pk=taken.pk)


def _take(request: Any, form: UploadForm) -> Upload:
    sent, body = request.FILES.get("file"), form.cleaned_data.get("organisation")
    if sent is None:
        raise Refused([Fault("file", _("Hãy chọn tệp trước khi bấm “Gửi tệp”."))])
    if not isinstance(body, Organisation):
        raise Refused([Fault("organisation", _("Hãy chọn đơn vị của ông/bà."))])
    content = sent.read(settings.VALUES_MAX_BYTES + 1)
    return take_upload(by=request.viewer, organisation=body, file_name=sent.name, content=content)


def _upload_page(request: Any, form: UploadForm, status: int) -> HttpResponse:
    context = {"form": form, "uploads": uploads_of(request.viewer)[:20]}
    return render(request, "indicators/send_file.html", context, status=status, using="jinja2")


@door(access.may_enter_values)
@require_safe
def uploaded(request: Any, pk: int) -> HttpResponse:
    return _result_page(request, upload_for(request.viewer, pk), ConfirmForm(), 200)


@door(access.may_enter_values)
@require_POST
def confirm(request: Any, pk: int) -> HttpResponseBase:
    found = upload_for(request.viewer, pk)
    form = ConfirmForm(request.POST)
    form.is_valid()
    try:
        confirm_upload(found, by=request.viewer, only_good=form.cleaned_data["only_good"])
    except Refused as refused:
        for fault in refused.faults:
            form.add_error(fault.field or None, fault.text)
        return _result_page(request, found, form, 422)
    return redirect("indicators:upload", pk=pk)


@door(access.may_enter_values)
@require_POST
def drop(request: Any, pk: int) -> HttpResponseBase:
    found, form = upload_for(request.viewer, pk), ConfirmForm()
    try:
        drop_upload(found, by=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
        return _result_page(request, found, form, 409)
    messages.success(request, _("Đã bỏ tệp “%(name)s”; không ghi gì.") % {"name": found.file_name})
    return redirect("indicators:upload", pk=pk)


def _result_page(request: Any, found: Upload, form: ConfirmForm, status: int) -> HttpResponse:
    context = {
        "upload": found,
        "form": form,
        "is_at_work": found.state in AT_WORK,
        "is_sender": found.by_id is not None and found.by_id == request.viewer.account_id,
        "faults": shown(found.faults),
        "warnings": shown(found.warnings),
    }
    return render(request, "indicators/upload.html", context, status=status, using="jinja2")
