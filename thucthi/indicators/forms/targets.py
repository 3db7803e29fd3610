"""A target as a document writes it, and a decision that changes one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, offer
from thucthi.documents.models import Document
from thucthi.indicators.actions.targets import NewTarget
from thucthi.indicators.calculations.lowering import Terms
from thucthi.indicators.forms.amounts import AmountAsTyped, IndicatorAsTyped, PointsAsTyped
from thucthi.indicators.models import Target, TargetPath
from thucthi.indicators.selectors.targets import points_of
from thucthi.kernel.values import Operator

OPERATORS = (
    (Operator.AT_LEAST, gettext_lazy("ít nhất (≥)")),
    (Operator.MORE_THAN, gettext_lazy("trên, hơn (>)")),
    (Operator.AT_MOST, gettext_lazy("nhiều nhất, không quá (≤)")),
    (Operator.LESS_THAN, gettext_lazy("dưới (<)")),
    (Operator.EQUAL, gettext_lazy("đạt đúng (=)")),
    (Operator.RANGE, gettext_lazy("trong khoảng từ … đến …")),
    (Operator.ABOUT, gettext_lazy("khoảng (≈)")),
)
FROM_ABOVE = frozenset({Operator.AT_MOST, Operator.LESS_THAN})


class TermsForm(forms.Form):
    """Operator, bounds, year and path. `low` is the figure that is written, `until` the end of a range."""

    operator = Choice(label=gettext_lazy("Cách ràng buộc"))
    low = AmountAsTyped(label=gettext_lazy("Mức"), help_text=gettext_lazy("Đúng như văn bản ghi, ví dụ 55 hoặc 8,5."))
    until = AmountAsTyped(label=gettext_lazy("Đến mức"), help_text=gettext_lazy("Chỉ khi văn bản ghi một khoảng."))
    year = forms.IntegerField(
        label=gettext_lazy("Năm phải đạt"),
        required=False,
        help_text=gettext_lazy("Để trống nếu năm nào cũng phải đạt."),
        error_messages={"invalid": gettext_lazy("Đề nghị ghi năm bằng bốn chữ số.")},
    )
    baseline = AmountAsTyped(label=gettext_lazy("Mức xuất phát"))
    baseline_on = DayAsTyped(label=gettext_lazy("Mức xuất phát tính đến ngày"), required=False)
    path = Choice(label=gettext_lazy("Lộ trình"), choices=TargetPath.choices)
    path_points = PointsAsTyped(
        label=gettext_lazy("Các mốc của lộ trình"),
        required=False,
        help_text=gettext_lazy("Khi theo bậc hoặc mốc riêng; mỗi dòng ngày (hoặc năm): mức. Ví dụ 2027: 45."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "operator", [(operator.value, word) for operator, word in OPERATORS])

    def terms(self) -> Terms:
        read = self.cleaned_data
        low, high = self._bounds()
        return Terms(
            operator=read.get("operator", ""),
            low=low,
            high=high,
            year=read.get("year"),
            baseline=read.get("baseline"),
            baseline_on=read.get("baseline_on"),
            path=read.get("path", ""),
            path_points=read.get("path_points") or (),
        )

    def _bounds(self) -> tuple[Decimal | None, Decimal | None]:
        read = self.cleaned_data
        written, until = read.get("low"), read.get("until")
        if read.get("operator") not in FROM_ABOVE:
            return written, until
        # Two figures with "at most" make no sense; passed on as they are, the action says so.
        return (None, written) if until is None else (written, until)


class TargetForm(TermsForm):
    """A target of a document: for the country, for one organisation, or a floor for each unit of a kind."""

    field_order = ("code", "indicator", "clause", "organisation", "each_unit")
    code = Text(label=gettext_lazy("Mã"), help_text=gettext_lazy("Chữ không dấu, số và dấu gạch ngang."))
    indicator = IndicatorAsTyped(label=gettext_lazy("Chỉ tiêu"), help_text=gettext_lazy("Mã hoặc tên đầy đủ."))
    clause = Choice(label=gettext_lazy("Điều khoản nêu chỉ tiêu"), required=False)
    organisation = BodyAsTyped(
        label=gettext_lazy("Giao cho"),
        required=False,
        help_text=gettext_lazy("Để trống nếu là chỉ tiêu của cả nước."),
    )
    each_unit = Choice(
        label=gettext_lazy("Mức sàn cho từng đơn vị thuộc loại"),
        required=False,
        help_text=gettext_lazy("Ví dụ “không tỉnh nào dưới 60 %”."),
    )
    note = Text(label=gettext_lazy("Ghi chú"), required=False, max_length=500)
    source = Text(label=gettext_lazy("Nguồn, nếu văn bản không có điều khoản"), required=False, max_length=500)

    def __init__(self, *args: Any, document: Document, units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.document = document
        self.clauses = {clause.path: clause for clause in document.clauses.order_by("start")}
        offer(self, "clause", [("", _("Chưa chỉ ra điều khoản")), *((path, path) for path in self.clauses)])
        offer(self, "each_unit", [("", _("Không phải mức sàn cho từng đơn vị")), *units])

    def target(self) -> NewTarget | None:
        """The target as typed; None while it is not known of which indicator."""
        read, terms = self.cleaned_data, self.terms()
        if read.get("indicator") is None:
            return None
        return NewTarget(
            code=read.get("code", ""),
            indicator=read["indicator"],
            document=self.document,
            operator=terms.operator,
            period=str(terms.year) if terms.year else "yearly",
            low=terms.low,
            high=terms.high,
            baseline=terms.baseline,
            year=terms.year,
            clause=self.clauses.get(read.get("clause", "")),
            note=read.get("note", ""),
            source=read.get("source", ""),
            organisation=read.get("organisation"),
            each_unit=read.get("each_unit", ""),
            baseline_on=terms.baseline_on,
            path=terms.path,
            path_points=terms.path_points,
        )


class ChangeForm(TermsForm):
    """Other terms by a decision. `seen` is the newest change that was on the page."""

    field_order = ("decision", "decided_on", "reason")
    decision = Text(label=gettext_lazy("Văn bản quyết định"), help_text=gettext_lazy("Số, ký hiệu của văn bản."))
    decided_on = DayAsTyped(label=gettext_lazy("Ngày quyết định"))
    reason = Text(label=gettext_lazy("Lý do"), widget=forms.Textarea)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


def terms_filled_in(target: Target) -> dict[str, Any]:
    """What the form shows of the terms in force."""
    from_above = target.operator in FROM_ABOVE
    return {
        "operator": target.operator,
        "low": target.high if from_above else target.low,
        "until": None if from_above else target.high,
        "year": target.year,
        "baseline": target.baseline,
        "baseline_on": target.baseline_on,
        "path": target.path,
        "path_points": points_of(target.path_points),
    }
