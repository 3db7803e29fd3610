"""Deriving notices at scale: `python -m benchmarks.telling [--tasks 1000000]`.

Starts its own database with 20,000 bodies, two accounts in each, and one weekly report owed per task; a third of them
is three days late. Measures the rounds of `derive_notices` until nothing is new, and one more, as the application role
with its limits (10 s for a statement).
"""

import os
import time
from datetime import UTC, date, datetime

import click
import psycopg

from tests.database import TEMPLATE, migrate_or_restore
from thucthi.config.supervisor import LocalPostgres

AT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
DUE = date(2026, 11, 27)
BODIES = 20_000
FILL = """
INSERT INTO directory_organisation (id, code, tree, level, kind, official_name, short_name, aliases, unit_code,
    parent_id, path, search_text, sort_key)
SELECT n, 'cq-' || n, 'state', 'commune', 'commune', 'Cơ quan ' || n, 'Cơ quan ' || n, '{}', '',
    CASE WHEN n = 1 THEN NULL WHEN n <= 35 THEN 1 ELSE 2 + n %% 34 END,
    CASE WHEN n = 1 THEN ARRAY[1] WHEN n <= 35 THEN ARRAY[1, n] ELSE ARRAY[1, 2 + n %% 34, n] END,
    '', lpad(n::text, 6, '0')
FROM generate_series(1, %(bodies)s) n;
INSERT INTO directory_account (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
    date_joined)
SELECT n, '', false, 'tk-' || n, '', '', '', false, true, '2026-01-01' FROM generate_series(1, %(bodies)s * 2) n;
INSERT INTO directory_membership (account_id, organisation_id, role, valid_from)
SELECT n, (n + 1) / 2, CASE WHEN n %% 2 = 0 THEN 'head' ELSE 'reporter' END, '2026-01-01'
FROM generate_series(1, %(bodies)s * 2) n;
INSERT INTO programmes_programme (id, code, organisation_id, title, profile, rhythm, authority_basis, resource_source,
    issued_on, issued_as, version)
VALUES (1, 'ct', 1, 'Chương trình', 'seven', 'weekly', '', '', '2026-01-05', '1/CTr', 1);
INSERT INTO programmes_task (id, programme_id, code, kind, text, product, acceptance_criterion, lead_id, lead_text,
    deadline_raw, deadline_kind, deadline_precision, deadline_recurrence, deadline_trigger, yearly_deliverable, weight,
    money_source, people, facilities, authority_basis, is_issued, version, search_text)
SELECT n, 1, 'nv-' || n, 'nhiem_vu', 'Việc ' || n, 'x', '', 1 + n %% %(bodies)s, '', '', 'none', '', '', '', '', 1,
    '', '', '', '', true, 1, ''
FROM generate_series(1, %(tasks)s) n;
INSERT INTO reporting_obligation (id, task_id, organisation_id, period_kind, period_key, period_start, period_end,
    due_on)
SELECT n, n, 1 + n %% %(bodies)s, 'weekly', '2026-W48', '2026-11-23', '2026-11-29', %(due)s
FROM generate_series(1, %(tasks)s) n;
INSERT INTO reporting_report (obligation_id, task_id, version, author_id, claim, progress_declared, note,
    claims_completion, cause, done_about_it, submitted_at, idempotency_key, content_hash, is_simulated, route,
    correction_reason)
SELECT n, n, 1, 1 + 2 * (n %% %(bodies)s), 'on_plan', 10, '', false, '', '', '2026-11-27', gen_random_uuid(), '', true,
    '{}', ''
FROM generate_series(1, %(tasks)s) n WHERE n %% 3 <> 0;
"""


@click.command()
@click.option("--tasks", default=1_000_000, show_default=True)
def main(tasks: int) -> None:
    with LocalPostgres(None, durable=False) as postgres:
        postgres.create_database(TEMPLATE)
        migrate_or_restore(postgres)
        fill(postgres.url("superuser", TEMPLATE), tasks)
        os.environ["DATABASE_URL"] = postgres.url("app", TEMPLATE)
        os.environ["DJANGO_SETTINGS_MODULE"] = "thucthi.config.settings"
        import django

        django.setup()
        measure(tasks)


def fill(url: str, tasks: int) -> None:
    values = {"bodies": BODIES, "tasks": tasks, "due": DUE}
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as server:
        for statement in FILL.split(";\n"):
            if statement.strip():
                server.execute(statement, values)  # type: ignore[call-overload]
        server.execute("ANALYZE")


def measure(tasks: int) -> None:
    from thucthi.directory.access import SYSTEM
    from thucthi.workspace.actions import derive_notices

    click.echo(f"{tasks:,} tasks, {BODIES:,} bodies, {BODIES * 2:,} accounts; load {os.getloadavg()[0]:.1f}\n")
    rounds: list[float] = []
    made, total = 1, 0
    while made:
        started = time.perf_counter()
        made = derive_notices(by=SYSTEM, at=AT)
        rounds.append(time.perf_counter() - started)
        total += made
    click.echo("| what | figure |\n|---|---|")
    click.echo(f"| notices | {total:,} in {len(rounds) - 1} rounds |")
    click.echo(f"| first, longest round | {rounds[0]:.1f} s, {max(rounds):.1f} s |")
    click.echo(f"| all rounds | {sum(rounds):.0f} s |")
    click.echo(f"| a run with nothing new | {rounds[-1]:.1f} s |")


if __name__ == "__main__":
    main()
