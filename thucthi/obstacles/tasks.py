"""What the system does by itself about what is stuck."""

from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.kernel.long_jobs import ONE_AT_A_TIME
from thucthi.obstacles import actions


# The queue counts in UTC: a quarter of an hour past midnight in Hà Nội, after the night's obligations.
@app.periodic(cron="15 17 * * *")
@app.task(name="obstacles.climb_ladders", queueing_lock="obstacles.climb_ladders", lock=ONE_AT_A_TIME)
def climb_ladders(timestamp: int) -> int:
    """Every night; a missed night is made good by the next, with the days it would have given."""
    on = timezone.localdate()
    climbed = actions.climb_ladders(by=SYSTEM, on=on)
    added = climbed.added
    while climbed.following is not None:
        climbed = actions.climb_ladders(by=SYSTEM, on=on, after=climbed.following)
        added += climbed.added
    return added
