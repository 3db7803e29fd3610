"""Forms of documents taken in: they read what was typed; the actions say what is wrong with it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import AsTyped, Choice, OrganisationsField, Text, offer
from thucthi.directory.models import Organisation
from thucthi.documents.selectors import organisation_typed
from thucthi.intake.actions.deciding import Correction
from thucthi.intake.calculations.files import TAKEN
from thucthi.intake.calculations.wording import MOST_ROWS, parts_of, rows_of
from thucthi.intake.models import SourceFile, TaskDraft
from thucthi.intake.selectors.bodies import names_in
from thucthi.intake.selectors.drafts import SURE, THRESHOLDS
from thucthi.kernel.values import format_vi


class _Replacing(forms.Form):
    """The part that every way of taking a document in has."""

    replaces = Choice(label=gettext_lazy("Thay cho tệp trước"), required=False)

    def __init__(self, *arguments: Any, earlier: Sequence[SourceFile], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.earlier = {str(row.pk): row for row in earlier}
        named = [(pk, f"{row.file_name} ({localtime(row.recorded_at):%d/%m/%Y})") for pk, row in self.earlier.items()]
        offer(self, "replaces", [("", _("Không, đây là tệp khác")), *named])

    def replaced(self) -> SourceFile | None:
        return self.earlier.get(self.cleaned_data.get("replaces", ""))


class _Sent(AsTyped, forms.Field):
    """A file; what is wrong with it is the action's to say."""


