"""Indicators: definitions and targets (intent), observations (facts, only added)."""

from thucthi.indicators.actions.data_needs import end_data_need, set_data_need
from thucthi.indicators.actions.definitions import (
    NewIndicator,
    NewRule,
    define_indicators,
    link_contributions,
    set_rollup_rules,
)
from thucthi.indicators.actions.observations import deliver_observations, record_observations
from thucthi.indicators.actions.targets import NewTarget, set_targets
from thucthi.indicators.selectors.stated import NewObservation

__all__ = [
    "NewIndicator",
    "NewRule",
    "define_indicators",
    "set_rollup_rules",
    "link_contributions",
    "end_data_need",
    "set_data_need",
    "NewTarget",
    "set_targets",
    "NewObservation",
    "record_observations",
    "deliver_observations",
]
