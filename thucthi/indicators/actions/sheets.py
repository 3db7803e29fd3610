"""The sheet of an indicator is revised with a reason, its breakdowns are set, the few core indicators are chosen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.models import Document
from thucthi.indicators import access
from thucthi.indicators.calculations.sheet import SAME_AS, declared_same, differences
from thucthi.indicators.models import CoreIndicator, Dimension, Indicator, IndicatorVersion, RollupRule
from thucthi.indicators.selectors.drafts import NewIndicator, NewRule, faults_by_field, faults_of_rule, plain_sheet
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record

# A resolution is read by few indicators (D43).
MOST_CORE_INDICATORS = 12
MOST_LETTERS_OF_REASON = 500
PARTS, PART = "|", ":"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,30}")


@dataclass(frozen=True)
class NewDimension:
    """A breakdown: `categories` maps the code of each part to its words, Vietnamese and English."""

    code: str
    name: str
    categories: Mapping[str, tuple[str, str]]
    name_en: str = ""
    is_exhaustive: bool = True


@transaction.atomic
def define_indicator(*, by: Viewer, spec: NewIndicator) -> Indicator:
    """Define one indicator with its first version. Faults are named by field."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được định nghĩa chỉ tiêu."))
    faults = [*faults_by_field(spec), *_faults_of_sameness(spec)]
    if Indicator.objects.filter(code=spec.code).exists():
        faults.append(Fault("code", _("Mã %(code)s đã dùng. Đề nghị chọn mã khác.") % {"code": spec.code}))
    refuse_if(faults)
    made = Indicator.objects.create(**_columns(spec))
    _keep_version(made, by, "")
    record("indicator.defined", by=by, subject=made, code=made.code, sheet=plain_sheet(made))
    return made


@transaction.atomic
def revise_indicator(
    indicator: Indicator, *, by: Viewer, changes: NewIndicator, reason: str, version: int
) -> Indicator:
    """Put another sheet in force; the one before stays readable as a version. Faults are named by field.

    `changes` is the whole new sheet with the same code. Raises Stale when `version` is no longer the one in force.
    """
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được sửa phiếu chỉ tiêu."))
    standing = Indicator.objects.select_for_update(of=("self",)).select_related("owner", "source_owner")
    current = standing.get(pk=indicator.pk)
    if current.version != version:
        raise Stale(
            _("Phiếu này vừa được người khác sửa. Đề nghị xem bản mới rồi sửa lại."), current=current, submitted=changes
        )
    before, revised = plain_sheet(current), Indicator(pk=current.pk, version=version + 1, **_columns(changes))
    revised.code = current.code
    said = differences(before, plain_sheet(revised))
    refuse_if(_faults_of_revision(current, changes, reason, is_changed=bool(said)))
    revised.save(force_update=True)
    _keep_version(revised, by, reason.strip())
    changed = [[found.field, found.old, found.new] for found in said]
    record("indicator.revised", by=by, subject=revised, version=revised.version, reason=reason.strip(), changed=changed)
    return revised


@transaction.atomic
def set_rules(indicator: Indicator, *, by: Viewer, rules: Sequence[NewRule]) -> list[RollupRule]:
    """Replace the rules by which the figures of one indicator are made. Faults are named by kind of unit."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được định cách tổng hợp chỉ tiêu."))
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    refuse_if([Fault(rule.unit, fault.text) for rule in rules for fault in faults_of_rule(rule)])
    RollupRule.objects.filter(indicator=indicator).delete()
    made = RollupRule.objects.bulk_create(RollupRule(**vars(rule)) for rule in rules)
    lines = [[rule.unit, rule.kind, str(rule.origin), str(rule.operator)] for rule in rules]
    record("rollup_rules.set", by=by, subject=indicator, codes=[indicator.code], rules=lines)
    return made


@transaction.atomic
def set_dimensions(indicator: Indicator, *, by: Viewer, dimensions: Sequence[NewDimension]) -> list[Dimension]:
    """Replace the breakdowns of an indicator; parts that values are filed under stay. Faults are named by code."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được định phân tổ của chỉ tiêu."))
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    refuse_if([*_faults_of_dimensions(dimensions), *_parts_in_use(indicator, dimensions)])
    Dimension.objects.filter(indicator=indicator).delete()
    made = Dimension.objects.bulk_create(
        Dimension(
            indicator=indicator,
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            categories={code: list(words) for code, words in row.categories.items()},
            is_exhaustive=row.is_exhaustive,
        )
        for row in dimensions
    )
    lines = [[row.code, row.name, sorted(row.categories), row.is_exhaustive] for row in dimensions]
    record("dimensions.set", by=by, subject=indicator, code=indicator.code, dimensions=lines)
    return made


