"""What is typed when an issue is prepared or corrected."""

from django import forms
from django.utils.translation import gettext_lazy as _

from thucthi.publication.models import SnapshotKind


class PrepareForm(forms.Form):
    """Which issue to prepare, up to which day."""

    kind = forms.ChoiceField(label=_("Loại kỳ"), choices=SnapshotKind.choices)
    as_of = forms.DateField(label=_("Số liệu đến hết ngày"), widget=forms.DateInput(attrs={"type": "date"}))
    cut_off_at = forms.DateTimeField(
        label=_("Chốt lúc"),
        required=False,
        help_text=_("Những gì ghi nhận từ giờ này trở đi thuộc kỳ sau. Bỏ trống: không chốt theo giờ."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class CorrectedIssueForm(forms.Form):
    """Up to which moment the corrected version takes in what was recorded since."""

    cut_off_at = forms.DateTimeField(
        label=_("Chốt lại lúc"),
        required=False,
        help_text=_("Những gì ghi nhận trước giờ này được đưa vào bản sửa; bỏ trống: mọi thứ đến bây giờ."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Vì sao trả lại"),
        help_text=_("Người chuẩn bị đọc câu này để biết phải sửa gì trước khi chuẩn bị lại."),
        widget=forms.Textarea,
        max_length=2000,
        error_messages={"required": _("Xin ghi rõ vì sao trả lại, để người chuẩn bị biết phải sửa gì.")},
    )


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("Chỗ sai và số đúng"),
        help_text=_("Viết cho người dân: trang nào, số nào sai, số đúng là bao nhiêu, vì sao."),
        widget=forms.Textarea,
        max_length=2000,
    )
