"""The roll-up engine: `python -m benchmarks.rollups [--tasks 10000 --tasks 100000 --tasks 1000000]`.

Starts its own database for each size, fills it as `benchmarks.cycle_at_scale` does, spreads deadlines over 400 days and
programmes over 60 documents, and measures as the application role: the reads a–f with writes pending, 1 and 8 clients;
reports with acceptances per second beside the folder; fold, rollover, rebuild. `measure(url)` does it on any database.
"""

import os
import platform
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
import psycopg

from benchmarks.cycle_at_scale import fill
from benchmarks.kept import p95
from benchmarks.measure import migrated_database

DOCUMENTS = 60
PENDING = 500
CALLS = 400
SECONDS_OF_WRITING = 15
SPREAD = """
INSERT INTO documents_document (id, slug, number, symbol, year, issuer_id, type, issued_on, title, text,
    text_is_summary, source, security, register_id, search_text)
SELECT n, 'nq-' || n, n::text, '-NQ/TW', 2025, 1, 'resolution', '2025-01-01', 'Nghị quyết mẫu', '', false, '', 'public',
    1, '' FROM generate_series(2, {documents}) n;
UPDATE programmes_programmebasis SET document_id = 1 + id % {documents};
UPDATE programmes_task SET resolved_end = date '2026-06-01' + (id * 7919 % 400)::int;
"""
REPORT = """
INSERT INTO reporting_report (obligation_id, task_id, version, author_id, claim, progress_declared, note,
    claims_completion, cause, done_about_it, submitted_at, idempotency_key, content_hash, is_simulated, route,
    rungs_skipped, correction_reason)
SELECT o.id, o.task_id, 1, o.organisation_id, 'on_plan', 41, '', %s, '', '', now(), gen_random_uuid(), repeat('c', 64),
    false, '{}', '{}', ''
FROM reporting_obligation o WHERE o.id = %s RETURNING id, author_id
"""
ACCEPTANCE = """
INSERT INTO reporting_acceptance (report_id, verdict, progress_accepted, note, author_id, reviewer_id, content_hash,
    decided_at, is_simulated)
VALUES (%s, 'accepted', 41, '', %s, 100001, repeat('c', 64), now(), false)
"""
UNANSWERED = """
SELECT o.id FROM reporting_obligation o WHERE o.task_id %% 10 >= 8
    AND NOT EXISTS (SELECT 1 FROM reporting_report r WHERE r.obligation_id = o.id) LIMIT %s
"""


@dataclass(frozen=True)
class Row:
    """One measured thing; milliseconds where they were taken, else 0."""

    name: str
    clients: int
    median_ms: float
    p95_ms: float
    note: str = ""


def spread(url: str) -> None:
    """As superuser: deadlines over 400 days, programmes over sixty documents."""
    with psycopg.connect(url) as server:
        server.execute("SET session_replication_role = replica")
        for statement in SPREAD.format(documents=DOCUMENTS).split(";\n"):
            if statement.strip():
                server.execute(statement)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")


def as_system(url: str) -> psycopg.Connection:
    """As Django connects: nothing is prepared, each statement is planned anew."""
    return psycopg.connect(url, autocommit=True, prepare_threshold=None, options="-c thucthi.viewer=system")


def ring(server: psycopg.Connection, work: str, room: int = 0) -> int:
    with server.transaction():
        server.execute("UPDATE monitoring_rollupstate SET work = %s, room = %s", [work, room])
        found = server.execute("SELECT done FROM monitoring_rollupstate").fetchone()
    return int(found[0]) if found else 0


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = call()
    return time.perf_counter() - begun, result


