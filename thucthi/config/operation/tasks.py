"""What the queue does for itself: the job of a killed worker is given back, finished ones do not pile up."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

# A worker gives a sign of life every ten seconds.
LOST_AFTER = 60.0
# Whoever takes three workers with him is not tried a fourth time: it would stop everything else as well.
MOST_ATTEMPTS = 3
KEPT_HOURS = 72
log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="operation.give_back", queueing_lock="operation.give_back", pass_context=True)
async def give_back(context: JobContext, timestamp: int) -> int:
    """Put jobs whose worker is gone back into the queue; how many. One with a lock would shut out its kind for ever.

    Every task of ours may run twice: it asks what is still to be done, in the transaction that does it.
    """
    manager = context.app.job_manager
    lost = list(await manager.get_stalled_jobs(seconds_since_heartbeat=LOST_AFTER))
    for job in lost:
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job)
        else:
            log.error("job %s of task %s was lost %s times and is given up", job.id, job.task_name, job.attempts)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    return len(lost)


@app.periodic(cron="40 19 * * *")  # 02:40 in Hà Nội
@app.task(name="operation.sweep", queueing_lock="operation.sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Remove what succeeded three days ago; what failed stays for whoever looks into it."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
