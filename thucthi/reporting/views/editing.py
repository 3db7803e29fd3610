"""The report form: opened, saved as typed, sent whole or by one press, with files."""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import wraps
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Refused, Stale
from thucthi.kernel.gate import SIGNED_IN, door
from thucthi.reporting.access import may_report
from thucthi.reporting.actions import save_draft, store_evidence, submit_report
from thucthi.reporting.calculations.evidence import usual_kind
from thucthi.reporting.calculations.statements import LONGEST_TYPED, TypedReport, differences
from thucthi.reporting.forms import (
    Percent,
    ReportForm,
    form_data,
    initial_of,
    key_in,
    posted,
    typed_in,
    version_in,
)
from thucthi.reporting.models import EvidenceKind
from thucthi.reporting.selectors import ReportForEditing, on_plan, period_label, report_for_editing, unchanged
from thucthi.reporting.selectors.editing import at_once_of
from thucthi.reporting.selectors.evidence import checklist_of
from thucthi.reporting.selectors.wording import field_labels, in_words, wording_of
from thucthi.reporting.views.answers import answer_json, wants_json

View = Callable[..., HttpResponseBase]


def keeps_typed_text(view: View) -> View:
    """A session that ran out must not cost what was typed: it waits on the server until the next sign-in."""

    @wraps(view)
    def kept(request: HttpRequest, code: str, period_key: str) -> HttpResponseBase:
        if request.method == "POST" and not SIGNED_IN(request.viewer):  # type: ignore[attr-defined]
            return _signed_out(request, code, period_key)
        return view(request, code, period_key)

    return kept


@keeps_typed_text
@door(may_report)
def edit_report(request: Any, code: str, period_key: str) -> HttpResponseBase:
    editing = report_for_editing(request.viewer, code, period_key)
    if request.method == "POST":
        return _send(request, editing, typed_in(request.POST))
    if editing.sent is not None:
        return redirect("reporting:review_report", pk=editing.sent.pk)
    kept = request.session.get(_place_in_session(code, period_key))
    typed = TypedReport.from_stored(kept["typed"]) if kept else editing.typed
    version = kept["version"] if kept else editing.version
    opened = initial_of(typed, version=version, key=str(uuid4())) | {"kind": usual_kind(editing.task.kind)}
    form = ReportForm(initial=opened, offered=editing.files)
    return _page(request, editing, form, typed, restored=bool(kept))


@keeps_typed_text
@door(may_report)
def save_report_draft(request: Any, code: str, period_key: str) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("reporting:edit_report", code=code, period_key=period_key)
    editing, given = report_for_editing(request.viewer, code, period_key), posted(request)
    typed = typed_in(given)
    try:
        draft = _save(request, editing, typed, given)
    except Stale as stale:
        return answer_json(stale, 409) if wants_json(request) else _clash(request, editing, typed, stale)
    except Refused as refused:
        form = ReportForm(form_data(typed, version=version_in(given), key=str(key_in(given))), offered=editing.files)
        form.add_error(None, str(refused))
        return answer_json(refused, 422) if wants_json(request) else _page(request, editing, form, typed, status=422)
    _forget(request, code, period_key)
    if wants_json(request):
        saved = {"version": draft.version, "saved_at": f"{timezone.localtime(draft.saved_at):%H:%M}"}
        return answer_json(saved | {"wording": wording_of(editing.obligation, typed)}, 200)
    messages.success(request, _("Đã lưu nháp. Báo cáo chưa được gửi."))
    return redirect("reporting:edit_report", code=code, period_key=period_key)


@keeps_typed_text
@door(may_report)
def store_report_evidence(request: Any, code: str, period_key: str) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("reporting:edit_report", code=code, period_key=period_key)
    editing, typed, file = report_for_editing(request.viewer, code, period_key), typed_in(request.POST), _file(request)
    stated = {name: request.POST.get(name, "") for name in ("kind", "reference")}
    data = form_data(typed, version=version_in(request.POST), key=str(key_in(request.POST)), **stated)
    form = ReportForm(data, offered=editing.files)
    if file is None:
        form.add_error("file", _("Hãy chọn tệp trước khi bấm “Tải lên minh chứng”."))
        return _page(request, editing, form, typed, status=422)
    try:
        stored = _store(request, editing, form, file)
        if stored is None:
            return _page(request, editing, form, typed, status=422)
        with_file = replace(typed, evidence=tuple(dict.fromkeys((*typed.evidence, str(stored.pk)))))
        _save(request, editing, with_file, request.POST)
    except Stale as stale:
        return _clash(request, editing, typed, stale)
    _forget(request, code, period_key)
    messages.success(request, _("Đã nhận tệp “%(name)s”.") % {"name": stored.file_name})
    return redirect(f"{resolve_url('reporting:edit_report', code=code, period_key=period_key)}#minh-chung")


@keeps_typed_text
@door(may_report)
def repeat_report(request: Any, code: str, period_key: str) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("reporting:edit_report", code=code, period_key=period_key)
    editing = report_for_editing(request.viewer, code, period_key)
    return _send_at_once(request, editing, unchanged(editing))