def reads() -> dict[str, tuple[str, Callable[[random.Random], dict[str, Any]]]]:
    """Statement and parameters of every read of the issue's first bar; ids as `cycle_at_scale` gives them."""
    from thucthi.monitoring.selectors.rollup_lists import late_statement, ranking_statement
    from thucthi.monitoring.selectors.rollups import counts_statement

    one = counts_statement()
    below = "ARRAY(SELECT id FROM directory_organisation WHERE parent_id = %(parent)s)"
    children = counts_statement(bodies=below)
    nothing: dict[str, Any] = {"programmes": [], "documents": [0]}
    provinces = list(range(2, 36))
    bodies = [*provinces, *range(40, 100)]
    return {
        "a one resolution × 34 provinces": (
            one, lambda pick: {**nothing, "organisations": provinces, "documents": [pick.randint(1, DOCUMENTS)]}),
        "b the country, every resolution": (
            counts_statement(in_full=True), lambda _pick: {**nothing, "organisations": [], "in_full": 0}),
        "c one subtree": (one, lambda pick: {**nothing, "organisations": [pick.choice(bodies)]}),
        "c2 its direct children": (children, lambda pick: {**nothing, "parent": pick.choice(bodies)}),
        "d fifty communes in order": (ranking_statement(), lambda _pick: {"kind": "commune", "first": 50}),
        "f fifty overdue, a subtree": (
            late_statement(in_order=False), lambda pick: {**nothing, "organisation": pick.choice(bodies), "first": 50}),
        "f fifty overdue, the country": (
            late_statement(in_order=True), lambda _pick: {**nothing, "organisation": 0, "first": 50}),
    }  # fmt: skip


