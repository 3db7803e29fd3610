"""`python -m benchmarks.rush --tasks 100000 [--seconds 600] [--processes 1 --processes 2] [--keep DIRECTORY | --url …]`

Starts the web server and the worker as `thucthi run` does on a simulated country, drives them from another process,
and compares the rows with what was acknowledged. What is asked for, and how: `benchmarks/rush/__init__.py`. Exits with
1 when a row is wrong; a bar that is missed is only said. The kept country loses one duty per unit with every run.
"""

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from benchmarks.bench import DOCUMENTS, ORGANISATIONS, aside, say, sign_all, simulate
from benchmarks.measure import migrated_database, run
from benchmarks.rush import country, figures
from benchmarks.rush.plan import Plan, public_requests, units_in, written
from benchmarks.rush.publishing import with_an_issue
from benchmarks.rush.watching import Watched
from benchmarks.serving import PORT, served
from benchmarks.snapshot import kept_database
from thucthi.config.supervisor.addresses import Addresses

# A little more than the bar, so that answers come at no less than the bar although the last one takes its time.
RATE, THINK = 51.0, 5.0


@dataclass(frozen=True)
class Place:
    """The country to be driven: `url` as the application; `postgres` is 0 for a server elsewhere."""

    url: str
    state: Path
    postgres: int


@contextlib.contextmanager
def place_of(tasks: int, organisations: int, keep: Path | None, url: str) -> Iterator[Place]:
    """Django is set up inside. A country is simulated where none is kept or named."""
    if url:
        with tempfile.TemporaryDirectory() as folder:
            os.environ.update({"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "thucthi.config.settings"})
            os.environ.setdefault("THUCTHI_STATE", folder)
            import django

            django.setup()
            yield Place(url, Path(os.environ["THUCTHI_STATE"]), 0)
        return
    with kept_database(keep, durable=True) if keep else migrated_database(None) as postgres:
        marker = keep / f"simulated-{tasks}-{organisations}" if keep else None
        if marker is None or not marker.exists():
            aside(f"simulating {tasks:,} tasks")
            simulate(postgres, tasks, organisations)
            aside("signatures of tasks, as the worker makes them in the first minutes")
            sign_all()
            if marker:
                marker.touch()
        yield Place(postgres.url("app"), Path(os.environ["THUCTHI_STATE"]), postgres.pid or 0)


def plan_of(place: Place, seconds: float, rate: float, think: float, *, signed_in: bool) -> Plan:
    """Units that still owe something, officials, and the public's addresses, with the accounts opened."""
    units = country.units_of(place.url, units_in(seconds))
    readers = country.readers_of(place.url, DOCUMENTS)
    logins = [unit.login for unit in units] + [reader.login for reader in readers]
    return Plan(
        base=f"http://127.0.0.1:{PORT}",
        password=country.open_accounts(place.url, logins),
        seconds=seconds,
        rate=rate,
        think=think,
        signed_in=signed_in,
        units=units,
        readers=readers,
        public=public_requests(country.files_of_the_issue(place.state / "published")),
    )


def driven(plan: Plan) -> figures.Driven:
    """By a process of its own, which knows neither Django nor the database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        path.write_text(written(plan), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.rush.driving", str(path)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return figures.read(done.stdout)


def measure(place: Place, plan: Plan, processes: int) -> country.Rows:
    os.environ["THUCTHI_WEB_PROCESSES"] = str(processes)
    since = country.moment(place.url)
    with served(Addresses(place.url, None)) as server:
        families = {"web": server.web, "worker": server.worker, "database": place.postgres}
        with Watched(families) as watched:
            found = driven(plan)
    say(f"\n## {processes} web process{'es' if processes > 1 else ''}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n")
    say("\n".join(figures.table(found)))
    rows = country.check(place.url, found.acknowledged, since)
    for line in summary(plan, found, watched, rows):
        say(line)
    return rows


def summary(plan: Plan, found: figures.Driven, watched: Watched, rows: country.Rows) -> list[str]:
    memory = ", ".join(f"{name} {peak:,.0f}" for name, peak in watched.peaks.items())
    spent = ", ".join(f"{name} {seconds:,.0f}" for name, seconds in watched.spent.items())
    loads, right = watched.loads, "; ".join(rows.faults) or "each is there once"
    asked = f"{len(found.shots):,} requests asked of {found.planned:,} planned in {plan.seconds:g} s"
    return [
        f"\n- {found.rate:.1f} answers without error a second; {asked}",
        f"- memory at most, MB (PSS): {memory}; processor s: {spent}, driver {found.processor:,.0f}",
        f"- load average {loads[0]:.1f} at first, {sum(loads) / len(loads):.1f} in the mean, {max(loads):.1f} at most",
        f"- {rows.acknowledged} reports acknowledged of {len(plan.units)}; {right}; {len(rows.unsaid)} written unsaid",
        f"- bar: {'; '.join(figures.misses(found)) or 'met'}",
    ]


@click.command(help=__doc__)
@click.option("--tasks", default=100_000, show_default=True)
@click.option("--organisations", default=ORGANISATIONS, show_default=True)
@click.option("--seconds", default=600.0, show_default=True)
@click.option("--rate", default=RATE, show_default=True, help="Requests a second that are planned.")
@click.option("--think", default=THINK, show_default=True, help="Seconds a unit takes from page to page.")
@click.option("--processes", multiple=True, type=int, default=(1, 2), show_default=True, help="Web processes of a run.")
@click.option("--signed-in", is_flag=True, help="Units sign in before the clock.")
@click.option("--keep", type=click.Path(path_type=Path), default=None, help="A directory that keeps the country.")
@click.option("--url", default="", help="A simulated country that is there, as the application; with THUCTHI_STATE.")
def main(  # noqa: PLR0913, PLR0917 - click gives them by name
    tasks: int,
    organisations: int,
    seconds: float,
    rate: float,
    think: float,
    processes: tuple[int, ...],
    signed_in: bool,
    keep: Path | None,
    url: str,
) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    how = "units sign in before the clock" if signed_in else "units sign in within the time"
    with place_of(tasks, organisations, keep, url) as place:
        run(dict(os.environ), "-m", "thucthi.config.supervisor.steps", "static")
        aside("an issue for the public")
        with_an_issue(place.state / "published")
        host = urlsplit(place.url).hostname if url else "of its own, durable"
        say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}, load average {os.getloadavg()[0]:.1f} at the start;")
        say(f"{tasks:,} tasks, {rate:g} requests a second for {seconds:g} s, {how}; database {host}.")
        plans = (plan_of(place, seconds, rate, think, signed_in=signed_in) for _ in processes)
        rows = [measure(place, plan, number) for plan, number in zip(plans, processes, strict=True)]
    if any(each.faults for each in rows):
        sys.exit(1)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