class FileForm(_Replacing):
    file = _Sent(label=gettext_lazy("Tệp văn bản"), widget=forms.FileInput(attrs={"accept": ",".join(TAKEN)}))
    field_order = ("file", "replaces")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["file"].help_text = _(
            "DOCX, XLSX, XLS, ODS, PDF có chữ, TXT, MD hoặc HTML; tối đa %(limit)s MB."
        ) % {"limit": settings.EVIDENCE_MAX_BYTES // (1024 * 1024)}


class TableForm(_Replacing):
    table = Text(
        label=gettext_lazy("Bảng sáu cột"),
        widget=forms.Textarea,
        strip=False,
        help_text=gettext_lazy(
            "Chọn các dòng trong Word hoặc Excel, sao chép rồi dán vào đây. Thứ tự cột: STT, nhiệm vụ, chủ trì, "
            "phối hợp, thời hạn, sản phẩm; nếu dán cả dòng tiêu đề thì thứ tự cột lấy theo tiêu đề."
        ),
    )
    field_order = ("table", "replaces")

    def clean_table(self) -> list[list[str]]:
        rows = rows_of(self.cleaned_data["table"])
        if not any(len(row) > 1 for row in rows):
            raise forms.ValidationError(
                _("Chưa thấy bảng nào. Hãy sao chép từ Word hoặc Excel cả các cột rồi dán lại.")
            )
        if len(rows) > MOST_ROWS:
            raise forms.ValidationError(
                _("Bảng có %(n)s dòng; mỗi lần dán nhiều nhất %(most)s dòng.") % {"n": len(rows), "most": MOST_ROWS}
            )
        return rows


class DraftForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = Text(label=gettext_lazy("Việc phải làm"), widget=forms.Textarea)
    lead = Text(
        label=gettext_lazy("Cơ quan chủ trì"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "Một cơ quan: tên như trong văn bản, tên đầy đủ hoặc mã. Nhiều tên thì mỗi dòng một tên."
        ),
    )
    coordinators = Text(
        label=gettext_lazy("Cơ quan phối hợp"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng một cơ quan."),
    )
    deadline_raw = Text(
        label=gettext_lazy("Thời hạn"),
        required=False,
        help_text=gettext_lazy("Ghi như trong văn bản: 31/12/2026, Quý IV/2026, năm 2030…"),
    )
    product = Text(label=gettext_lazy("Sản phẩm, kết quả"), required=False, widget=forms.Textarea)
    resources = Text(label=gettext_lazy("Nguồn lực"), required=False)
    group = Text(label=gettext_lazy("Nhóm"), required=False)

    def correction(self) -> Correction:
        """What was typed; a lead that is no single body stays as words."""
        read = {name: self.cleaned_data.get(name, "") or "" for name in self.fields}
        names = names_in(read["lead"])
        lead = organisation_typed(names[0]) if len(names) == 1 else None
        return Correction(
            text=read["text"],
            group=read["group"],
            lead=lead,
            lead_text="\n".join(names),
            coordinators_text="\n".join(names_in(read["coordinators"])),
            deadline_raw=read["deadline_raw"],
            product=read["product"],
            resources=read["resources"],
        )


class SplitForm(forms.Form):
    parts = Text(
        label=gettext_lazy("Các phần"),
        widget=forms.Textarea,
        help_text=gettext_lazy("Để một dòng trống giữa các phần; mỗi phần thành một bản riêng."),
    )

    def typed(self) -> list[str]:
        return parts_of(self.cleaned_data.get("parts", ""))


class MergeForm(forms.Form):
    others = forms.MultipleChoiceField(
        label=gettext_lazy("Gộp với"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, neighbours: Sequence[TaskDraft], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.neighbours = {str(row.pk): row for row in neighbours}
        offer(self, "others", [(pk, f"{row.index} {row.text}".strip()[:160]) for pk, row in self.neighbours.items()])

    def chosen(self) -> list[TaskDraft]:
        return [self.neighbours[pk] for pk in self.cleaned_data.get("others", ())]


class BodiesForm(forms.Form):
    """Which bodies a group means, each for a record of its own."""

    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Các cơ quan thường gặp"), required=False, widget=forms.CheckboxSelectMultiple
    )
    bodies = OrganisationsField(
        label=gettext_lazy("Cơ quan khác"), required=False, help_text=gettext_lazy("Mỗi dòng một cơ quan.")
    )

    def __init__(self, *arguments: Any, offered: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.offered = {str(row.pk): row for row in offered}
        offer(self, "chosen", [(pk, row.official_name) for pk, row in self.offered.items()])

    def organisations(self) -> list[Organisation]:
        read = self.cleaned_data
        return [*(self.offered[pk] for pk in read.get("chosen", ())), *read.get("bodies", ())]


def named_bodies(draft: TaskDraft) -> dict[str, Any]:
    """Several bodies that lead together stand ready to be taken one by one; the name of a group does not."""
    names = [] if draft.is_collective else names_in(draft.lead_text)
    return {"bodies": "\n".join(names) if len(names) > 1 else ""}


class AboveForm(forms.Form):
    least = forms.TypedChoiceField(
        label=gettext_lazy("Từ độ tin cậy"), coerce=Decimal, choices=[(str(each), str(each)) for each in THRESHOLDS]
    )

    def __init__(self, *arguments: Any, counts: Sequence[tuple[Decimal, int]] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial = {"least": str(SURE)}
        if counts:
            named = _("%(least)s trở lên: %(n)s bản")
            offer(self, "least", [(str(each), named % {"least": format_vi(each), "n": n}) for each, n in counts])


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Bảng đã sửa (.xlsx)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("Gửi lên chỉ để đối chiếu; chưa có gì thay đổi cho đến khi ông/bà xác nhận."),
        error_messages={
            "required": gettext_lazy("Hãy chọn bảng đã sửa trước khi bấm “Đối chiếu”."),
            "empty": gettext_lazy("Tệp trống. Hãy chọn lại bảng đã sửa."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.EVIDENCE_MAX_BYTES:
            most = settings.EVIDENCE_MAX_BYTES // (1024 * 1024)
            raise forms.ValidationError(_("Tệp lớn hơn %(most)s MB. Hãy bỏ bớt trang tính, hình ảnh.") % {"most": most})
        return file


class ConfirmForm(forms.Form):
    """What was shown, signed, to be applied as it was."""

    sealed = forms.CharField(widget=forms.HiddenInput)
