"""A programme as a workbook: sent out, read back as a rehearsal, applied once a person confirms."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.intake import access
from thucthi.intake.forms import ConfirmForm, WorkbookForm
from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.sandbox import extract_in_sandbox
from thucthi.intake.selectors.workbooks import CellFault, Revision, headings, revision_of, sheet_of
from thucthi.intake.worksheets.columns import SheetRow
from thucthi.intake.worksheets.reading import SheetFault, SheetRead, read_sheet
from thucthi.intake.worksheets.writing import workbook_of
from thucthi.kernel.errors import Refused, Stale, require
from thucthi.kernel.gate import door
from thucthi.programmes.actions import revise_tasks
from thucthi.programmes.models import Programme
from thucthi.programmes.selectors import programme_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SALT = "intake.workbook"


@door(access.may_take_in)
@require_safe
def workbook(request: Any, code: str) -> HttpResponse:
    return _page(request, _drafted(request, code), WorkbookForm())


@door(access.may_take_in)
@require_safe
def download(request: Any, code: str) -> HttpResponse:
    programme = _drafted(request, code)
    response = HttpResponse(workbook_of(sheet_of(programme)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{programme.code}.xlsx"'
    return response


@door(access.may_take_in)
@require_POST
def rehearse(request: Any, code: str) -> HttpResponse:
    programme = _drafted(request, code)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, programme, form, 422)
    read = _read(form.cleaned_data["file"].read(settings.EVIDENCE_MAX_BYTES + 1))
    revision = revision_of(programme, read, timezone.localdate())
    return _differences(request, programme, revision, _sealed(programme, read), 422 if revision.faults else 200)


@door(access.may_take_in)
@require_POST
def apply(request: Any, code: str) -> HttpResponseBase:
    programme = _drafted(request, code)
    sealed = request.POST.get("sealed", "")
    read = _unsealed(programme, sealed)
    if read is None:
        form = WorkbookForm({})
        form.add_error(None, _("Bản đối chiếu không còn dùng được. Đề nghị gửi lại tệp."))
        return _page(request, programme, form, 422)
    today = timezone.localdate()
    revision = revision_of(programme, read, today)
    if not revision.is_ready:
        return _differences(request, programme, revision, sealed, 409)
    try:
        revise_tasks(programme, by=request.viewer, edits=revision.edits, added=revision.added, on=today)
    except Stale:
        return _differences(request, programme, revision_of(programme, read, today), sealed, 409)
    except Refused as refused:
        told = tuple(CellFault("", None, "", str(fault.text)) for fault in refused.faults)
        return _differences(request, programme, Revision(revision.differences, told, (), ()), sealed, 422)
    counts = {"edited": len(revision.edits), "added": len(revision.added)}
    messages.success(request, _("Đã sửa %(edited)s nhiệm vụ và thêm %(added)s nhiệm vụ theo bảng.") % counts)
    return redirect("programmes:edit_programme", code=code)


def _drafted(request: Any, code: str) -> Programme:
    programme = programme_for(request.viewer, code)
    require(
        access.can_take_in(request.viewer, programme.organisation_id),
        _("Ông/bà chỉ sửa được chương trình của cơ quan mình."),
    )
    require(not programme.is_issued, _("Chương trình đã ban hành; nhiệm vụ chỉ thay đổi bằng quyết định."))
    return programme


def _read(content: bytes) -> SheetRead:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bang.xlsx"
        path.write_bytes(content)
        try:
            # Whatever can go wrong with a file goes wrong in a process with limits; only then is it opened here.
            extract_in_sandbox(path)
        except Unreadable as fault:
            return SheetRead("", (), (SheetFault("", None, "", str(fault)),))
        return read_sheet(path)


def _sealed(programme: Programme, read: SheetRead) -> str:
    """What was read, signed, so that confirming applies exactly what was shown without keeping the file."""
    rows = [asdict(row) for row in read.rows]
    return signing.dumps({"programme": programme.code, "rows": rows}, salt=_SALT, compress=True)


def _unsealed(programme: Programme, sealed: str) -> SheetRead | None:
    try:
        kept = signing.loads(sealed, salt=_SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    if kept["programme"] != programme.code:
        return None
    return SheetRead(programme.code, tuple(SheetRow(**row) for row in kept["rows"]), ())


def _page(request: Any, programme: Programme, form: WorkbookForm, status: int = 200) -> HttpResponse:
    context = {"programme": programme, "form": form, "total": programme.tasks.count()}
    return render(request, "intake/workbook.html", context, status=status, using="jinja2")


def _differences(request: Any, programme: Programme, revision: Revision, sealed: str, status: int) -> HttpResponse:
    context = {
        "programme": programme,
        "revision": revision,
        "headings": headings(),
        "form": ConfirmForm(initial={"sealed": sealed}),
    }
    return render(request, "intake/workbook_differences.html", context, status=status, using="jinja2")
