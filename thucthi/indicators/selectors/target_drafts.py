"""Targets as somebody wants them, before they are taken: their shape and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.directory.models import Organisation
from thucthi.documents.models import Clause, Document
from thucthi.indicators.calculations.lowering import Terms
from thucthi.indicators.models import Indicator, TargetPath
from thucthi.kernel.errors import Fault
from thucthi.kernel.values import Bound, Operator
from thucthi.programmes.models import Goal

# As wide as the columns of amounts.
LARGEST, MOST_DECIMALS = Decimal(10) ** 14, 6


@dataclass(frozen=True)
class NewTarget:
    """Operator and bounds exactly as the document writes them (kernel.values.Bound says which bounds go with which).

    `path_points`: (day, amount) in the order of days, for stepped and custom paths only.
    """

    code: str
    indicator: Indicator
    document: Document
    operator: str
    period: str
    low: Decimal | None = None
    high: Decimal | None = None
    baseline: Decimal | None = None
    year: int | None = None
    goal: Goal | None = None
    clause: Clause | None = None
    note: str = ""
    source: str = ""
    organisation: Organisation | None = None
    each_unit: str = ""
    baseline_on: date | None = None
    path: str = TargetPath.STRAIGHT
    path_points: Sequence[tuple[date, Decimal]] = ()


def faults_of_target(spec: NewTarget) -> list[Fault]:
    """What is wrong with one target, each fault named by its code."""
    return [Fault(spec.code, fault.text) for fault in faults_by_field(spec)]


def faults_by_field(spec: NewTarget) -> list[Fault]:
    """What is wrong with one target, each fault named by its field."""
    checks = [
        (
            "clause",
            spec.clause is None or spec.clause.document_id == spec.document.pk,
            _("Điều khoản phải thuộc chính văn bản đề ra chỉ tiêu."),
        ),
        (
            "goal",
            spec.goal is None or spec.goal.frame.document_id == spec.document.pk,
            _("Mục tiêu phải thuộc khung của chính văn bản đề ra chỉ tiêu."),
        ),
        (
            "each_unit",
            not spec.each_unit or spec.organisation is None,
            _("Mức sàn cho từng đơn vị thì không ghi cho riêng một đơn vị."),
        ),
    ]
    faults = [Fault(name, text) for name, holds, text in checks if not holds]
    return [*faults_of_terms(spec, levels=len(spec.indicator.rubric)), *faults]


def faults_of_terms(terms: NewTarget | Terms, *, levels: int = 0) -> list[Fault]:
    """What is wrong with operator, bounds, year and path. `levels`: how many the rubric of the indicator has."""
    points = terms.path_points
    days = [day for day, _amount in points]
    ends_on = date(terms.year, 12, 31) if terms.year and MINYEAR <= terms.year <= MAXYEAR else date.max
    begins = terms.baseline_on or date.min
    amounts = [amount for amount in (terms.low, terms.high, terms.baseline) if amount is not None]
    amounts += [amount for _day, amount in points]
    bounds = [bound for bound in (terms.low, terms.high) if bound is not None]
    checks = [
        ("operator", bounds_fit(terms), _("Dấu so sánh và các mức của chỉ tiêu không khớp nhau.")),
        ("low", all(map(_can_be_kept, amounts)), _("Số quá lớn hoặc quá nhiều chữ số thập phân (nhiều nhất 6).")),
        (
            "low",
            not levels or all(bound in range(1, levels + 1) for bound in bounds),
            _("Chỉ tiêu định tính: mức phải là số thứ tự của một mức trong thang."),
        ),
        ("year", terms.year is None or 1945 <= terms.year <= 2200, _("Đề nghị ghi năm từ 1945 đến 2200.")),
        ("baseline_on", begins < ends_on, _("Ngày của mức xuất phát phải trước ngày cuối của năm phải đạt.")),
        *_checks_of_path(terms, days),
        (
            "path_points",
            all(begins < day <= ends_on for day in days),
            _("Các mốc phải sau ngày xuất phát và không sau năm phải đạt."),
        ),
    ]
    return [Fault(name, text) for name, holds, text in checks if not holds]


def _checks_of_path(terms: NewTarget | Terms, days: Sequence[date]) -> list[tuple[str, bool, str]]:
    stepped = terms.path in {TargetPath.STEPPED, TargetPath.CUSTOM}
    ends = [end for end in (terms.baseline, terms.low, terms.high) if end is not None]
    return [
        ("path", terms.path in TargetPath.values, _("Đề nghị chọn lộ trình trong danh sách.")),
        (
            "path_points",
            stepped == bool(days),
            _("Lộ trình theo bậc hoặc mốc riêng cần các mốc; lộ trình khác không có mốc."),
        ),
        (
            "path_points",
            list(days) == sorted(set(days)),
            _("Các mốc của lộ trình phải theo thứ tự ngày, mỗi ngày một mốc."),
        ),
        (
            "path",
            terms.path != TargetPath.GROWTH or all(end > 0 for end in ends),
            _("Lộ trình theo tốc độ tăng đều cần mức xuất phát và mức đích lớn hơn 0."),
        ),
    ]


def bounds_fit(terms: NewTarget | Terms) -> bool:
    """Whether the operator has the bounds that it needs, and no others."""
    try:
        Bound(Operator(terms.operator), terms.low, terms.high)
    except ValueError:
        return False
    return True


def _can_be_kept(amount: Decimal) -> bool:
    return amount.is_finite() and abs(amount) < LARGEST and amount == round(amount, MOST_DECIMALS)
