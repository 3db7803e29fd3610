"""The figures of one cell: "≥ 95", "40 - 50", "100%", "≤ 3 Đông Nam Á; ≤ 50 Thế giới", "Giảm 1 - 1,5 điểm%/năm"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from thucthi.intake.reading.shapes import Change, Operator
from thucthi.intake.reading.targets.leads import lead_before, operator_after
from thucthi.intake.reading.targets.matching import searchable
from thucthi.intake.reading.targets.quantities import Quantity, quantities

_IN_BRACKETS = re.compile(r"\(([^()]{1,25})\)\s*$")
_UNIT_LIKE = re.compile(
    r"^(?:%|‰|điểm|usd|tỷ|tỉ|triệu|nghìn|đồng|người|km|ha|tấn|m2|m3|kg|gw|mw|kwh|tuổi|năm|giường|bác sĩ|lần|xã|đơn vị)"
)
_PART = re.compile(r"[;\n]")
_ONLY_FIGURES = re.compile(r"^\W*(?:[^\W\d]+\W+){0,4}$")
_INCREASE = re.compile(r"^(?:thu hút thêm|tăng thêm|tăng)\s|(?:\btăng(?: thêm| trung bình| bình quân)*)\s*$")
_DECREASE = re.compile(r"^(?:giảm|cắt giảm)\s|(?:\bgiảm(?: trung bình| bình quân)*)\s*$")
_GROWTH = re.compile(r"^tốc độ tăng|\btăng trưởng\b.*\bbình quân")
_TO_A_LEVEL = re.compile(r"\b(?:xuống|còn|lên)\b")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Stated:
    operator: Operator
    low: Decimal
    high: Decimal | None
    unit: str | None
    change: Change
    scope: str | None


def stated(cell: str, unit: str | None, indicator: str) -> Iterator[Stated]:
    """Each figure of a cell; nothing for words without one, or for a long text where figures are by the way."""
    if len(cell) > _LONGEST:
        return
    for part in _PART.split(cell):
        small = searchable(part)
        found = quantities(part)
        if not found or _is_year(found[0]) or not _ONLY_FIGURES.match(small[: found[0].start]):
            continue
        yield _stated(part, small, found[0], (unit, indicator))


def unit_in_brackets(text: str) -> str | None:
    """ "GDP bình quân đầu người (USD)" → "USD"; a remark in brackets is no unit."""
    found = _IN_BRACKETS.search(text)
    return found[1].strip() if found and _UNIT_LIKE.match(searchable(found[1].strip())) else None


def _stated(part: str, small: str, quantity: Quantity, named: tuple[str | None, str]) -> Stated:
    lead = lead_before(small, 0, quantity.start)
    sign, after = operator_after(small, quantity.end)
    unit = _unit(quantity, named[0])
    rest = part[quantity.number_end if quantity.kind in ("counted", "bare") else after :].strip(" .,;()")
    operator = Operator.RANGE if quantity.high is not None else sign or lead.operator or Operator.EQUAL
    change = _change(searchable(named[1].strip()), lead.verb if not _TO_A_LEVEL.search(lead.said) else None, unit)
    is_scope = quantity.kind == "counted" and named[0] is not None and rest[:1].isupper()
    return Stated(operator, quantity.low, quantity.high, unit, change, rest if is_scope else None)


def _unit(quantity: Quantity, column: str | None) -> str | None:
    """The column's, unless the cell itself is more exact ("điểm %/năm" under "%")."""
    own = quantity.unit if quantity.kind in ("percent", "measure") or column is None else None
    column = " ".join(column.split()) if column else None
    if own and column and (own.startswith("điểm") or (own.startswith(column) and len(own) > len(column))):
        return own
    return column or own


def _change(indicator: str, verb: str | None, unit: str | None) -> Change:
    if _GROWTH.search(indicator):
        return Change.GROWTH
    if verb == "decrease" or _DECREASE.search(indicator):
        return Change.DECREASE
    if verb == "increase" or _INCREASE.search(indicator):
        return Change.GROWTH if (unit or "").endswith("/năm") else Change.INCREASE
    return Change.LEVEL


def _is_year(quantity: Quantity) -> bool:
    return quantity.kind == "bare" and 1990 <= quantity.low <= 2100 and quantity.high is None and quantity.low % 1 == 0
