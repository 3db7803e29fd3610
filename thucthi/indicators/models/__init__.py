"""What is measured: indicators, their targets, observed values, and the ways by which values come in."""

from thucthi.indicators.models.definitions import (
    Contribution,
    CoreIndicator,
    DataNeed,
    Dimension,
    Indicator,
    IndicatorKind,
    IndicatorVersion,
    RollupOperator,
    RollupOrigin,
    RollupRule,
)
from thucthi.indicators.models.deliveries import (
    Delivery,
    DeliveryKind,
    Feed,
    FeedKind,
    FeedRun,
    FeedSecret,
    RunOutcome,
    Upload,
    UploadState,
)
from thucthi.indicators.models.doubts import ConsistencyRule, Dispute, DisputeAnswer, FollowUp
from thucthi.indicators.models.targets import Target, TargetChange, TargetPath
from thucthi.indicators.models.values import Observation, ObservationKind

__all__ = [
    "Contribution",
    "CoreIndicator",
    "DataNeed",
    "Dimension",
    "Indicator",
    "IndicatorKind",
    "IndicatorVersion",
    "RollupOperator",
    "RollupOrigin",
    "RollupRule",
    "Target",
    "TargetChange",
    "TargetPath",
    "Observation",
    "ObservationKind",
    "Delivery",
    "DeliveryKind",
    "Upload",
    "UploadState",
    "Feed",
    "FeedKind",
    "FeedRun",
    "FeedSecret",
    "RunOutcome",
    "ConsistencyRule",
    "Dispute",
    "DisputeAnswer",
    "FollowUp",
]