@keeps_typed_text
@door(may_report)
def report_on_plan(request: Any, code: str, period_key: str) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("reporting:edit_report", code=code, period_key=period_key)
    editing = report_for_editing(request.viewer, code, period_key)
    plus = Percent(required=False).to_decimal(request.POST.get("plus", ""))
    if plus is None:
        return _refuse_press(request, editing, _("Phần tăng thêm phải là một số, ví dụ 5 hoặc 2,5."))
    return _send_at_once(request, editing, on_plan(editing, plus))


def _send_at_once(request: Any, editing: ReportForEditing, typed: TypedReport | None) -> HttpResponseBase:
    if typed is None:
        return _refuse_press(request, editing, _("Đây là kỳ báo cáo đầu tiên: hãy điền mẫu bên dưới."))
    return _send(request, editing, typed)


def _refuse_press(request: Any, editing: ReportForEditing, sentence: str) -> HttpResponse:
    data = form_data(editing.typed, version=editing.version, key=str(uuid4()))
    form = ReportForm(data, offered=editing.files)
    form.add_error(None, sentence)
    return _page(request, editing, form, editing.typed, status=422)


def _send(request: Any, editing: ReportForEditing, typed: TypedReport) -> HttpResponseBase:
    key, version = key_in(request.POST), version_in(request.POST)
    form = ReportForm(form_data(typed, version=version, key=str(key)), offered=editing.files)

    def submit() -> Any:
        return submit_report(
            editing.obligation,
            by=request.viewer,
            content=form.content(),
            idempotency_key=key,
            version=version,
            at=timezone.now(),
        )

    try:
        report = attempt(form, submit)
    except Stale as stale:
        return _clash(request, editing, typed, stale)
    if report is None:
        return _page(request, editing, form, typed, status=422)
    _forget(request, editing.task.code, editing.obligation.period_key)
    messages.success(request, _("Đã gửi báo cáo, đang chờ nghiệm thu."))
    return redirect("reporting:review_report", pk=report.pk)


def _save(request: Any, editing: ReportForEditing, typed: TypedReport, given: Any) -> Any:
    return save_draft(
        editing.obligation,
        by=request.viewer,
        typed=typed,
        version=version_in(given),
        page=str(key_in(given)),
        at=timezone.now(),
    )


def _file(request: Any) -> Any:
    return request.FILES.get("file")


def _store(request: Any, editing: ReportForEditing, form: ReportForm, file: Any) -> Any:
    content = file.read(settings.EVIDENCE_MAX_BYTES + 1)
    try:
        return store_evidence(
            editing.obligation,
            by=request.viewer,
            file_name=file.name,
            content=content,
            kind=request.POST.get("kind") or EvidenceKind.OTHER,
            reference=request.POST.get("reference", ""),
        )
    except Refused as refused:
        for fault in refused.faults:
            form.add_error(fault.field, fault.text)
        return None


def _page(
    request: Any,
    editing: ReportForEditing,
    form: ReportForm,
    typed: TypedReport,
    *,
    status: int = 200,
    restored: bool = False,
    clash: tuple[str, list[tuple[str, str, str]]] | None = None,
) -> HttpResponse:
    context = {
        "editing": editing,
        "form": form,
        "period": period_label(editing.obligation),
        "wording": wording_of(editing.obligation, typed),
        "at_once": at_once_of(editing),
        "checklist": checklist_of(editing.task, [file for file in editing.files if str(file.pk) in typed.evidence]),
        "restored": restored,
        "clash": clash,
        "typed": typed,
    }
    return render(request, "reporting/edit_report.html", context, status=status, using="jinja2")


def _clash(request: Any, editing: ReportForEditing, typed: TypedReport, stale: Stale) -> HttpResponse:
    """409: what stands now beside what was typed; nothing typed is lost."""
    now = report_for_editing(request.viewer, editing.task.code, editing.obligation.period_key)
    labels = field_labels()
    if now.sent is not None:
        kept = [(labels[name], value) for name, value in asdict(typed).items() if value and name != "evidence"]
        context = {"editing": now, "sentence": str(stale), "kept": kept, "period": period_label(now.obligation)}
        return render(request, "reporting/already_sent.html", context, status=409, using="jinja2")
    form = ReportForm(form_data(typed, version=now.version, key=str(uuid4())), offered=now.files)
    rows = [in_words(difference) for difference in differences(now.typed, typed)]
    return _page(request, now, form, typed, status=409, clash=(str(stale), rows))


def _place_in_session(code: str, period_key: str) -> str:
    return f"typed {code} {period_key}"


def _forget(request: Any, code: str, period_key: str) -> None:
    request.session.pop(_place_in_session(code, period_key), None)


def _signed_out(request: Any, code: str, period_key: str) -> HttpResponse:
    """401: the text is kept for this browser, the sign-in leads back to it. A file must be chosen again."""
    given = posted(request)
    typed = typed_in(given)
    is_kept = typed != TypedReport() and typed.longest <= LONGEST_TYPED
    if is_kept:
        request.session[_place_in_session(code, period_key)] = {"typed": asdict(typed), "version": version_in(given)}
    back = resolve_url("reporting:edit_report", code=code, period_key=period_key)
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if wants_json(request):
        return answer_json(
            {"sentence": _("Phiên làm việc đã hết. Nội dung đã gõ được giữ lại."), "sign_in": sign_in}, 401
        )
    context = {"sign_in": sign_in, "is_kept": is_kept}
    return render(request, "reporting/signed_out.html", context, status=401, using="jinja2")
