"""What happens by itself: issues are prepared when their hour has come; publishing always takes a person."""

from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.kernel.long_jobs import ONE_AT_A_TIME
from thucthi.publication.actions import prepare_snapshot
from thucthi.publication.front import show_what_was_signed
from thucthi.publication.selectors.published import runs_to_prepare
from thucthi.publication.sweeping import sweep_the_bucket


# The hours are settings (THUCTHI_ISSUE_…); asking often also makes up for a run that was missed.
@app.periodic(cron="*/10 * * * *")
@app.task(name="publication.prepare_due", queueing_lock="publication.prepare_due", lock=ONE_AT_A_TIME)
def prepare_due(timestamp: int) -> None:
    show_what_was_signed()
    for run in runs_to_prepare(timezone.now()):
        prepare_snapshot(by=SYSTEM, kind=run.kind, as_of=run.as_of, cut_off_at=run.cut_off_at)


@app.periodic(cron="41 * * * *")
@app.task(name="publication.sweep_bucket", queueing_lock="publication.sweep_bucket", lock=ONE_AT_A_TIME)
def sweep_bucket(timestamp: int) -> None:
    sweep_the_bucket(timezone.now())