def measure_reads(url: str, clients: int) -> list[Row]:
    """Every read `CALLS` times, shared by the clients, each with a connection of its own."""
    found = []
    for name, (statement, parameters) in reads().items():

        def one_client(seed: int, statement: Any = statement, parameters: Any = parameters) -> list[float]:
            pick, taken = random.Random(seed), []  # noqa: S311 - which body is asked for
            with as_system(url) as server:
                for call in range(10 + CALLS // clients):
                    values = parameters(pick)
                    begun = time.perf_counter()
                    server.execute(statement, values).fetchall()
                    if call >= 10:
                        taken.append((time.perf_counter() - begun) * 1000)
            return taken

        with ThreadPoolExecutor(clients) as pool:
            taken = [each for client in pool.map(one_client, range(clients)) for each in client]
        found.append(Row(name, clients, statistics.median(taken), p95(taken)))
    return found


def answer(server: psycopg.Connection, obligation: int, *, claims: bool) -> None:
    """A report in one transaction, its acceptance in another, as two people give them."""
    report = server.execute(REPORT, [claims, obligation]).fetchone()
    if report:
        server.execute(ACCEPTANCE, list(report))


def measure_writes(url: str, obligations: list[int], clients: int) -> Row:
    """Reports with acceptances for some seconds, one fold a second beside them."""
    waiting, lock, over = iter(obligations), threading.Lock(), time.perf_counter() + SECONDS_OF_WRITING
    is_over = threading.Event()

    def write(_client: int) -> list[float]:
        taken = []
        with as_system(url) as server:
            while time.perf_counter() < over:
                with lock:
                    obligation = next(waiting, None)
                if obligation is None:
                    break
                begun = time.perf_counter()
                answer(server, obligation, claims=obligation % 5 == 0)
                taken.append((time.perf_counter() - begun) * 1000)
        return taken

    def fold() -> None:
        with as_system(url) as server:
            while not is_over.wait(1):
                ring(server, "fold")

    folder = threading.Thread(target=fold)
    folder.start()
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        taken = [each for client in pool.map(write, range(clients)) for each in client]
    rate = len(taken) / (time.perf_counter() - begun)
    is_over.set()
    folder.join()
    return Row(
        "report and acceptance", clients, statistics.median(taken), p95(taken),
        f"{rate:,.0f} a second, {len(taken):,} in all",
    )  # fmt: skip


def measure_night(server: psycopg.Connection) -> list[Row]:
    """Tomorrow prepared, then reached: what a new day costs."""
    stale = "SELECT count(*) FROM monitoring_taskstanding WHERE stale_on <= monitoring_today() + 1"
    waiting = server.execute(stale).fetchone()
    begun, made = time.perf_counter(), 0
    while time.perf_counter() - begun < 60:
        rolled = ring(server, "roll", 2_000)
        made += rolled
        if not rolled:
            break
    took = time.perf_counter() - begun
    of = f"{made:,} of {waiting[0] if waiting else 0:,} standings, {made / max(took, 0.001):,.0f} a second"
    day = server.execute("SELECT day_given, monitoring_today() + 1 FROM monitoring_rollupstate").fetchone()
    server.execute("UPDATE monitoring_rollupstate SET day_given = %s", [day[1] if day else None])
    left = server.execute(
        "SELECT count(*) FROM monitoring_taskstanding WHERE stale_on <= monitoring_today()"
    ).fetchone()
    fold, folded = seconds(lambda: ring(server, "fold"))
    server.execute("UPDATE monitoring_rollupstate SET day_given = %s", [day[0] if day else None])
    return [
        Row("tomorrow prepared", 1, took * 1000, took * 1000, of),
        Row("midnight: fold", 1, fold * 1000, fold * 1000, f"{folded:,} notes; {left[0] if left else 0:,} still stale"),
    ]


def measure(url: str, tell: Callable[[Row], None] = lambda _row: None) -> list[Row]:
    """All figures of the engine on a database that `fill` and `spread` made, as the application; it writes.

    `tell` hears each row as soon as it is known.
    """
    rows: list[Row] = []

    def keep(*found: Row) -> None:
        rows.extend(found)
        for row in found:
            tell(row)

    with as_system(url) as server:
        took, made = seconds(lambda: ring(server, "rebuild"))
        keep(Row("rebuild from nothing", 1, took * 1000, took * 1000, f"{made:,} standings"))
        took, made = seconds(lambda: ring(server, "rebuild"))
        keep(Row("rebuild of what is right", 1, took * 1000, took * 1000, f"{made:,} mended"))
        obligations = [row[0] for row in server.execute(UNANSWERED, [200_000])]
        for obligation in obligations[:PENDING]:
            answer(server, obligation, claims=obligation % 5 == 0)
        pending = server.execute("SELECT count(*) FROM monitoring_rollupdelta").fetchone()
        for clients in (1, 8):
            keep(*measure_reads(url, clients))
        took, folded = seconds(lambda: ring(server, "fold"))
        pending_then = f"{pending[0] if pending else 0:,} of them pending in the reads above"
        keep(Row("fold", 1, took * 1000, took * 1000, f"{folded:,} notes, {pending_then}"))
        quarter = PENDING + (len(obligations) - PENDING) // 4
        keep(measure_writes(url, obligations[PENDING:quarter], 1))
        keep(measure_writes(url, obligations[quarter:], 8))
        ring(server, "fold")
        keep(*measure_night(server))
    return rows


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_row(row: Row) -> None:
    say(f"| {row.name} | {row.clients} | {row.median_ms:,.2f} | {row.p95_ms:,.2f} | {row.note} |")


@click.command(help=__doc__)
@click.option("--tasks", multiple=True, default=(10_000, 100_000), type=int)
@click.option("--weeks", default=3)
@click.option("--directory", default=None, help="Where the databases are made; a temporary place otherwise.")
def main(tasks: tuple[int, ...], weeks: int, directory: str | None) -> None:
    for size in tasks:
        with migrated_database(directory) as postgres:
            say(f"\n{size:,} tasks, {weeks} weeks; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()},")
            say(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the start.")
            fill(postgres.url("superuser"), size, weeks)
            spread(postgres.url("superuser"))
            say("\n| what | clients | median ms | p95 ms | |\n|---|---|---|---|---|")
            measure(postgres.url("app"), say_row)


if __name__ == "__main__":
    main()
