"""Two jobs run at a time, and long ones share a lock: the other place is always free for those named here."""

from procrastinate.contrib.django import app

from thucthi.config.working import CONCURRENCY
from thucthi.kernel.long_jobs import ONE_AT_A_TIME

# Seconds in a country of a million tasks, and each run ends by itself soon: none of them may wait behind a long one.
SHORT = {
    "indicators.start_due_feeds",
    "ledger.check_receipts",
    "ledger.sequence",
    "monitoring.keep_counts",
    "operation.sweep",
    "publication.tell_programs",
    "workspace.send",
    "workspace.tell",
}


def test_every_job_of_the_queue_is_short_or_waits_for_the_long_ones() -> None:
    app.perform_import_paths()
    tasks = {each.task.name: each.task for each in app.periodic_registry.periodic_tasks.values()}
    assert {name for name, task in tasks.items() if task.lock != ONE_AT_A_TIME} == SHORT
    assert CONCURRENCY == 2
    assert all(task.queueing_lock == name for name, task in tasks.items())
