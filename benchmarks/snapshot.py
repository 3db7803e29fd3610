"""Making an issue of an invented country: `python -m benchmarks.snapshot [--tasks 10000 --weeks 3 --profile]`.

Starts its own database with 20,000 bodies, 3,321 communes among them, and their tasks with some weeks of reports, makes
a weekly issue of it as the application role, and says how long reading and rendering took, how large the issue is, and
the largest memory of this process. Asked of 1,000,000 tasks: 10 minutes and 1.5 GB on 2 cores.
"""

import cProfile
import os
import platform
import pstats
import resource
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click
import psycopg

from benchmarks.cycle_at_scale import fill
from benchmarks.measure import migrated_database

AS_OF = date(2026, 11, 19)
NAMES = "UPDATE directory_organisation SET sort_key = lpad(id::text, 8, '0')"
SHOWN_OF_PROFILE = 25
Result = TypeVar("Result")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(call: Callable[[], Result]) -> tuple[Result, float, float]:
    """What it gives, seconds on the clock, seconds of the processor in this process."""
    begun, worked = time.perf_counter(), time.process_time()
    result = call()
    return result, time.perf_counter() - begun, time.process_time() - worked


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(step: str, many: str, clock: float, worked: float) -> None:
    say(f"| {step} | {many} | {clock:,.1f} | {worked:,.1f} | {peak_mb():,.0f} |")


def measure() -> None:
    from django.conf import settings

    from thucthi.public_site.rendering import render_site
    from thucthi.publication import files
    from thucthi.publication.selectors import public_issue

    say("\n| step | how many | seconds | processor s | largest memory MB |\n|---|---|---|---|---|")
    data, clock, worked = timed(lambda: public_issue("weekly", AS_OF))
    row("reading", f"{len(data.tasks):,} tasks, {len(data.organisations):,} bodies", clock, worked)
    written, clock, worked = timed(lambda: files.write_issue(render_site(data)))
    row("rendering and writing", f"{written.file_count:,} files", clock, worked)
    wrong, clock, worked = timed(lambda: files.wrong_files(written.manifest_hash))
    row("comparing with the manifest", f"{len(wrong)} wrong", clock, worked)
    size = sum(
        path.stat().st_size for path in files.issue_directory(written.manifest_hash).rglob("*") if path.is_file()
    )
    say(f"\n{size / 1e6:,.0f} MB of files in the issue.")
    shutil.rmtree(Path(settings.PUBLISHED_ROOT))


@click.command(help=__doc__)
@click.option("--tasks", default=10_000)
@click.option("--weeks", default=3)
@click.option(
    "--directory", default=None, help="Where the database and the issue are made; a temporary place otherwise."
)
@click.option("--profile", is_flag=True, help="Also print where the time went.")
def main(tasks: int, weeks: int, directory: str | None, profile: bool) -> None:
    say(f"`python -m benchmarks.snapshot --tasks {tasks} --weeks {weeks}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC,")
    say(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},")
    say(f"load average {os.getloadavg()[0]:.1f} at the start.")
    with migrated_database(directory) as postgres:
        fill(postgres.url("superuser"), tasks, weeks)
        with psycopg.connect(postgres.url("superuser"), autocommit=True) as server:
            server.execute(NAMES)
        if profile:
            watch = cProfile.Profile()
            watch.runcall(measure)
            pstats.Stats(watch, stream=sys.stdout).sort_stats("tottime").print_stats(SHOWN_OF_PROFILE)
        else:
            measure()
    say(f"load average {os.getloadavg()[0]:.1f} at the end.")


if __name__ == "__main__":
    main()
