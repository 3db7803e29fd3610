"""Everything that writes in this app."""

from thucthi.reporting.actions.drafts import save_draft
from thucthi.reporting.actions.evidence import store_evidence
from thucthi.reporting.actions.obligations import create_obligations
from thucthi.reporting.actions.review import accept_report, return_report
from thucthi.reporting.actions.submission import ReportContent, submit_report

__all__ = [
    "ReportContent",
    "accept_report",
    "create_obligations",
    "return_report",
    "save_draft",
    "store_evidence",
    "submit_report",
]
