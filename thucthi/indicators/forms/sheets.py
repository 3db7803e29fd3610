"""The sheet of an indicator, its rules of adding up, its breakdowns, and the few core indicators of a document."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, offer
from thucthi.indicators.actions.definitions import NewIndicator, NewRule
from thucthi.indicators.actions.sheets import NewDimension
from thucthi.indicators.calculations.sheet import ASKED_FIRST, SAME_AS, WRITTEN, groups_written
from thucthi.indicators.forms.amounts import AmountAsTyped, IndicatorAsTyped, IndicatorsAsTyped
from thucthi.indicators.models import Dimension, Indicator, IndicatorKind, RollupOperator, RollupOrigin, RollupRule
from thucthi.indicators.selectors.sheets import DIRECTIONS, direction_word, frequency_word
from thucthi.kernel.periods import Frequency

WRITTEN_PREFIX = "m-"
MORE = ("name_en", "unit_en", "method", "limits", "contact", "scale", "low_limit", "high_limit", "rubric", "tree_from")


class SheetForm(forms.Form):
    """A whole sheet: ten fields first, then the other columns, then the optional fields by group."""

    code = Text(label=gettext_lazy("Mã chỉ tiêu"), help_text=gettext_lazy("Chữ không dấu, số và dấu gạch ngang."))
    name = Text(label=gettext_lazy("Tên chỉ tiêu"))
    definition = Text(label=gettext_lazy("Định nghĩa"), widget=forms.Textarea, required=False)
    unit = Text(label=gettext_lazy("Đơn vị tính"), required=False)
    direction = Choice(label=gettext_lazy("Chiều mong muốn"), widget=forms.RadioSelect)
    kind = Choice(label=gettext_lazy("Loại"), choices=IndicatorKind.choices)
    frequency = Choice(label=gettext_lazy("Chu kỳ số liệu"))
    delay_days = forms.IntegerField(
        label=gettext_lazy("Số liệu có sau khi hết kỳ bao nhiêu ngày"),
        error_messages=dict.fromkeys(("invalid", "required"), gettext_lazy("Đề nghị ghi số ngày, ví dụ 30.")),
    )
    source = Text(label=gettext_lazy("Nguồn số liệu"), required=False)
    source_owner = BodyAsTyped(
        label=gettext_lazy("Cơ quan cung cấp số liệu"),
        required=False,
        help_text=gettext_lazy("Phải khác cơ quan chịu trách nhiệm về chỉ tiêu."),
    )
    owner = BodyAsTyped(label=gettext_lazy("Cơ quan chịu trách nhiệm về chỉ tiêu"), required=False)
    name_en = Text(label=gettext_lazy("Tên tiếng Anh"), required=False)
    unit_en = Text(label=gettext_lazy("Đơn vị tính tiếng Anh"), required=False)
    method = Text(label=gettext_lazy("Phương pháp tính"), widget=forms.Textarea, required=False)
    limits = Text(label=gettext_lazy("Hạn chế khi sử dụng"), widget=forms.Textarea, required=False)
    contact = Text(label=gettext_lazy("Người liên hệ"), required=False)
    scale = AmountAsTyped(
        label=gettext_lazy("Hệ số nhân của tỷ lệ"), help_text=gettext_lazy("100 cho phần trăm; 1 nếu không nhân.")
    )
    low_limit = AmountAsTyped(label=gettext_lazy("Giới hạn dưới của khoảng hợp lý"))
    high_limit = AmountAsTyped(label=gettext_lazy("Giới hạn trên của khoảng hợp lý"))
    rubric = Text(
        label=gettext_lazy("Thang mức, từ thấp đến cao"),
        widget=forms.Textarea,
        required=False,
        help_text=gettext_lazy("Chỉ cho chỉ tiêu định tính; mỗi dòng một mức."),
    )
    tree_from = DayAsTyped(
        label=gettext_lazy("Số liệu cũ đã tính lại theo đơn vị từ ngày"),
        required=False,
        help_text=gettext_lazy("Khi số liệu các kỳ trước đã được tính lại cho đơn vị sau sắp xếp."),
    )
    same_as = Text(
        label=gettext_lazy("Khai là cùng một chỉ tiêu với"),
        required=False,
        help_text=gettext_lazy("Mã các chỉ tiêu, cách nhau bằng dấu phẩy. Hệ thống chỉ gợi ý, không tự gộp."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "direction", [(direction.value, direction_word(direction)) for direction in DIRECTIONS])
        offer(self, "frequency", [(frequency.value, frequency_word(frequency)) for frequency in Frequency])
        for field in WRITTEN:
            label = _(field.name)
            if field.choices:
                choices = [("", _("Chưa ghi")), *((value, _(word)) for value, word in field.choices)]
                made: forms.Field = Choice(label=label, choices=choices, required=False)
            else:
                made = Text(label=label, widget=forms.Textarea, required=False)
            self.fields[f"{WRITTEN_PREFIX}{field.key}"] = made

    @property
    def first(self) -> list[forms.BoundField]:
        names = ("code", *ASKED_FIRST) if "code" in self.fields else ASKED_FIRST
        return [self[name] for name in names]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in (*MORE, SAME_AS)]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The optional fields: (name of the group, fields, whether any is filled or faulty)."""
        found = []
        for group, fields in groups_written():
            bound = [self[f"{WRITTEN_PREFIX}{field.key}"] for field in fields]
            found.append((_(group.value), bound, any(row.errors or row.value() for row in bound)))
        return found

    def sheet(self, code: str = "") -> NewIndicator:
        """The sheet as typed; what could not be read stands as its default."""
        read = self.cleaned_data
        plain = {name: read.get(name) or "" for name in ("name", "definition", "unit", "source", "kind", "frequency")}
        plain |= {name: read.get(name) or "" for name in ("name_en", "unit_en", "method", "limits", "contact")}
        written = {field.key: read.get(f"{WRITTEN_PREFIX}{field.key}") or "" for field in WRITTEN}
        return NewIndicator(
            code=code or read.get("code", ""),
            direction=read.get("direction", ""),
            **plain,
            source_owner=read.get("source_owner"),
            owner=read.get("owner"),
            delay_days=read.get("delay_days") or 0,
            scale=read.get("scale") or Decimal(1),
            low_limit=read.get("low_limit"),
            high_limit=read.get("high_limit"),
            rubric=[line.strip() for line in read.get("rubric", "").splitlines() if line.strip()],
            tree_from=read.get("tree_from"),
            metadata={**written, SAME_AS: read.get(SAME_AS, "")},
        )


