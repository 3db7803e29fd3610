"""Forms read what was typed; what is missing or wrong is the action's word, so that all faults come at once."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import OrganisationField
from thucthi.directory.models import Organisation
from thucthi.documents.models import DocumentType, RelationKind, Security
from thucthi.kernel.errors import Fault, Refused

Result = TypeVar("Result")
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]


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
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d"))
        unreadable = gettext_lazy("Đề nghị ghi ngày theo dạng ngày/tháng/năm, ví dụ 24/12/2026.")
        super().__init__(error_messages={"invalid": unreadable}, **options)


class Body(AsTyped, OrganisationField):
    """An organisation; None when nothing was typed. One that has ended is found too: the action names its heirs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(takes_ended=True, **options)


class _Undo(Exception):
    """Takes back what an action did although the form itself was at fault."""


def attempt(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """Run the action on what was typed; its faults join the form's own. None when there was any, and nothing moved."""
    is_readable = form.is_valid()
    try:
        with transaction.atomic():
            result = act()
            if not is_readable or form.errors:
                raise _Undo
            return result
    except Refused as refusal:
        show_faults(form, refusal.faults)
    except _Undo:
        pass
    return None


def show_faults(form: forms.Form, faults: Sequence[Fault]) -> None:
    """Put each fault at its field, or above the form; a field that is already at fault keeps its first word."""
    at_fault = set(form.errors)
    for fault in faults:
        field = fault.field if fault.field in form.fields else NON_FIELD_ERRORS
        if field == NON_FIELD_ERRORS or field not in at_fault:
            form.add_error(None if field == NON_FIELD_ERRORS else field, fault.text)


def offer(form: forms.Form, field: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a field of choices what this viewer may choose from."""
    target = form.fields[field]
    if not isinstance(target, forms.ChoiceField):
        raise TypeError(f"{field} offers no choice")
    target.choices = list(choices)


def slug_of(number: str, symbol: str, year: int) -> str:
    """A short address for a document: 03/NQ-CP of 2025 becomes nqcp03-2025."""
    letters = re.sub(r"[^a-z]", "", symbol.lower().replace("đ", "d"))
    return f"{letters}{number}-{year}"


class DocumentForm(forms.Form):
    register = Choice(label=gettext_lazy("Sổ văn bản của"))
    number = Text(label=gettext_lazy("Số"), max_length=20)
    symbol = Text(
        label=gettext_lazy("Ký hiệu"),
        max_length=40,
        help_text=gettext_lazy("Kể cả dấu nối đứng trước, ví dụ: -NQ/TW hoặc /NQ-CP."),
    )
    type = Choice(label=gettext_lazy("Loại văn bản"), choices=DocumentType.choices)
    issued_on = Day(label=gettext_lazy("Ngày ban hành"))
    issuer = Body(label=gettext_lazy("Cơ quan ban hành"), help_text=gettext_lazy("Tên đầy đủ hoặc mã cơ quan."))
    title = Text(label=gettext_lazy("Trích yếu"), max_length=500)
    slug = Text(
        label=gettext_lazy("Mã trong địa chỉ trang"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Chữ không dấu, số, gạch ngang. Để trống thì hệ thống tự đặt."),
    )
    words = Text(
        label=gettext_lazy("Nội dung"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng một điều khoản: vị trí, dấu hai chấm, nội dung. Ví dụ: II.1: Đến năm 2030…"),
    )
    text_is_summary = forms.BooleanField(label=gettext_lazy("Đây là bản tóm lược, không phải toàn văn"), required=False)
    source = Text(label=gettext_lazy("Nguồn của nội dung"), max_length=500, required=False)
    security = Choice(
        label=gettext_lazy("Độ mật"),
        choices=Security.choices,
        initial=Security.PUBLIC,
        help_text=gettext_lazy("Văn bản không công khai chỉ người làm việc tại cơ quan giữ sổ đọc được."),
    )

    def __init__(self, *arguments: Any, registers: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.registers = {str(row.pk): row for row in registers}
        offer(self, "register", [(key, row.official_name) for key, row in self.registers.items()])

    def clean(self) -> None:
        """What an action cannot be asked without: a day and an issuer."""
        for name, sentence in (
            ("issued_on", _("Đề nghị ghi ngày ban hành.")),
            ("issuer", _("Đề nghị ghi cơ quan ban hành.")),
        ):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, sentence)


class RelationForm(forms.Form):
    kind = Choice(label=gettext_lazy("Văn bản này"), choices=RelationKind.choices)
    target = Text(label=gettext_lazy("Mã văn bản kia"), help_text=gettext_lazy("Ví dụ: nq57"))
