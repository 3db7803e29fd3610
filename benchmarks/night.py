"""A night in a country: every job of the queue once, as the worker does it, each in a process of its own.

    python -m benchmarks.night --tasks 100000          (simulates a country of its own, and throws it away)
    python -m benchmarks.night --url postgres://…      (a country that is there; what is written stays, see --undo)

Prints a line for each job: seconds on the clock, processor seconds of Python and of the database server (all of it, so
on a server of several what others ask counts too), the largest memory of the process and its children, and what it
did. Exits with 1 when a job failed. A test holds that no job of the queue is left out.
"""

import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from benchmarks.bench import DOCUMENTS, ORGANISATIONS, aside, say, simulate
from benchmarks.measure import migrated_database
from benchmarks.memory import Watched, family, resident_mb

TICKS = os.sysconf("SC_CLK_TCK")
# Letters are written only where mail is set up; what is sent here goes nowhere.
MAIL = {"THUCTHI_MAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
# In the order of a night that begins at midnight in Hà Nội; what runs all the time stands where it has most to do.
JOBS = (
    "monitoring.keep_counts",
    "reporting.create_obligations",
    "obligations of the next period",
    "ledger.sequence",
    "monitoring.count_questions",
    "obstacles.climb_ladders",
    "workspace.tell",
    "workspace.send",
    "publication.tell_programs",
    "intake.sign_tasks",
    "monitoring.forecast",
    "indicators.start_due_feeds",
    "operation.sweep",
    "ledger.check_receipts",
    "publication.prepare_due",
    "publication.sweep_bucket",
    "check rollups",
    "all summaries made anew",
    "analyse",
)
# They commit in several processes or read a moment of their own, so nothing around them can take it back.
NEVER_UNDONE = frozenset({"publication.prepare_due", "operation.sweep", "check rollups", "analyse"})


@dataclass(frozen=True)
class Done:
    """`error` "" when all went well; `server`: processor seconds of the whole database server meanwhile."""

    job: str
    seconds: float
    python: float
    server: float
    peak_mb: float
    did: str
    error: str = ""


def table(rows: Sequence[Done]) -> list[str]:
    lines = ["| job | s | Python s | server s | MB at most | what it did |", "|---|---|---|---|---|---|"]
    for row in rows:
        said = f"**failed**: {row.error}" if row.error else row.did
        figures = f"{row.seconds:,.1f} | {row.python:,.1f} | {row.server:,.1f} | {row.peak_mb:,.0f}"
        lines.append(f"| {row.job} | {figures} | {said.replace('|', '/')} |")
    return lines


def the_queue() -> Any:
    """With every task, also those that only a worker imports."""
    from procrastinate.contrib.django import app

    app.perform_import_paths()
    return app


def queue_names() -> list[str]:
    """Every job that the queue starts by itself."""
    return sorted(name for name, _id in the_queue().periodic_registry.periodic_tasks)


def call_of(job: str) -> Callable[[], object]:
    """What the worker calls for a job of the queue; for the others what an operator or a timer does."""
    app = the_queue()
    if job in app.tasks:
        task, now = app.tasks[job], int(time.time())
        if asyncio.iscoroutinefunction(task.func):
            return lambda: asyncio.run(_in_the_queue(job, now))
        return lambda: task.func(timestamp=now)
    return _COMMANDS[job]


async def _in_the_queue(job: str, now: int) -> object:
    from procrastinate import JobContext
    from procrastinate.contrib.django import app
    from procrastinate.jobs import Job

    from thucthi.config.working import impatient_connector

    with app.replace_connector(impatient_connector()) as queue:
        async with queue.open_async():
            given = Job(id=0, queue="default", lock=None, queueing_lock=None, task_name=job)
            context = JobContext(app=queue, job=given, start_timestamp=float(now), abort_reason=lambda: None)
            return await queue.tasks[job].func(context, timestamp=now)


def _next_period() -> object:
    from thucthi.reporting.tasks import create_for_all

    return create_for_all(datetime.now(UTC).date() + timedelta(days=31))


def _all_anew() -> object:
    from thucthi.directory.access import SYSTEM
    from thucthi.monitoring.actions.rollups import rebuild_rollups

    return f"{rebuild_rollups(by=SYSTEM)} mended"


def _recount() -> object:
    from django.core.management import call_command

    return call_command("check_rollups", stdout=sys.stderr) or "no difference"


def _analyse() -> object:
    from django.conf import settings

    latest = Path(settings.PUBLISHED_ROOT) / "latest"
    if not latest.exists():
        return "no issue is published here"
    out = Path(settings.PUBLISHED_ROOT).parent / "analysis"
    command = [sys.executable, "-m", "thucthi.publication.analysis", str(latest.resolve()), "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return f"{sum(1 for path in out.rglob('*') if path.is_file())} files"


_COMMANDS: dict[str, Callable[[], object]] = {
    "obligations of the next period": _next_period,
    "all summaries made anew": _all_anew,
    "check rollups": _recount,
    "analyse": _analyse,
}


def server_seconds(backend: int) -> float:
    """Of the server to which the process `backend` belongs; 0 where that runs on another machine."""
    with_parent = Path(f"/proc/{backend}/stat")
    if not with_parent.exists():
        return 0.0
    return cluster_seconds(int(with_parent.read_text().rpartition(")")[2].split()[1]))


def cluster_seconds(postmaster: int) -> float:
    """Of this server: all its processes, and those that have ended."""
    return sum(_ticks(pid, ended=pid == postmaster) for pid in family(postmaster)) / TICKS


def _ticks(pid: int, *, ended: bool) -> int:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(word) for word in words[11 : 15 if ended else 13])


def python_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def do(job: str, *, undone: bool) -> Done:
    """In this process, which has done nothing else."""
    import django

    django.setup()
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    call, error, did = call_of(job), "", ""
    before, python, begun = server_seconds(backend), python_seconds(), time.perf_counter()
    with Watched() as memory:
        try:
            with transaction.atomic() if undone else nullcontext():
                did = _short(call())
                if undone:
                    transaction.set_rollback(True)
        except Exception as fault:  # whatever it is belongs into the table, and the next job has its turn
            error = _short(f"{type(fault).__name__}: {fault}")
    seconds = time.perf_counter() - begun
    used = python_seconds() - python, server_seconds(backend) - before
    # A job that is over before the watcher has looked once has the memory of its end.
    return Done(job, seconds, *used, max(memory.peak_mb, resident_mb([os.getpid()])), did, error)


def _short(said: object) -> str:
    return " ".join(("nothing to say" if said is None else str(said)).split())[:120]


def one(job: str, *, undone: bool) -> Done:
    """In a process of its own, with the settings of the worker."""
    command = [sys.executable, "-m", "benchmarks.night", "--job", job, *(["--undo"] if undone else [])]
    environment = {**MAIL, **os.environ}
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if said.returncode:
        return Done(job, 0, 0, 0, 0, "", f"its process ended with {said.returncode}")
    return Done(**json.loads(said.stdout.splitlines()[-1]))


def night(jobs: Sequence[str], *, undo: bool) -> list[Done]:
    """One after the other; each is told as soon as it is done, for a run may be broken off."""
    rows = []
    for job in jobs:
        if undo and job in NEVER_UNDONE:
            continue
        rows.append(one(job, undone=undo))
        aside(table(rows[-1:])[-1])
    return rows


def chosen(only: Sequence[str]) -> list[str]:
    return [job for job in JOBS if not only or any(each in job for each in only)]


def _told(rows: Sequence[Done], of: str) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    say("\n".join(["", f"{of}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}", "", *table(rows)]))
    say(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}.")
    sys.exit(1 if any(row.error for row in rows) else 0)


@click.command(help=__doc__)
@click.option("--tasks", default=100_000, show_default=True, help="Of the country that is simulated.")
@click.option("--organisations", default=ORGANISATIONS, show_default=True)
@click.option("--directory", default=None, help="Where the database is made; a temporary place otherwise.")
@click.option("--url", default=None, help="A country that is there, as the application's role.")
@click.option("--undo", is_flag=True, help="With --url: each job in a transaction that is rolled back.")
@click.option("--only", multiple=True, help="Jobs whose name holds this.")
@click.option("--job", default=None, hidden=True)
def main(**given: Any) -> None:
    if given["job"]:
        say(json.dumps(asdict(do(given["job"], undone=given["undo"]))))
        return
    jobs = chosen(given["only"])
    if given["url"]:
        os.environ |= {"DATABASE_URL": given["url"], "DJANGO_SETTINGS_MODULE": "thucthi.config.settings"}
        _told(night(jobs, undo=given["undo"]), "a country that was there")
    with migrated_database(given["directory"]) as postgres:
        aside(f"{given['tasks']:,} tasks: simulating")
        simulate(postgres, given["tasks"], given["organisations"])
        rows = night(jobs, undo=False)
    _told(rows, f"{given['tasks']:,} tasks, {given['organisations']:,} bodies, {DOCUMENTS} resolutions")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
