"""The worker, as a process: `python -m thucthi.config.working`. What works off the queue is procrastinate's.

Three things are ours. It waits for a database that is away instead of ending again and again. Once its connections
break it ends within seconds (procrastinate's own command waits half a minute for a connection), so that its supervisor
starts a fresh one: threads that worked for the old primary would keep their broken connections. And jobs that a killed
worker left half done are taken up: their locks would keep every later job of their kind waiting for ever.
"""

import asyncio
import logging
import sys
import time
from contextlib import suppress

import django
from django.conf import settings
from django.db import OperationalError, connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.psycopg_connector import PsycopgConnector

CONCURRENCY = 2
GRACE = 2  # seconds that jobs under way are given when the worker is asked to stop
PATIENCE = 3.0
_LOOK_EVERY = 20.0
# A job that was under way when its worker vanished may be what made it vanish.
_MOST_ATTEMPTS = 3
log = logging.getLogger(__name__)


def wait_for_the_database(every: float = 0.5) -> None:
    """Returns when it answers; whoever asks us to stop meanwhile ends us."""
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(every)
        else:
            connection.close()
            return


def impatient_connector() -> PsycopgConnector:
    """Connections of the application's role, each waited for PATIENCE seconds."""
    return PsycopgConnector(kwargs=connector_params(), timeout=PATIENCE, reconnect_timeout=PATIENCE)


async def take_up_abandoned(queue: App) -> int:
    """Put what dead workers left under way into the queue again, or give it up after three attempts; how many."""
    abandoned = list(await queue.job_manager.get_stalled_jobs())
    for job in abandoned:
        if job.attempts >= _MOST_ATTEMPTS:
            log.error("job %s of task %s was lost %s times and is given up", job.id, job.task_name, job.attempts)
        elif await _waits_again(queue, job):
            continue
        await queue.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
    return len(abandoned)


async def _waits_again(queue: App, job: Job) -> bool:
    """False when the next one of its kind waits already, and will make good what this one left."""
    try:
        await queue.job_manager.retry_job(job)
    except UniqueViolation:
        return False
    return True


async def _look_after(queue: App) -> None:
    while True:
        with suppress(ConnectorException):  # the worker's own tasks notice that too, and end it
            await take_up_abandoned(queue)
        await asyncio.sleep(_LOOK_EVERY)


async def _work() -> None:
    with app.replace_connector(impatient_connector()) as queue:
        async with queue.open_async():
            looking = asyncio.create_task(_look_after(queue))
            try:
                await queue.run_worker_async(concurrency=CONCURRENCY, shutdown_graceful_timeout=GRACE)
            finally:
                looking.cancel()


def main() -> None:
    django.setup()
    if settings.DATABASE_POOLED:
        sys.exit(
            "Tiến trình việc nền cần nối thẳng tới PostgreSQL, không qua PgBouncer: hãy bỏ THUCTHI_DATABASE_POOLED và"
            " đặt DATABASE_URL thẳng · The worker listens and needs a direct connection (docs/operations.md)"
        )
    wait_for_the_database()
    try:
        asyncio.run(_work())
    except ConnectorException as error:
        sys.exit(f"the database went away: {error}")


if __name__ == "__main__":
    main()
