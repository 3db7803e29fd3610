"""What the second line costs: the queries of every page of tasks with the policies off, for the system, for a viewer.

    python -m benchmarks.row_security [--programmes 2000] [--tasks 50]

A throwaway cluster; half of the programmes issued, one in ten under a document that is not public, the viewer works in
one body and audits another. Best of seven runs in milliseconds, with the rows that come back.
"""

# ruff: noqa: S608 - statements of our own, with numbers that we read ourselves

import argparse
import os
import subprocess
import sys
import time
from typing import Any

import click
import psycopg

from thucthi.config.supervisor import LocalPostgres

FILL = """
SET session_replication_role = replica;
INSERT INTO directory_organisation (code, tree, level, kind, official_name, short_name, aliases, unit_code, path,
    search_text, sort_key)
    SELECT 'o' || n, 'state', 'province', 'x', 'O' || n, 'O' || n, '{{}}', '', ARRAY[1, n]::bigint[], '', ''
    FROM generate_series(1, 200) n;
INSERT INTO documents_document (slug, number, symbol, year, issuer_id, type, issued_on, title, text, text_is_summary,
    source, security, register_id, search_text)
    SELECT 'd' || n, n::text, '-NQ/TW', 2026, o.id, 'resolution', '2026-01-05', 'd', 'text', false, '',
    CASE WHEN n % 10 = 0 THEN 'internal' ELSE 'public' END, o.id, '' FROM generate_series(1, 100) n
    JOIN directory_organisation o ON o.code = 'o' || n;
INSERT INTO programmes_programme (code, organisation_id, title, profile, rhythm, authority_basis, resource_source,
    issued_on, issued_as, version)
    SELECT 'p' || n, o.id, 'p', 'seven', 'weekly', '', '', CASE WHEN n % 2 = 0 THEN date '2026-01-05' END, '1', 1
    FROM generate_series(1, {programmes}) n JOIN directory_organisation o ON o.code = 'o' || (1 + n % 200);
INSERT INTO programmes_programmebasis (programme_id, document_id)
    SELECT p.id, d.id FROM programmes_programme p JOIN documents_document d ON d.slug = 'd' || (1 + p.id / 2 % 100);
{tasks_sql}
RESET session_replication_role;
UPDATE programmes_programme SET is_open = is_open;
"""


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--programmes", type=int, default=1000)
    given.add_argument("--tasks", type=int, default=50)
    asked = given.parse_args()
    with LocalPostgres(None, durable=False) as postgres:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "thucthi.config.settings"}
        owner = {**environment, "DATABASE_OWNER_URL": postgres.url("owner"), "THUCTHI_DATABASE_ROLE": "owner"}
        subprocess.run([sys.executable, "-m", "thucthi.config.supervisor.steps", "migrate"], env=owner, check=True)
        with psycopg.connect(postgres.url("superuser"), autocommit=True) as server:
            fill(server, asked.programmes, asked.tasks)
            measure(postgres, server)


def fill(server: psycopg.Connection[Any], programmes: int, tasks: int) -> None:
    columns = server.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'programmes_task'"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
        " AND column_name NOT IN ('code', 'programme_id')"
    ).fetchall()
    empty = {"boolean": "false", "jsonb": "'{}'", "ARRAY": "'{}'", "date": "'2026-01-05'"}
    values = [empty.get(kind, "''" if "char" in kind or kind == "text" else "1") for _name, kind in columns]
    names = ", ".join(name for name, _kind in columns)
    tasks_sql = (
        f"INSERT INTO programmes_task (code, programme_id, {names}) SELECT 't' || p.id || '-' || n, p.id,"
        f" {', '.join(values)} FROM programmes_programme p, generate_series(1, {tasks}) n;"
    )
    server.execute(FILL.format(programmes=programmes, tasks_sql=tasks_sql).encode())
    server.execute("VACUUM ANALYZE")


def measure(postgres: LocalPostgres, server: psycopg.Connection[Any]) -> None:
    (own, audited), *_rest = server.execute(
        "SELECT a.id, b.id FROM directory_organisation a, directory_organisation b"
        " WHERE a.code = 'o7' AND b.code = 'o9'"
    ).fetchall()
    seen = (
        "programme_id IN (SELECT p.id FROM programmes_programme p JOIN directory_organisation o ON o.id ="
        f" p.organisation_id WHERE p.is_open OR p.organisation_id IN ({own}) OR o.path && ARRAY[{audited}]::bigint[])"
    )
    first = f"SELECT code FROM programmes_task WHERE {seen} ORDER BY code LIMIT 1"
    (code,) = server.execute(first.encode()).fetchone() or ("",)
    queries = {
        "count": f"SELECT count(*) FROM programmes_task WHERE {seen}",
        "page of 50": f"SELECT * FROM programmes_task WHERE {seen} ORDER BY code LIMIT 50",
        "one task": f"SELECT * FROM programmes_task WHERE {seen} AND code = '{code}'",
        "one, no list": f"SELECT * FROM programmes_task WHERE code = '{code}'",
    }
    tables = ("documents_document", "programmes_programme", "programmes_task")
    viewers = {"off": "system", "system": "system", "viewer": "working"}
    for name, viewer in viewers.items():
        for table in tables:
            switched = "DISABLE" if name == "off" else "ENABLE"
            server.execute(f"ALTER TABLE {table} {switched} ROW LEVEL SECURITY".encode())
        with psycopg.connect(postgres.url("app"), autocommit=True) as application:
            application.execute("SELECT set_config('thucthi.viewer', %s, false)", [viewer])
            application.execute("SELECT set_config('thucthi.organisations', %s, false)", [f"{{{own},{audited}}}"])
            application.execute("SELECT set_config('thucthi.audits', %s, false)", [f"{{{audited}}}"])
            for label, query in queries.items():
                click.echo(f"{name:8} {label:14} {best_of(application, query)}")


def best_of(application: psycopg.Connection[Any], query: str, times: int = 7) -> str:
    took, rows = [], 0
    for _n in range(times):
        started = time.perf_counter()
        rows = len(application.execute(query.encode()).fetchall())
        took.append(time.perf_counter() - started)
    return f"{min(took) * 1000:8.2f} ms  {rows} rows"


if __name__ == "__main__":
    main()
