"""Jobs that a killed worker left under way are taken up by the next one: nobody has to look after the queue by hand."""

import asyncio

import psycopg
from procrastinate.contrib.django import app

from thucthi.config.working import impatient_connector, take_up_abandoned

_DOING = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, lock, queueing_lock, worker_id)"
    " VALUES ('default', 'ledger.sequence', %s, %s, %s, %s, %s) RETURNING id"
)


async def _take_up() -> int:
    with app.replace_connector(impatient_connector()) as queue:
        async with queue.open_async():
            return await take_up_abandoned(queue)


def _standing(url: str) -> list[tuple[str, int]]:
    with psycopg.connect(url) as database:
        return list(database.execute("SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id"))


def _job(url: str, status: str, attempts: int, *, worker: int | None = None, queueing_lock: str | None = None) -> None:
    with psycopg.connect(url) as database:
        database.execute(_DOING, [status, attempts, None, queueing_lock, worker])


def _worker(url: str, silent_for: str) -> int:
    with psycopg.connect(url) as database:
        made = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id"
        return int(database.execute(made, [silent_for]).fetchone()[0])  # type: ignore[index]


def test_a_job_of_a_dead_worker_waits_again(fresh_database: str) -> None:
    _job(fresh_database, "doing", 0)
    _job(fresh_database, "doing", 1, worker=_worker(fresh_database, "1 hour"))
    assert asyncio.run(_take_up()) == 2
    assert _standing(fresh_database) == [("todo", 1), ("todo", 2)]


def test_a_job_of_a_living_worker_is_left_alone(fresh_database: str) -> None:
    _job(fresh_database, "doing", 0, worker=_worker(fresh_database, "1 second"))
    assert asyncio.run(_take_up()) == 0
    assert _standing(fresh_database) == [("doing", 0)]


def test_what_was_tried_three_times_is_given_up(fresh_database: str) -> None:
    _job(fresh_database, "doing", 3)
    assert asyncio.run(_take_up()) == 1
    assert [status for status, _attempts in _standing(fresh_database)] == ["failed"]


def test_a_newer_job_of_its_kind_makes_it_good(fresh_database: str) -> None:
    _job(fresh_database, "doing", 0, queueing_lock="ledger.sequence")
    _job(fresh_database, "todo", 0, queueing_lock="ledger.sequence")
    assert asyncio.run(_take_up()) == 1
    assert [status for status, _attempts in _standing(fresh_database)] == ["failed", "todo"]
