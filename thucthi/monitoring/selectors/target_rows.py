"""A target with what it said before each decision that changed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.indicators.models import Target
from thucthi.kernel.values import Bound, Operator
from thucthi.monitoring.selectors.readings import wording_of


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a target said until a decision: its wording, and which decision, when and why."""

    wording: str
    said_by: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    target: Target
    wording: str
    before: tuple[Earlier, ...]


def target_row(target: Target) -> TargetRow:
    """`target` comes from `indicator_frame.targets_for`; the newest change comes first."""
    changes: list[Mapping[str, Any]] = target.told_before  # type: ignore[attr-defined]
    return TargetRow(target, wording_of(target), tuple(_earlier(target, change) for change in changes))


def _earlier(target: Target, change: Mapping[str, Any]) -> Earlier:
    said_by = _("%(decision)s ngày %(day)s: %(reason)s") % {
        "decision": change["decision"],
        "day": f"{date.fromisoformat(change['decided_on']):%d/%m/%Y}",
        "reason": change["reason"],
    }
    old = change["old"]
    wording = _wording(target, old)
    return Earlier(f"{wording} ({old['year']})" if old.get("year") else wording, said_by)


def _wording(target: Target, old: Mapping[str, Any]) -> str:
    low, high = (None if old.get(end) is None else Decimal(str(old[end])) for end in ("low", "high"))
    unit = target.indicator
    bound = Bound(Operator(old.get("operator", target.operator)), low, high, unit.unit, unit.unit_en)
    return bound.wording_en if get_language() == "en" else bound.wording
