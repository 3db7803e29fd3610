"""The report form and the review form: they read what was typed, the actions say what is wrong with it."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, Day, DayAsTyped, Text, offer
from thucthi.directory.models import Level
from thucthi.obstacles.forms import CAUSES
from thucthi.reporting.actions import NewCalendar, NewRoute, ReportContent
from thucthi.reporting.calculations.files import MEDIA_TYPES
from thucthi.reporting.calculations.statements import (
    ON_PLAN,
    TypedReport,
    needs_an_asked_body,
    needs_reasons,
    read_percent,
)
from thucthi.reporting.models import (
    AfterCheckResult,
    Claim,
    Evidence,
    EvidenceKind,
    PeriodKind,
    Rung,
)

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
        try:
            return read_percent(super().clean(value))
        except ValueError:
            raise forms.ValidationError(_("Tiến độ phải là một số, ví dụ 45 hoặc 45,5.")) from None


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
        help_text=gettext_lazy("Từ 100 % và đủ minh chứng nêu ở mục “Minh chứng khi hoàn thành”."),
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
    kind = Choice(
        label=gettext_lazy("Loại minh chứng"), required=False, choices=EvidenceKind.choices, initial=EvidenceKind.OTHER
    )
    reference = Text(
        label=gettext_lazy("Số và ký hiệu"),
        required=False,
        help_text=gettext_lazy("Chỉ ghi với văn bản đã ban hành, ví dụ 12/2026/NĐ-CP."),
    )
    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: tuple[Evidence, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "evidence", [(str(file.pk), named_with_kind(file)) for file in offered])
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


def named_with_kind(file: Evidence) -> str:
    """ "bien-ban.pdf – Biên bản nghiệm thu, hoàn thành", with the number and symbol of an issued text."""
    return f"{file.file_name} – {file.get_kind_display()}" + (f", {file.reference}" if file.reference else "")


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


def form_data(typed: TypedReport, *, version: int, key: str, **more: str) -> "MultiValueDict[str, str]":
    """`typed` as if it had been posted, with the fields in `more`."""
    fields = {name: [str(value)] for name, value in asdict(typed).items() if name != "evidence"}
    if not typed.claims_completion:
        fields.pop("claims_completion")
    return MultiValueDict(
        {
            **fields,
            **{name: [value] for name, value in more.items()},
            "evidence": list(typed.evidence),
            "version": [str(version)],
            "idempotency_key": [key],
        }
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
    rung = forms.CharField(required=False, widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """Send it back, with what to put right."""

    note = Text(
        label=gettext_lazy("Cần sửa điều gì"),
        help_text=gettext_lazy("Đơn vị sẽ thấy câu này ở đầu mẫu báo cáo."),
        widget=forms.Textarea,
    )
    content_hash = forms.CharField(required=False, widget=forms.HiddenInput)
    rung = forms.CharField(required=False, widget=forms.HiddenInput)


class CorrectionForm(ReportForm):
    """An accepted report once more, with the reason why it is replaced."""

    reason = Text(
        label=gettext_lazy("Vì sao đính chính"),
        required=False,
        help_text=gettext_lazy("Tối đa 500 ký tự. Bản đã chấp nhận và kết luận cũ vẫn đọc được."),
        widget=forms.Textarea,
    )


EVERY_LEVEL = ("", gettext_lazy("Mọi cấp"))


class LineForm(forms.Form):
    """What a line of the cycle has in common."""

    level = Choice(label=gettext_lazy("Cấp của đơn vị báo cáo"), required=False, choices=[EVERY_LEVEL, *Level.choices])
    basis = Text(
        label=gettext_lazy("Căn cứ"), required=False, help_text=gettext_lazy("Số, ký hiệu văn bản quy định việc này.")
    )
    valid_from = Day(label=gettext_lazy("Áp dụng từ ngày"))


class CalendarForm(LineForm):
    """How often bodies of a level report under a document."""

    rhythm = Choice(label=gettext_lazy("Nhịp báo cáo"), choices=PeriodKind.choices)
    due_day = forms.IntegerField(
        label=gettext_lazy("Ngày nộp"),
        required=False,
        help_text=gettext_lazy(
            "Tuần: 1 (thứ Hai) đến 7. Tháng, quý, năm: ngày của tháng cuối kỳ. Để trống: thứ Sáu; trước ngày 25."
        ),
    )
    grace_days = forms.IntegerField(
        label=gettext_lazy("Gia hạn (ngày làm việc)"),
        required=False,
        help_text=gettext_lazy("Để trống: không gia hạn."),
    )
    field_order = ("level", "rhythm", "due_day", "grace_days", "basis", "valid_from")

    def calendar(self, today: date) -> NewCalendar:
        read = self.cleaned_data
        return NewCalendar(
            level=read.get("level") or "",
            rhythm=read.get("rhythm") or "",
            basis=read.get("basis") or "",
            valid_from=read.get("valid_from") or today,
            due_day=read.get("due_day"),
            grace_days=read.get("grace_days") or 0,
        )


class RouteForm(LineForm):
    """Whom reports under a document climb."""

    rungs = forms.MultipleChoiceField(
        label=gettext_lazy("Các cấp nghiệm thu, từ thấp lên cao"),
        required=False,
        choices=Rung.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("level", "rungs", "basis", "valid_from")

    def route(self, today: date) -> NewRoute:
        read = self.cleaned_data
        return NewRoute(
            level=read.get("level") or "",
            rungs=tuple(read.get("rungs") or ()),
            basis=read.get("basis") or "",
            valid_from=read.get("valid_from") or today,
        )


class AfterCheckForm(forms.Form):
    """When somebody looks again whether the result of a closed task still holds."""

    due_on = Day(label=gettext_lazy("Ngày kiểm tra lại"))
    examiner = BodyAsTyped(label=gettext_lazy("Cơ quan kiểm tra lại"), required=False)
    what = Text(label=gettext_lazy("Kiểm tra điều gì"), required=False, widget=forms.Textarea)


class FindingForm(forms.Form):
    """What was found."""

    finding = Choice(
        label=gettext_lazy("Kết quả kiểm tra"),
        required=False,
        choices=AfterCheckResult.Finding.choices,
        widget=forms.RadioSelect,
    )
    text = Text(label=gettext_lazy("Đã thấy gì"), required=False, widget=forms.Textarea)
