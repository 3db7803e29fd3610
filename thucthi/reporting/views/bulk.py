"""All owed reports of the viewer's organisations in one table: a plain form whose rows a script saves one by one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.directory.models import Organisation
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.gate import SIGNED_IN, door
from thucthi.reporting.access import may_report
from thucthi.reporting.selectors.bulk import (
    BulkRow,
    claims_in_words,
    owed_ids,
    owed_reports,
    own_obligations,
    read_posted,
    reporting_units,
    rows_of,
)
from thucthi.reporting.views.bulk_rows import Deed, Pressed, carry_out, save_row
from thucthi.reporting.worksheets.columns import MOST_LINES

ROWS = 40
LONGEST_ID = 12
MOST_LETTERS_KEPT = 200_000
IN_SESSION = "typed rows"


@dataclass(frozen=True)
class Outcome:
    """What one press did, counted."""

    sent: int
    saved: int
    failed: int


def keeps_typed_rows(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A session that ran out must not cost what was typed: it waits on the server until the next sign-in."""

    @wraps(view)
    def kept(request: Any) -> HttpResponseBase:
        return _signed_out(request) if request.method == "POST" and not SIGNED_IN(request.viewer) else view(request)

    return kept


def _signed_out(request: Any) -> HttpResponse:
    typed = {name: text for name, text in request.POST.items() if name.startswith(("was.", "o."))}
    is_kept = bool(typed) and sum(map(len, typed.values())) <= MOST_LETTERS_KEPT
    if is_kept:
        request.session[IN_SESSION] = typed
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': resolve_url('reporting:bulk')})}"
    context = {"sign_in": sign_in, "is_kept": is_kept}
    return render(request, "reporting/signed_out.html", context, status=401, using="jinja2")


@keeps_typed_rows
@door(may_report)
def bulk(request: Any) -> HttpResponseBase:
    if request.method == "POST":
        return _carry_out(request)
    restored = _restored(request)
    if restored:
        return _page(request, restored, is_restored=True)
    unit = chosen_unit(request, reporting_units(request.viewer))
    today = timezone.localdate()
    page = Paginator(owed_ids(request.viewer, today, unit), ROWS).get_page(request.GET.get("trang"))
    return _page(request, rows_of(owed_reports(page.object_list), today), page=page)


def _ids(posted: Mapping[str, str]) -> list[int]:
    return [int(name[4:]) for name in posted if name.startswith("was.") and _is_id(name[4:])][:MOST_LINES]


def _restored(request: Any) -> list[BulkRow]:
    """Rows that were typed when the session had run out, as far as they say anything else than what stands."""
    kept = request.session.get(IN_SESSION, {})
    if not kept:
        return []
    standing = rows_of(own_obligations(request.viewer, _ids(kept)), timezone.localdate())
    typed = [(row, read_posted(row, kept)) for row in standing if row.report is None]
    word = _("Chưa lưu")
    return [replace(put, word=word, tone="neutral") for row, put in typed if put.changed and put.cells != row.cells]


def _carry_out(request: Any) -> HttpResponse:
    """The rows of the page that was sent, each by itself, with what became of it."""
    request.session.pop(IN_SESSION, None)
    ids = _ids(request.POST)
    today, pressed = timezone.localdate(), Pressed.read(request.POST)
    standing = rows_of(own_obligations(request.viewer, ids), today)
    rows = [carry_out(request.viewer, read_posted(row, request.POST), pressed) for row in standing]
    nothing = _("Hãy đánh dấu ít nhất một dòng.") if pressed.deed is not Deed.SAVE and not pressed.chosen else ""
    return rows_page(request, rows, nothing=nothing)


def rows_page(request: Any, rows: list[BulkRow], *, nothing: str = "") -> HttpResponse:
    """What became of each row, with all that was typed; `nothing`: why nothing was done at all."""
    status = 422 if nothing or any(row.tone == "bad" for row in rows) else 200
    return _page(request, rows, status=status, outcome=outcome_of(rows), nothing=nothing)


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_ID


def outcome_of(rows: list[BulkRow]) -> Outcome:
    return Outcome(
        sent=sum(row.report is not None and row.tone == "done" for row in rows),
        saved=sum(row.is_saved for row in rows),
        failed=sum(row.tone == "bad" or row.is_clash for row in rows),
    )


def _page(
    request: Any,
    rows: list[BulkRow],
    *,
    page: Page[Any] | None = None,
    status: int = 200,
    outcome: Outcome | None = None,
    nothing: str = "",
    is_restored: bool = False,
) -> HttpResponse:
    units = reporting_units(request.viewer)
    failed = [(f"#dong-{row.pk}", _said(row)) for row in rows if row.tone == "bad"]
    context = {
        "rows": rows,
        "page": page,
        "outcome": outcome,
        "is_restored": is_restored,
        "faults": [*([("#bang", nothing)] if nothing else []), *failed],
        "units": units,
        "unit_choices": [("", _("Tất cả đơn vị của tôi")), *((one.code, one.official_name) for one in units)],
        "unit": chosen_unit(request, units),
        "claims": claims_in_words(),
        "today": timezone.localdate(),
        "plus": request.POST.get("plus", ""),
    }
    return render(request, "reporting/bulk.html", context, status=status, using="jinja2")


def _said(row: BulkRow) -> str:
    return f"{row.editing.task.code} ({row.period}): {' '.join(row.told)}"


def chosen_unit(request: Any, units: list[Organisation]) -> Organisation | None:
    """The one that is asked for in the address, or the only one there is."""
    asked = request.POST.get("don-vi", request.GET.get("don-vi", ""))
    if len(units) == 1:
        return units[0]
    return next((unit for unit in units if unit.code == asked), None)


@door(may_report)
@require_POST
def bulk_row(request: Any) -> HttpResponse:
    """One row, sent by the script of the table; answers with what stands at its end."""
    asked = request.POST.get("dong", "")
    found = own_obligations(request.viewer, [int(asked)] if _is_id(asked) else [])
    if not found:
        raise NotVisible
    row = save_row(request.viewer, read_posted(rows_of(found, timezone.localdate())[0], request.POST))
    status = 422 if row.tone == "bad" or row.is_clash or row.report else 200
    return render(request, "reporting/bulk_row_end.html", {"row": row}, status=status, using="jinja2")
