"""Fields for figures, days with figures, and indicators, as people type them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from rapidfuzz import process

from thucthi.directory.forms import DAY_FORMATS, AsTyped
from thucthi.indicators.calculations.cells import read_cell
from thucthi.indicators.models import Indicator
from thucthi.kernel.vietnamese_text import fold

MOST_SUGGESTIONS = 5


def typed_amount(amount: Decimal | None) -> str:
    """A figure as the field reads it back without doubt: decimal comma, nothing between thousands."""
    return "" if amount is None else f"{amount.normalize():f}".replace(".", ",")


class AmountAsTyped(AsTyped, forms.CharField):
    """A figure with decimal comma or point; its absence is the action's to judge. Cleans to Decimal or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return typed_amount(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        return amount_in(super().clean(value))


def amount_in(text: str) -> Decimal | None:
    """Raises ValidationError with what to do when `text` is no number."""
    read = read_cell(text, unit="%" if text.rstrip().endswith("%") else "")
    if read.fault is not None:
        raise forms.ValidationError(_(read.fault.sentence) % read.fault.values)
    if read.state is not None and read.amount is None:
        raise forms.ValidationError(_("“%(text)s” không phải là số. Đề nghị ghi một số.") % {"text": text})
    return read.amount


class PointsAsTyped(AsTyped, forms.CharField):
    """Days with figures, one a line: 31/12/2027: 45. Cleans to a tuple of (day, amount)."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{day:%d/%m/%Y}: {typed_amount(amount)}" for day, amount in value)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        points, faults = [], []
        for line in lines:
            try:
                points.append(_point(line))
            except forms.ValidationError as error:
                faults.extend(error.messages)
        if faults:
            raise forms.ValidationError(faults)
        return tuple(points)


def _point(line: str) -> tuple[date, Decimal]:
    typed_day, _colon, typed = line.partition(":")
    amount = amount_in(typed.strip())
    day = _day(typed_day.strip())
    if day is None or amount is None:
        text = _("Dòng “%(line)s” chưa rõ. Hãy ghi ngày, dấu hai chấm rồi mức, ví dụ 31/12/2027: 45.")
        raise forms.ValidationError(text % {"line": line[:80]})
    return day, amount


def _day(text: str) -> date | None:
    if text.isdecimal() and len(text) == 4 and int(text):
        return date(int(text), 12, 31)
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    return None


class IndicatorAsTyped(AsTyped, forms.CharField):
    """An indicator by its code or its exact name; near ones are suggested. Cleans to an Indicator or None."""

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Indicator) else value

    def clean(self, value: Any) -> Indicator | None:
        text = super().clean(value).strip()
        return find_indicator(text) if text else None


class IndicatorsAsTyped(AsTyped, forms.CharField):
    """Several indicators, one a line, in their order. Cleans to a list."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(row.code for row in value)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        found, faults = [], []
        for line in lines:
            try:
                found.append(find_indicator(line))
            except forms.ValidationError as error:
                faults.extend(error.messages)
        if faults:
            raise forms.ValidationError(faults)
        return found


def find_indicator(text: str) -> Indicator:
    """Raises ValidationError with the nearest ones when `text` names no indicator, or several."""
    by_code = Indicator.objects.filter(code=text).first()
    named = [by_code] if by_code else list(Indicator.objects.filter(name__iexact=text)[:MOST_SUGGESTIONS])
    if len(named) == 1:
        return named[0]
    names = "; ".join(row.code for row in named) or _nearest(text)
    if not names:
        raise forms.ValidationError(_("Không tìm thấy chỉ tiêu “%(text)s”.") % {"text": text[:80]})
    message = _("“%(text)s” chưa chỉ rõ một chỉ tiêu. Có thể là mã: %(names)s.")
    raise forms.ValidationError(message % {"text": text[:80], "names": names})


def _nearest(text: str) -> str:
    known: Sequence[tuple[str, str]] = list(Indicator.objects.values_list("code", "name"))
    said = [fold(f"{code} {name}") for code, name in known]
    near = process.extract(fold(text), said, limit=MOST_SUGGESTIONS, score_cutoff=60)
    return "; ".join(known[place][0] for _words, _score, place in near)
