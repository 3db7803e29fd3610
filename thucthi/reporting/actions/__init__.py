"""Everything that writes in this app."""

from thucthi.reporting.actions.after_checks import NewAfterCheck, record_after_check, set_after_check
from thucthi.reporting.actions.bulk import BulkOutcome, NotTaken, Shown, accept_reports
from thucthi.reporting.actions.cycle import NewCalendar, NewRoute, end_calendar, end_route, set_calendar, set_route
from thucthi.reporting.actions.drafts import save_draft
from thucthi.reporting.actions.evidence import store_evidence
from thucthi.reporting.actions.obligations import create_obligations
from thucthi.reporting.actions.review import accept_report, return_report
from thucthi.reporting.actions.submission import ReportContent, correct_report, submit_report

__all__ = [
    "BulkOutcome",
    "NewAfterCheck",
    "NewCalendar",
    "NewRoute",
    "NotTaken",
    "ReportContent",
    "Shown",
    "accept_report",
    "accept_reports",
    "correct_report",
    "create_obligations",
    "end_calendar",
    "end_route",
    "record_after_check",
    "return_report",
    "save_draft",
    "set_after_check",
    "set_calendar",
    "set_route",
    "store_evidence",
    "submit_report",
]
