"""All bars of speed in one table, with their growth: `make bench`, or `python -m benchmarks.bench --size 10000 …`.

For each size it starts a database of its own, simulates a country of so many tasks (20,000 bodies, 60 resolutions, five
reports and ten values to each task), and measures. A row that costs over 20 % more than the kept figures, as a ratio to
two fixed tasks of the same run, fails the run; `--keep` keeps this one instead. Bars that are missed do not fail it.
"""

import os
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import click

from benchmarks.acting import measure_actions
from benchmarks.kept import Fixed, KeptRun, Row, fixed_tasks, keep, p95, ratios, read_kept, slower
from benchmarks.measure import migrated_database, run
from benchmarks.memory import families_mb
from benchmarks.rollups import measure_reads
from benchmarks.serving import measure_pages, served
from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.addresses import Addresses
from thucthi.demonstration.simulation.plan import Bodies

ORGANISATIONS, DOCUMENTS = 20_000, 60
SERIES = 40


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def aside(line: str) -> None:
    """What is going on, beside the table."""
    sys.stderr.write(f"→ {datetime.now(UTC):%H:%M:%S} {line}\n")


def told(rows: list[Row]) -> list[Row]:
    """Said at once: a run that is broken off has not measured for nothing."""
    for row in rows:
        aside(f"{row.name}: {_cell(row)}")
    return rows


def simulate(postgres: LocalPostgres, size: int, organisations: int) -> Row:
    """Fills the database by the command itself."""
    owner = {**os.environ, "DATABASE_OWNER_URL": postgres.url("owner"), "THUCTHI_DATABASE_ROLE": "owner"}
    sizes = {"organisations": organisations, "documents": DOCUMENTS, "tasks": size, "values": 10 * size}
    options = [f"--{name}={count}" for name, count in (sizes | {"reports": 5 * size, "seed": 1}).items()]
    milliseconds = run(owner, "-m", "django", "simulate", *options) * 1000
    return Row("a country simulated", size, milliseconds, milliseconds, 180_000.0)


def measure_series(size: int) -> list[Row]:
    """What a chart asks of the engine of figures, the whole function."""
    from django.db import transaction

    from thucthi.indicators.models import Observation
    from thucthi.monitoring.selectors.figures import figures, series_figures

    with transaction.atomic():
        newest = Observation.objects.filter(organisation=2).order_by("-period_end")[0]
    months = [f"{2022 + n // 12}-{n % 12 + 1:02}" for n in range(60)]
    day, provinces = datetime.now(UTC).date(), list(range(2, 36))
    asked = {
        "e one series": lambda: series_figures(newest.indicator_id, 2, first=months[0], last=months[-1], as_of=day),
        "e 34 provinces × 60 months": lambda: figures([newest.indicator_id], months, as_of=day, units=provinces),
    }
    rows = []
    for name, call in asked.items():
        taken = []
        for _ in range(SERIES + 1):
            begun = time.perf_counter()
            with transaction.atomic():
                call()
            taken.append((time.perf_counter() - begun) * 1000)
        rows.append(Row(f"{name}, 1 client", size, median(taken[1:]), p95(taken[1:]), 5.0))
    return rows


def _of_dashboards(url: str, size: int, clients: int, bar: float) -> list[Row]:
    plural = "s" if clients > 1 else ""
    return [
        Row(f"{read.name}, {clients} client{plural}", size, read.median_ms, read.p95_ms, bar)
        for read in measure_reads(url, clients)
    ]


def measure_bulk(size: int) -> list[Row]:
    """What happens to everything at once: the duties of the next period for all tasks that report, all counts anew."""
    from thucthi.directory.access import SYSTEM
    from thucthi.monitoring.actions.rollups import rebuild_rollups
    from thucthi.reporting.tasks import create_for_all

    next_period = datetime.now(UTC).date() + timedelta(days=31)
    acts = (
        ("bulk: a period's obligations, ms", lambda: create_for_all(next_period), 60_000.0),
        ("bulk: all summaries made anew, ms", lambda: rebuild_rollups(by=SYSTEM), 30_000.0),
    )
    rows = []
    for name, act, bar in acts:
        begun = time.perf_counter()
        act()
        taken = (time.perf_counter() - begun) * 1000
        rows.append(Row(name, size, taken, taken, bar))
    return rows


