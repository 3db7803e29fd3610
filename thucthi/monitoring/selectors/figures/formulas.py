"""How a figure was computed, in words with the real numbers, in the language of the reader."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.kernel.values import format_en, format_vi
from thucthi.monitoring.calculations.figures.shapes import Figure, Member, Operator, Origin, Rule, Why

MOST_TERMS = 12
FIRST_TERMS = 3


def formula_of(rule: Rule, figure: Figure, members: Sequence[Member]) -> str:
    """One line: the operation written out, and what it gives. Long ones are shortened in the middle."""
    if figure.is_suppressed:
        return _("Số này được ẩn để không suy ra được số mật.")
    if rule.origin is Origin.OWN:
        return _("Số do đơn vị công bố: %(amount)s.") % {"amount": _written(figure.amount)}
    if rule.origin is Origin.SOURCE:
        return _of_source(rule, figure)
    counted = [member for member in members if member.is_counted and member.figure.amount is not None]
    if figure.amount is None:
        return _("Chưa có số nào để tính.")
    if any(member.why is Why.SUPPRESSED for member in members):
        return _("Trong các phần có số được ẩn; kết quả: %(amount)s.") % {"amount": _written(figure.amount)}
    return f"{_operation(rule, counted)} = {_written(figure.amount)}"


def _of_source(rule: Rule, figure: Figure) -> str:
    said = {"amount": _written(figure.amount), "below": _written(figure.contributed)}
    if figure.contributed is None:
        return _("Số do nguồn công bố: %(amount)s.") % said
    if figure.amount is None:
        return _("Nguồn chưa công bố; tổng hợp từ cấp dưới để đối chiếu: %(below)s.") % said
    said["difference"] = _written(figure.amount - figure.contributed)
    return (
        _("Số do nguồn công bố: %(amount)s; tổng hợp từ cấp dưới để đối chiếu: %(below)s, chênh %(difference)s.") % said
    )


def _operation(rule: Rule, counted: Sequence[Member]) -> str:
    amounts = [member.figure.amount for member in counted]
    match rule.operator:
        case Operator.WEIGHTED_MEAN if rule.is_weighted:
            weights = [member.weight for member in counted]
            products = [f"{_term(a)} × {_term(w)}" for a, w in zip(amounts, weights, strict=True)]
            return f"({_chain(products)}) : ({_chain([_written(weight) for weight in weights])})"
        case Operator.WEIGHTED_MEAN:
            return f"({_chain([_term(amount) for amount in amounts])}) : {len(amounts)}"
        case Operator.RATIO_OF_SUMS:
            above = _chain([_term(member.figure.numerator) for member in counted])
            under = _chain([_term(member.figure.denominator) for member in counted])
            scale = "" if rule.scale == 1 else f" × {_written(rule.scale)}"
            return f"({above}) : ({under}){scale}"
        case _:
            return _in_words(rule, [_term(amount) for amount in amounts])


def _in_words(rule: Rule, written: list[str]) -> str:
    listed = {"list": _chain(written, "; ")}
    match rule.operator:
        case Operator.MIN:
            return _("nhỏ nhất trong (%(list)s)") % listed
        case Operator.MAX:
            return _("lớn nhất trong (%(list)s)") % listed
        case Operator.LATEST:
            return _("số đến sau cùng trong (%(list)s)") % listed
        case Operator.COUNT_MEETING_FLOOR:
            bound = f"{'≤' if rule.falls else '≥'} {_written(rule.floor)}"
            return _("số đơn vị đạt %(bound)s trong %(count)d đơn vị có số") % {"bound": bound, "count": len(written)}
        case _:
            return _chain(written)


def _chain(terms: Sequence[str], sign: str = " + ") -> str:
    if len(terms) <= MOST_TERMS:
        return sign.join(terms)
    shortened = sign.join([*terms[:FIRST_TERMS], "…", terms[-1]])
    return _("%(terms)s [%(count)d số]") % {"terms": shortened, "count": len(terms)}


def _term(amount: Decimal | None) -> str:
    """A negative number among others stands in brackets."""
    return f"({_written(amount)})" if amount is not None and amount < 0 else _written(amount)


def _written(amount: Decimal | None) -> str:
    if amount is None:
        return _("chưa có")
    return format_en(amount) if get_language() == "en" else format_vi(amount)
