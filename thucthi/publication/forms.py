"""What is typed when an issue is prepared or corrected."""

from django import forms
from django.utils.translation import gettext_lazy as _

from thucthi.publication.models import SnapshotKind


class PrepareForm(forms.Form):
    """Which issue to prepare, up to which day."""

    kind = forms.ChoiceField(label=_("Loại kỳ"), choices=SnapshotKind.choices)
    as_of = forms.DateField(label=_("Số liệu đến hết ngày"), widget=forms.DateInput(attrs={"type": "date"}))


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("Chỗ sai và số đúng"),
        help_text=_("Viết cho người dân: trang nào, số nào sai, số đúng là bao nhiêu, vì sao."),
        widget=forms.Textarea,
        max_length=2000,
    )
