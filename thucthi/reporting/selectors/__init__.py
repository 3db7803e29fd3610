"""Reading obligations, drafts, reports, evidence and verdicts."""

from thucthi.reporting.selectors.editing import ReportForEditing, on_plan, report_for_editing, unchanged
from thucthi.reporting.selectors.histories import (
    content_of,
    evidence_for,
    report_for,
    reports_of,
    visible_evidence,
    visible_reports,
)
from thucthi.reporting.selectors.obligations import last_accepted_report, seal_of, tasks_that_report
from thucthi.reporting.selectors.queues import (
    DueReport,
    ReportsDue,
    ReviewItem,
    reports_due_for,
    reports_to_review,
    review_queue,
)
from thucthi.reporting.selectors.wording import period_label, public_wording

__all__ = [
    "DueReport",
    "ReportForEditing",
    "ReportsDue",
    "ReviewItem",
    "content_of",
    "evidence_for",
    "last_accepted_report",
    "on_plan",
    "period_label",
    "public_wording",
    "report_for",
    "report_for_editing",
    "reports_due_for",
    "reports_of",
    "reports_to_review",
    "review_queue",
    "seal_of",
    "tasks_that_report",
    "unchanged",
    "visible_evidence",
    "visible_reports",
]
