"""Values are marked to be looked at again, and rules between indicators are set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators import access
from thucthi.indicators.models import ConsistencyRule, FollowUp, Indicator, Observation
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record

OPERATORS = ("=", "<=", ">=")


@dataclass(frozen=True)
class NewConsistencyRule:
    """sum(left) operator sum(right) within `tolerance`; a side is a sequence of (code of an indicator, factor)."""

    code: str
    name: str
    left: Sequence[tuple[str, Decimal]]
    operator: str
    right: Sequence[tuple[str, Decimal]] = ()
    tolerance: Decimal = Decimal(0)
    is_active: bool = True


@transaction.atomic
def open_follow_up(observation: Observation, *, by: Viewer, reason: str, on: date) -> FollowUp:
    """Mark a value to be looked at again. Raises Forbidden, Refused, Stale when it is marked already."""
    require(access.may_follow_up(by), _("Chỉ người kiểm tra số liệu được đánh dấu giá trị cần xem lại."))
    if not reason.strip():
        refuse_if([Fault("reason", _("Đề nghị ghi rõ cần xem lại điều gì."))])
    try:
        with transaction.atomic():
            mark = FollowUp.objects.create(
                observation=observation, reason=reason.strip(), opened_by_id=by.account_id, opened_on=on
            )
    except IntegrityError as marked_already:
        text = _("Giá trị này đang được đánh dấu cần xem lại. Đề nghị xem dấu đang mở.")
        raise Stale(text, submitted=reason) from marked_already
    record("follow_up.opened", by=by, subject=mark, observation=observation.pk, reason=mark.reason, opened_on=on)
    return mark


@transaction.atomic
def close_follow_up(mark: FollowUp, *, by: Viewer, outcome: str, on: date) -> FollowUp:
    """Say what came of looking again. Raises Forbidden, Refused, Stale when somebody has closed it meanwhile."""
    require(access.may_follow_up(by), _("Chỉ người kiểm tra số liệu được đóng dấu cần xem lại."))
    row = FollowUp.objects.select_for_update().get(pk=mark.pk)
    if row.closed_on:
        text = _("Dấu này đã được đóng ngày %(day)s: “%(outcome)s”. Nội dung vừa ghi chưa được lưu.")
        told = {"day": f"{row.closed_on:%d/%m/%Y}", "outcome": row.outcome}
        raise Stale(text % told, current=row, submitted=outcome)
    refuse_if(_faults_of_closing(row, outcome, on))
    row.closed_by_id, row.closed_on, row.outcome = by.account_id, on, outcome.strip()
    row.save(update_fields=["closed_by", "closed_on", "outcome"])
    record("follow_up.closed", by=by, subject=row, observation=row.observation_id, outcome=row.outcome, closed_on=on)
    return row


@transaction.atomic
def set_consistency_rule(*, by: Viewer, spec: NewConsistencyRule) -> ConsistencyRule:
    """Set what must hold between indicators, or change the rule of that code. Raises Forbidden, Refused."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được đặt quan hệ giữa các chỉ tiêu."))
    refuse_if(_faults_of_rule(spec))
    content = {
        "name": spec.name.strip(),
        "left": _plain_terms(spec.left),
        "operator": spec.operator,
        "right": _plain_terms(spec.right),
        "tolerance": spec.tolerance,
        "is_active": spec.is_active,
    }
    rule, _made = ConsistencyRule.objects.update_or_create(code=spec.code, defaults=content)
    record("consistency_rule.set", by=by, subject=rule, code=rule.code, **content)
    return rule


def _plain_terms(terms: Sequence[tuple[str, Decimal]]) -> list[list[str]]:
    return [[code, f"{factor:f}"] for code, factor in terms]


def _faults_of_closing(mark: FollowUp, outcome: str, on: date) -> list[Fault]:
    faults = []
    if not outcome.strip():
        faults.append(Fault("outcome", _("Đề nghị ghi kết quả xem lại.")))
    if on < mark.opened_on:
        faults.append(Fault("", _("Ngày đóng không thể trước ngày đánh dấu.")))
    return faults


def _faults_of_rule(spec: NewConsistencyRule) -> list[Fault]:
    terms = [*spec.left, *spec.right]
    known = {row.code: row for row in Indicator.objects.filter(code__in=[code for code, _factor in terms])}
    strange = sorted({code for code, _factor in terms} - set(known))
    checks = [
        (bool(spec.code), "code", _("Đề nghị ghi mã của quan hệ.")),
        (bool(spec.name.strip()), "name", _("Đề nghị ghi tên của quan hệ, thành một câu dễ hiểu.")),
        (bool(spec.left), "left", _("Vế trái cần ít nhất một chỉ tiêu.")),
        (spec.operator in OPERATORS, "operator", _("Đề nghị chọn dấu so sánh trong danh sách.")),
        (spec.tolerance.is_finite() and spec.tolerance >= 0, "tolerance", _("Độ lệch cho phép là số không âm.")),
        (all(f.is_finite() and f for _code, f in terms), "left", _("Hệ số là một số khác không.")),
        (not strange, "left", _("Không có chỉ tiêu mang mã: %(codes)s.") % {"codes": ", ".join(strange)}),
        (
            len({row.frequency for row in known.values()}) <= 1,
            "left",
            _("Các chỉ tiêu trong một quan hệ phải cùng tần suất."),
        ),
        (len({row.unit for row in known.values()}) <= 1, "left", _("Các chỉ tiêu trong một quan hệ phải cùng đơn vị.")),
    ]
    return [Fault(field, text) for holds, field, text in checks if not holds]
