"""The report form and the review form: they read what was typed, the actions say what is wrong with it."""

import json
import re
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, offer
from thucthi.obstacles.forms import CAUSES
from thucthi.obstacles.models import Cause
from thucthi.reporting.actions import ReportContent
from thucthi.reporting.calculations.files import MEDIA_TYPES
from thucthi.reporting.calculations.statements import ON_PLAN, TypedReport, needs_an_asked_body, needs_reasons
from thucthi.reporting.models import Claim, Evidence, Obligation
from thucthi.reporting.selectors import public_wording

FIGURE = re.compile(r"^[+-]?\d{1,9}([.,]\d{1,9})?$")
# What the page marks as needed while the typed status is not "on plan"; the action has the last word.
REASONS = ("note", "cause", "done_about_it")
ASKS = ("asked_of", "asked_what", "asked_due_on")
ACCEPTED_FILES = ",".join(MEDIA_TYPES)


class Percent(Text):
    """45 · 45,5 · 45.5 · 45 %"""

    def to_decimal(self, text: str) -> Decimal | None:
        """A figure typed beside the form: nothing typed is 0, None when it cannot be read."""
        try:
            return self.clean(text) or Decimal(0)
        except forms.ValidationError:
            return None

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).replace("%", "").replace("\N{MINUS SIGN}", "-").replace(" ", "")
        if not text:
            return None
        if not FIGURE.match(text):
            raise forms.ValidationError(_("Tiến độ phải là một số, ví dụ 45 hoặc 45,5."))
        return Decimal(text.replace(",", "."))


class Files(forms.MultipleChoiceField):
    """Ids of files; what is not offered is passed over by the action."""

    def clean(self, value: Any) -> tuple[int, ...]:
        return tuple(int(item) for item in value or () if str(item).isdecimal())


