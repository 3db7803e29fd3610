"""Periods, values and deviations in the words of the reader's language."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.indicators.calculations.quality import Deviation, OutOfRange
from thucthi.kernel.periods import Span
from thucthi.kernel.values import ValueState, format_en, format_vi


def span_words(span: Span) -> str:
    return span.label_en if get_language() == "en" else span.label_vi


def number_words(amount: Decimal, *, places: int | None = None) -> str:
    return format_en(amount, places=places) if get_language() == "en" else format_vi(amount, places=places)


def value_words(state: ValueState | str | None, amount: Decimal | None, unit: str = "") -> str:
    """A value with its state; what was not reported is never a zero, and a confirmed zero says that it is one."""
    if amount is not None:
        said = f"{number_words(amount)} {unit}".strip()
        if state == ValueState.CONFIRMED_ZERO:
            return _("%(value)s (đã xác nhận là không)") % {"value": said}
        return _("%(value)s (sơ bộ)") % {"value": said} if state == ValueState.PROVISIONAL else said
    if state == ValueState.NOT_APPLICABLE:
        return _("không áp dụng")
    return _("không công khai") if state == ValueState.CONFIDENTIAL else _("chưa báo cáo")


def range_words(outside: OutOfRange) -> str:
    """ "120 ngoài khoảng hợp lý từ 0 đến 100"."""
    told = {
        "value": number_words(outside.amount),
        "low": number_words(outside.low) if outside.low is not None else "",
        "high": number_words(outside.high) if outside.high is not None else "",
    }
    if outside.low is None:
        return _("%(value)s cao hơn mức hợp lý %(high)s") % told
    if outside.high is None:
        return _("%(value)s thấp hơn mức hợp lý %(low)s") % told
    return _("%(value)s ngoài khoảng hợp lý từ %(low)s đến %(high)s") % told


def history_words(deviation: Deviation) -> str:
    """How the step of this value compares with the other steps of its own series, with the figures."""
    return _("mức tăng, giảm so với chính chuỗi này: %(figures)s") % {"figures": _figures(deviation)}


def peers_words(deviation: Deviation, *, by_change: bool) -> str:
    """How the value compares with units of the same kind in the same period, with the figures."""
    told = {"figures": _figures(deviation)}
    if by_change:
        return _("mức tăng, giảm theo %% so với các đơn vị cùng loại: %(figures)s") % told
    return _("mức đạt so với các đơn vị cùng loại: %(figures)s") % told


def _figures(deviation: Deviation) -> str:
    told = {
        "value": number_words(deviation.compared, places=2),
        "middle": number_words(deviation.middle, places=2),
        "spread": number_words(deviation.spread, places=2),
        "n": deviation.count,
    }
    if deviation.score is None:
        return _("%(value)s, trong khi cả %(n)s giá trị còn lại đều là %(middle)s") % told
    told["score"] = number_words(deviation.score, places=1)
    if deviation.by_mean:
        text = _("%(value)s, trung vị %(middle)s, độ lệch tuyệt đối bình quân %(spread)s, n = %(n)s, z = %(score)s")
    else:
        text = _("%(value)s, trung vị %(middle)s, MAD %(spread)s, n = %(n)s, z bền vững = %(score)s")
    return text % told
