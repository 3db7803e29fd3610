"""Indicators are defined with their first version, and told how their figures are made from parts."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators import access
from thucthi.indicators.models import (
    Contribution,
    Indicator,
    IndicatorVersion,
    RollupRule,
)
from thucthi.indicators.selectors.drafts import (
    NewIndicator,
    NewRule,
    faults_of_rule,
    faults_of_sheet,
    plain_sheet,
    repeated,
)
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes.models import Task

__all__ = ["NewIndicator", "NewRule", "define_indicators", "link_contributions", "set_rollup_rules"]


@transaction.atomic
def define_indicators(*, by: Viewer, specs: Sequence[NewIndicator]) -> list[Indicator]:
    """Define indicators, all or none. Faults are named by code."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được định nghĩa chỉ tiêu."))
    taken = set(Indicator.objects.filter(code__in=[spec.code for spec in specs]).values_list("code", flat=True))
    refuse_if([*repeated([spec.code for spec in specs], taken), *_faults_of_definitions(specs)])
    made = Indicator.objects.bulk_create(_sheet(spec) for spec in specs)
    IndicatorVersion.objects.bulk_create(
        IndicatorVersion(
            indicator=row, number=1, sheet=plain_sheet(row), since=timezone.localdate(), by_id=by.account_id
        )
        for row in made
    )
    if made:
        record("indicators.defined", by=by, subject=made[0], codes=[spec.code for spec in specs])
    return made


@transaction.atomic
def set_rollup_rules(*, by: Viewer, indicators: Sequence[Indicator], rules: Sequence[NewRule]) -> list[RollupRule]:
    """Replace the rules of these indicators by `rules`, all or none. Faults are named by code of the indicator."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được định cách tổng hợp chỉ tiêu."))
    refuse_if([*(fault for rule in rules for fault in faults_of_rule(rule)), *_rules_that_clash(rules)])
    RollupRule.objects.filter(indicator__in=indicators).delete()
    made = RollupRule.objects.bulk_create(RollupRule(**vars(rule)) for rule in rules)
    if indicators:
        lines = [[rule.indicator.code, rule.unit, rule.kind, str(rule.origin), str(rule.operator)] for rule in rules]
        codes = [indicator.code for indicator in indicators]
        record("rollup_rules.set", by=by, subject=indicators[0], codes=codes, rules=lines)
    return made


@transaction.atomic
def link_contributions(*, by: Viewer, links: Sequence[tuple[Task, Indicator]]) -> list[Contribution]:
    """Say which indicators tasks are meant to move; links that exist already are left as they are."""
    for task, _indicator in links:
        require(
            access.can_link_for(by, task.programme.organisation_id),
            _("Ông/bà chỉ gắn được chỉ tiêu cho nhiệm vụ trong chương trình của cơ quan mình."),
        )
    known = set(
        Contribution.objects.filter(task__in=[task for task, _i in links]).values_list("task_id", "indicator_id")
    )
    fresh = [pair for pair in dict.fromkeys(links) if (pair[0].pk, pair[1].pk) not in known]
    made = Contribution.objects.bulk_create(Contribution(task=task, indicator=indicator) for task, indicator in fresh)
    if made:
        pairs = [[task.code, indicator.code] for task, indicator in fresh]
        record("contributions.linked", by=by, subject=made[0], links=pairs)
    return made


def _sheet(spec: NewIndicator) -> Indicator:
    return Indicator(**{**vars(spec), "rubric": list(spec.rubric), "metadata": dict(spec.metadata)})


def _faults_of_definitions(specs: Sequence[NewIndicator]) -> list[Fault]:
    return [fault for spec in specs for fault in faults_of_sheet(spec)]


def _rules_that_clash(rules: Sequence[NewRule]) -> list[Fault]:
    """Two rules for one kind of unit: nobody could say which one counts."""
    counts = Counter((rule.indicator.code, rule.unit, rule.kind) for rule in rules)
    text = _("Loại đơn vị %(unit)s có hai cách tổng hợp. Đề nghị giữ một.")
    return [Fault(code, text % {"unit": unit}) for (code, unit, _kind), times in counts.items() if times > 1]
