"""What the system does by itself for reports."""

from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.reporting import actions


# The queue counts in UTC: five past midnight in Hà Nội.
@app.periodic(cron="5 17 * * *")
@app.task(name="reporting.create_obligations", queueing_lock="reporting.create_obligations")
def create_obligations(timestamp: int) -> int:
    """Every night, shortly after midnight; a missed night is made good by the next. `timestamp`: when it was due."""
    return actions.create_obligations(by=SYSTEM, on=timezone.localdate())
