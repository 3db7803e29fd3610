"""Many reports as a workbook: taken home, sent back, looked at before anything is written, and confirmed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.models import Organisation
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.gate import door
from thucthi.reporting.access import may_report
from thucthi.reporting.selectors.bulk import BulkRow, reporting_units
from thucthi.reporting.selectors.bulk_files import FileCompared, compare_file, unpacked, workbook_for
from thucthi.reporting.views.bulk import chosen_unit, rows_page
from thucthi.reporting.views.bulk_rows import Deed, Pressed, carry_out

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TAKEN = (".xlsx", ".csv")


@door(may_report)
@require_safe
def bulk_template(request: Any) -> HttpResponse:
    """The unit's own workbook; several units and none named leads to the page that asks."""
    unit = chosen_unit(request, reporting_units(request.viewer))
    if unit is None:
        return redirect("reporting:bulk_file")
    response = HttpResponse(workbook_for(request.viewer, unit, timezone.localdate()), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="bao-cao-{unit.code}-{timezone.localdate()}.xlsx"'
    return response


@door(may_report)
def bulk_file(request: Any) -> HttpResponseBase:
    """The file is compared with what stands; nothing is written by sending it."""
    units = reporting_units(request.viewer)
    unit = chosen_unit(request, units)
    if request.method != "POST":
        return _file_page(request, unit, units)
    faults = _faults_of(request, unit)
    if faults or unit is None:
        return _file_page(request, unit, units, faults=faults, status=422)
    content = request.FILES["file"].read(settings.VALUES_MAX_BYTES + 1)
    compared = compare_file(request.viewer, unit, content, timezone.localdate())
    wrong = [("#id_file", compared.fault)] if compared.fault else []
    status = 422 if wrong or compared.faults else 200
    return _file_page(request, unit, units, compared=compared, faults=wrong, status=status)


def _faults_of(request: Any, unit: Organisation | None) -> list[tuple[str, str]]:
    sent = request.FILES.get("file")
    faults = [] if unit else [("#id_don-vi", _("Hãy chọn đơn vị của bảng."))]
    if sent is None:
        return [*faults, ("#id_file", _("Hãy chọn tệp trước khi bấm “Xem trước”."))]
    told = {"name": sent.name, "limit": settings.VALUES_MAX_BYTES // (1024 * 1024)}
    if not sent.name.lower().endswith(TAKEN):
        faults.append(("#id_file", _("Tệp “%(name)s” không phải XLSX hoặc CSV. Hãy dùng bảng mẫu.") % told))
    elif not sent.size:
        faults.append(("#id_file", _("Tệp “%(name)s” rỗng. Hãy chọn lại tệp có nội dung.") % told))
    elif sent.size > settings.VALUES_MAX_BYTES:
        faults.append(("#id_file", _("Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy tách thành nhiều tệp.") % told))
    return faults


def _file_page(
    request: Any,
    unit: Organisation | None,
    units: list[Organisation],
    *,
    compared: FileCompared | None = None,
    faults: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "unit": unit,
        "unit_choices": [("", _("Hãy chọn")), *((one.code, one.official_name) for one in units)],
        "compared": compared if compared and not compared.fault else None,
        "faults": faults,
        "file_name": request.FILES["file"].name if "file" in request.FILES else "",
        "limit": settings.VALUES_MAX_BYTES // (1024 * 1024),
    }
    return render(request, "reporting/bulk_file.html", context, status=status, using="jinja2")


@door(may_report)
@require_POST
def confirm_bulk_file(request: Any) -> HttpResponse:
    """Keep the confirmed rows as drafts, or send them: each row by itself, as from the table."""
    unit = chosen_unit(request, reporting_units(request.viewer))
    if unit is None:
        raise NotVisible(_("Ông/bà không báo cáo cho đơn vị này."))
    standing = unpacked(request.viewer, unit, request.POST.get("dong", ""), timezone.localdate())
    deed = Deed.SEND if request.POST.get("viec") == Deed.SEND else Deed.SAVE
    pressed = Pressed(deed, frozenset(row.pk for row in standing), None)
    rows = [row if row.is_clash else _carry_out(request, row, pressed) for row in standing]
    return rows_page(request, rows, nothing="" if rows else _("Không có dòng nào để ghi. Hãy nộp lại tệp."))


def _carry_out(request: Any, row: BulkRow, pressed: Pressed) -> BulkRow:
    return replace(carry_out(request.viewer, row, pressed), is_chosen=False)
