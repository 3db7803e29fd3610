"""Who is silent among 3,356 bodies with a million obligations: `python -m benchmarks.accountability_at_scale`.

Starts its own database, invents 34 provinces with 3,321 communes, a public programme with 25 tasks of each body, twelve
weeks of obligations and the reports on them (every twentieth body stops reporting three weeks ago), and measures what
the pages of accountability ask. Every call is the whole selector, Django included, as the application role.
"""

import os
import platform
from collections.abc import Callable
from datetime import UTC, date, datetime

import click
import psycopg

from benchmarks.measure import migrated_database
from benchmarks.values_at_scale import timed

AS_OF = date(2026, 11, 28)
PROVINCES, COMMUNES, TASKS_OF_EACH, WEEKS = 34, 3_321, 25, 12
STATEMENTS = (
    """INSERT INTO directory_organisation (id, parent_id, kind, code, tree, level, official_name, short_name, aliases,
              unit_code, path, search_text, sort_key)
       SELECT n, CASE WHEN n = 1 THEN NULL WHEN n <= 35 THEN 1 ELSE 2 + n %% 34 END,
              CASE WHEN n = 1 THEN 'government' WHEN n <= 35 THEN 'province' ELSE 'commune' END, 'dv-' || n, 'state',
              CASE WHEN n = 1 THEN 'central' WHEN n <= 35 THEN 'province' ELSE 'commune' END, 'Đơn vị mẫu ' || n,
              'Đơn vị ' || n, '{}', '', CASE WHEN n = 1 THEN ARRAY[1] WHEN n <= 35 THEN ARRAY[1, n]
              ELSE ARRAY[1, 2 + n %% 34, n] END, '', lpad(n::text, 6, '0')
         FROM generate_series(1, %(bodies)s) n""",
    """INSERT INTO documents_document (id, slug, number, symbol, year, issuer_id, type, issued_on, title, text,
              text_is_summary, source, security, register_id, search_text)
       VALUES (1, 'nq', '1', '-NQ/TW', 2026, 1, 'resolution', '2026-01-05', 'Nghị quyết mẫu', repeat('x', 900), true,
              '', 'public', 1, '')""",
    """INSERT INTO documents_clause (id, document_id, path, start, "end")
       SELECT n, 1, 'Điều ' || n, n * 10, n * 10 + 9 FROM generate_series(1, 80) n""",
    """INSERT INTO programmes_programme (id, code, organisation_id, title, profile, rhythm, authority_basis,
              resource_source, issued_on, issued_as, version, is_open)
       SELECT n, 'ct-' || n, n, 'Chương trình mẫu', 'seven', 'weekly', '', '', '2026-02-02', '1/CTr', 1, true
         FROM generate_series(1, %(bodies)s) n""",
    "INSERT INTO programmes_programmebasis (programme_id, document_id) SELECT id, 1 FROM programmes_programme",
    """INSERT INTO programmes_task (id, programme_id, code, kind, text, product, acceptance_criterion, lead_id,
              lead_text, deadline_raw, deadline_kind, deadline_precision, deadline_recurrence, deadline_trigger,
              resolved_end, yearly_deliverable, weight, money_source, people, facilities, authority_basis, is_issued,
              version, search_text)
       SELECT n, 1 + n %% %(bodies)s, 'nv-' || n, 'nhiem_vu', 'Việc mẫu', '', '', 1 + n %% %(bodies)s, '', '', 'date',
              '', '', '', DATE '2026-06-30' + (n %% 365)::int, '', 1 + n %% 5, '', '', '', '', true, 1, ''
         FROM generate_series(1, %(tasks)s) n""",
    """INSERT INTO programmes_citation (task_id, clause_id)
       SELECT id, 1 + id %% 80 FROM programmes_task WHERE id %% 4 <> 0""",
    """INSERT INTO reporting_obligation (id, task_id, organisation_id, period_kind, period_key, period_start,
              period_end, due_on)
       SELECT (w - 1) * %(tasks)s + t.id, t.id, t.lead_id, 'weekly', '2026-W' || 35 + w, DATE '2026-08-31' + 7 * w - 7,
              DATE '2026-09-06' + 7 * w - 7, DATE '2026-09-04' + 7 * w - 7
         FROM programmes_task t CROSS JOIN generate_series(1, %(weeks)s) w""",
    """INSERT INTO reporting_report (obligation_id, task_id, version, author_id, claim, progress_declared, note,
              claims_completion, cause, done_about_it, submitted_at, idempotency_key, content_hash, is_simulated, route,
              correction_reason)
       SELECT o.id, o.task_id, 1, 1, 'on_plan', 10, '', o.task_id %% 9 = 0 AND o.due_on > '2026-11-10', '', '',
              o.due_on + CASE WHEN o.id %% 7 = 0 THEN 2 ELSE 0 END + TIME '09:00', gen_random_uuid(), '', true, '{}', ''
         FROM reporting_obligation o
        WHERE o.id %% 33 <> 0 AND (o.organisation_id %% 20 <> 0 OR o.due_on < '2026-11-01')""",
    """INSERT INTO reporting_acceptance (report_id, verdict, progress_accepted, note, author_id, reviewer_id,
              content_hash, decided_at, is_simulated)
       SELECT id, 'accepted', 10, '', 1, 2, '', submitted_at + INTERVAL '1 day', true FROM reporting_report
        WHERE claims_completion""",
    """INSERT INTO programmes_cascadeduty (document_id, organisation_id, due_on, basis, lifted_because)
       SELECT 1, id, DATE '2026-01-31' + (id %% 9)::int, 'Điều 3', '' FROM directory_organisation WHERE id > 1""",
)


