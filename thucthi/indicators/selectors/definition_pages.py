"""Sheets of indicators as their pages show them. A sheet is no secret to anyone who works here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Organisation
from thucthi.documents.selectors import visible_documents
from thucthi.indicators.calculations.sheet import (
    CATALOGUE,
    SAME_AS,
    Difference,
    Field,
    Group,
    declared_same,
    differences,
)
from thucthi.indicators.models import Dimension, Indicator, IndicatorKind, IndicatorVersion, RollupRule, Target
from thucthi.indicators.selectors.sheets import direction_word, frequency_word, metadata_of, parts_in_words
from thucthi.indicators.selectors.words import COUNTRY, unit_word
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.vietnamese_text import fold


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet with all that belongs to it. `groups` are the filled fields: (group, (label, words) …)."""

    indicator: Indicator
    facts: list[tuple[str, str]]
    groups: list[tuple[str, list[tuple[str, str]]]]
    empty: int
    same_as: list[Indicator]
    rules: list["RuleRow"]
    breakdowns: list[str]
    targets: list[Target]
    version: IndicatorVersion | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One kind of unit and the rule by which its figure is made, if there is one."""

    unit: str
    word: str
    rule: RollupRule | None


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """All versions newest first, and two of them side by side: (label, old, new)."""

    indicator: Indicator
    versions: list[IndicatorVersion]
    old: IndicatorVersion | None
    new: IndicatorVersion | None
    rows: list[tuple[str, str, str]]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(str(row.number), f"{row.number} ({row.since:%d/%m/%Y})") for row in self.versions]


def indicator_for(viewer: Viewer, code: str) -> Indicator:
    """Raises NotVisible for an unknown code."""
    found = Indicator.objects.select_related("owner", "source_owner").filter(code=code).first()
    if found is None or not (viewer.is_system or may_work(viewer)):
        raise NotVisible(_("Không tìm thấy chỉ tiêu này."))
    return found


def find_indicators(text: str) -> QuerySet[Indicator]:
    """Indicators whose code or name holds every word of `text`, accents or not, by name."""
    rows = Indicator.objects.select_related("source_owner").annotate(promised=Count("targets")).order_by("name", "code")
    words = fold(text).split()
    if not words:
        return rows
    named = Indicator.objects.values_list("pk", "code", "name", "name_en")
    fitting = [pk for pk, *said in named if all(word in fold(" ".join(said)) for word in words)]
    return rows.filter(pk__in=fitting)


def sheet_page(viewer: Viewer, code: str) -> SheetPage:
    """One sheet, its rules, its breakdowns, and the targets that the viewer may know of."""
    indicator = indicator_for(viewer, code)
    said = metadata_of(indicator)
    targets = Target.objects.filter(indicator=indicator, document__in=visible_documents(viewer))
    return SheetPage(
        indicator=indicator,
        facts=_facts(indicator),
        groups=_grouped(said),
        empty=len(CATALOGUE) - len(said),
        same_as=list(Indicator.objects.filter(code__in=declared_same(indicator.metadata)).order_by("code")),
        rules=[row for row in rule_rows(indicator) if row.rule],
        breakdowns=[parts_in_words(dimension) for dimension in indicator.dimensions.order_by("code")],
        targets=list(targets.select_related("document", "organisation", "indicator").order_by("year", "code")),
        version=indicator.versions.select_related("by").order_by("-number").first(),
    )


def _facts(indicator: Indicator) -> list[tuple[str, str]]:
    facts = [
        (_("Chiều mong muốn"), direction_word(indicator.direction)),
        (_("Loại"), indicator.get_kind_display()),
        (_("Chu kỳ số liệu"), frequency_word(indicator.frequency)),
    ]
    if indicator.rubric:
        facts.append((_("Thang mức, từ thấp đến cao"), "; ".join(indicator.rubric)))
    return facts


def _grouped(said: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for group in Group:
        fields = [field for field in CATALOGUE if field.group is group and field.key in said]
        if fields:
            found.append((_(group.value), [(_(field.name), _said(field, said[field.key])) for field in fields]))
    return found


def _said(field: Field, words: str) -> str:
    if field.key == "META_LAST_UPDATE":
        return f"{date.fromisoformat(words):%d/%m/%Y}"
    return _(dict(field.choices).get(words, words)) if field.choices else words


def rule_rows(indicator: Indicator) -> list[RuleRow]:
    """A row for the country and each kind of unit that exists, those that have a rule first."""
    rules = {rule.unit: rule for rule in indicator.rollup_rules.filter(kind="").select_related("weight")}
    units = dict.fromkeys([COUNTRY, *rules, *(kind for kind, _word in kinds_of_units())])
    rows = [RuleRow(unit, unit_word(unit), rules.get(unit)) for unit in units]
    return sorted(rows, key=lambda row: (row.rule is None, row.unit != COUNTRY, row.word))


def kinds_of_units() -> list[tuple[str, str]]:
    """Kinds of organisations that exist, with their words."""
    kinds = Organisation.objects.filter(valid_to=None).order_by("kind").values_list("kind", flat=True).distinct()
    return sorted(((kind, unit_word(kind)) for kind in kinds), key=lambda pair: pair[1])


def dimensions_of(indicator: Indicator) -> list[Dimension]:
    return list(indicator.dimensions.order_by("code"))


def versions_page(viewer: Viewer, code: str, old: str, new: str) -> VersionsPage:
    """The versions, and the two of those numbers side by side; else the newest and the one before."""
    indicator = indicator_for(viewer, code)
    versions = list(indicator.versions.select_related("by").order_by("-number"))
    by_number = {str(version.number): version for version in versions}
    after = by_number.get(new) or (versions[0] if versions else None)
    before = by_number.get(old) or (by_number.get(str(after.number - 1)) if after else None)
    rows = [] if after is None or before is None else [_row(found) for found in differences(before.sheet, after.sheet)]
    return VersionsPage(indicator, versions, before, after, rows)


def _row(found: Difference) -> tuple[str, str, str]:
    return field_label(found.field), _value(found.field, found.old), _value(found.field, found.new)


def _value(field: str, value: str) -> str:
    if not value:
        return _("(để trống)")
    tellers: dict[str, Any] = {
        "direction": direction_word,
        "frequency": frequency_word,
        "kind": lambda kind: IndicatorKind(kind).label,
    }
    return str(tellers[field](value)) if field in tellers else value


def field_label(name: str) -> str:
    """The word for a column of the sheet or for a key of the catalogue."""
    columns = {field.column: field.name for field in CATALOGUE if field.column}
    keys = {field.key: field.name for field in CATALOGUE}
    label = _COLUMN_LABELS.get(name) or columns.get(name) or keys.get(name)
    return _(label) if label else name


def N_(text: str) -> str:
    """Marks a text for translation."""
    return text


_COLUMN_LABELS = {
    "code": N_("Mã chỉ tiêu"),
    "name_en": N_("Tên tiếng Anh"),
    "unit_en": N_("Đơn vị tính tiếng Anh"),
    "direction": N_("Chiều mong muốn"),
    "kind": N_("Loại"),
    "scale": N_("Hệ số nhân của tỷ lệ"),
    "low_limit": N_("Giới hạn dưới của khoảng hợp lý"),
    "high_limit": N_("Giới hạn trên của khoảng hợp lý"),
    "rubric": N_("Thang mức, từ thấp đến cao"),
    "tree_from": N_("Số liệu cũ đã tính lại theo đơn vị từ ngày"),
    SAME_AS: N_("Khai là cùng một chỉ tiêu với"),
}
