"""The reporting cycle at a million live tasks: `python -m benchmarks.cycle_at_scale [--tasks 1000000 --weeks 3]`.

Starts its own database, invents 20,000 bodies (the government, 34 provinces, 60 ministries, 3,321 communes and the
departments of all) and their tasks by SQL, with some weeks of history (of every ten duties eight answered, of those
seven accepted, one returned), and measures as the application role: making a week's obligations, what "My work" and the
review queue ask, and one press that accepts 3,321 reports of communes.
"""

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeVar

import click
import psycopg

from benchmarks.measure import migrated_database
from benchmarks.values_at_scale import worked_ms

Result = TypeVar("Result")
MONDAY = date(2026, 11, 16)
WEEK = timedelta(days=7)
ROUNDS = 30
# ids: 1 government, 2–35 provinces, 40–99 ministries, 100–3,420 communes, then departments up to 20,000.
BODIES = """
INSERT INTO directory_organisation (id, parent_id, kind, code, tree, level, official_name, short_name, aliases,
    unit_code, path, search_text, sort_key)
SELECT id, parent, kind, 'dv-' || id, 'state', level, 'Đơn vị mẫu ' || id, 'ĐV ' || id, '{}', '', '{}', '', ''
FROM (
    SELECT 1 AS id, NULL::int AS parent, 'government' AS kind, 'central' AS level
    UNION ALL SELECT i, 1, 'province', 'province' FROM generate_series(2, 35) i
    UNION ALL SELECT i, 1, 'ministry', 'central' FROM generate_series(40, 99) i
    UNION ALL SELECT i, 2 + i %% 34, 'commune', 'commune' FROM generate_series(100, 3420) i
    UNION ALL SELECT i, CASE WHEN i %% 4 = 0 THEN 40 + i %% 60 ELSE 2 + i %% 34 END, 'department', 'province'
              FROM generate_series(3421, 20000) i
) bodies ORDER BY id;
UPDATE directory_organisation SET path = CASE
    WHEN id = 1 THEN ARRAY[1] WHEN parent_id = 1 THEN ARRAY[1, id] ELSE ARRAY[1, parent_id, id] END;
INSERT INTO directory_account (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
    date_joined)
SELECT id, '', false, 'tk-' || id, '', '', '', false, true, now() FROM directory_organisation
UNION ALL SELECT 100000 + id, '', false, 'dn-' || id, '', '', '', false, true, now() FROM directory_organisation
          WHERE id < 100;
INSERT INTO directory_membership (account_id, organisation_id, role, valid_from)
SELECT id, id, 'reporter', date '2025-01-01' FROM directory_organisation
UNION ALL SELECT 100000 + id, id, 'approver', date '2025-01-01' FROM directory_organisation WHERE id < 100;
"""
# Each province and ministry has three programmes; a task stands in one of its lead's superior, or of its lead.
TASKS = """
INSERT INTO documents_document (id, slug, number, symbol, year, issuer_id, type, issued_on, title, text,
    text_is_summary, source, security, register_id, search_text)
SELECT 1, 'nq-mau', '1', '-NQ/TW', 2025, 1, 'resolution', '2025-01-01', 'Nghị quyết mẫu', '', false, '', 'public', 1,
    '';
INSERT INTO programmes_programme (id, code, organisation_id, title, profile, rhythm, authority_basis, resource_source,
    issued_on, issued_as, version, is_open)
SELECT o.id * 10 + n, 'ct-' || o.id || '-' || n, o.id, 'Chương trình mẫu', 'seven', 'weekly', '', '', '2026-01-05',
       '1/CTr', 1, true
FROM directory_organisation o, generate_series(0, 2) n WHERE o.id < 100;
INSERT INTO programmes_programmebasis (programme_id, document_id) SELECT id, 1 FROM programmes_programme;
INSERT INTO programmes_task (id, programme_id, code, kind, text, product, acceptance_criterion, lead_id, lead_text,
    deadline_raw, deadline_kind, deadline_precision, deadline_recurrence, deadline_trigger, resolved_end,
    yearly_deliverable, weight, money_source, people, facilities, authority_basis, is_issued, version, search_text)
SELECT i, CASE WHEN i %% 10 = 1 AND i <= 33211 THEN 2 WHEN o.id < 100 THEN o.id ELSE o.parent_id END * 10
       + CASE WHEN i %% 10 = 1 AND i <= 33211 THEN 0 ELSE i %% 3 END, 'nv-' || i, 'nhiem_vu',
       'Nhiệm vụ mẫu ' || i, 'Báo cáo', '', o.id, '', '31/12/2026', 'date', 'day', '', '', '2026-12-31', '', 1, '', '',
       '', '', true, 1, ''
FROM generate_series(1, %(tasks)s) i
JOIN directory_organisation o ON o.id = CASE
    WHEN i %% 10 < 6 THEN 100 + i %% 3321 WHEN i %% 10 = 6 THEN 2 + i / 10 %% 34 WHEN i %% 10 = 7 THEN 40 + i / 10 %% 60
    ELSE 3421 + i / 10 %% 16580 END;
INSERT INTO programmes_taskevent (task_id, kind, happened_on, decision, reason)
SELECT id, 'issued', '2026-01-05', '', '' FROM programmes_task;
INSERT INTO programmes_taskevent (task_id, kind, happened_on, decision, reason)
SELECT id, 'received', '2026-01-06', '', '' FROM programmes_task;
INSERT INTO programmes_taskevent (task_id, kind, happened_on, decision, reason)
SELECT id, 'suspended', '2026-02-06', '1/QĐ', 'mẫu' FROM programmes_task WHERE id %% 200 = 0;
"""
HISTORY = """
INSERT INTO reporting_obligation (task_id, organisation_id, period_kind, period_key, period_start, period_end, due_on)
SELECT id, lead_id, 'weekly', %(key)s, %(start)s, %(start)s::date + 6, %(start)s::date + 4 FROM programmes_task
WHERE id %% 200 <> 0;
INSERT INTO reporting_report (obligation_id, task_id, version, author_id, claim, progress_declared, note,
    claims_completion, cause, done_about_it, submitted_at, idempotency_key, content_hash, is_simulated, route,
    rungs_skipped, correction_reason)
SELECT id, task_id, 1, organisation_id, 'on_plan', 40, 'Đúng tiến độ.', false, '', '',
       %(start)s::date + 3 + (id %% 600) * interval '1 minute', gen_random_uuid(), repeat('a', 64), true, '{}', '{}', ''
FROM reporting_obligation WHERE period_key = %(key)s AND task_id %% 10 < 8;
INSERT INTO reporting_acceptance (report_id, verdict, progress_accepted, note, author_id, reviewer_id, content_hash,
    decided_at, is_simulated)
SELECT r.id, CASE WHEN r.task_id %% 10 = 7 THEN 'returned' ELSE 'accepted' END,
       CASE WHEN r.task_id %% 10 = 7 THEN NULL ELSE 40 END, 'Ý kiến mẫu', r.author_id, 100001, r.content_hash,
       r.submitted_at + interval '1 hour', true
FROM reporting_report r JOIN reporting_obligation o ON o.id = r.obligation_id
WHERE o.period_key = %(key)s AND (r.task_id / 10) %% 4 > 0;
"""
# Of the first 33,211 tasks one per commune stands in the first province's programme: it accepts 3,321 reports.
CHAIN = """
INSERT INTO reporting_report (obligation_id, task_id, version, author_id, claim, progress_declared, note,
    claims_completion, cause, done_about_it, submitted_at, idempotency_key, content_hash, is_simulated, route,
    rungs_skipped, correction_reason)
SELECT o.id, o.task_id, 1, o.organisation_id, 'on_plan', 41, 'Đúng tiến độ.', false, '', '', now(), gen_random_uuid(),
       repeat('b', 64), false, %(route)s, '{}', ''
FROM reporting_obligation o JOIN programmes_task t ON t.id = o.task_id
WHERE o.period_key = %(key)s AND t.programme_id = 20 AND t.id %% 10 = 1 AND t.id <= 33211;
"""


