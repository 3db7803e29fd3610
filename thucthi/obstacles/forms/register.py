"""Forms read what was typed; what is missing or wrong is the action's word, so that all faults come at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, InTheNameOf, Text, offer
from thucthi.directory.models import Organisation
from thucthi.obstacles.calculations import State
from thucthi.obstacles.models import Cause, LadderRung, StepKind
from thucthi.obstacles.selectors import STATE_WORDS

CAUSES = [("", gettext_lazy("Chọn nguyên nhân")), *Cause.choices]


class ObstacleForm(InTheNameOf):
    """An obstacle raised by itself, beside the reports."""

    organisation = Choice(label=gettext_lazy("Đơn vị nêu"))
    task = Text(
        label=gettext_lazy("Mã nhiệm vụ"),
        required=False,
        help_text=gettext_lazy("Để trống nếu vướng mắc không thuộc riêng nhiệm vụ nào."),
    )
    affected = Text(
        label=gettext_lazy("Nhiệm vụ khác cũng bị vướng"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng một mã nhiệm vụ; việc chờ các nhiệm vụ này được hệ thống tự đếm."),
    )
    cause = Choice(label=gettext_lazy("Nguyên nhân"), choices=CAUSES)
    field = Text(
        label=gettext_lazy("Rõ lĩnh vực"),
        required=False,
        help_text=gettext_lazy("Ví dụ: đầu tư công, đất đai, dữ liệu số."),
    )
    information = Text(
        label=gettext_lazy("Rõ thông tin"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Số liệu, văn bản, mốc thời gian để nơi nhận hiểu ngay sự việc."),
    )
    condition = Text(label=gettext_lazy("Đang vướng điều gì"), widget=forms.Textarea)
    proposed_solution = Text(
        label=gettext_lazy("Rõ đề xuất"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Hướng giải quyết mà đơn vị đề nghị."),
    )
    asked_of = BodyAsTyped(label=gettext_lazy("Cơ quan có thể gỡ"))
    authority = Text(
        label=gettext_lazy("Rõ thẩm quyền"),
        required=False,
        help_text=gettext_lazy("Điều, khoản giao cho cơ quan này quyền gỡ."),
    )
    asked_what = Text(label=gettext_lazy("Đề nghị làm gì"), widget=forms.Textarea)
    due_on = DayAsTyped(label=gettext_lazy("Cần gỡ trước hoặc trong ngày"))


class StepForm(InTheNameOf):
    """What was done about an obstacle."""

    kind = Choice(label=gettext_lazy("Việc đã làm"), widget=forms.RadioSelect)
    organisation = Choice(label=gettext_lazy("Nhân danh"))
    text = Text(label=gettext_lazy("Nội dung"), widget=forms.Textarea)

    def __init__(self, *args: Any, kinds: list[StepKind], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "kind", [(kind.value, kind.label) for kind in kinds])


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
    rung = forms.ChoiceField(
        label=gettext_lazy("Đang nằm ở bậc"),
        required=False,
        choices=[("", gettext_lazy("Tất cả")), *LadderRung.choices],
    )
    desk = forms.ChoiceField(label=gettext_lazy("Cơ quan đang giữ"), required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {organisation.code: organisation for organisation in organisations}
        bodies = [(code, body.official_name) for code, body in self.organisations.items()]
        offer(self, "organisation", [("", _("Tất cả")), *bodies])
        offer(self, "desk", [("", _("Tất cả")), *bodies])
