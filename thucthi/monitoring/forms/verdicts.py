"""Choosing the peers and the year, and answering a question; what is missing is the action's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import Choice, Text
from thucthi.monitoring.models import SignalVerdict

YEARS_SHOWN = 5


class PeersForm(forms.Form):
    """Which organisations are compared, and about which year."""

    loai = forms.ChoiceField(label=gettext_lazy("Loại cơ quan"), required=False)
    nam = forms.TypedChoiceField(label=gettext_lazy("Năm"), required=False, coerce=int)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], this_year: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.this_year = this_year
        self.first_kind = kinds[0][0] if kinds else ""
        for field, choices in (("loai", kinds), ("nam", years_before(this_year))):
            self.fields[field].choices = choices  # type: ignore[attr-defined]

    @property
    def kind(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("loai") or self.first_kind)

    @property
    def year(self) -> int:
        self.is_valid()
        return int(self.cleaned_data.get("nam") or self.this_year)


def years_before(this_year: int) -> list[tuple[int, str]]:
    """This year and those before it, as choices."""
    return [(year, str(year)) for year in range(this_year, this_year - YEARS_SHOWN, -1)]


class VerdictForm(forms.Form):
    """What was found when a question was looked into."""

    finding = Choice(
        label=gettext_lazy("Kết quả xem xét"), choices=SignalVerdict.Finding.choices, widget=forms.RadioSelect
    )
    text = Text(
        label=gettext_lazy("Đã xem xét gì, vì sao kết luận như vậy"), widget=forms.Textarea(attrs={"maxlength": 5000})
    )