class ReportForm(forms.Form):
    """One report. `idempotency_key` names this opening of the form; `version` the draft it shows."""

    claim = Choice(label=gettext_lazy("Tình hình so với kế hoạch"), choices=Claim.choices, widget=forms.RadioSelect)
    progress = Percent(
        label=gettext_lazy("Tiến độ (% sản phẩm)"),
        help_text=gettext_lazy("Phần sản phẩm đã làm được, ví dụ 45 hoặc 45,5."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    claims_completion = forms.BooleanField(
        label=gettext_lazy("Đã hoàn thành, đề nghị xác nhận"),
        required=False,
        help_text=gettext_lazy("Từ 100 % và kèm ít nhất một tệp minh chứng."),
    )
    note = Text(
        label=gettext_lazy("Ghi chú"),
        required=False,
        help_text=gettext_lazy("Tối đa 500 ký tự. Đã làm được gì; nếu chậm thì đang vướng điều gì."),
        widget=forms.Textarea,
    )
    cause = Choice(label=gettext_lazy("Nguyên nhân"), required=False, choices=CAUSES)
    done_about_it = Text(label=gettext_lazy("Đã làm gì để khắc phục"), required=False, widget=forms.Textarea)
    asked_of = BodyAsTyped(label=gettext_lazy("Đề nghị cơ quan nào"), required=False)
    asked_what = Text(label=gettext_lazy("Đề nghị làm gì"), required=False, widget=forms.Textarea)
    asked_due_on = DayAsTyped(label=gettext_lazy("Cần trước hoặc trong ngày"), required=False)
    evidence = Files(
        label=gettext_lazy("Tệp kèm theo báo cáo này"), required=False, widget=forms.CheckboxSelectMultiple
    )
    file = forms.Field(
        label=gettext_lazy("Thêm minh chứng"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES}),
    )
    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: tuple[Evidence, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "evidence", [(str(file.pk), file.file_name) for file in offered])
        self.fields["file"].help_text = _("PDF, PNG, JPG, DOCX, XLSX hoặc CSV; tối đa %(limit)s MB.") % {
            "limit": settings.EVIDENCE_MAX_BYTES // (1024 * 1024)
        }

        claim, cause = self["claim"].value() or ON_PLAN, self["cause"].value() or ""
        for name in REASONS:
            self.fields[name].required = needs_reasons(claim)
        for name in ASKS:
            self.fields[name].required = needs_reasons(claim) and needs_an_asked_body(cause)

    def content(self) -> ReportContent:
        """What was typed, as far as it could be read."""
        read = self.cleaned_data
        return ReportContent(
            claim=read.get("claim") or "",
            progress=read.get("progress"),
            note=(read.get("note") or "").replace("\r\n", "\n"),
            claims_completion=bool(read.get("claims_completion")),
            cause=read.get("cause") or "",
            done_about_it=(read.get("done_about_it") or "").replace("\r\n", "\n"),
            asked_of=read.get("asked_of"),
            asked_what=(read.get("asked_what") or "").replace("\r\n", "\n"),
            asked_due_on=read.get("asked_due_on"),
            evidence_ids=read.get("evidence") or (),
        )


def posted(request: HttpRequest) -> Any:
    """The fields of a request, sent as a form or as JSON; what is not an object of texts counts as nothing."""
    if request.content_type != "application/json":
        return request.POST
    try:
        sent = json.loads(request.body)
    except (ValueError, UnicodeDecodeError):
        sent = {}
    pairs = sent.items() if isinstance(sent, dict) else ()
    return MultiValueDict({name: [str(item) for item in (v if isinstance(v, list) else [v])] for name, v in pairs})


def typed_in(posted: Any) -> TypedReport:
    """The fields of a report as they were posted."""
    given = {name: posted.get(name, "") for name in asdict(TypedReport()) if name != "evidence"}
    return TypedReport(**given, evidence=tuple(posted.getlist("evidence")))


def initial_of(typed: TypedReport, *, version: int, key: str) -> dict[str, Any]:
    """`typed` as an opened form shows it."""
    return {
        **asdict(typed),
        "claims_completion": bool(typed.claims_completion),
        "version": version,
        "idempotency_key": key,
    }


def wording_of(obligation: Obligation, typed: TypedReport) -> str | None:
    """The public sentence of what is typed; None until status and progress can be read."""
    try:
        progress = Percent(required=False).clean(typed.progress)
    except forms.ValidationError:
        return None
    if progress is None or typed.claim not in Claim.values:
        return None
    cause = typed.cause if needs_reasons(typed.claim) and typed.cause in Cause.values else ""
    return public_wording(obligation, claim=typed.claim, progress=progress, note=typed.note, cause=cause)


def form_data(typed: TypedReport, *, version: int, key: str) -> "MultiValueDict[str, str]":
    """`typed` as if it had been posted."""
    fields = {name: [str(value)] for name, value in asdict(typed).items() if name != "evidence"}
    if not typed.claims_completion:
        fields.pop("claims_completion")
    return MultiValueDict(
        {**fields, "evidence": list(typed.evidence), "version": [str(version)], "idempotency_key": [key]}
    )


def key_in(posted: Any) -> UUID:
    """The key of this opening of the form; a new one when it is missing or spoiled."""
    try:
        return UUID(posted.get("idempotency_key", ""))
    except ValueError:
        return uuid4()


def version_in(posted: Any) -> int:
    """The draft's version that the form showed, 0 when there was none."""
    text = posted.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class AcceptForm(forms.Form):
    """Agree with what is shown, or with less of it."""

    progress_accepted = Percent(
        label=gettext_lazy("Tiến độ nghiệm thu (% sản phẩm)"),
        help_text=gettext_lazy("Không cao hơn tiến độ tự khai."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    note = Text(label=gettext_lazy("Ý kiến"), required=False, widget=forms.Textarea)
    content_hash = forms.CharField(required=False, widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """Send it back, with what to put right."""

    note = Text(
        label=gettext_lazy("Cần sửa điều gì"),
        help_text=gettext_lazy("Đơn vị sẽ thấy câu này ở đầu mẫu báo cáo."),
        widget=forms.Textarea,
    )
    content_hash = forms.CharField(required=False, widget=forms.HiddenInput)
