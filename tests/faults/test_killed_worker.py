"""kill -9 of the worker in the middle of its jobs: afterwards everything is as if nobody had killed it."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tests.database import copy_of_the_migrated, point_django_at
from tests.demonstration.simulation.conftest import village
from tests.faults.systems import ROOT, WHOLE, environment, soon
from thucthi.config.supervisor import LocalPostgres
from thucthi.ledger.key_files import make_key_file

__all__ = ["village"]

KILLS = int(os.environ.get("THUCTHI_KILLS", "300" if WHOLE else "2"))
# Those that write what people and pages rest on; some of them take turns, some run beside others.
JOBS = (
    "reporting.create_obligations",
    "intake.sign_tasks",
    "monitoring.count_questions",
    "obstacles.climb_ladders",
    "monitoring.keep_counts",
    "ledger.sequence",
    "workspace.tell",
)
# What the jobs leave behind, without numbers and moments that differ from run to run.
LEFT = {
    "duties": "SELECT task_id, period_kind, period_key, due_on, grace_until FROM reporting_obligation",
    "open duties": "SELECT task_id, period_end, state, period_kind FROM reporting_openduty",
    "signatures": "SELECT task_id, text_md5, keys FROM intake_tasksignature",
    "questions": "SELECT organisation_id, check_code, period, subject, shared FROM monitoring_keptquestion",
    "rungs": "SELECT obstacle_id, request_id, number, rung, started_on FROM obstacles_hop",
    "notices": "SELECT account_id, reason, subject FROM workspace_notice",
}
PATIENCE = 120.0


@pytest.fixture
def place(
    postgres: LocalPostgres, village: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Makes a village of its own by that name and lets this process put jobs into its queue; its address."""
    made = []

    def make(name: str) -> str:
        copy_of_the_migrated(postgres, name, template=village)
        made.append(name)
        point_django_at(postgres.url("app", name))
        return postgres.url("app", name)

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield make
        point_django_at(postgres.url("app", "tests"))
    for name in made:
        postgres.drop_database(name)


def put_into_the_queue() -> None:
    """Each job once, where it does not wait already."""
    for name in JOBS:
        with suppress(AlreadyEnqueued):
            app.tasks[name].defer(timestamp=int(time.time()))


def worker(postgres: LocalPostgres, url: str, state: Path) -> subprocess.Popen[bytes]:
    told = environment(postgres, state, DATABASE_URL=url)
    return subprocess.Popen([sys.executable, "-m", "thucthi.config.working"], env=told, cwd=ROOT)


def in_queue(url: str, *statuses: str) -> int:
    with psycopg.connect(url) as database:
        asked = "SELECT count(*) FROM procrastinate_jobs WHERE status::text = ANY(%s) AND task_name = ANY(%s)"
        return int(database.execute(asked, [list(statuses), list(JOBS)]).fetchone()[0])  # type: ignore[index]


def time_passes(url: str) -> None:
    """A worker counts as dead when it was silent for half a minute; 300 times that is long."""
    with psycopg.connect(url) as database:
        database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def killed_at_work(postgres: LocalPostgres, url: str, state: Path, after: float) -> None:
    put_into_the_queue()
    at_work = worker(postgres, url, state)
    try:
        soon(lambda: in_queue(url, "doing") > 0, within=PATIENCE)
        time.sleep(after)
    finally:
        at_work.kill()
        at_work.wait()


def finish(postgres: LocalPostgres, url: str, state: Path) -> float:
    """Seconds until a worker that nobody kills has nothing more to do."""
    put_into_the_queue()
    last = worker(postgres, url, state)
    try:
        return soon(lambda: in_queue(url, "doing", "todo") == 0, within=PATIENCE)
    finally:
        last.terminate()
        last.wait()


def left(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as database:
        database.execute("SET thucthi.viewer = 'system'")
        return {name: sorted(database.execute(asked).fetchall(), key=str) for name, asked in LEFT.items()}


def recounted(postgres: LocalPostgres, url: str, state: Path) -> None:
    """Raises CalledProcessError where a count or the tree of the ledger is not what the rows say."""
    told = environment(postgres, state, DATABASE_URL=url)
    for command in (["check_rollups"], ["describe_ledger", "--audit"]):
        subprocess.run([sys.executable, "-m", "django", *command], env=told, check=True, capture_output=True)


@pytest.mark.thorough
def test_killed_at_any_moment_the_worker_leaves_what_one_that_lives_leaves(
    postgres: LocalPostgres, place: Callable[[str], str], tmp_path: Path, tell: Callable[[str, str], None]
) -> None:
    make_key_file(tmp_path / "ledger-key")
    expected_at = place("undisturbed")
    finish(postgres, expected_at, tmp_path)
    finish(postgres, expected_at, tmp_path)
    expected = left(expected_at)
    chance, url = random.Random(20261202), place("killed")  # noqa: S311 - reproducible moments, not secrets
    for _kill in range(KILLS):
        killed_at_work(postgres, url, tmp_path, chance.uniform(0.0, 0.4))
        time_passes(url)
    took = finish(postgres, url, tmp_path)
    assert left(url) == expected
    # Whether anybody is to be told of anything depends on the day.
    assert [name for name, rows in expected.items() if not rows and name != "notices"] == []
    recounted(postgres, url, tmp_path)
    tell(f"kill -9 worker, {KILLS} points", f"everything as without a kill; the queue empty again in {took:.1f} s")


@pytest.mark.thorough
def test_planted_a_duty_that_a_kill_took_is_seen(postgres: LocalPostgres, place: Callable[[str], str]) -> None:
    url = place("planted")
    before = left(url)
    with psycopg.connect(postgres.url("superuser", "planted")) as database:
        database.execute("SET session_replication_role = replica")
        database.execute("DELETE FROM reporting_openduty WHERE ctid = (SELECT min(ctid) FROM reporting_openduty)")
    assert left(url) != before
