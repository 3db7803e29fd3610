"""Targets as the aims of monitoring.calculations.progress."""

from thucthi.indicators.models import IndicatorKind, Target
from thucthi.indicators.selectors.series import bound_of
from thucthi.indicators.selectors.targets import is_norm, path_of
from thucthi.kernel.values import Direction
from thucthi.monitoring.calculations.progress import Aim


def aim_of(target: Target) -> Aim:
    """What is to be reached; `target.indicator` should be at hand."""
    return Aim(
        bound=bound_of(target),
        direction=Direction(target.indicator.direction),
        path=path_of(target),
        is_norm=is_norm(target),
        is_qualitative=target.indicator.kind == IndicatorKind.QUALITATIVE,
    )
