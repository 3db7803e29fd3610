"""Forms of entering values: one value, and what a grid or a workbook is asked for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.forms import Choice, OrganisationField, Text
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.calculations.codes import COUNTRY_WORDS
from thucthi.indicators.calculations.reading import RawRow
from thucthi.indicators.models import Indicator, ObservationKind
from thucthi.indicators.selectors.entry import COUNTRY, indicator_named
from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import ValueState
from thucthi.kernel.vietnamese_text import fold

EARLIEST_YEAR = 1990
STATES = [
    ("", gettext_lazy("Theo giá trị đã ghi")),
    (ValueState.PROVISIONAL, gettext_lazy("Sơ bộ, còn có thể thay đổi")),
    (ValueState.CONFIRMED_ZERO, gettext_lazy("Số không đã xác nhận")),
    (ValueState.NOT_REPORTED, gettext_lazy("Chưa có số liệu")),
    (ValueState.NOT_APPLICABLE, gettext_lazy("Không áp dụng")),
    (ValueState.CONFIDENTIAL, gettext_lazy("Mật, không công bố")),
]
FREQUENCIES = [
    (Frequency.MONTHLY, gettext_lazy("Hằng tháng")),
    (Frequency.QUARTERLY, gettext_lazy("Hằng quý")),
    (Frequency.HALF_YEARLY, gettext_lazy("6 tháng")),
    (Frequency.YEARLY, gettext_lazy("Hằng năm")),
    (Frequency.WEEKLY, gettext_lazy("Hằng tuần")),
]
COUNTRY_HINT = gettext_lazy("Tên hoặc mã; gõ không dấu cũng được. Số của cả nước: ghi “cả nước”.")


class ValueForm(forms.Form):
    """One value, as a row that is read like every other: what is wrong is told by the reader of rows."""

    indicator = Text(label=gettext_lazy("Mã chỉ tiêu"), max_length=300)
    organisation = Text(label=gettext_lazy("Mã đơn vị"), max_length=300, help_text=COUNTRY_HINT)
    period = Text(
        label=gettext_lazy("Kỳ số liệu"),
        max_length=40,
        help_text=gettext_lazy("Ví dụ: 11/2026, Quý IV/2026, 6 tháng đầu năm 2026, 2026."),
    )
    value = Text(
        label=gettext_lazy("Giá trị"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "Một số (1.234,5), hoặc “chưa có”, “không áp dụng”, “mật”. Số 0 được hiểu là số không đã xác nhận."
        ),
    )
    state = Choice(label=gettext_lazy("Trạng thái"), required=False, choices=STATES)
    numerator = Text(label=gettext_lazy("Tử số"), required=False, max_length=40)
    denominator = Text(
        label=gettext_lazy("Mẫu số"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Với tỷ lệ: ghi tử số và mẫu số thì không cần ghi giá trị."),
    )
    kind = Choice(label=gettext_lazy("Loại số liệu"), required=False, choices=ObservationKind.choices)
    breakdown = Text(
        label=gettext_lazy("Phân tổ"), required=False, max_length=150, help_text=gettext_lazy("Để trống: số chung.")
    )
    source = Text(label=gettext_lazy("Nguồn số liệu"), required=False, max_length=300)
    remark = Text(
        label=gettext_lazy("Ghi chú, lý do"),
        required=False,
        max_length=500,
        widget=forms.Textarea,
        help_text=gettext_lazy("Cần ghi khi đính chính số đã có, hoặc khi số ngoài mức thường gặp."),
    )
    # Which row stood when the page was made, and whether an unusual value was asked about already.
    stood = Text(required=False, widget=forms.HiddenInput)
    asked = Text(required=False, widget=forms.HiddenInput)

    def row(self) -> RawRow:
        """What was typed, as one row; a body may be named by its name as well."""
        given: Mapping[str, Any] = self.cleaned_data
        names = (
            "indicator", "organisation", "period", "value", "kind", "breakdown", "numerator", "denominator", "source",
            "remark", "state",
        )  # fmt: skip
        return RawRow(1, **{name: given.get(name, "") for name in names})


class BodyOrCountry(OrganisationField):
    """A body the viewer may write for, or the whole country; cleans to an Organisation, COUNTRY or None."""

    viewer: Viewer | None = None

    def clean(self, value: Any) -> Any:
        if isinstance(value, str) and fold(value) in COUNTRY_WORDS:
            self._require(None, _("cả nước"))
            return COUNTRY
        found = super().clean(value)
        if isinstance(found, Organisation):
            self._require(found, found.official_name)
        return found

    def _require(self, body: Organisation | None, name: str) -> None:
        if self.viewer is None or not access.can_observe_for(self.viewer, body.path if body else None):
            raise forms.ValidationError(
                _("Ông/bà không ghi được số liệu của %(name)s. Hãy chọn đơn vị của mình.") % {"name": name}
            )


class AskForm(forms.Form):
    """Which rows: one indicator of all bodies one may write for, or one body with all its indicators."""

    indicator = forms.CharField(
        label=gettext_lazy("Chỉ tiêu"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Mã hoặc tên. Mỗi đơn vị một dòng."),
    )
    organisation = BodyOrCountry(
        label=gettext_lazy("Đơn vị"),
        required=False,
        help_text=gettext_lazy("Hoặc chọn một đơn vị: mỗi chỉ tiêu một dòng. Số của cả nước: ghi “cả nước”."),
    )
    year = forms.IntegerField(
        label=gettext_lazy("Năm"),
        required=False,
        error_messages={"invalid": gettext_lazy("Hãy ghi năm bằng bốn chữ số, ví dụ 2026.")},
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("Chu kỳ"),
        required=False,
        choices=FREQUENCIES,
        help_text=gettext_lazy("Dùng khi chọn một đơn vị."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].viewer = viewer  # type: ignore[attr-defined]

    def clean_indicator(self) -> Indicator | None:
        text = self.cleaned_data["indicator"].strip()
        found = indicator_named(text) if text else None
        if text and found is None:
            raise forms.ValidationError(
                _("Không có chỉ tiêu “%(text)s”. Hãy ghi mã hoặc tên đúng như trong danh mục.") % {"text": text}
            )
        return found

    def clean_year(self) -> int:
        this_year = timezone.localdate().year
        year = self.cleaned_data["year"] or this_year
        if not EARLIEST_YEAR <= year <= this_year:
            raise forms.ValidationError(
                _("Hãy chọn năm từ %(first)s đến %(last)s.") % {"first": EARLIEST_YEAR, "last": this_year}
            )
        return int(year)

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data.get("indicator") and not self.cleaned_data.get("organisation"):
            self.add_error("indicator", _("Hãy chọn một chỉ tiêu hoặc một đơn vị."))

    @property
    def body(self) -> Organisation | None:
        """The body asked for; None for the country, and when an indicator is asked for alone."""
        given = self.cleaned_data.get("organisation")
        return given if isinstance(given, Organisation) else None

    def asked(self) -> dict[str, Any]:
        """Which rows are wanted, in the shape of selectors.rows_to_fill.asked_rows."""
        given = self.cleaned_data
        return {
            "indicator": given.get("indicator"),
            "body": self.body,
            "year": given["year"],
            "frequency": Frequency(given.get("frequency") or Frequency.MONTHLY),
        }
