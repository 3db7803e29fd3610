"""Forms of doubts: disputing a figure, answering, marking, rules between indicators."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import AsTyped, Choice, InTheNameOf, OrganisationField, Text, offer
from thucthi.directory.models import Organisation
from thucthi.indicators.actions.disputes import Corrected
from thucthi.indicators.actions.doubts import NewConsistencyRule
from thucthi.indicators.models import DisputeAnswer
from thucthi.indicators.selectors.follow_ups import CONCERN_WORDS
from thucthi.indicators.selectors.owed import REPORTING_WORDS
from thucthi.kernel.values import ValueState, format_vi

THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")
Verdict = DisputeAnswer.Verdict


class AmountAsTyped(AsTyped, forms.CharField):
    """A number as Vietnamese write it: comma before decimals, points between thousands; "12.5" is understood too."""

    def prepare_value(self, value: Any) -> Any:
        return format_vi(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        text = re.sub(r"[\s\u00a0]", "", str(value or "")).replace("\u2212", "-")
        if not text:
            return None
        if "," in text or THOUSANDS.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        try:
            return Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(
                _("“%(text)s” chưa phải là một con số. Ví dụ: 1.234,5.") % {"text": value}
            ) from None


class DisputeForm(InTheNameOf):
    """Why a figure is not right, by which source, and what it should be."""

    organisation = Choice(label=gettext_lazy("Nhân danh"))
    motive = Text(label=gettext_lazy("Vì sao số liệu chưa đúng"), widget=forms.Textarea)
    source = Text(
        label=gettext_lazy("Nguồn chứng minh"),
        max_length=500,
        help_text=gettext_lazy("Số, ký hiệu, ngày của báo cáo hoặc nơi có số liệu đúng."),
    )
    proposed_amount = AmountAsTyped(
        label=gettext_lazy("Con số đề nghị"),
        required=False,
        help_text=gettext_lazy("Để trống nếu chưa xác định được; dấu phẩy trước phần thập phân."),
    )


class AnswerForm(forms.Form):
    """Accept a dispute with the corrected figure, or keep the figure; either with the reason."""

    verdict = Choice(
        label=gettext_lazy("Kết luận"),
        widget=forms.RadioSelect,
        choices=[
            (Verdict.ACCEPTED.value, gettext_lazy("Chấp nhận và đính chính")),
            (Verdict.REFUSED.value, gettext_lazy("Giữ nguyên số liệu")),
        ],
    )
    text = Text(label=gettext_lazy("Lý do"), widget=forms.Textarea)
    amount = AmountAsTyped(
        label=gettext_lazy("Số đính chính"),
        required=False,
        help_text=gettext_lazy("Chỉ ghi khi chấp nhận; ghi 0 nghĩa là xác nhận bằng không."),
    )
    is_provisional = forms.BooleanField(label=gettext_lazy("Số đính chính còn là số sơ bộ"), required=False)

    @property
    def corrected(self) -> Corrected | None:
        amount = self.cleaned_data.get("amount")
        if amount is None:
            return None
        state = ValueState.NUMBER if amount else ValueState.CONFIRMED_ZERO
        if self.cleaned_data.get("is_provisional"):
            state = ValueState.PROVISIONAL
        return Corrected(state.value, amount)


class WithdrawForm(forms.Form):
    """Stands on one page with the answer, whose reason has the same name."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.auto_id = "id_rut_%s"

    text = Text(label=gettext_lazy("Lý do rút kiến nghị"), widget=forms.Textarea)


class MarkForm(forms.Form):
    reason = Text(label=gettext_lazy("Cần xem lại điều gì"), widget=forms.Textarea)


class CloseMarkForm(forms.Form):
    outcome = Text(label=gettext_lazy("Kết quả xem lại"), widget=forms.Textarea)


