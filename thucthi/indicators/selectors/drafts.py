"""Sheets and rules as somebody wants them, before they are taken: their shapes and what is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.sheet import unknown_fields
from thucthi.indicators.models import Indicator, IndicatorKind, RollupOperator, RollupOrigin
from thucthi.kernel.errors import Fault
from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import Direction

# What may not be added up: the sum of percentages, ranks or levels says nothing.
NEVER_SUMMED = frozenset({IndicatorKind.RATIO, IndicatorKind.INDEX, IndicatorKind.RANK, IndicatorKind.QUALITATIVE})
NEVER_AVERAGED = frozenset({IndicatorKind.RANK, IndicatorKind.QUALITATIVE})
MOST_DAYS = 3660
# Words of addresses that stand where the code of an indicator stands.
RESERVED = frozenset({"them"})
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class NewIndicator:
    """`direction`: rise, fall or hold. The other fields as in models.Indicator."""

    code: str
    name: str
    direction: str
    unit: str = ""
    name_en: str = ""
    unit_en: str = ""
    definition: str = ""
    source: str = ""
    owner: Organisation | None = None
    frequency: str = "quarterly"
    kind: str = IndicatorKind.STOCK
    scale: Decimal = Decimal(1)
    method: str = ""
    limits: str = ""
    source_owner: Organisation | None = None
    contact: str = ""
    delay_days: int = 30
    low_limit: Decimal | None = None
    high_limit: Decimal | None = None
    rubric: Sequence[str] = ()
    tree_from: date | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewRule:
    """How the figure of one kind of unit is made (models.RollupRule)."""

    indicator: Indicator
    unit: str
    origin: str
    operator: str = RollupOperator.NONE
    kind: str = ""
    weight: Indicator | None = None
    floor: Decimal | None = None


def plain_sheet(row: Indicator) -> dict[str, object]:
    """The whole sheet as plain values, organisations by code."""
    left_out = {"id", "version", "owner", "source_owner"}
    plain: dict[str, object] = {
        field.name: _plain(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if field.name not in left_out
    }
    plain["owner"] = row.owner.code if row.owner else ""
    plain["source_owner"] = row.source_owner.code if row.source_owner else ""
    return plain


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return value


def repeated(codes: Sequence[str], taken: set[str]) -> list[Fault]:
    """Codes that exist already, or that stand twice in what is asked for."""
    faults = [Fault(code, _("Mã %(code)s đã dùng. Đề nghị chọn mã khác.") % {"code": code}) for code in sorted(taken)]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    return faults + [Fault(code, _("Mã %(code)s ghi hai lần.") % {"code": code}) for code in twice]


def faults_of_sheet(spec: NewIndicator) -> list[Fault]:
    """What is wrong with one sheet, each fault named by its code."""
    return [Fault(spec.code, fault.text) for fault in faults_by_field(spec)]


def faults_by_field(spec: NewIndicator) -> list[Fault]:
    """What is wrong with one sheet, each fault named by its field."""
    checks = [
        (
            "code",
            bool(_CODE.fullmatch(spec.code)) and spec.code not in RESERVED,
            _("Đề nghị đặt mã bằng chữ không dấu, số và dấu gạch ngang."),
        ),
        ("name", bool(spec.name.strip()), _("Đề nghị ghi tên chỉ tiêu.")),
        ("direction", spec.direction in set(Direction), _("Đề nghị chọn chiều mong muốn: tăng, giảm hoặc giữ.")),
        ("kind", spec.kind in IndicatorKind.values, _("Đề nghị chọn loại chỉ tiêu trong danh sách.")),
        ("frequency", spec.frequency in set(Frequency), _("Đề nghị chọn chu kỳ số liệu trong danh sách.")),
        ("delay_days", 0 <= spec.delay_days <= MOST_DAYS, _("Độ trễ của số liệu là số ngày, từ 0 đến 3.660.")),
        (
            "source_owner",
            spec.owner is None or spec.owner != spec.source_owner,
            _("Cơ quan cung cấp số liệu phải khác cơ quan chịu trách nhiệm về chỉ tiêu."),
        ),
        (
            "rubric",
            len(spec.rubric) >= 2 if spec.kind == IndicatorKind.QUALITATIVE else not spec.rubric,
            _("Chỉ tiêu định tính cần thang ít nhất hai mức; loại khác không có thang mức."),
        ),
        (
            "high_limit",
            spec.low_limit is None or spec.high_limit is None or spec.low_limit <= spec.high_limit,
            _("Giới hạn dưới của khoảng hợp lý phải không lớn hơn giới hạn trên."),
        ),
        ("metadata", not unknown_fields(spec.metadata), _("Có mục thông tin không thuộc danh mục của phiếu chỉ tiêu.")),
    ]
    return [Fault(name, text) for name, holds, text in checks if not holds] + _faults_of_lengths(spec)


def _is_code(code: str) -> bool:
    return bool(_CODE.fullmatch(code)) and code not in RESERVED


def _faults_of_lengths(spec: NewIndicator) -> list[Fault]:
    """Words that are longer than their column takes."""
    limits = {field.name: field.max_length for field in Indicator._meta.concrete_fields if field.max_length}
    limits.pop("code")
    found = [(name, most) for name, most in limits.items() if len(str(getattr(spec, name))) > most]
    return [Fault(name, _("Đề nghị ghi gọn trong %(most)s ký tự.") % {"most": most}) for name, most in found]


def faults_of_rule(rule: NewRule) -> list[Fault]:
    """What is wrong with one rule of adding up, each fault named by the code of its indicator."""
    aggregates = rule.origin in {RollupOrigin.CHILDREN, RollupOrigin.BOTH}
    kind = rule.indicator.kind
    checks = [
        (rule.origin in RollupOrigin.values, _("Đề nghị chọn nơi lấy số trong danh sách.")),
        (rule.operator in RollupOperator.values, _("Đề nghị chọn cách tổng hợp trong danh sách.")),
        (not aggregates or rule.operator != RollupOperator.NONE, _("Số lấy từ cấp dưới cần một cách tổng hợp.")),
        (
            rule.origin != RollupOrigin.OWN or rule.operator == RollupOperator.NONE,
            _("Số của riêng đơn vị thì không tổng hợp."),
        ),
        (
            rule.operator != RollupOperator.SUM or kind not in NEVER_SUMMED,
            _("Không cộng được tỷ lệ, chỉ số tổng hợp, thứ hạng hay mức định tính."),
        ),
        (
            rule.operator != RollupOperator.WEIGHTED_MEAN or kind not in NEVER_AVERAGED,
            _("Không lấy trung bình được thứ hạng hay mức định tính."),
        ),
        (
            rule.operator != RollupOperator.RATIO_OF_SUMS or kind == IndicatorKind.RATIO,
            _("Chỉ tỷ lệ có tử số và mẫu số mới tính bằng tổng tử chia tổng mẫu."),
        ),
        (
            (rule.operator == RollupOperator.COUNT_MEETING_FLOOR) == (rule.floor is not None),
            _("Mức sàn chỉ đi với cách đếm số đơn vị đạt sàn, và cách đó cần mức sàn."),
        ),
        (
            rule.weight is None or rule.operator == RollupOperator.WEIGHTED_MEAN,
            _("Trọng số chỉ dùng cho trung bình có trọng số."),
        ),
        (rule.weight is None or rule.weight != rule.indicator, _("Chỉ tiêu không tự làm trọng số cho mình.")),
    ]
    return [Fault(rule.indicator.code, text) for holds, text in checks if not holds]
