"""Forms of meetings: calling one, its minutes item by item, the filled-in paper."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, offer
from thucthi.directory.models import Level, Organisation
from thucthi.documents.models import Document
from thucthi.obstacles.actions import Conclusion
from thucthi.obstacles.models import Cause, Decision, Obstacle

FIELDS = ("kind", "text", "responsible", "due_on")


class MeetingForm(forms.Form):
    """Which committee meets when and where."""

    committee = Choice(label=gettext_lazy("Ban, cơ quan họp"))
    title = Text(label=gettext_lazy("Tên phiên họp"))
    held_on = DayAsTyped(label=gettext_lazy("Ngày họp"))
    place = Text(label=gettext_lazy("Địa điểm"), required=False)
    chair = Text(
        label=gettext_lazy("Chủ trì"), required=False, help_text=gettext_lazy("Chức vụ của người chủ trì phiên họp.")
    )

    def __init__(self, *args: Any, committees: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.committees = {body.code: body for body in committees}
        offer(self, "committee", [(code, body.official_name) for code, body in self.committees.items()])

    @property
    def body(self) -> Organisation | None:
        return self.committees.get(self.cleaned_data.get("committee", ""))


class MinutesForm(forms.Form):
    """Number and day of the minutes, and for each obstacle of the agenda `kind-CODE`, `text-CODE` and so on."""

    number = Text(label=gettext_lazy("Số, ký hiệu thông báo kết luận"), help_text=gettext_lazy("Ví dụ: 624/TB-VPCP."))
    minutes_on = DayAsTyped(label=gettext_lazy("Ngày thông báo kết luận"))

    def __init__(self, *args: Any, obstacles: Iterable[Obstacle], **options: Any) -> None:
        super().__init__(*args, **options)
        self.obstacles = list(obstacles)
        kinds = [("", gettext_lazy("Chưa kết luận")), *Decision.Kind.choices]
        for row in self.obstacles:
            self.fields[f"kind-{row.code}"] = Choice(label=_("Loại kết luận"), choices=kinds, required=False)
            self.fields[f"text-{row.code}"] = Text(
                label=_("Kết luận"), required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
            self.fields[f"responsible-{row.code}"] = BodyAsTyped(label=_("Cơ quan thực hiện"), required=False)
            self.fields[f"due_on-{row.code}"] = DayAsTyped(label=_("Thời hạn"), required=False)

    def conclusions(self) -> list[Conclusion]:
        """One for each obstacle; what could not be read is missing, and beside it stands the form's own fault."""
        read = self.cleaned_data
        return [
            Conclusion(
                obstacle=row,
                kind=read.get(f"kind-{row.code}", ""),
                text=read.get(f"text-{row.code}", ""),
                responsible=read.get(f"responsible-{row.code}"),
                due_on=read.get(f"due_on-{row.code}"),
            )
            for row in self.obstacles
        ]


class PaperForm(forms.Form):
    """The filled-in paper."""

    file = forms.FileField(
        label=gettext_lazy("Tệp chương trình họp đã ghi kết luận (.docx)"),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={
            "required": gettext_lazy("Hãy chọn tệp .docx đã ghi kết luận."),
            "empty": gettext_lazy("Tệp này rỗng; hãy chọn tệp khác."),
        },
    )


class BoardFilterForm(forms.Form):
    """What the board is narrowed to."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Nguyên nhân"), required=False, choices=[("", gettext_lazy("Tất cả")), *Cause.choices]
    )
    document = forms.ChoiceField(label=gettext_lazy("Văn bản"), required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("Cấp được đề nghị"), required=False, choices=[("", gettext_lazy("Tất cả")), *Level.choices]
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Cơ quan"), required=False)

    def __init__(
        self, *args: Any, documents: list[Document], organisations: list[Organisation], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.documents = {row.slug: row for row in documents}
        self.organisations = {row.code: row for row in organisations}
        everything = ("", _("Tất cả"))
        offer(self, "document", [everything, *((slug, row.code) for slug, row in self.documents.items())])
        offer(
            self, "organisation", [everything, *((code, row.official_name) for code, row in self.organisations.items())]
        )