def sign_all() -> None:
    """What the worker does in its first minutes after so many tasks appeared at once; pages are asked afterwards."""
    from thucthi.intake.tasks import sign_all_tasks

    sign_all_tasks()


def measure_size(size: int, organisations: int, directory: str | None) -> tuple[list[Row], Fixed]:
    """In a process of its own: Django keeps to the first database it was given."""
    with migrated_database(directory) as postgres:
        aside(f"{size:,} tasks: simulating")
        rows = told([simulate(postgres, size, organisations)])
        aside("reads of dashboards")
        url = postgres.url("app")
        fixed = fixed_tasks(url)
        for clients, bar in ((1, 5.0), (8, 15.0)):
            rows += told(_of_dashboards(url, size, clients, bar))
        aside("reads of charts")
        rows += told(measure_series(size))
        aside("reports and acceptances")
        rows += told([measure_actions(url, size)])
        run(dict(os.environ), "-m", "thucthi.config.supervisor.steps", "static")
        aside("signatures of tasks")
        sign_all()
        aside("pages")
        with served(Addresses(url, None)) as server:
            rows += told(measure_pages(size, Bodies(organisations).first_commune))
            ours = families_mb([server.web, server.worker])
        theirs = families_mb([postgres.pid or 0])
        aside("everything at once")
        rows += told(measure_bulk(size))
        rows += told(
            [
                Row("memory, web and worker, MB", size, ours, ours, 400.0),
                Row("memory, database, MB", size, theirs, theirs, 4096.0),
            ]
        )
    return rows, fixed


def table(rows: list[Row], sizes: tuple[int, ...]) -> list[str]:
    """A line for each row, a column for each size, and how much the last costs of the first."""
    found = {(row.name, row.size): row for row in rows}
    head = " | ".join(f"{size:,}: median, p95" for size in sizes)
    lines = [f"| what | {head} | growth | bar: p95 | met |", "|---|" + "---|" * (len(sizes) + 3)]
    for name in dict.fromkeys(row.name for row in rows):
        mine = [found[name, size] for size in sizes if (name, size) in found]
        cells = " | ".join(_cell(found.get((name, size))) for size in sizes)
        growth = f"× {mine[-1].cost / mine[0].cost:.1f}" if len(mine) > 1 and mine[0].cost else "–"
        met = "yes" if all(row.is_met for row in mine) else "**no**"
        bar = f"{mine[0].bar:,.0f}" + (f", {mine[0].at_least:,.0f}/s" if mine[0].at_least else "")
        lines.append(f"| {name} | {cells} | {growth} | {bar} | {met} |")
    return lines


def _cell(row: Row | None) -> str:
    if row is None:
        return "–"
    return f"{row.cost:,.1f}, {row.p95:,.1f}" + (f", {row.rate:,.0f}/s" if row.rate else "")


@click.command(help=__doc__)
@click.option("--size", "sizes", multiple=True, type=int, default=(10_000, 100_000), show_default=True)
@click.option("--organisations", default=ORGANISATIONS, show_default=True)
@click.option("--directory", default=None, help="Where the databases are made; a temporary place otherwise.")
@click.option("--keep", "is_kept", is_flag=True, help="Keep these figures as those to come are compared with.")
def main(sizes: tuple[int, ...], organisations: int, directory: str | None, is_kept: bool) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    date = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    say(f"{date}, {machine}, load average {os.getloadavg()[0]:.1f} at the start; milliseconds.\n")
    rows: list[Row] = []
    now: dict[str, float] = {}
    fixed_lines = []
    for size in sizes:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            measured, fixed = pool.submit(measure_size, size, organisations, directory).result()
        rows += measured
        now |= ratios((row for row in measured if not row.name.startswith("memory")), fixed)
        fixed_lines.append(f"{size:,}: fixed query {fixed.query:.1f} ms, fixed loop {fixed.loop:.1f} ms.")
    say("\n".join([*table(rows, sizes), "", *fixed_lines, f"Load average at the end: {os.getloadavg()[0]:.1f}."]))
    fallen = slower(now, read_kept().ratios)
    if is_kept:
        keep(KeptRun(date, machine, now))
    elif fallen:
        say("\nSlower than the kept figures:\n" + "\n".join(f"✗ {each}" for each in fallen))
        sys.exit(1)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
