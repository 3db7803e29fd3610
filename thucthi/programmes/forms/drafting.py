"""Forms of programmes: they read what was typed; the actions say what is wrong with it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import DAY_FORMATS, BodyAsTyped, Choice, DayAsTyped, OrganisationsField, Text, offer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Clause, Document
from thucthi.documents.selectors import organisation_typed
from thucthi.programmes.models import Programme, TaskEventKind, TaskKind
from thucthi.programmes.selectors.contents import (
    MilestoneContent,
    NewCheckpoint,
    NewFrame,
    NewGoal,
    NewResponsibility,
    TaskContent,
)

RECURRENCE_WORDS = [
    ("", gettext_lazy("Không")),
    ("weekly", gettext_lazy("Hằng tuần")),
    ("monthly", gettext_lazy("Hằng tháng")),
    ("quarterly", gettext_lazy("Hằng quý")),
    ("halfyear", gettext_lazy("6 tháng một lần")),
    ("yearly", gettext_lazy("Hằng năm")),
]


def lines_of(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def day_typed(typed: str) -> date:
    """Raises ValidationError for what is no day."""
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(typed.strip(), pattern).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise forms.ValidationError(_("“%(typed)s” không phải là ngày. Ví dụ đúng: 24/12/2026.") % {"typed": typed})


class Bodies(OrganisationsField):
    """Organisations, one a line."""

    def clean(self, value: Any) -> Any:
        return tuple(super().clean(value))


class Milestones(forms.CharField):
    """One a line: day, colon, what is done by then."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[MilestoneContent, ...]:
        parts = [line.partition(":") for line in lines_of(value or "")]
        return tuple(MilestoneContent(day_typed(day), text.strip()) for day, _colon, text in parts)


class TaskForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = Text(
        label=gettext_lazy("Mã nhiệm vụ"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Để trống thì hệ thống tự đặt."),
    )
    text = Text(
        label=gettext_lazy("Việc phải làm"),
        widget=forms.Textarea,
        help_text=gettext_lazy("Bắt đầu bằng động từ: xây dựng, ban hành, hoàn thành, rà soát…"),
    )
    kind = Choice(label=gettext_lazy("Loại"), choices=TaskKind.choices, initial=TaskKind.WORK)
    group = Choice(label=gettext_lazy("Nhóm"), required=False)
    lead = Text(
        label=gettext_lazy("Cơ quan chủ trì"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Đúng một cơ quan: tên đầy đủ hoặc mã."),
    )
    coordinators = Bodies(
        label=gettext_lazy("Cơ quan phối hợp"), required=False, help_text=gettext_lazy("Mỗi dòng một cơ quan.")
    )
    authority_basis = Text(
        label=gettext_lazy("Thẩm quyền: căn cứ văn bản nào"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Để trống thì kế thừa từ chương trình."),
    )
    start_on = DayAsTyped(label=gettext_lazy("Ngày bắt đầu"), required=False)
    deadline_raw = Text(
        label=gettext_lazy("Thời hạn"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Ghi như trong văn bản: 31/12/2026, Quý IV/2026, năm 2030…"),
    )
    recurrence = Choice(
        label=gettext_lazy("Chu kỳ, nếu là việc thường xuyên"), choices=RECURRENCE_WORDS, required=False
    )
    yearly_deliverable = Text(label=gettext_lazy("Kết quả phải có mỗi năm, nếu là việc thường xuyên"), required=False)
    milestones = Milestones(
        label=gettext_lazy("Mốc trung gian"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một mốc. Ví dụ: 30/06/2026: xong thiết kế"),
    )
    product = Text(label=gettext_lazy("Sản phẩm, kết quả"), required=False)
    acceptance_criterion = Text(
        label=gettext_lazy("Tiêu chí nghiệm thu"),
        required=False,
        help_text=gettext_lazy("Thế nào thì được công nhận là xong."),
    )
    weight = forms.IntegerField(label=gettext_lazy("Trọng số (1 đến 100)"), initial=1, required=False)
    money_vnd_million = forms.DecimalField(label=gettext_lazy("Kinh phí (triệu đồng)"), required=False, localize=True)
    money_source = Text(label=gettext_lazy("Nguồn kinh phí"), required=False, max_length=300)
    people = Text(label=gettext_lazy("Nhân lực"), required=False, max_length=300)
    facilities = Text(label=gettext_lazy("Cơ sở vật chất"), required=False, max_length=300)
    clauses = forms.MultipleChoiceField(label=gettext_lazy("Điều khoản được thực hiện"), required=False)

    def __init__(self, *arguments: Any, groups: Sequence[str], clauses: Sequence[Clause], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.offered = {str(row.pk): row for row in clauses}
        offer(self, "group", [("", _("Ngoài các nhóm")), *((title, title) for title in groups)])
        offer(self, "clauses", [(pk, _cited(row)) for pk, row in self.offered.items()])

    def content(self) -> TaskContent:
        """What was typed; a lead that is no known organisation stays as words."""
        read = dict(self.cleaned_data)
        typed = read.get("lead", "").strip()
        lead = organisation_typed(typed) if typed else None
        chosen = [self.offered[pk] for pk in read.get("clauses", []) if pk in self.offered]
        plain = {
            name: read.get(name, "").strip()
            for name in (
                "code", "text", "kind", "group", "product", "acceptance_criterion", "deadline_raw", "recurrence",
                "yearly_deliverable", "money_source", "people", "facilities", "authority_basis",
            )
        }  # fmt: skip
        return TaskContent(
            **plain,
            lead=lead,
            lead_text="" if lead else typed,
            coordinators=read.get("coordinators", ()),
            start_on=read.get("start_on"),
            weight=1 if read.get("weight") is None else read["weight"],
            money_vnd_million=read.get("money_vnd_million"),
            clauses=tuple(chosen),
            milestones=read.get("milestones", ()),
        )


def typed_as(content: TaskContent) -> dict[str, Any]:
    """A task's content as the form's first values."""
    rows = {name: getattr(content, name) for name in TaskForm.base_fields if hasattr(content, name)}
    return {
        **rows,
        "lead": _typed(content.lead) if content.lead else content.lead_text,
        "coordinators": "\n".join(_typed(row) for row in content.coordinators),
        "milestones": "\n".join(f"{row.due_on:%d/%m/%Y}: {row.text}" for row in content.milestones),
        "clauses": [str(row.pk) for row in content.clauses],
    }


def _typed(organisation: Organisation) -> str:
    return f"{organisation.official_name} ({organisation.code})"


def _cited(clause: Clause) -> str:
    words = clause.document.text[clause.start : clause.end]
    return f"{clause.document.code} {clause.path}: {words[:80]}"


class ProgrammeForm(forms.Form):
    organisation = Choice(label=gettext_lazy("Cơ quan ban hành"))
    code = Text(label=gettext_lazy("Mã chương trình"), max_length=64, help_text=gettext_lazy("Ví dụ: ct57-bo-khoa-hoc"))
    title = Text(label=gettext_lazy("Tên chương trình"), max_length=500)
    documents = forms.MultipleChoiceField(label=gettext_lazy("Thực hiện các văn bản"), required=False)
    groups = Text(
        label=gettext_lazy("Các nhóm nhiệm vụ"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng một nhóm, theo thứ tự."),
    )
    profile = Choice(
        label=gettext_lazy("Bộ tiêu chí rõ"), choices=Programme.Profile.choices, initial=Programme.Profile.SEVEN
    )
    rhythm = Choice(label=gettext_lazy("Nhịp báo cáo"), choices=Programme.Rhythm.choices)
    authority_basis = Text(label=gettext_lazy("Thẩm quyền chung: căn cứ văn bản nào"), required=False, max_length=500)
    resource_source = Text(label=gettext_lazy("Nguồn lực chung"), required=False, max_length=500)

    def __init__(
        self, *arguments: Any, organisations: Sequence[Organisation], documents: Sequence[Document], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.organisations = {str(row.pk): row for row in organisations}
        self.offered = {row.slug: row for row in documents}
        offer(self, "organisation", [(pk, row.official_name) for pk, row in self.organisations.items()])
        offer(self, "documents", [(slug, f"{row} – {row.title}") for slug, row in self.offered.items()])


class IssueForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    issued_as = Text(label=gettext_lazy("Số, ký hiệu văn bản ban hành"), max_length=120)
    issued_on = DayAsTyped(label=gettext_lazy("Ngày ban hành"))


class ExceptionForm(forms.Form):
    criterion = Choice(label=gettext_lazy("Cho phép thiếu tiêu chí"))
    reason = Text(
        label=gettext_lazy("Lý do"), widget=forms.Textarea, help_text=gettext_lazy("Lý do này được công khai.")
    )

    def __init__(self, *arguments: Any, criteria: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        offer(self, "criterion", list(criteria))


class DecisionForm(forms.Form):
    """The part that every decided change has."""

    decision = Text(label=gettext_lazy("Văn bản quyết định"), max_length=300)
    decided_on = DayAsTyped(label=gettext_lazy("Ngày quyết định"))
    reason = Text(label=gettext_lazy("Lý do"), widget=forms.Textarea)

    def clean(self) -> None:
        if "decided_on" not in self.errors and not self.cleaned_data.get("decided_on"):
            self.add_error("decided_on", _("Đề nghị ghi ngày quyết định."))


class DeadlineForm(DecisionForm):
    new_deadline = Text(label=gettext_lazy("Thời hạn mới"), max_length=300)
    field_order = ("new_deadline",)


class LeadForm(DecisionForm):
    new_lead = BodyAsTyped(label=gettext_lazy("Cơ quan chủ trì mới"), max_length=300)
    field_order = ("new_lead",)

    def clean(self) -> None:
        super().clean()
        if "new_lead" not in self.errors and not self.cleaned_data.get("new_lead"):
            self.add_error("new_lead", _("Đề nghị ghi cơ quan chủ trì mới."))


class ProductForm(DecisionForm):
    new_product = Text(label=gettext_lazy("Sản phẩm, kết quả mới"), widget=forms.Textarea)
    field_order = ("new_product",)


class WordingForm(DecisionForm):
    new_text = Text(label=gettext_lazy("Nội dung mới"), widget=forms.Textarea)
    field_order = ("new_text",)


class StepForm(DecisionForm):
    kind = Choice(
        label=gettext_lazy("Quyết định"),
        widget=forms.RadioSelect,
        choices=[
            (TaskEventKind.SUSPENDED, gettext_lazy("Tạm dừng nhiệm vụ")),
            (TaskEventKind.RESUMED, gettext_lazy("Tiếp tục nhiệm vụ đang tạm dừng")),
            (TaskEventKind.CANCELLED, gettext_lazy("Hủy nhiệm vụ")),
        ],
    )
    field_order = ("kind",)


class MoveForm(DecisionForm):
    new_due_on = DayAsTyped(label=gettext_lazy("Ngày kiểm tra mới"))
    field_order = ("new_due_on",)

    def clean(self) -> None:
        super().clean()
        if "new_due_on" not in self.errors and not self.cleaned_data.get("new_due_on"):
            self.add_error("new_due_on", _("Đề nghị ghi ngày kiểm tra mới."))


class FrameForm(forms.Form):
    benefit_country = Text(label=gettext_lazy("Lợi ích cho đất nước"), widget=forms.Textarea)
    benefit_people = Text(label=gettext_lazy("Lợi ích cho nhân dân"), widget=forms.Textarea)
    benefit_future = Text(label=gettext_lazy("Lợi ích cho tương lai"), widget=forms.Textarea)
    responsibilities = Text(
        label=gettext_lazy("Cấp ủy và người đứng đầu chịu trách nhiệm"),
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng: phần việc | cấp ủy. Người đứng đầu lấy từ danh mục chức danh."),
    )
    goals = Text(
        label=gettext_lazy("Mục tiêu cuối cùng"),
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng: nội dung, hoặc nội dung | mức thấp; mức vừa; mức cao (mục tiêu định tính)."),
    )
    checkpoints = Text(
        label=gettext_lazy("Mốc kiểm tra bắt buộc"),
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng: ngày | việc phải xong | minh chứng phải có | cơ quan kiểm tra."),
    )

    def content(self, document: Document) -> NewFrame:
        """What was typed, line by line; a line that cannot be read becomes a fault of its field."""
        read = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return NewFrame(
            benefit_country=read["benefit_country"],
            benefit_people=read["benefit_people"],
            benefit_future=read["benefit_future"],
            responsibilities=self._each("responsibilities", 2, _responsibility),
            goals=tuple(
                NewGoal(f"{document.slug}-mt{number}", text.strip(), tuple(lines_of(levels.replace(";", "\n"))))
                for number, (text, _bar, levels) in enumerate(
                    (line.partition("|") for line in lines_of(read["goals"])), start=1
                )
            ),
            checkpoints=self._each("checkpoints", 4, lambda number, *parts: _checkpoint(document.slug, number, *parts)),
        )

    def _each(self, field: str, width: int, build: Callable[..., Any]) -> tuple[Any, ...]:
        built = []
        for number, line in enumerate(lines_of(self.cleaned_data.get(field, "")), start=1):
            parts = [part.strip() for part in line.split("|")]
            try:
                if len(parts) != width:
                    raise forms.ValidationError(_("Dòng %(n)s chưa đủ các phần, ngăn bằng dấu |.") % {"n": number})
                built.append(build(number, *parts))
            except forms.ValidationError as error:
                self.add_error(field, error)
        return tuple(built)


def _organisation(typed: str) -> Organisation:
    found = organisation_typed(typed)
    if found is None:
        raise forms.ValidationError(_("Không nhận ra: %(names)s. Đề nghị ghi đúng tên.") % {"names": typed})
    return found


def _responsibility(_number: int, node: str, committee: str) -> NewResponsibility:
    body = _organisation(committee)
    head = body.posts.filter(is_head=True).first()
    if head is None:
        raise forms.ValidationError(
            _("%(name)s chưa có chức danh người đứng đầu trong danh mục.") % {"name": body.official_name}
        )
    return NewResponsibility(node, body, head)


def _checkpoint(slug: str, number: int, *parts: str) -> NewCheckpoint:
    day, text, evidence, examiner = parts
    return NewCheckpoint(f"{slug}-moc{number}", text, day_typed(day), evidence, _organisation(examiner))
