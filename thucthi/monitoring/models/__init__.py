"""What people said of signals, forecasts that take long to make, and counts that must be there at once."""

from thucthi.monitoring.models.kept import (
    Forecast,
    KeptCases,
    KeptQuestion,
    PeerFinding,
    QuestionCount,
    SignalVerdict,
    Statement,
)
from thucthi.monitoring.models.rollups import (
    LeadCount,
    Lineage,
    Rollup,
    RollupDelta,
    RollupState,
    TaskPulse,
    TaskStanding,
    Work,
)

__all__ = [
    "Forecast",
    "KeptCases",
    "KeptQuestion",
    "LeadCount",
    "Lineage",
    "PeerFinding",
    "QuestionCount",
    "Rollup",
    "RollupDelta",
    "RollupState",
    "SignalVerdict",
    "Statement",
    "TaskPulse",
    "TaskStanding",
    "Work",
]
