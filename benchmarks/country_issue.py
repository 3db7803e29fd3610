"""The weekly issue of a country by the product's own commands: prepared, prepared again, signed, verified.

    python -m benchmarks.country_issue --tasks 100000 [--keep DIRECTORY] [--as-of 2026-11-29]

Simulates a country (20,000 bodies, 60 resolutions, five reports to each task), or takes the one that DIRECTORY keeps.
Prints seconds on the clock, processor seconds of the commands and of the database server, the largest memory of the
command with its workers, and how large the issue is. Asked of 1,000,000 tasks: ten minutes, 1.5 GB. Exits with 1 when
the second preparation is another issue than the first, or a file or a proof does not hold.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from benchmarks.bench import DOCUMENTS, ORGANISATIONS, aside, say, simulate
from benchmarks.measure import migrated_database, run
from benchmarks.memory import Watched
from benchmarks.night import cluster_seconds, python_seconds
from benchmarks.snapshot import describe, filled_once, kept_database
from thucthi.config.supervisor import LocalPostgres

PREPARES, PUBLISHES = "mp-thuong-truc", "mp-cong-bo-1"


def command(name: str, *arguments: str, server: LocalPostgres) -> str:
    """One line of the table; what the command said last. Raises SystemExit with its words when it failed."""
    postmaster = server.pid or 0
    python, served, begun = python_seconds(), cluster_seconds(postmaster), time.perf_counter()
    with Watched([postmaster]) as watched:
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    seconds = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{name} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    used = python_seconds() - python, cluster_seconds(postmaster) - served
    said = done.stdout.strip().splitlines()
    say(f"| {name} | {seconds:,.1f} | {used[0]:,.1f} | {used[1]:,.1f} | {watched.peak_mb:,.0f} | {said[-1][:90]} |")
    return said[-1]


def issue(server: LocalPostgres, as_of: str) -> None:
    say("| step | seconds | Python s | server s | MB at most | what it said |\n|---|---|---|---|---|---|")
    prepare = ("-m", "django", "prepare_snapshot", "weekly", "--as-of", as_of, "--by", PREPARES)
    first = command("prepared", *prepare, server=server)
    again = command("prepared again", *prepare, server=server)
    if first != again:
        sys.exit(f"the same state gave another issue:\n{first}\n{again}")
    command("signed and shown", "-m", "django", "publish_snapshot", "--by", PUBLISHES, server=server)
    directory = Path(os.environ["THUCTHI_STATE"], "published", "latest").resolve()
    command("verified by the file in it", "-I", str(directory / "verify.py"), "--en", server=server)
    describe(directory)


def fill(server: LocalPostgres, tasks: int, organisations: int) -> None:
    aside(f"{tasks:,} tasks: simulating")
    simulate(server, tasks, organisations)


@click.command(help=__doc__)
@click.option("--tasks", default=100_000, show_default=True)
@click.option("--organisations", default=ORGANISATIONS, show_default=True)
@click.option("--as-of", default=None, help="The day of the issue; today otherwise.")
@click.option("--directory", default=None, help="Where the database is made; a temporary place otherwise.")
@click.option("--keep", type=click.Path(path_type=Path), default=None, help="A directory that keeps the database.")
def main(**chosen: Any) -> None:
    as_of = chosen["as_of"] or f"{datetime.now(UTC):%Y-%m-%d}"
    with kept_database(chosen["keep"]) if chosen["keep"] else migrated_database(chosen["directory"]) as server:
        sizes = {name: chosen[name] for name in ("tasks", "organisations")}
        filled_once(chosen["keep"], sizes, lambda: fill(server, **sizes))
        # What an earlier run published is taken away, not what it recorded.
        shutil.rmtree(Path(os.environ["THUCTHI_STATE"], "published"), ignore_errors=True)
        if not Path(os.environ["THUCTHI_STATE"], "ledger-key").exists():
            run(dict(os.environ), "-m", "django", "make_ledger_key")
        say(f"\n{chosen['tasks']:,} tasks, {chosen['organisations']:,} bodies, {DOCUMENTS} resolutions, day {as_of};")
        machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}\n")
        issue(server, as_of)
    say(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
