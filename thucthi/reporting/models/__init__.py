"""What was stated: obligations made by the system, reports, evidence, and somebody else's acceptance."""

from thucthi.reporting.models.cycle import (
    AcceptanceRoute,
    AfterCheck,
    AfterCheckResult,
    Endorsement,
    ReportingCalendar,
    Rung,
)
from thucthi.reporting.models.open_duties import OpenDuty, OpenState, Pause
from thucthi.reporting.models.reports import (
    CLOCK_TOLERANCE,
    Acceptance,
    Claim,
    Evidence,
    EvidenceKind,
    Obligation,
    PeriodKind,
    Report,
    ReportDraft,
    ReportEvidence,
    Verdict,
)

__all__ = [
    "Acceptance",
    "AcceptanceRoute",
    "AfterCheck",
    "AfterCheckResult",
    "CLOCK_TOLERANCE",
    "Claim",
    "Endorsement",
    "Evidence",
    "EvidenceKind",
    "Obligation",
    "OpenDuty",
    "OpenState",
    "Pause",
    "PeriodKind",
    "Report",
    "ReportDraft",
    "ReportEvidence",
    "ReportingCalendar",
    "Rung",
    "Verdict",
]
