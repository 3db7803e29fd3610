"""Delays along dependencies: `python -m benchmarks.propagation`.

Starts its own database and fills it by SQL: 25,000 issued tasks of 100 organisations, 400 owed texts, 500 targets, then
500, 5,000 and 50,000 dependencies that make no circle. At each size it measures the arithmetic alone, the whole answer
with reading, the way back for slack, the search for a circle, and adding one dependency by its action.
"""

import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import click
import psycopg

from benchmarks.measure import migrated_database
from benchmarks.memory import families_mb
from benchmarks.values_at_scale import worked_ms

AS_OF = date(2026, 11, 30)
TASKS, TEXTS, TARGETS = 25_000, 400, 500
STEPS = (500, 5_000, 50_000)
ASKED_MS = 2_000
FILL = f"""
INSERT INTO directory_organisation (id, parent_id, kind, code, tree, level, official_name, short_name, aliases,
    unit_code, path, search_text, sort_key)
SELECT n, CASE WHEN n > 1 THEN 1 END, CASE WHEN n > 1 THEN 'province' ELSE 'government' END, 'dv-' || n, 'state',
    'central', 'Đơn vị mẫu ' || n, 'ĐV ' || n, '{{}}', '', CASE WHEN n > 1 THEN ARRAY[1, n] ELSE ARRAY[1] END, '', ''
  FROM generate_series(1, 100) n;
INSERT INTO documents_document (id, slug, number, symbol, year, issuer_id, type, issued_on, title, text,
    text_is_summary, source, security, register_id, search_text)
SELECT n, 'vb-' || n, n::text, '-NQ/TW', 2025, 1, 'resolution', '2025-03-01', 'Nghị quyết mẫu', '', false, '',
    'public', 1, '' FROM generate_series(1, 10) n;
INSERT INTO programmes_programme (id, code, organisation_id, title, profile, rhythm, authority_basis, resource_source,
    issued_on, issued_as, version, is_open)
SELECT n, 'ct-' || n, n, 'Chương trình mẫu', 'seven', 'weekly', '', '', '2026-01-05', '1/CTr', 1, true
  FROM generate_series(1, 100) n;
INSERT INTO programmes_programmebasis (programme_id, document_id) SELECT n, 1 + n % 10 FROM generate_series(1, 100) n;
INSERT INTO programmes_task (id, programme_id, code, kind, text, product, acceptance_criterion, lead_id, lead_text,
    start_on, deadline_raw, deadline_kind, deadline_precision, deadline_recurrence, deadline_trigger, resolved_end,
    yearly_deliverable, weight, money_source, people, facilities, authority_basis, is_issued, version, search_text)
SELECT n, 1 + n % 100, 'nv-' || n, 'nhiem_vu', 'Việc mẫu ' || n, '', '', 1 + n % 100, '',
    date '2026-05-02' + n % 900 - n % 200,
    '', 'date', '', '', '', date '2026-06-01' + n % 900, '', 1, '', '', '', '', true, 1, ''
  FROM generate_series(1, {TASKS}) n;
UPDATE programmes_task SET start_on = NULL WHERE id % 5 = 0;
INSERT INTO programmes_taskevent (task_id, kind, happened_on, decision, reason)
SELECT n, 'issued', '2026-01-05', '', '' FROM generate_series(1, {TASKS}) n;
INSERT INTO documents_instrument (id, code, document_id, type, title, drafter_id, due_on, deadline_raw, legal_basis,
    compliance_cost, is_simulated, version)
SELECT n, 'tt-' || n, 1 + n % 10, 'circular', 'Thông tư mẫu ' || n, 1 + n % 100, date '2026-06-01' + n, '', '', '',
    true, 1 FROM generate_series(1, {TEXTS}) n;
INSERT INTO documents_instrumentstep (instrument_id, stage, entered_on, clock_basis, reference, note, is_simulated)
SELECT n, 'drafting', '2026-05-01', '', '', '', true FROM generate_series(1, {TEXTS}) n;
INSERT INTO indicators_indicator (id, code, name, name_en, unit, unit_en, direction, kind, scale, definition, method,
    limits, source, contact, frequency, delay_days, rubric, metadata, version)
SELECT n, 'ct-' || n, 'Chỉ tiêu mẫu ' || n, '', '', '', 'rise', 'stock', 1, '', '', '', '', '', 'yearly', 30, '{{}}',
    '{{}}', 1 FROM generate_series(1, {TARGETS}) n;
INSERT INTO indicators_target (code, indicator_id, document_id, each_unit, operator, low, period, year, path,
    path_points, note, source)
SELECT 'mt-' || n, n, 1 + n % 10, '', '>=', 50, 'năm', 2027 + n % 3, 'straight', '[]', '', ''
  FROM generate_series(1, {TARGETS}) n;
INSERT INTO indicators_contribution (task_id, indicator_id)
SELECT n, 1 + n % {TARGETS} FROM generate_series(1, {TASKS}, 5) n;
"""  # noqa: S608 - numbers of ours
TIES = f"""
INSERT INTO programmes_dependency (kind, waiting_task_id, needed_task_id, lag_days, reason, created_on, ended_because)
SELECT kind, waiting, needed, lag, '', '2026-02-01', ''
  FROM (SELECT DISTINCT ON (waiting, needed) (ARRAY['finish_start', 'needs_data'])[1 + n %% 2] AS kind, waiting, needed,
               n %% 6 AS lag
          FROM (SELECT n, 2 + (n * 7919) %% ({TASKS} - 1) AS waiting,
                       greatest(1, 1 + (n * 7919) %% ({TASKS} - 1) - (n * 104729) %% 400) AS needed
                  FROM generate_series(%(first)s::bigint, %(last)s) n) made WHERE needed < waiting) once
    ON CONFLICT DO NOTHING;
INSERT INTO programmes_dependency (kind, waiting_task_id, needed_instrument_id, lag_days, reason, created_on,
    ended_because)
SELECT 'needs_instrument', 1 + (n * 31) %% {TASKS}, 1 + n %% {TEXTS}, 0, '', '2026-02-01', ''
  FROM generate_series(%(first)s::bigint, %(last)s, 50) n ON CONFLICT DO NOTHING;
"""  # noqa: S608 - numbers of ours