def fill(url: str, tasks: int, weeks: int) -> None:
    """As superuser and without the checks of foreign keys and the triggers: the rows are made to fit."""
    with psycopg.connect(url) as server:
        server.execute("SET session_replication_role = replica")
        run_all(server, BODIES, {})
        run_all(server, TASKS, {"tasks": tasks})
        for ago in range(weeks, 0, -1):
            start = MONDAY - WEEK * ago
            year, week, _ = start.isocalendar()
            run_all(server, HISTORY, {"key": f"{year}-W{week:02d}", "start": start})
        server.execute("SELECT reporting_rebuild_open_duties()")
        server.execute("SELECT reporting_rebuild_pauses()")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")


def run_all(server: psycopg.Connection, statements: str, values: dict[str, object]) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            server.execute(statement, values)  # type: ignore[arg-type]


def timed(call: Callable[[], object]) -> str:
    """Median and 95th percentile on the clock, and milliseconds this process and the server's worked on average.

    Other work on the machine lengthens the first two and hardly touches the third. The first call warms up.
    """
    from django.db import connection

    call()
    pids = [os.getpid(), connection.connection.info.backend_pid]
    before, taken = worked_ms(pids), []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    worked = (worked_ms(pids) - before) / ROUNDS
    return f"{statistics.median(taken):,.1f} | {statistics.quantiles(taken, n=20)[-1]:,.1f} | {worked:,.1f}"


