"""What a database promises and whether its rows keep it, asked of the catalogue: no promise can be forgotten."""

import hashlib

import psycopg

# When a row was written down is the moment of the run; of a sheet also its first day.
MOMENTS = {"recorded_at", "since"}

_CONSTRAINTS = """
SELECT c.conrelid::regclass::text, c.conname, c.contype::text, pg_get_constraintdef(c.oid), c.convalidated
FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace AND c.conrelid <> 0 ORDER BY 1, 2
"""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger
WHERE NOT tgisinternal ORDER BY 1, 2
"""
_SECURITY = "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r' ORDER BY 1"
_FOREIGN = """
SELECT c.conname, c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, f.attname
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND array_length(c.conkey, 1) = 1 ORDER BY 1
"""
_CHECKS = """
SELECT conname, conrelid::regclass::text, pg_get_expr(conbin, conrelid) FROM pg_constraint
WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0 ORDER BY 1
"""
Rows = list[tuple[object, ...]]


def promises(server: psycopg.Connection) -> dict[str, Rows]:
    """Constraints, indexes, triggers and row security, as the catalogue writes them."""
    asked = {"constraints": _CONSTRAINTS, "indexes": _INDEXES, "triggers": _TRIGGERS, "security": _SECURITY}
    return {name: server.execute(query).fetchall() for name, query in asked.items()}  # type: ignore[call-overload]


def broken_promises(server: psycopg.Connection) -> dict[str, int]:
    """Per foreign key and check, how many rows break it; those that none breaks are left out."""
    found = {}
    for name, table, column, other, key in server.execute(_FOREIGN).fetchall():
        found[name] = _count(
            server,
            f'SELECT count(*) FROM {table} r WHERE r."{column}" IS NOT NULL'
            f' AND NOT EXISTS (SELECT FROM {other} o WHERE o."{key}" = r."{column}")',
        )
    for name, table, expression in server.execute(_CHECKS).fetchall():
        found[name] = _count(server, f"SELECT count(*) FROM {table} WHERE NOT ({expression})")
    return {name: count for name, count in found.items() if count}


def _count(server: psycopg.Connection, query: str) -> int:
    row = server.execute(query).fetchone()  # type: ignore[call-overload]
    return int(row[0]) if row else 0


def tables(server: psycopg.Connection) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    return [str(name) for (name,) in server.execute(query).fetchall()]


def fingerprints(server: psycopg.Connection) -> dict[str, str]:
    """Per table a hash of all its rows but the moment at which they were written.

    The ledger is left out: its salts are random on purpose. So are the counts, which hold for today, and what
    migrations and libraries keep of themselves.
    """
    left_out = ("ledger_", "monitoring_", "django_", "auth_", "procrastinate_")
    kept = [name for name in tables(server) if not name.startswith(left_out)]
    return {name: _fingerprint(server, name) for name in kept}


def _fingerprint(server: psycopg.Connection, table: str) -> str:
    query = f"SELECT (to_jsonb(r) - %s::text[])::text FROM {table} r"
    rows = sorted(str(row) for (row,) in server.execute(query, [list(MOMENTS)]).fetchall())  # type: ignore[arg-type]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
