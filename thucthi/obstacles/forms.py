"""Forms read what was typed; what is missing or wrong is the action's word, so that all faults come at once."""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.models import Organisation
from thucthi.directory.selectors import search_organisations
from thucthi.kernel.errors import Refused
from thucthi.obstacles.calculations import State
from thucthi.obstacles.models import Cause, StepKind
from thucthi.obstacles.selectors import STATE_WORDS

Result = TypeVar("Result")
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
CODE_AT_THE_END = re.compile(r"\(([a-z0-9-]+)\)\s*$")
MOST_SUGGESTIONS = 5
CAUSES = [("", gettext_lazy("Chọn nguyên nhân")), *Cause.choices]


class AsTyped:
    """A field that the form itself never refuses for being empty or out of the list."""

    def validate(self, value: Any) -> None:
        return


class Text(AsTyped, forms.CharField):
    pass


class Choice(AsTyped, forms.ChoiceField):
    pass


class Day(AsTyped, forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", DAY_FORMATS)
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        unreadable = gettext_lazy("Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 24/12/2026.")
        super().__init__(error_messages={"invalid": unreadable}, **options)


class OrganisationField(AsTyped, forms.CharField):
    """A body by code, name, or "name (code)"; one that no longer exists is found too: the action names its heirs."""

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value).strip()
        if not text:
            return None
        exact = list(_exactly(text)[: MOST_SUGGESTIONS + 1])
        if len(exact) == 1:
            return exact[0]
        candidates = exact or list(search_organisations(text, MOST_SUGGESTIONS))
        if not candidates:
            raise forms.ValidationError(
                _("Không tìm thấy cơ quan “%(text)s”. Hãy ghi tên chính thức.") % {"text": text}
            )
        names = "; ".join(f"{each.official_name} ({each.code})" for each in candidates[:MOST_SUGGESTIONS])
        raise forms.ValidationError(
            _("“%(text)s” chưa chỉ rõ một cơ quan. Hãy chép lại một trong các tên sau: %(names)s.")
            % {"text": text, "names": names}
        )


def offer(form: forms.Form, field: str, choices: Iterable[tuple[str, object]]) -> None:
    """Give a choice field what it offers this time."""
    cast(forms.ChoiceField, form.fields[field]).choices = list(choices)


def _exactly(text: str) -> QuerySet[Organisation]:
    coded = CODE_AT_THE_END.search(text)
    by_code = Organisation.objects.filter(code=coded.group(1) if coded else text)
    return by_code if by_code.exists() else Organisation.objects.filter(official_name__iexact=text).order_by("sort_key")


def attempt(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """Run `act` and put its faults beside the form's own; None, with nothing written, when there are any."""
    form.full_clean()
    try:
        with transaction.atomic():
            result = act()
            if form.errors:
                # What could not be read was passed on as missing: the action may have had no objection.
                raise Refused([])
            return result
    except Refused as refused:
        said = set(form.errors)
        for fault in refused.faults:
            if fault.field not in said:
                form.add_error(fault.field if fault.field in form.fields else None, fault.text)
        return None


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
    asked_of = OrganisationField(
        label=gettext_lazy("Cơ quan có thể gỡ"), help_text=gettext_lazy("Tên chính thức, ví dụ: Bộ Tài chính.")
    )
    asked_what = Text(label=gettext_lazy("Đề nghị làm gì"), widget=forms.Textarea)
    due_on = Day(label=gettext_lazy("Cần gỡ trước hoặc trong ngày"))

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
