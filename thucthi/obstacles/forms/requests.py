"""Forms of coordination requests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, InTheNameOf, Text, offer
from thucthi.obstacles.models import RequestStep


class WholeNumber(forms.IntegerField):
    """A whole number whose absence is the action's to judge."""

    def __init__(self, **options: Any) -> None:
        unreadable = gettext_lazy("Hãy ghi một số nguyên, ví dụ 10.")
        super().__init__(required=False, error_messages={"invalid": unreadable}, **options)


class RequestForm(InTheNameOf):
    """What is asked of which body, by when."""

    speaker = "asking"

    asking = Choice(label=gettext_lazy("Nhân danh"))
    task = Text(
        label=gettext_lazy("Mã nhiệm vụ"),
        required=False,
        help_text=gettext_lazy("Để trống nếu yêu cầu không thuộc riêng nhiệm vụ nào."),
    )
    asked = BodyAsTyped(label=gettext_lazy("Cơ quan được yêu cầu"))
    text = Text(label=gettext_lazy("Cần cơ quan đó làm gì, cung cấp gì"), widget=forms.Textarea(attrs={"rows": 5}))
    working_days = WholeNumber(
        label=gettext_lazy("Cần trả lời trong bao nhiêu ngày làm việc"),
        help_text=gettext_lazy("Ghi số ngày ở đây, hoặc ghi ngày cụ thể ở ô dưới."),
    )
    due_on = DayAsTyped(label=gettext_lazy("Hoặc cần trả lời trước hoặc trong ngày"), required=False)


class RequestStepForm(InTheNameOf):
    """What became of a request."""

    kind = Choice(label=gettext_lazy("Việc đã làm"), widget=forms.RadioSelect)
    organisation = Choice(label=gettext_lazy("Nhân danh"))
    text = Text(label=gettext_lazy("Nội dung"), required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, kinds: list[RequestStep.Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "kind", [(kind.value, kind.label) for kind in kinds])
