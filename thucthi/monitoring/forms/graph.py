"""Forms of what waits for what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thucthi.directory.forms import AsTyped, Choice, Text
from thucthi.programmes.models import DependencyKind


class WholeNumber(AsTyped, forms.IntegerField):
    """Unreadable counts as not given; the action says what is wanted."""

    def clean(self, value: Any) -> int | None:
        try:
            return int(str(value).strip() or 0)
        except ValueError:
            return None


class DependencyForm(forms.Form):
    kind = Choice(label=_("Loại quan hệ"), choices=[("", _("Chọn một loại")), *DependencyKind.choices])
    needed_code = Text(
        label=_("Mã của nhiệm vụ hoặc văn bản cần có trước"),
        help_text=_("Ghi đúng mã, kể cả việc của chương trình khác; với loại tranh chấp, ghi mã của việc kia."),
    )
    lag_days = WholeNumber(
        label=_("Đợi thêm bao nhiêu ngày làm việc"),
        required=False,
        initial=0,
        help_text=_("Từ khi có cái cần trước đến khi việc này bắt đầu được; thường là 0."),
    )
    reason = Text(label=_("Vì sao phải chờ"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class EndingForm(forms.Form):
    reason = Text(label=_("Vì sao không còn phải chờ"), widget=forms.Textarea(attrs={"rows": 3}))


class DataNeedForm(forms.Form):
    indicator_code = Text(label=_("Mã chỉ tiêu cần số liệu"))
    reason = Text(label=_("Cần để làm gì"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class GraphFilter(forms.Form):
    """In the address: how far around, only what is late, programmes folded."""

    sau = forms.TypedChoiceField(
        label=_("Đi xa mấy bước"), coerce=int, required=False, choices=[(str(n), str(n)) for n in range(6)]
    )
    cham = forms.BooleanField(label=_("Chỉ những gì đang chậm"), required=False)
    gom = forms.BooleanField(label=_("Gộp mỗi chương trình thành một ô"), required=False)
    trang = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
