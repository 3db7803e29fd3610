"""Whether the targets of the units below reach a target, with the rows it was made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.selectors import visible_documents
from thucthi.indicators.calculations.cascade import Cascade, Part, Way, cascade
from thucthi.indicators.calculations.paths import binding_bound
from thucthi.indicators.calculations.series import standing_on
from thucthi.indicators.models import IndicatorKind, Observation, RollupOperator, RollupRule, Target
from thucthi.indicators.selectors.series import bound_of
from thucthi.indicators.selectors.target_pages import target_for
from thucthi.indicators.selectors.words import COUNTRY, amount_words, bound_words, gap_words, unit_word
from thucthi.kernel.values import Direction

ADDABLE = frozenset({IndicatorKind.STOCK, IndicatorKind.FLOW, IndicatorKind.CUMULATIVE})


@dataclass(frozen=True, slots=True)
class PartRow:
    """One unit below: its target of the same year, if it has one, and its weight when the mean is weighed."""

    organisation: Organisation
    target: Target | None
    bound: str
    weight: str
    falls_short: bool


@dataclass(frozen=True, slots=True)
class CascadePage:
    """`found` is None when nobody is below, or the target has no single amount to be reached."""

    target: Target
    bound: str
    unit: str
    way: str
    found: Cascade | None
    sentence: str
    rows: list[PartRow]
    weight_source: str
    day: date


def cascade_page(viewer: Viewer, code: str, day: date) -> CascadePage:
    """The targets of the units below against this one, on the tree of `day`."""
    target = target_for(viewer, code)
    rule = _rule(target)
    way = _way(target, rule)
    units = list(_units_below(target, day))
    promised = _promised(viewer, target, [unit.pk for unit in units])
    weights = _weights(rule, [unit.pk for unit in units], day) if rule and way is Way.WEIGHTED_MEAN else {}
    parts = {unit.pk: Part(unit.short_name, _amount(promised.get(unit.pk)), weights.get(unit.pk)) for unit in units}
    wanted = _amount(target)
    found = cascade(list(parts.values()), wanted, way, _direction(target)) if units and wanted is not None else None
    return CascadePage(
        target=target,
        bound=bound_words(bound_of(target)),
        unit=unit_word(units[0].kind) if units else "",
        way=_way_word(way),
        found=found,
        sentence=sentence(found, target.indicator.unit) if found else _nothing(units),
        rows=[_row(unit, promised.get(unit.pk), parts[unit.pk], found) for unit in units],
        weight_source=rule.weight.name if rule and rule.weight and weights else "",
        day=day,
    )


def sentence(found: Cascade, unit: str) -> str:
    """The outcome in one sentence or two, with coverage."""
    said = _floor_words(found, unit) if found.way is Way.FLOOR else _sum_words(found, unit)
    if found.missing:
        said += "; " + _("%(n)s đơn vị chưa có chỉ tiêu") % {"n": len(found.missing)}
    if found.unweighted:
        said += "; " + _("%(n)s đơn vị có chỉ tiêu nhưng chưa có trọng số") % {"n": len(found.unweighted)}
    return said + "."


def _sum_words(found: Cascade, unit: str) -> str:
    if found.reached is None or found.gap is None:
        return _("Chưa cộng được: chưa đơn vị nào có chỉ tiêu")
    given = {
        "counted": found.counted,
        "expected": found.expected,
        "reached": amount_words(found.reached, unit),
        "gap": gap_words(abs(found.gap), unit),
        "wanted": amount_words(found.wanted, unit),
    }
    return _outcome(found) % given


def _outcome(found: Cascade) -> str:
    """Enough, too little or too much, with the places to fill."""
    is_sum = found.way is Way.SUM
    if found.gap is not None and found.gap <= 0:
        if is_sum:
            return _("Cộng %(counted)s/%(expected)s đơn vị được %(reached)s, bảo đảm mức %(wanted)s")
        return _("Trung bình của %(counted)s/%(expected)s đơn vị là %(reached)s, bảo đảm mức %(wanted)s")
    if found.reached is not None and found.reached < found.wanted:
        if is_sum:
            return _("Cộng %(counted)s/%(expected)s đơn vị được %(reached)s, thiếu %(gap)s so với %(wanted)s")
        return _("Trung bình của %(counted)s/%(expected)s đơn vị là %(reached)s, thiếu %(gap)s so với %(wanted)s")
    if is_sum:
        return _("Cộng %(counted)s/%(expected)s đơn vị được %(reached)s, vượt %(gap)s so với %(wanted)s")
    return _("Trung bình của %(counted)s/%(expected)s đơn vị là %(reached)s, vượt %(gap)s so với %(wanted)s")


def _floor_words(found: Cascade, unit: str) -> str:
    given = {"counted": found.counted, "expected": found.expected, "wanted": amount_words(found.wanted, unit)}
    if found.short:
        text = _("%(n)s trong %(counted)s đơn vị đã có chỉ tiêu chưa bảo đảm mức sàn %(wanted)s: %(names)s")
        return text % {**given, "n": len(found.short), "names": ", ".join(part.name for part in found.short)}
    return _("%(counted)s/%(expected)s đơn vị có chỉ tiêu, tất cả đều bảo đảm mức sàn %(wanted)s") % given


def _nothing(units: Collection[Organisation]) -> str:
    if units:
        return _("Chỉ tiêu là một khoảng phải giữ nên không có một mức để cộng lên.")
    return _("Không có đơn vị cấp dưới nào phải góp vào chỉ tiêu này.")


def _direction(target: Target) -> Direction:
    return Direction(target.indicator.direction)


def _amount(target: Target | None) -> Decimal | None:
    return None if target is None else binding_bound(bound_of(target), _direction(target), target.baseline)


def _rule(target: Target) -> RollupRule | None:
    unit = target.organisation.kind if target.organisation else COUNTRY
    rules = target.indicator.rollup_rules.select_related("weight").filter(unit=unit, kind__in=("", "actual"))
    return rules.order_by("kind").first()


def _way(target: Target, rule: RollupRule | None) -> Way:
    """By the rule of adding up; without one amounts are added, and rates averaged."""
    if target.each_unit:
        return Way.FLOOR
    if rule is not None and rule.operator in {RollupOperator.WEIGHTED_MEAN, RollupOperator.RATIO_OF_SUMS}:
        return Way.WEIGHTED_MEAN if rule.weight_id else Way.MEAN
    if rule is not None and rule.operator in {RollupOperator.MIN, RollupOperator.COUNT_MEETING_FLOOR}:
        return Way.FLOOR
    return Way.SUM if target.indicator.kind in ADDABLE else Way.MEAN


def _units_below(target: Target, day: date) -> QuerySet[Organisation]:
    """The units that owe a part: of the kind named by the target, else of the highest kind below that has targets."""
    living = Organisation.objects.live(day)
    if target.organisation_id:
        living = living.under(target.organisation_id).exclude(pk=target.organisation_id)
    kind = target.each_unit or _kind_with_targets(target, living)
    return living.filter(kind=kind).order_by("sort_key", "pk") if kind else living.none()


def _kind_with_targets(target: Target, living: QuerySet[Organisation]) -> str:
    owed = set(target.indicator.rollup_rules.exclude(unit=COUNTRY).values_list("unit", flat=True))
    siblings = living.filter(targets__indicator=target.indicator, targets__year=target.year)
    found = [
        (row["depth"], row["kind"])
        for rows in (siblings, living.filter(kind__in=owed))
        for row in rows.values("kind").annotate(depth=Min("path__len"))
    ]
    return min(found, default=(0, ""))[1]


def _promised(viewer: Viewer, target: Target, unit_ids: Collection[int]) -> dict[int, Target]:
    """The target of each unit for the same year; of several the one of the newest document."""
    rows = Target.objects.filter(indicator=target.indicator, year=target.year, organisation__in=unit_ids)
    rows = rows.filter(document__in=visible_documents(viewer)).select_related("indicator", "document")
    return {row.organisation_id: row for row in rows.order_by("document__issued_on", "pk") if row.organisation_id}


def _weights(rule: RollupRule, unit_ids: Collection[int], day: date) -> dict[int, Decimal]:
    """The newest official value of the weighing indicator that each unit had by `day`."""
    rows = Observation.objects.filter(
        indicator=rule.weight_id, organisation__in=unit_ids, kind="actual", breakdown="", available_on__lte=day
    )
    standing = standing_on(rows, day)
    return {row.organisation_id: row.amount for row in standing if row.organisation_id and row.amount is not None}


def _way_word(way: Way) -> str:
    return {
        Way.SUM: _("Cộng chỉ tiêu của các đơn vị"),
        Way.MEAN: _("Trung bình chỉ tiêu của các đơn vị, không có trọng số"),
        Way.WEIGHTED_MEAN: _("Trung bình có trọng số"),
        Way.FLOOR: _("Mức sàn mà từng đơn vị phải bảo đảm"),
    }[way]


def _row(unit: Organisation, target: Target | None, part: Part, found: Cascade | None) -> PartRow:
    return PartRow(
        organisation=unit,
        target=target,
        bound=bound_words(bound_of(target)) if target else "",
        weight=amount_words(part.weight) if part.weight is not None else "",
        falls_short=found is not None and part in found.short,
    )
