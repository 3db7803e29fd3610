"""What succeeded long ago leaves the queue."""

import asyncio
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from procrastinate.contrib.django import app

from thucthi.config.operation.tasks import sweep


def a_job(status: str, *, seen: int) -> int:
    """A job in the hands of a worker that gave a sign of life `seen` seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - %s * interval '1 second') RETURNING id)"
            " INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id)"
            " SELECT 'default', 'x', %s, 1, worker.id FROM worker RETURNING id",
            [seen, status],
        )
        return int(cursor.fetchone()[0])


def run(task: object) -> object:
    """As a worker does, without one; the thread that asked the database lets its connection go."""

    async def once() -> object:
        try:
            return await task.func(SimpleNamespace(app=app), 0)  # type: ignore[attr-defined]
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(once())


@pytest.mark.usefixtures("fresh_database")
def test_what_succeeded_long_ago_is_swept_and_what_failed_stays() -> None:
    old, failed, fresh = (a_job("doing", seen=5) for _ in range(3))
    with connection.cursor() as cursor:
        for job, status, hours in ((old, "succeeded", 100), (failed, "failed", 100), (fresh, "succeeded", 1)):
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job])
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - %s * interval '1 hour' WHERE job_id = %s", [hours, job]
            )
    run(sweep)
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id ORDER BY id) FROM procrastinate_jobs")
        assert cursor.fetchone()[0] == [failed, fresh]
