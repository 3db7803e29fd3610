"""What happens by itself: the weekly issue is prepared; publishing always takes a person."""

from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.publication.actions import prepare_snapshot
from thucthi.publication.models import SnapshotKind


# Friday 17:00 in Việt Nam; the queue reads the hour in UTC.
@app.periodic(cron="0 10 * * 5")
@app.task(name="publication.prepare_weekly", queueing_lock="publication.prepare_weekly")
def prepare_weekly(timestamp: int) -> None:
    prepare_snapshot(by=SYSTEM, kind=SnapshotKind.WEEKLY, as_of=timezone.localdate())
