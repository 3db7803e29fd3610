"""What the system does by itself for reports."""

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.kernel.long_jobs import ONE_AT_A_TIME
from thucthi.reporting import actions
from thucthi.reporting.selectors.calendars import spans_of_programmes

# Some seconds of work: whoever reports on one of these tasks waits so long at most.
TASKS_AT_ONCE = 50_000


# The queue counts in UTC: five past midnight in Hà Nội.
@app.periodic(cron="5 17 * * *")
@app.task(name="reporting.create_obligations", queueing_lock="reporting.create_obligations", lock=ONE_AT_A_TIME)
def create_obligations(timestamp: int) -> int:
    """Every night, shortly after midnight; a missed night is made good by the next. `timestamp`: when it was due."""
    return create_for_all(timezone.localdate())


def create_for_all(on: date) -> int:
    """Of all programmes, some at a time, each run in a transaction with an entry of its own. Safe to repeat."""
    spans = spans_of_programmes(TASKS_AT_ONCE)
    return sum(actions.create_obligations(by=SYSTEM, on=on, among=span) for span in spans)
