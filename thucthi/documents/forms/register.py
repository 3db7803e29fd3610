"""Forms read what was typed; what is missing or wrong is the action's word, so that all faults come at once."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, offer
from thucthi.directory.models import Organisation
from thucthi.documents.models import DocumentType, RelationKind, Security

Result = TypeVar("Result")
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]


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
    issued_on = DayAsTyped(label=gettext_lazy("Ngày ban hành"))
    issuer = BodyAsTyped(label=gettext_lazy("Cơ quan ban hành"), help_text=gettext_lazy("Tên đầy đủ hoặc mã cơ quan."))
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