@click.command(help=__doc__)
@click.option("--rounds", default=5)
@click.option("--directory", default=None, help="Where the database is made; a temporary place otherwise.")
def main(rounds: int, directory: str | None) -> None:
    click.echo(f"`python -m benchmarks.accountability_at_scale`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, ")
    click.echo(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.\n")
    with migrated_database(directory) as postgres:
        fill(postgres.url("superuser"))
        click.echo("| page | median ms | p95 ms | processor ms |\n|---|---|---|---|")
        for name, call in pages().items():
            taken = timed(call, rounds)
            click.echo(f"| {name} | {taken.median:,.0f} | {taken.p95:,.0f} | {taken.worked:,.0f} |")


def fill(url: str) -> None:
    """As superuser, without the checks of foreign keys: the rows are made to fit."""
    bodies = 1 + PROVINCES + COMMUNES
    numbers = {"bodies": bodies, "tasks": bodies * TASKS_OF_EACH, "weeks": WEEKS}
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        for statement in STATEMENTS:
            server.execute(statement, numbers)
        server.execute("VACUUM ANALYZE")
        for table in ("programmes_task", "reporting_obligation", "reporting_report"):
            counted = server.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            click.echo(f"{table}: {counted[0] if counted else 0:,} rows")
    click.echo("")


def pages() -> dict[str, Callable[[], object]]:
    from thucthi.directory.access import SYSTEM
    from thucthi.directory.models import Organisation
    from thucthi.documents.models import Document
    from thucthi.kernel.periods import span_of
    from thucthi.monitoring.calculations.intervals import Interval
    from thucthi.monitoring.selectors.ageing import BY_IDLE, BY_OVERDUE, ageing_page
    from thucthi.monitoring.selectors.cascades import cascade_page
    from thucthi.monitoring.selectors.heads import heads_page
    from thucthi.monitoring.selectors.scorecards import scorecard
    from thucthi.monitoring.selectors.silence import Wanted, silence_page

    province, commune = Organisation.objects.get(pk=7), Organisation.objects.get(pk=140)
    document, quarter = Document.objects.get(), span_of("2026-Q4")
    whole = Interval(quarter.start, quarter.end)
    return {
        "silence, the whole country": lambda: silence_page(SYSTEM, Wanted(3), AS_OF),
        "silence, below one province": lambda: silence_page(SYSTEM, Wanted(3, under=province), AS_OF),
        "scorecard of a province among 34": lambda: scorecard(SYSTEM, province, quarter, AS_OF),
        "scorecard of a commune among its province's": lambda: scorecard(SYSTEM, commune, quarter, AS_OF),
        "heads of a commune over a quarter": lambda: heads_page(SYSTEM, commune, whole, AS_OF),
        "cascade of a document, 3,355 duties": lambda: cascade_page(SYSTEM, document, None, AS_OF),
        "ageing below one province": lambda: ageing_page(SYSTEM, province, BY_IDLE, AS_OF),
        "ageing, the whole country": lambda: ageing_page(SYSTEM, None, BY_OVERDUE, AS_OF),
    }


if __name__ == "__main__":
    main()
