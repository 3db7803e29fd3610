"""Forms about owed instruments."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, offer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Clause, InstrumentType, Stage, StatutoryClock
from thucthi.documents.selectors.contents import InstrumentContent, NewClock, NewStep
from thucthi.kernel.errors import Fault, Refused


class InstrumentForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    type = Choice(label=gettext_lazy("Loại văn bản"), choices=InstrumentType.choices)
    title = Text(label=gettext_lazy("Tên văn bản phải ban hành"), max_length=500)
    clause = Choice(label=gettext_lazy("Theo điều khoản"), required=False)
    drafter = BodyAsTyped(label=gettext_lazy("Cơ quan chủ trì soạn thảo"))
    deadline_raw = Text(
        label=gettext_lazy("Thời hạn ban hành"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Ghi như trong văn bản: 31/12/2026, Quý IV/2026, sau khi Luật được thông qua…"),
    )
    legal_basis = Text(label=gettext_lazy("Căn cứ pháp lý"), required=False, max_length=500)
    compliance_cost = Text(
        label=gettext_lazy("Đánh giá chi phí tuân thủ"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Ai phải làm thêm việc gì, tốn bao nhiêu. Để trống là chưa đánh giá."),
    )
    new_procedures = forms.IntegerField(
        label=gettext_lazy("Số thủ tục hành chính tăng thêm"),
        required=False,
        min_value=0,
        max_value=32767,
        help_text=gettext_lazy("Ghi 0 nếu không tăng. Để trống là chưa đếm."),
    )

    def __init__(self, *arguments: Any, clauses: Sequence[Clause], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.offered = {str(row.pk): row for row in clauses}
        named = [(pk, row.path) for pk, row in self.offered.items()]
        offer(self, "clause", [("", _("Không theo một điều khoản riêng")), *named])

    def content(self) -> InstrumentContent:
        """Raises Refused when nobody drafts; the other faults are the action's."""
        read = self.cleaned_data
        drafter = read.get("drafter")
        if not isinstance(drafter, Organisation):
            raise Refused([Fault("drafter", _("Đề nghị ghi cơ quan chủ trì soạn thảo."))])
        return InstrumentContent(
            drafter=drafter,
            clause=self.offered.get(read.get("clause", "")),
            new_procedures=read.get("new_procedures"),
            **{
                name: read.get(name, "") for name in ("type", "title", "deadline_raw", "legal_basis", "compliance_cost")
            },
        )


class InstrumentEditForm(InstrumentForm):
    decision = Text(
        label=gettext_lazy("Văn bản quyết định"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Cần khi đổi loại văn bản, thời hạn hoặc cơ quan soạn thảo."),
    )


def typed_instrument(content: InstrumentContent) -> dict[str, Any]:
    """What stands now as the form's first values."""
    clause = str(content.clause.pk) if content.clause else ""
    return {**{name: getattr(content, name, "") for name in InstrumentForm.base_fields}, "clause": clause}


class StageForm(forms.Form):
    after = forms.CharField(widget=forms.HiddenInput, required=False)
    stage = Choice(label=gettext_lazy("Vào giai đoạn"), choices=Stage.choices)
    entered_on = DayAsTyped(label=gettext_lazy("Từ ngày"))
    reference = Text(
        label=gettext_lazy("Số, ký hiệu văn bản kèm theo"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Tờ trình, báo cáo thẩm định…; bắt buộc khi ban hành và có hiệu lực."),
    )
    note = Text(
        label=gettext_lazy("Ghi chú, lý do"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Bắt buộc khi bỏ qua giai đoạn hoặc quay lại giai đoạn trước."),
    )

    def step(self) -> NewStep:
        read = self.cleaned_data
        day = read.get("entered_on")
        if day is None:
            raise Refused([Fault("entered_on", _("Đề nghị ghi ngày vào giai đoạn này."))])
        return NewStep(read.get("stage", ""), day, read.get("reference", ""), read.get("note", ""))


class IssuedDocumentForm(forms.Form):
    document = Text(label=gettext_lazy("Mã văn bản trong sổ"), help_text=gettext_lazy("Ví dụ: nq57"))


class ConflictForm(forms.Form):
    organisation = Choice(label=gettext_lazy("Thay mặt cơ quan"))
    other = Text(
        label=gettext_lazy("Mâu thuẫn với văn bản"),
        help_text=gettext_lazy("Mã văn bản trong sổ, hoặc mã của văn bản khác còn phải ban hành."),
    )
    text = Text(label=gettext_lazy("Mâu thuẫn hoặc chồng chéo ở chỗ nào"), widget=forms.Textarea)

    def __init__(self, *arguments: Any, organisations: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.organisations = {str(row.pk): row for row in organisations}
        offer(self, "organisation", [(pk, row.official_name) for pk, row in self.organisations.items()])


class AnswerForm(forms.Form):
    text = Text(label=gettext_lazy("Đã xử lý như thế nào"), widget=forms.Textarea)


class ClockForm(forms.Form):
    type = Choice(label=gettext_lazy("Loại văn bản"), choices=InstrumentType.choices)
    stage = Choice(label=gettext_lazy("Giai đoạn"), choices=Stage.choices[:-2])
    days = forms.IntegerField(label=gettext_lazy("Số ngày"), required=False)
    counting = Choice(label=gettext_lazy("Cách đếm ngày"), choices=StatutoryClock.Counting.choices)
    legal_basis = Text(label=gettext_lazy("Căn cứ: điều, khoản của luật"), max_length=300)
    valid_from = DayAsTyped(label=gettext_lazy("Áp dụng từ ngày"), required=False)

    def content(self) -> NewClock:
        read = self.cleaned_data
        return NewClock(
            days=read.get("days"),
            valid_from=read.get("valid_from"),
            **{name: read.get(name, "") for name in ("type", "stage", "counting", "legal_basis")},
        )


class ClockEndForm(forms.Form):
    on = DayAsTyped(label=gettext_lazy("Áp dụng đến hết ngày"), required=False)
    reason = Text(label=gettext_lazy("Căn cứ"), max_length=300)