class RevisionForm(SheetForm):
    """Another sheet for an indicator that exists; its code stays."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = Text(label=gettext_lazy("Lý do sửa"), help_text=gettext_lazy("Lý do đi cùng phiên bản mới."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["code"]


def filled_in(indicator: Indicator) -> dict[str, Any]:
    """What the form shows of a sheet in force."""
    names = [*ASKED_FIRST, *MORE, "version"]
    shown = {name: getattr(indicator, name) for name in names}
    written = {f"{WRITTEN_PREFIX}{key}": text for key, text in indicator.metadata.items()}
    return {**written, **shown, "rubric": "\n".join(indicator.rubric), SAME_AS: indicator.metadata.get(SAME_AS, "")}


class RuleForm(forms.Form):
    """One row of the table of rules: how the figure of one kind of unit is made."""

    origin = Choice(label=gettext_lazy("Lấy số từ đâu"), required=False)
    operator = Choice(label=gettext_lazy("Tổng hợp thế nào"), required=False, choices=RollupOperator.choices)
    weight = IndicatorAsTyped(label=gettext_lazy("Trọng số (mã chỉ tiêu)"), required=False)
    floor = AmountAsTyped(label=gettext_lazy("Mức sàn"))

    def __init__(self, data: Any = None, *, unit: str, word: str, rule: RollupRule | None) -> None:
        shown = {"operator": RollupOperator.NONE}
        standing = {} if rule is None else {name: getattr(rule, name) for name in RULE_FIELDS}
        super().__init__(data, prefix=unit, initial={**shown, **standing})
        self.unit, self.word, self.has_rule = unit, word, rule is not None
        offer(self, "origin", [("", _("Không có cách tổng hợp")), *RollupOrigin.choices])

    def rule_for(self, indicator: Indicator) -> NewRule | None:
        """The rule as typed, None when no origin was chosen."""
        read = self.cleaned_data
        if not read.get("origin"):
            return None
        operator = read.get("operator") or RollupOperator.NONE
        return NewRule(
            indicator, self.unit, read["origin"], operator, weight=read.get("weight"), floor=read.get("floor")
        )


RULE_FIELDS = ("origin", "operator", "weight", "floor")


class DimensionForm(forms.Form):
    """One breakdown, new or in place of the one with the same code."""

    code = Text(label=gettext_lazy("Mã phân tổ"), help_text=gettext_lazy("Ví dụ: gioi-tinh."))
    name = Text(label=gettext_lazy("Tên phân tổ"))
    name_en = Text(label=gettext_lazy("Tên tiếng Anh"), required=False)
    parts = Text(
        label=gettext_lazy("Các phần"),
        widget=forms.Textarea,
        help_text=gettext_lazy("Mỗi dòng một phần: mã | tên | tên tiếng Anh. Ví dụ: nu | Nữ | Women."),
    )
    is_exhaustive = forms.BooleanField(
        label=gettext_lazy("Các phần cộng lại thành toàn bộ"), required=False, initial=True
    )

    def dimension(self) -> NewDimension:
        read = self.cleaned_data
        lines = [line.split("|") for line in read.get("parts", "").splitlines() if line.strip()]
        return NewDimension(
            code=read.get("code", ""),
            name=read.get("name", ""),
            name_en=read.get("name_en", ""),
            categories=dict(_part([word.strip() for word in line]) for line in lines),
            is_exhaustive=read.get("is_exhaustive", False),
        )


def _part(words: Sequence[str]) -> tuple[str, tuple[str, str]]:
    code, vietnamese, english = (*words, "", "")[:3]
    return code, (vietnamese, english)


def stored(dimension: Dimension) -> NewDimension:
    """A breakdown that stands, as the action takes it."""
    return NewDimension(
        code=dimension.code,
        name=dimension.name,
        name_en=dimension.name_en,
        categories={code: (words[0], words[1]) for code, words in dimension.categories.items()},
        is_exhaustive=dimension.is_exhaustive,
    )


def typed_parts(dimension: Dimension) -> str:
    """The parts of a breakdown as the form reads them back."""
    return "\n".join(" | ".join([code, *words]).rstrip(" |") for code, words in sorted(dimension.categories.items()))


class CoreForm(forms.Form):
    """The few indicators by which a document is read."""

    indicators = IndicatorsAsTyped(
        label=gettext_lazy("Chỉ tiêu chính"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một mã hoặc tên, theo thứ tự đọc; nhiều nhất 12."),
    )


def as_rules(rows: Iterable[RuleForm], indicator: Indicator) -> list[NewRule]:
    """The rules of all rows that have one, and those for one kind of value alone, which the table leaves alone."""
    kept = [
        NewRule(indicator, rule.unit, rule.origin, rule.operator, rule.kind, rule.weight, rule.floor)
        for rule in indicator.rollup_rules.exclude(kind="").select_related("weight")
    ]
    return [rule for row in rows if (rule := row.rule_for(indicator)) is not None] + kept
