"""Making an issue of an invented country: `python -m benchmarks.snapshot [--tasks 10000 --weeks 3 --profile]`.

Starts its own database with 20,000 bodies, 3,321 communes among them, and their tasks with some weeks of reports, makes
a weekly issue of it as the application role, and says how long reading and rendering took, how large the issue is, and
the largest memory of this process and its workers together. Asked of 1,000,000 tasks: 10 minutes and 1.5 GB on 2 cores.

Filling a million tasks takes longer than publishing them: `--keep DIRECTORY` leaves the filled database there, and the
next run with the same numbers starts from it. `--at URL` reads a database that stands somewhere (as the application's
role; nothing is written there). `--country` gives fewer tasks the form that a country's have, `--parts` says what each
kind of part takes, drawn by this process alone.
"""

import contextlib
import cProfile
import json
import os
import platform
import pstats
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

import click
import psycopg

from benchmarks.cycle_at_scale import fill
from benchmarks.measure import migrated_database, run
from benchmarks.memory import Watched
from thucthi.config.supervisor import LocalPostgres

if TYPE_CHECKING:
    from thucthi.publication.shapes import IssueData

AS_OF = date(2026, 11, 19)
NAMES = "UPDATE directory_organisation SET sort_key = lpad(id::text, 8, '0')"
SHOWN_OF_PROFILE = 45
FILLED = "filled.json"
Result = TypeVar("Result")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def worked() -> float:
    """Seconds of the processor in this process and in its children that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def step(name: str, call: Callable[[], Result], many: Callable[[Result], str], server: int | None) -> Result:
    """One line of the table; memory is that of this process and its workers, without the database server."""
    before, begun = worked(), time.perf_counter()
    with Watched([server] if server else []) as watched:
        result = call()
    clock = time.perf_counter() - begun
    say(f"| {name} | {many(result)} | {clock:,.1f} | {worked() - before:,.1f} | {watched.peak_mb:,.0f} |")
    return result


def measure(server: int | None, as_of: date, *, only_reading: bool, in_parts: bool) -> None:
    from django.conf import settings

    from thucthi.public_site.rendering.site import site_parts
    from thucthi.publication import files

    say("\n| step | how many | seconds | processor s | largest memory MB |\n|---|---|---|---|---|")
    data = step(
        "reading",
        partial(read_at_one_moment, as_of),
        lambda read: f"{len(read.tasks):,} tasks, {len(read.organisations):,} bodies",
        server,
    )
    if only_reading:
        return
    if in_parts:
        draw_by_kind(data)
        return
    written = step(
        "rendering and writing",
        lambda: files.write_parts(site_parts(data), settings.SNAPSHOT_PROCESSES),
        lambda issue: f"{issue.file_count:,} files",
        server,
    )
    step(
        "comparing with the manifest",
        lambda: files.wrong_files(written.manifest_hash),
        lambda wrong: f"{len(wrong)} wrong",
        server,
    )
    describe(files.issue_directory(written.manifest_hash))
    shutil.rmtree(Path(settings.PUBLISHED_ROOT))


def draw_by_kind(data: "IssueData") -> None:
    """What each kind of part takes, one after the other; nothing is kept."""
    from thucthi.public_site.rendering.site import site_parts
    from thucthi.publication import files

    begun = worked()
    kinds: dict[str, list[Callable[[], Iterable[tuple[str, Any]]]]] = {}
    for part in site_parts(data):
        kinds.setdefault(kind_of(part), []).append(part)
    say("\n| part | files | MB | processor s | µs for each task |\n|---|---|---|---|---|")
    say(f"| gathering, indexes | | | {worked() - begun:,.1f} | {(worked() - begun) / len(data.tasks) * 1e6:,.0f} |")
    for kind, parts in kinds.items():
        begun = worked()
        written = files.write_parts(parts)
        took = worked() - begun
        place = files.issue_directory(written.manifest_hash)
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
        shutil.rmtree(place)
        say(f"| {kind} | {written.file_count:,} | {size:,.1f} | {took:,.1f} | {took / len(data.tasks) * 1e6:,.0f} |")


def kind_of(part: Any) -> str:
    """By the function that makes it; of pages, by the section they belong to."""
    function = getattr(part, "func", part)
    pages = [each for each in getattr(part, "args", ()) if callable(each)]
    return str(getattr(pages[0], "func", pages[0]).__name__ if pages else function.__name__)


def as_a_country() -> None:
    """The form of an issue that has too many tasks for a page each, whatever their number."""
    from thucthi.public_site.rendering import book
    from thucthi.publication.selectors import batches, issue

    for module in (book, batches, issue):
        module.MOST_TASK_PAGES = 0  # type: ignore[attr-defined]


def read_at_one_moment(as_of: date) -> "IssueData":
    """As an issue is prepared: in one transaction, by several processes."""
    from django.conf import settings
    from django.db import connection, transaction

    from thucthi.publication.moments import readers
    from thucthi.publication.selectors import public_issue

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        return public_issue("weekly", as_of, readers=readers(settings.SNAPSHOT_PROCESSES))


def describe(directory: Path) -> None:
    """Files and bytes by kind: the ending, and the folder they lie in."""
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for path in directory.rglob("*"):
        if path.is_file():
            kind = f"{path.relative_to(directory).parts[0].replace('index.html', '')}/ {path.suffix}"
            counts[kind] += 1
            sizes[kind] += path.stat().st_size
    say(f"\n{sum(sizes.values()) / 1e6:,.0f} MB in {counts.total():,} files. The largest kinds:\n")
    say("| where | files | MB |\n|---|---|---|")
    for kind, size in sizes.most_common(12):
        say(f"| {kind} | {counts[kind]:,} | {size / 1e6:,.1f} |")


@contextlib.contextmanager
def kept_database(directory: Path, *, durable: bool = False) -> Iterator[LocalPostgres]:
    """As `migrated_database`, in a cluster that stays in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    with LocalPostgres(directory / "cluster", durable=durable) as postgres:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
            "DATABASE_URL": postgres.url("app"),
            "THUCTHI_STATE": str(directory / "var"),
        }
        owner = {**environment, "DATABASE_OWNER_URL": postgres.url("owner"), "THUCTHI_DATABASE_ROLE": "owner"}
        run(owner, "-m", "thucthi.config.supervisor.steps", "migrate")
        os.environ.update(environment)
        import django

        django.setup()
        yield postgres


