"""Forms read what was typed; what is missing or wrong is the action's word, so that all faults come at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, offer
from thucthi.directory.models import Organisation
from thucthi.obstacles.calculations import State
from thucthi.obstacles.models import Cause, StepKind
from thucthi.obstacles.selectors import STATE_WORDS

CAUSES = [("", gettext_lazy("Chọn nguyên nhân")), *Cause.choices]


class ObstacleForm(forms.Form):
    """An obstacle raised by itself, beside the reports."""

    organisation = Choice(label=gettext_lazy("Đơn vị nêu"))
    task = Text(
        label=gettext_lazy("Mã nhiệm vụ"),
        required=False,
        help_text=gettext_lazy("Để trống nếu vướng mắc không thuộc riêng nhiệm vụ nào."),
    )
    cause = Choice(label=gettext_lazy("Nguyên nhân"), choices=CAUSES)
    condition = Text(label=gettext_lazy("Đang vướng điều gì"), widget=forms.Textarea)
    asked_of = BodyAsTyped(label=gettext_lazy("Cơ quan có thể gỡ"))
    asked_what = Text(label=gettext_lazy("Đề nghị làm gì"), widget=forms.Textarea)
    due_on = DayAsTyped(label=gettext_lazy("Cần gỡ trước hoặc trong ngày"))

    def __init__(self, *args: Any, organisations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {organisation.code: organisation for organisation in organisations}
        offer(self, "organisation", [(code, body.official_name) for code, body in self.organisations.items()])

    @property
    def body(self) -> Organisation | None:
        return self.organisations.get(self.cleaned_data.get("organisation", ""))


class StepForm(forms.Form):
    """What was done about an obstacle."""

    kind = Choice(label=gettext_lazy("Việc đã làm"), widget=forms.RadioSelect)
    organisation = Choice(label=gettext_lazy("Nhân danh"))
    text = Text(label=gettext_lazy("Nội dung"), widget=forms.Textarea)

    def __init__(self, *args: Any, kinds: list[StepKind], organisations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {organisation.code: organisation for organisation in organisations}
        offer(self, "kind", [(kind.value, kind.label) for kind in kinds])
        offer(self, "organisation", [(code, body.official_name) for code, body in self.organisations.items()])

    @property
    def body(self) -> Organisation | None:
        return self.organisations.get(self.cleaned_data.get("organisation", ""))


class FilterForm(forms.Form):
    """What the list is narrowed to."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Nguyên nhân"), required=False, choices=[("", gettext_lazy("Tất cả")), *Cause.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Tình trạng"),
        required=False,
        choices=[
            ("open", gettext_lazy("Đang mở")),
            ("", gettext_lazy("Tất cả")),
            *((state.value, STATE_WORDS[state]) for state in State),
        ],
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Cơ quan"), required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {organisation.code: organisation for organisation in organisations}
        bodies = [(code, body.official_name) for code, body in self.organisations.items()]
        offer(self, "organisation", [("", _("Tất cả")), *bodies])
