"""What a reader chose to see of who answers for what; nonsense in the address means the standard choice."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import Choice, Day, Text
from thucthi.directory.models import Level
from thucthi.kernel.periods import Frequency, Span, span_containing, span_of

FEWEST_PERIODS = ((1, "1"), (2, "2"), (3, "3"), (4, "4"), (8, "8"), (12, "12"))
STANDARD_PERIODS = 2
QUARTERS_SHOWN = 8
LEVELS = [("", gettext_lazy("Mọi cấp")), *((value, label) for value, label in Level.choices if value != Level.DISTRICT)]


class SilenceForm(forms.Form):
    """How long a silence, at which level, under which document."""

    it_nhat = forms.TypedChoiceField(
        label=gettext_lazy("Số kỳ liên tiếp, ít nhất"), choices=FEWEST_PERIODS, coerce=int, required=False
    )
    cap = forms.ChoiceField(label=gettext_lazy("Cấp"), choices=LEVELS, required=False)
    van_ban = forms.ChoiceField(label=gettext_lazy("Văn bản"), required=False)

    def __init__(self, *args: Any, documents: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["van_ban"].choices = [("", gettext_lazy("Mọi văn bản")), *documents]  # type: ignore[attr-defined]

    def chosen(self, name: str, standard: Any) -> Any:
        """What was chosen, else `standard`."""
        self.is_valid()
        return self.cleaned_data.get(name) or standard


INSIDE, PUBLIC = "noi-bo", "cong-khai"


class ReplyForm(forms.Form):
    """What the head of a body says to what is shown of it, and to whom."""

    text = Text(label=gettext_lazy("Nội dung giải trình"), widget=forms.Textarea(attrs={"maxlength": 5000}))
    cho_ai = Choice(
        label=gettext_lazy("Ai được đọc"),
        choices=(
            (INSIDE, gettext_lazy("Chỉ những người xem được phiếu theo dõi này")),
            (
                PUBLIC,
                gettext_lazy(
                    "Cả công chúng: từ kỳ công bố tới, hiện nguyên văn cạnh con số của cơ quan, kèm chức danh người "
                    "đứng đầu và ngày; đã công bố thì không rút lại được"
                ),
            ),
        ),
        initial=INSIDE,
        required=False,
        widget=forms.RadioSelect,
    )

    @property
    def is_public(self) -> bool:
        return self.cleaned_data.get("cho_ai") == PUBLIC


class DutyForm(forms.Form):
    """Why a duty to issue a programme is lifted."""

    reason = Text(label=gettext_lazy("Lý do, số văn bản quyết định"), widget=forms.Textarea(attrs={"maxlength": 500}))


def quarters_before(today: date) -> list[tuple[str, str]]:
    """The running quarter and those before it, as (key, words)."""
    found, span = [], span_containing(today, Frequency.QUARTERLY)
    for _each in range(QUARTERS_SHOWN):
        found.append((span.key, span.label_vi))
        span = span.previous
    return found


def quarter_asked(key: str, today: date) -> Span:
    """The quarter in the address if it is one of those offered, else the running one."""
    offered = [offered for offered, _ in quarters_before(today)]
    return span_of(key if key in offered else offered[0])


class ObligeForm(forms.Form):
    """Which bodies must issue a programme of their own under a document, by when, on what ground."""

    kind = Choice(label=gettext_lazy("Giao cho mọi cơ quan đang hoạt động thuộc loại"))
    due_on = Day(label=gettext_lazy("Hạn ban hành chương trình"))
    basis = Text(label=gettext_lazy("Căn cứ giao (điều, khoản, văn bản)"))

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