@contextlib.contextmanager
def standing_database(url: str, state: str) -> Iterator[None]:
    """One that somebody else filled and runs; `state`: where the issue is made."""
    os.environ.update(DJANGO_SETTINGS_MODULE="thucthi.config.settings", DATABASE_URL=url, THUCTHI_STATE=state)
    import django

    django.setup()
    yield


def filled_once(keep: Path | None, wanted: dict[str, int], filling: Callable[[], object]) -> None:
    """What is kept is not filled twice. Raises click.UsageError for a kept database of another size."""
    marker = keep / FILLED if keep else None
    if marker is not None and marker.is_file():
        if json.loads(marker.read_text()) != wanted:
            raise click.UsageError(f"{marker.parent} holds {marker.read_text()}; give another directory.")
        return
    filling()
    if marker is not None:
        marker.write_text(json.dumps(wanted))


def fill_and_tell(postgres: LocalPostgres, tasks: int, weeks: int) -> None:
    begun = time.perf_counter()
    fill(postgres.url("superuser"), tasks, weeks)
    with psycopg.connect(postgres.url("superuser"), autocommit=True) as server:
        server.execute(NAMES)
    say(f"filled in {time.perf_counter() - begun:,.0f} s,")


@click.command(help=__doc__)
@click.option("--tasks", default=10_000)
@click.option("--weeks", default=3)
@click.option(
    "--directory", default=None, help="Where the database and the issue are made; a temporary place otherwise."
)
@click.option("--keep", type=click.Path(path_type=Path), default=None, help="A directory that keeps the database.")
@click.option("--at", "url", default=None, help="A database that stands, asked as the application's role.")
@click.option("--as-of", default=f"{AS_OF}", help="The day of the issue.")
@click.option("--country", is_flag=True, help="The form of a country for any number of tasks.")
@click.option("--parts", "in_parts", is_flag=True, help="What each kind of part takes, in this process alone.")
@click.option("--only-fill", is_flag=True, help="Fill the kept database and stop.")
@click.option("--only-reading", is_flag=True, help="Read the issue and stop.")
@click.option("--profile", is_flag=True, help="Also print where the time went, in this process.")
def main(**asked: Any) -> None:
    chosen = SimpleNamespace(**asked)
    say(f"`python -m benchmarks.snapshot {' '.join(sys.argv[1:])}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC,")
    say(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},")
    say(f"load average {os.getloadavg()[0]:.1f} at the start.")
    with database_of(chosen) as server:
        if chosen.only_fill:
            return
        if chosen.country:
            as_a_country()
        call = partial(
            measure,
            server,
            date.fromisoformat(chosen.as_of),
            only_reading=chosen.only_reading,
            in_parts=chosen.in_parts,
        )
        if chosen.profile:
            watch = cProfile.Profile()
            watch.runcall(call)
            pstats.Stats(watch, stream=sys.stdout).sort_stats("tottime").print_stats(SHOWN_OF_PROFILE)
        else:
            call()
    say(f"load average {os.getloadavg()[0]:.1f} at the end.")


@contextlib.contextmanager
def database_of(chosen: Any) -> Iterator[int | None]:
    """Filled; the process of its server where that was started here."""
    if chosen.url:
        with standing_database(chosen.url, chosen.directory or tempfile.mkdtemp()):
            yield None
        return
    keep = chosen.keep
    with kept_database(keep) if keep else migrated_database(chosen.directory) as postgres:
        wanted = {"tasks": chosen.tasks, "weeks": chosen.weeks}
        filled_once(keep, wanted, lambda: fill_and_tell(postgres, chosen.tasks, chosen.weeks))
        yield postgres.pid


if __name__ == "__main__":
    main()