class DisputeFilter(forms.Form):
    xem = forms.ChoiceField(
        label=gettext_lazy("Kiến nghị"),
        required=False,
        choices=[
            ("", gettext_lazy("Tất cả")),
            ("mine", gettext_lazy("Tôi cần trả lời")),
            ("open", gettext_lazy("Chưa có kết quả")),
        ],
    )


class ScopeForm(forms.Form):
    """Of which organisation, with those below it; empty: the whole country."""

    don_vi = OrganisationField(label=gettext_lazy("Đơn vị (gồm cả cấp dưới)"), required=False)

    @property
    def within(self) -> Organisation | None:
        return self.cleaned_data.get("don_vi") if self.is_valid() else None


class RowsForm(ScopeForm):
    xem = forms.ChoiceField(
        label=gettext_lazy("Xem các dòng"),
        required=False,
        choices=[("", gettext_lazy("Tất cả")), *((state.value, word) for state, word in REPORTING_WORDS.items())],
    )


class FollowUpFilter(ScopeForm):
    chi_tieu = forms.ChoiceField(label=gettext_lazy("Chỉ tiêu"), required=False)
    loai = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        required=False,
        choices=[("", gettext_lazy("Tất cả")), *((concern.value, word) for concern, word in CONCERN_WORDS.items())],
    )

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "chi_tieu", [("", _("Tất cả")), *indicators])


class TermsField(AsTyped, forms.CharField):
    """One indicator a line, "code" or "factor × code". Cleans to [(code, factor)]."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(_term_as_typed(code, Decimal(factor)) for code, factor in value)

    def to_python(self, value: Any) -> Any:
        return [_term(line) for line in str(value or "").splitlines() if line.strip()]


def _term_as_typed(code: str, factor: Decimal) -> str:
    return code if factor == 1 else f"{format_vi(factor)} × {code}"


def _term(line: str) -> tuple[str, Decimal]:
    found = re.fullmatch(r"\s*(?:([-−]?[\d.,]+)\s*[×x*]\s*)?([-−]?)\s*([a-z0-9_-]*[a-z0-9_])\s*", line)
    if found is None:
        text = _("Dòng “%(line)s” chưa đúng dạng; mỗi dòng là một mã chỉ tiêu, hoặc hệ số × mã chỉ tiêu.")
        raise forms.ValidationError(text % {"line": line.strip()})
    factor = AmountAsTyped().to_python(found[1]) if found[1] else Decimal(1)
    return found[3], -factor if found[2] else factor


class ConsistencyRuleForm(forms.Form):
    """What must hold between indicators of one unit and period."""

    code = Text(label=gettext_lazy("Mã"), max_length=64, help_text=gettext_lazy("Chữ thường, chữ số và dấu gạch nối."))
    name = Text(label=gettext_lazy("Tên, thành một câu"), max_length=300)
    left = TermsField(
        label=gettext_lazy("Vế trái"),
        help_text=gettext_lazy("Mỗi dòng một mã chỉ tiêu, hoặc hệ số × mã chỉ tiêu; các dòng được cộng lại."),
    )
    operator = Choice(label=gettext_lazy("Dấu so sánh"), choices=[("=", "="), ("<=", "≤"), (">=", "≥")])
    right = TermsField(
        label=gettext_lazy("Vế phải"), required=False, help_text=gettext_lazy("Để trống nghĩa là số không.")
    )
    tolerance = AmountAsTyped(
        label=gettext_lazy("Độ lệch cho phép"), required=False, help_text=gettext_lazy("Theo đơn vị của chỉ tiêu.")
    )
    is_active = forms.BooleanField(label=gettext_lazy("Đang áp dụng"), required=False, initial=True)

    @property
    def spec(self) -> NewConsistencyRule:
        read = self.cleaned_data
        return NewConsistencyRule(
            code=read.get("code", ""),
            name=read.get("name", ""),
            left=read.get("left") or [],
            operator=read.get("operator", ""),
            right=read.get("right") or [],
            tolerance=read.get("tolerance") or Decimal(0),
            is_active=read.get("is_active", False),
        )