def once(call: Callable[[], Result]) -> tuple[Result, str]:
    """What one call gives, with its seconds on the clock and the processor's."""
    from django.db import connection

    connection.ensure_connection()
    pids = [os.getpid(), connection.connection.info.backend_pid]
    before, begun = worked_ms(pids), time.perf_counter()
    result = call()
    return result, f"{time.perf_counter() - begun:,.1f} | {(worked_ms(pids) - before) / 1000:,.1f}"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measure_obligations() -> None:
    from thucthi.directory.access import SYSTEM
    from thucthi.reporting.actions import create_obligations

    made, first = once(partial(create_obligations, by=SYSTEM, on=MONDAY))
    again, second = once(partial(create_obligations, by=SYSTEM, on=MONDAY + timedelta(days=1)))
    say("\n| making obligations | seconds | processor s | rows |\n|---|---|---|---|")
    say(f"| a week, everybody | {first} | {made:,} |")
    say(f"| the night after, nothing new | {second} | {again:,} |")


def measure_queries(explain: bool) -> None:
    from thucthi.directory.models import Account
    from thucthi.directory.selectors import viewer_of
    from thucthi.reporting.selectors import reports_due_for, review_queue
    from thucthi.reporting.selectors.queues import count_to_review
    from thucthi.reporting.selectors.waiting import reach_of

    people = {
        "reporter of a commune": "tk-200",
        "reporter of a ministry": "tk-50",
        "approver of a province": "dn-5",
        "approver of a ministry": "dn-50",
        "approver of the government": "dn-1",
    }
    say("\n| question | median ms | p95 ms | processor ms | rows |\n|---|---|---|---|---|")
    for name, username in people.items():
        viewer = viewer_of(Account.objects.get(username=username))
        my_work = partial(reports_due_for, viewer, MONDAY, to_review=20)
        due = my_work()
        rows = len(due.overdue) + len(due.due_soon) + len(due.returned)
        say(f"| {name}: my work | {timed(my_work)} | {rows:,} |")
        if viewer.label.startswith("dn-"):
            waiting = count_to_review(reach_of(viewer))
            say(f"| {name}: a page of the queue | {timed(partial(review_queue, viewer, to=50))} | {waiting:,} |")
        if explain:
            explain_slow(my_work)


def explain_slow(call: Callable[[], object]) -> None:
    """Print the plan of every query that took over 20 ms."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        call()
    for query in asked.captured_queries:
        say(f"{query['time']} s: {query['sql'][:90]}")
        if float(query["time"]) > 0.02:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + query["sql"])
                say("\n".join(row[0] for row in cursor.fetchall()))


def measure_bulk(url: str, week: date, route: str) -> None:
    from thucthi.directory.models import Account
    from thucthi.directory.selectors import viewer_of
    from thucthi.reporting.actions import Shown, accept_reports
    from thucthi.reporting.models import Report

    year, number, _ = week.isocalendar()
    with psycopg.connect(url) as server:
        run_all(server, CHAIN, {"key": f"{year}-W{number:02d}", "route": route})
    viewer = viewer_of(Account.objects.get(username="dn-2"))
    waiting = Report.objects.filter(content_hash="b" * 64, acceptance__isnull=True)
    shown = [Shown(pk, "b" * 64, rungs[0] if rungs else "") for pk, rungs in waiting.values_list("pk", "route")]
    outcome, taken = once(partial(accept_reports, shown, by=viewer, note="", at=datetime.now(UTC)))
    said = f"{len(outcome.accepted):,} accepted, {len(outcome.not_taken):,} not taken"
    say(f"| {len(shown):,} reports, route {route} | {taken} | {said} |")


@click.command(help=__doc__)
@click.option("--tasks", default=1_000_000)
@click.option("--weeks", default=3)
@click.option("--directory", default=None, help="Where the database is made; a temporary place otherwise.")
@click.option("--explain", is_flag=True, help="Also print how the database reads what takes over 20 ms.")
def main(tasks: int, weeks: int, directory: str | None, explain: bool) -> None:
    say(
        f"`python -m benchmarks.cycle_at_scale --tasks {tasks} --weeks {weeks}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )
    say(f"{platform.machine()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the start.")
    with migrated_database(directory) as postgres:
        begun = time.perf_counter()
        fill(postgres.url("superuser"), tasks, weeks)
        say(f"Made up in {time.perf_counter() - begun:.0f} s.")
        measure_obligations()
        with psycopg.connect(postgres.url("superuser"), autocommit=True) as server:
            server.execute("ANALYZE")
        measure_queries(explain)
        say("\n| one press | seconds | processor s | outcome |\n|---|---|---|---|")
        measure_bulk(postgres.url("superuser"), MONDAY, "{}")
        say(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
