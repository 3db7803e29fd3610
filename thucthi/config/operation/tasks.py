"""What the queue does for itself: finished jobs do not pile up. Of killed workers: `thucthi/config/working.py`."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

KEPT_HOURS = 72


@app.periodic(cron="40 19 * * *")  # 02:40 in Hà Nội
@app.task(name="operation.sweep", queueing_lock="operation.sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Remove what succeeded three days ago; what failed stays for whoever looks into it."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