@transaction.atomic
def set_core_indicators(document: Document, *, by: Viewer, indicators: Sequence[Indicator]) -> list[CoreIndicator]:
    """Choose the few indicators by which a document is read, in this order; they replace the earlier choice."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được chọn chỉ tiêu chính của văn bản."))
    codes = [indicator.code for indicator in indicators]
    faults = []
    if len(codes) > MOST_CORE_INDICATORS:
        text = _("Chỉ chọn nhiều nhất %(most)s chỉ tiêu chính, để người đọc nắm được. Đang chọn %(n)s.")
        faults.append(Fault("indicators", text % {"most": MOST_CORE_INDICATORS, "n": len(codes)}))
    twice = sorted({code for code in codes if codes.count(code) > 1})
    faults += [Fault("indicators", _("Chỉ tiêu %(code)s chọn hai lần.") % {"code": code}) for code in twice]
    refuse_if(faults)
    Document.objects.select_for_update().get(pk=document.pk)
    before = list(document.core_indicators.order_by("position").values_list("indicator__code", flat=True))
    CoreIndicator.objects.filter(document=document).delete()
    made = CoreIndicator.objects.bulk_create(
        CoreIndicator(document=document, indicator=indicator, position=place)
        for place, indicator in enumerate(indicators, start=1)
    )
    record("core_indicators.set", by=by, subject=document, old=before, new=codes)
    return made


def _columns(spec: NewIndicator) -> dict[str, Any]:
    return {**vars(spec), "rubric": list(spec.rubric), "metadata": _filled(spec.metadata)}


def _filled(metadata: Mapping[str, str]) -> dict[str, str]:
    return {key: text.strip() for key, text in metadata.items() if text.strip()}


def _keep_version(row: Indicator, by: Viewer, reason: str) -> None:
    IndicatorVersion.objects.create(
        indicator=row,
        number=row.version,
        sheet=plain_sheet(row),
        reason=reason,
        since=timezone.localdate(),
        by_id=by.account_id,
    )


def _faults_of_revision(current: Indicator, changes: NewIndicator, reason: str, *, is_changed: bool) -> list[Fault]:
    faults = [*faults_by_field(changes), *_faults_of_sameness(changes)]
    if changes.code != current.code:
        faults.append(Fault("code", _("Mã của chỉ tiêu giữ nguyên qua các phiên bản.")))
    if not reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi lý do sửa phiếu; lý do đi cùng phiên bản mới.")))
    elif len(reason) > MOST_LETTERS_OF_REASON:
        text = _("Đề nghị ghi gọn trong %(most)s ký tự.") % {"most": MOST_LETTERS_OF_REASON}
        faults.append(Fault("reason", text))
    if not is_changed:
        faults.append(Fault("", _("Phiếu chưa có gì khác bản đang dùng.")))
    return faults or _rules_that_no_longer_fit(current, changes)


def _rules_that_no_longer_fit(current: Indicator, changes: NewIndicator) -> list[Fault]:
    """Another kind of quantity may forbid a way of adding up that stands today."""
    reread = Indicator(code=current.code, kind=changes.kind)
    names = ("unit", "origin", "operator", "kind", "weight", "floor")
    rules = [
        NewRule(indicator=reread, **{name: getattr(rule, name) for name in names})
        for rule in current.rollup_rules.select_related("weight")
    ]
    texts = dict.fromkeys(fault.text for rule in rules for fault in faults_of_rule(rule))
    return [
        Fault("kind", _("Cách tổng hợp đang dùng không hợp với loại mới: %(fault)s") % {"fault": text})
        for text in texts
    ]


def _faults_of_sameness(spec: NewIndicator) -> list[Fault]:
    """Every indicator declared to be the same must exist, and is another one."""
    declared = declared_same(spec.metadata)
    known = set(Indicator.objects.filter(code__in=declared).values_list("code", flat=True)) - {spec.code}
    text = _("Không có chỉ tiêu khác mang mã %(code)s để khai là cùng một chỉ tiêu.")
    return [Fault(SAME_AS, text % {"code": code}) for code in sorted(declared - known)]


def _faults_of_dimensions(dimensions: Sequence[NewDimension]) -> list[Fault]:
    codes = [row.code for row in dimensions]
    faults = [
        Fault(code, _("Phân tổ %(code)s ghi hai lần.") % {"code": code})
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    for row in dimensions:
        written = [row.code, *row.categories]
        checks = [
            (all(_CODE.fullmatch(code) for code in written), _("Mã phân tổ chỉ gồm chữ không dấu, số và gạch ngang.")),
            (bool(row.name.strip()), _("Đề nghị ghi tên phân tổ.")),
            (len(row.name) <= 100 and len(row.name_en) <= 100, _("Tên phân tổ dài nhất 100 ký tự.")),
            (len(row.categories) >= 2, _("Phân tổ cần ít nhất hai phần.")),
            (all(words[0].strip() for words in row.categories.values()), _("Mỗi phần của phân tổ cần tên.")),
        ]
        faults += [Fault(row.code, text) for holds, text in checks if not holds]
    return faults


def _parts_in_use(indicator: Indicator, dimensions: Sequence[NewDimension]) -> list[Fault]:
    kept = {f"{row.code}{PART}{category}" for row in dimensions for category in row.categories}
    breakdowns = indicator.observations.exclude(breakdown="").values_list("breakdown", flat=True).distinct()
    used = {part for breakdown in breakdowns for part in breakdown.split(PARTS)}
    text = _("Phần %(part)s đã có số liệu nên không bỏ được.")
    return [Fault(part.partition(PART)[0], text % {"part": part}) for part in sorted(used - kept)]
