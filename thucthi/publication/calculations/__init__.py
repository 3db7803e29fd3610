"""Which issue a day belongs to, when it is made, what a reviewer must look at."""

from thucthi.publication.calculations.comparison import Differences, IssueSummary, differences
from thucthi.publication.calculations.issues import Issue, issue_of, period_of, trend_days
from thucthi.publication.calculations.schedule import Rhythm, Run, last_run, next_run, run_of

__all__ = [
    "Differences",
    "Issue",
    "IssueSummary",
    "Rhythm",
    "Run",
    "differences",
    "issue_of",
    "last_run",
    "next_run",
    "period_of",
    "run_of",
    "trend_days",
]