def timed(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Milliseconds: median on the clock, and what this process and the server's worked on average.

    Other work on the machine lengthens the first and hardly touches the second. The first call warms up.
    """
    from django.db import connection

    call()
    connection.ensure_connection()
    pids = [os.getpid(), connection.connection.info.backend_pid]
    taken = []
    before = worked_ms(pids)
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), (worked_ms(pids) - before) / rounds


def report(server: psycopg.Connection, first: int, last: int, rounds: int) -> None:
    from django.db import connection, transaction

    from thucthi.directory.access import SYSTEM
    from thucthi.monitoring.calculations.propagation import propagate
    from thucthi.monitoring.calculations.propagation_chain import slacks
    from thucthi.monitoring.selectors.graph_facts import everything
    from thucthi.programmes.actions import NewDependency, add_dependency
    from thucthi.programmes.calculations.graph import Edge, Node, circle_closed_by
    from thucthi.programmes.models import Task
    from thucthi.programmes.selectors.dependencies import edges_on

    server.execute(TIES, {"first": first, "last": last})
    server.commit()
    connection.cursor().execute("ANALYZE programmes_dependency")
    web, edges = everything(AS_OF), edges_on(AS_OF)
    goal = max(
        (row.expected, node) for node, row in web.found.items() if row.expected is not None and node.kind == "task"
    )[1]
    back = Edge(Node("task", TASKS), Node("task", 1), "finish_start")

    def add() -> None:
        with transaction.atomic():
            waiting = Task.objects.select_related("programme__organisation").get(code=f"nv-{TASKS}")
            add_dependency(by=SYSTEM, new=NewDependency("finish_start", waiting, "nv-1"), on=AS_OF)
            transaction.set_rollback(True)

    rows = {
        "propagation alone": timed(lambda: propagate(web.plans, web.edges), rounds),
        "slack before the last task": timed(lambda: slacks(web.plans, web.edges, web.found, goal), rounds),
        "search for a circle": timed(lambda: circle_closed_by(edges, back), rounds),
        "reading and propagation, everything": timed(lambda: everything(AS_OF), rounds),
        "adding one dependency (rolled back)": timed(add, rounds),
    }
    late = sum(row.is_late and row.pushed_by is not None for row in web.found.values())
    click.echo(
        f"### {len(edges):,} dependencies: {len(web.edges):,} ties, {len(web.plans):,} things, {late:,} pushed\n"
    )
    click.echo("| what | median ms | processor ms | asked ≤ ms |\n|---|---|---|---|")
    for name, (median, worked) in rows.items():
        asked = f"{ASKED_MS:,}" if name == "propagation alone" and last == STEPS[-1] else "–"
        click.echo(f"| {name} | {median:,.1f} | {worked:,.1f} | {asked} |")
    click.echo("")


def alone() -> None:
    """The arithmetic without a database, on invented plans; processor time, the slowest of three."""
    from thucthi.monitoring.calculations.propagation import Plan, propagate
    from thucthi.monitoring.calculations.propagation_chain import slacks
    from thucthi.programmes.calculations.graph import Edge, Node, circle_closed_by

    click.echo("| ties | things | propagation ms | slack ms | circle ms |\n|---|---|---|---|---|")
    for size in STEPS:
        chance = random.Random(3)  # noqa: S311 - invented values, not secrets
        things = [Node("task", number) for number in range(size // 2)]
        plans = {node: _plan(Plan, node, chance) for node in things}
        edges = [_edge(Edge, things, chance, number) for number in range(size)]
        found = propagate(plans, edges)
        goal = max((row.expected, node) for node, row in found.items() if row.expected)[1]
        calls = (
            lambda plans=plans, edges=edges: propagate(plans, edges),
            lambda plans=plans, edges=edges, found=found, goal=goal: slacks(plans, edges, found, goal),
            lambda edges=edges, things=things: circle_closed_by(edges, Edge(things[-1], things[0], "finish_start")),
        )
        worked = " | ".join(f"{max(_worked(call) for _ in range(3)):,.0f}" for call in calls)
        click.echo(f"| {size:,} | {len(things):,} | {worked} |")


def _plan(plan: Callable[..., object], node: object, chance: random.Random) -> object:
    planned, own = (date(2026, 6, 1) + timedelta(chance.randrange(900)) for _ in range(2))
    return plan(node, planned, own, work_days=chance.randrange(200))


def _edge(edge: Callable[..., object], things: list, chance: random.Random, number: int) -> object:
    waiting = chance.randrange(1, len(things))
    needed = max(0, waiting - 1 - chance.randrange(400))
    return edge(things[needed], things[waiting], "finish_start", number % 6)


def _worked(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return (time.process_time() - begun) * 1000


@click.command(help=__doc__)
@click.option("--rounds", default=3)
@click.option("--without-database", is_flag=True, help="Only the arithmetic, on invented plans.")
def main(rounds: int, without_database: bool) -> None:
    if without_database:
        alone()
        return
    click.echo(f"`python -m benchmarks.propagation`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, ")
    click.echo(f"{platform.machine()}, {os.cpu_count()} shared cores, other work beside it, ")
    click.echo(f"Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f} at the start.\n")
    with migrated_database(None) as postgres:
        server = psycopg.connect(postgres.url("superuser"), cursor_factory=psycopg.ClientCursor)
        server.execute("SET session_replication_role = replica")
        server.execute(FILL)
        server.commit()
        server.autocommit = True
        server.execute("VACUUM ANALYZE")
        server.autocommit = False
        done = 0
        for step in STEPS:
            report(server, done + 1, step, rounds)
            done = step
        click.echo(f"Resident (PSS), this process: {families_mb([os.getpid()]):,.0f} MB.")


if __name__ == "__main__":
    main()
