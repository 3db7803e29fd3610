"""Forms of decisions, refusals and the clocks of the ladder; what is missing is the action's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, InTheNameOf, Text, offer
from thucthi.directory.models import Organisation
from thucthi.obstacles.models import Cause, Decision, LadderRung
from thucthi.programmes.selectors.contents import TaskContent


class _ByOneOf(InTheNameOf):
    organisation = Choice(label=gettext_lazy("Nhân danh"))

    @property
    def body(self) -> Organisation:
        """The chosen one; the only or first one offered when none was."""
        return super().body or next(iter(self.organisations.values()))


class DecisionForm(_ByOneOf):
    kind = Choice(label=gettext_lazy("Loại quyết định"), choices=Decision.Kind.choices, widget=forms.RadioSelect)
    text = Text(label=gettext_lazy("Quyết định điều gì"), widget=forms.Textarea)
    responsible = BodyAsTyped(label=gettext_lazy("Cơ quan phải thực hiện"), required=False)
    due_on = DayAsTyped(label=gettext_lazy("Phải xong trước hoặc trong ngày"), required=False)
    reference = Text(
        label=gettext_lazy("Số, ký hiệu văn bản"), required=False, help_text=gettext_lazy("Nếu đã có văn bản ban hành.")
    )


class RefusalForm(_ByOneOf):
    legal_basis = Text(
        label=gettext_lazy("Căn cứ pháp lý"),
        help_text=gettext_lazy("Điều, khoản và văn bản quy định việc này thuộc cơ quan khác."),
    )
    reason = Text(label=gettext_lazy("Vì sao không thuộc thẩm quyền"), widget=forms.Textarea)
    proposed_owner = BodyAsTyped(label=gettext_lazy("Cơ quan đúng thẩm quyền"))


class RulingForm(_ByOneOf):
    verdict = Choice(
        label=gettext_lazy("Phân xử"),
        choices=[
            ("moves", gettext_lazy("Chuyển cho cơ quan khác")),
            ("stays", gettext_lazy("Giữ nguyên nơi đang giữ")),
        ],
        widget=forms.RadioSelect,
    )
    owner = BodyAsTyped(label=gettext_lazy("Cơ quan nhận việc, nếu chuyển"), required=False)
    text = Text(label=gettext_lazy("Căn cứ và nội dung phân xử"), widget=forms.Textarea)

    @property
    def upheld(self) -> bool | None:
        return {"moves": True, "stays": False}.get(self.cleaned_data.get("verdict", ""))


class RuleForm(forms.Form):
    cause = Choice(
        label=gettext_lazy("Nguyên nhân"),
        required=False,
        choices=[("", gettext_lazy("Mọi nguyên nhân chưa có quy định riêng")), *Cause.choices],
    )
    rung = Choice(label=gettext_lazy("Bậc"), choices=LadderRung.choices)
    working_days = forms.IntegerField(label=gettext_lazy("Số ngày làm việc"), required=False)
    basis = Text(label=gettext_lazy("Văn bản quy định"))
    valid_from = DayAsTyped(label=gettext_lazy("Áp dụng từ ngày"), required=False)


class DecisionTaskForm(forms.Form):
    """The task that carries out a decision; the rest of its clears it has from its programme."""

    programme = Choice(label=gettext_lazy("Chương trình nhận nhiệm vụ"))
    text = Text(label=gettext_lazy("Việc phải làm"), widget=forms.Textarea)
    product = Text(label=gettext_lazy("Sản phẩm, kết quả"))
    acceptance_criterion = Text(label=gettext_lazy("Tiêu chí nghiệm thu"), required=False)
    lead = BodyAsTyped(label=gettext_lazy("Cơ quan chủ trì"))
    deadline_raw = Text(label=gettext_lazy("Thời hạn"))
    authority_basis = Text(label=gettext_lazy("Thẩm quyền: căn cứ văn bản nào"), required=False)
    money_vnd_million = forms.DecimalField(label=gettext_lazy("Kinh phí (triệu đồng)"), required=False, localize=True)
    money_source = Text(label=gettext_lazy("Nguồn kinh phí"), required=False)
    people = Text(label=gettext_lazy("Nhân lực"), required=False)
    facilities = Text(label=gettext_lazy("Cơ sở vật chất"), required=False)

    def __init__(self, *args: Any, programmes: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "programme", [("", _("Chọn chương trình")), *programmes])

    def content(self) -> TaskContent:
        read = self.cleaned_data
        words = (
            "text",
            "product",
            "acceptance_criterion",
            "deadline_raw",
            "authority_basis",
            "money_source",
            "people",
            "facilities",
        )
        return TaskContent(
            **{name: read.get(name, "").strip() for name in words},
            lead=read.get("lead"),
            money_vnd_million=read.get("money_vnd_million"),
        )
