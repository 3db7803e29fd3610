"""Forms about money of tasks, the start of projects, and the texts a task is to bring into force."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import DayAsTyped, Text
from thucthi.documents.models import Instrument
from thucthi.documents.selectors.instruments import visible_instruments
from thucthi.kernel.errors import Fault, Refused
from thucthi.programmes.actions import Decided, NewFunding


class FundingForm(forms.Form):
    amount = forms.DecimalField(label=gettext_lazy("Số tiền (triệu đồng)"), required=False, localize=True)
    dated_on = DayAsTyped(label=gettext_lazy("Ngày quyết định, chứng từ"), required=False)
    reference = Text(label=gettext_lazy("Số, ký hiệu quyết định, chứng từ"), required=False, max_length=300)

    def funding(self) -> NewFunding:
        read = self.cleaned_data
        return NewFunding(read.get("amount"), read.get("dated_on"), read.get("reference", ""))


class StartForm(forms.Form):
    started_on = DayAsTyped(label=gettext_lazy("Ngày khởi công, khởi động"), required=False)
    decision = Text(label=gettext_lazy("Quyết định hoặc biên bản"), required=False, max_length=300)


class TaskInstrumentForm(forms.Form):
    """Which text; for an issued task the paper that decided it, too."""

    instrument = Text(
        label=gettext_lazy("Mã văn bản phải ban hành"), required=False, help_text=gettext_lazy("Ví dụ: nq57-vb-01")
    )
    decision = Text(
        label=gettext_lazy("Văn bản quyết định"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Cần khi nhiệm vụ đã giao."),
    )
    reason = Text(label=gettext_lazy("Lý do"), required=False, widget=forms.Textarea)

    def chosen(self, viewer: Any) -> Instrument:
        """Raises Refused when no such text is known to the viewer."""
        typed = self.cleaned_data.get("instrument", "").strip()
        found = visible_instruments(viewer).select_related("document").filter(code=typed).first()
        if found is None:
            raise Refused([Fault("instrument", _("Không tìm thấy văn bản mang mã này. Đề nghị kiểm tra lại."))])
        return found

    def decided(self) -> Decided:
        return Decided(self.cleaned_data.get("decision", "").strip(), self.cleaned_data.get("reason", "").strip())
