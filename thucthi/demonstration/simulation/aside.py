"""Setting aside what makes many rows slow behind a mark that shuts the application out, and putting it back.

Indexes, keys and triggers of the large tables are taken from the catalogue and kept, as statements, in a schema of
their own. That schema is the mark: while it is there the country is half made, and `clear_away` can make the database
as empty and as strict as it was, whatever happened to whoever was building (ADR 0047). No list here can grow stale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.tables import BELL, our_models, start_counting

SCHEMA = "half_made"
# Any number that nobody else locks: whoever builds holds it for the length of his connection.
_BUILDING = 470_047
# Whoever may look into the schema, PUBLIC included, but for its owner and us.
_SHUT_OUT = """
SELECT 'GRANT USAGE ON SCHEMA public TO ' || who.name, 'REVOKE USAGE ON SCHEMA public FROM ' || who.name
FROM pg_namespace n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
CROSS JOIN LATERAL (SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS name) who
WHERE n.nspname = 'public' AND a.privilege_type = 'USAGE' AND a.grantee <> n.nspowner
  AND r.rolname IS DISTINCT FROM current_user ORDER BY 1
"""
_FOREIGN = """
SELECT conrelid::regclass::text, conname,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s NOT VALID',
              conrelid::regclass, conname, pg_get_constraintdef(oid)),
       format('ALTER TABLE %%s DROP CONSTRAINT IF EXISTS %%I', conrelid::regclass, conname)
FROM pg_constraint
WHERE contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
ORDER BY 1, 2
"""
_UNIQUE = """
SELECT conrelid::regclass::text, conname,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s USING INDEX %%I', conrelid::regclass, conname,
              CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, conname),
       format('ALTER TABLE %%s DROP CONSTRAINT IF EXISTS %%I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = ANY(%(tables)s::regclass[]) ORDER BY 1, 2
"""
_INDEX = """
SELECT i.indrelid::regclass::text, c.relname, pg_get_indexdef(i.indexrelid),
       format('DROP INDEX IF EXISTS %%I', c.relname)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ANY(%(tables)s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conindid = i.indexrelid AND x.contype = 'x')
UNION ALL
SELECT conrelid::regclass::text, conname,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
       format('ALTER TABLE %%s DROP CONSTRAINT IF EXISTS %%I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype = 'x' AND conrelid = ANY(%(tables)s::regclass[])
ORDER BY 1, 2
"""
_TRIGGER = """
SELECT tgrelid::regclass::text, tgname, format('ALTER TABLE %%s ENABLE TRIGGER %%I', tgrelid::regclass, tgname),
       format('ALTER TABLE %%s DISABLE TRIGGER %%I', tgrelid::regclass, tgname)
FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' AND tgrelid = ANY(%(tables)s::regclass[]) ORDER BY 1, 2
"""
# Tables are measured when they are full, not by a worker of the server that wakes up in between.
_QUIET = """
SELECT oid::regclass::text, relname, format('ALTER TABLE %%s RESET (autovacuum_enabled)', oid::regclass),
       format('ALTER TABLE %%s SET (autovacuum_enabled = false)', oid::regclass)
FROM pg_class WHERE oid = ANY(%(tables)s::regclass[])
  AND coalesce(reloptions::text, '') NOT LIKE '%%autovacuum_enabled%%'
"""
# In the order in which they are taken off: what leans on another goes before it.
KINDS = {"foreign": _FOREIGN, "unique": _UNIQUE, "index": _INDEX, "trigger": _TRIGGER, "quiet": _QUIET}
_TRUNCATES = """
SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
       format('ALTER TABLE %s ENABLE %s TRIGGER %I',
              tgrelid::regclass, CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, tgname)
FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND (tgtype & 32) <> 0
"""


@dataclass(frozen=True)
class Piece:
    """Something that was set aside: of which table, its name, and the statements that make it and take it off."""

    kind: str
    table: str
    name: str
    make: str
    drop: str


def set_aside(cursor: CursorWrapper, tables: Sequence[str], heard: Sequence[str]) -> list[Piece]:
    """Marks the database as half made, shuts the application out, and takes everything of `KINDS` off `tables`.

    Of those `heard` only the triggers.
    """
    cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    cursor.execute(
        f"CREATE TABLE {SCHEMA}.piece (place int, kind text, of_table text, name text, made text, dropped text)"
    )
    pieces: list[Piece] = []
    for kind, query in KINDS.items():
        cursor.execute(query, {"tables": [*tables, *heard] if kind == "trigger" else list(tables)})
        pieces += [Piece(kind, *row) for row in cursor.fetchall()]
    cursor.execute(_SHUT_OUT)
    pieces += [Piece("right", "", "", *row) for row in cursor.fetchall()]
    kept = f"INSERT INTO {SCHEMA}.piece VALUES (%s, %s, %s, %s, %s, %s)"
    cursor.executemany(kept, [(n, p.kind, p.table, p.name, p.make, p.drop) for n, p in enumerate(pieces)])
    for piece in pieces:
        cursor.execute(piece.drop)
    cursor.execute(_SHUT_OUT)
    if cursor.fetchall():
        raise RuntimeError("the schema public stays open: it belongs to somebody else")
    return pieces


def put_keys_back(cursor: CursorWrapper, pieces: Sequence[Piece]) -> None:
    """Once every index is there. Keys to other tables hold for new rows at once; `validate` looks at the others."""
    for kind in ("unique", "foreign"):
        for piece in pieces:
            if piece.kind == kind:
                cursor.execute(piece.make)


def validate(cursor: CursorWrapper, pieces: Sequence[Piece], table: str) -> None:
    """The database looks at every row of the table for each of its keys. Raises IntegrityError at one that lies."""
    for piece in pieces:
        if piece.kind == "foreign" and piece.table == table:
            cursor.execute(f'ALTER TABLE {table} VALIDATE CONSTRAINT "{piece.name}"')


def open_again(cursor: CursorWrapper, pieces: Sequence[Piece]) -> None:
    """Triggers, the application's right and the mark: the last statements of a country that is whole, or empty."""
    # Of nobody's lineage: what is left of it is to note the day on which the tree changes next.
    cursor.execute("SELECT monitoring_retie('{}')")
    cursor.execute("SELECT conrelid::regclass || ' ' || conname FROM pg_constraint WHERE NOT convalidated ORDER BY 1")
    if unproved := [name for (name,) in cursor.fetchall()]:
        raise RuntimeError(f"never looked at: {', '.join(unproved)}")
    for piece in pieces:
        if piece.kind in {"trigger", "quiet", "right"}:
            cursor.execute(piece.make)
    cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def claim(cursor: CursorWrapper) -> bool:
    """Whether nobody else is building; if so, nobody else will as long as this connection lasts."""
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_BUILDING])
    return bool(cursor.fetchone()[0])


def let_go(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_advisory_unlock(%s)", [_BUILDING])


def is_half_made(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [SCHEMA])
    return bool(cursor.fetchone()[0])


def clear_away() -> bool:
    """Whether half a country was there and is gone: the database is then as empty and as strict as before it.

    For the owner. What somebody is building at this moment is left alone. One transaction: it can be repeated.
    """
    with connection.cursor() as cursor:
        if not is_half_made(cursor) or not claim(cursor):
            return False
        try:
            with transaction.atomic():
                _empty(cursor)
                _restore(cursor)
        finally:
            let_go(cursor)
    return True


def _empty(cursor: CursorWrapper) -> None:
    """All our tables were empty when the mark was made, and what leans on them; only the builder could write since."""
    cursor.execute(_TRUNCATES)
    refusals = cursor.fetchall()
    for disable, _ in refusals:
        cursor.execute(disable)
    # Where the program is newer than the database, not every table is there yet.
    there = set(connection.introspection.table_names(cursor))
    ours = {model._meta.db_table for model in our_models()} - {BELL}
    tables = ", ".join(f'"{table}"' for table in sorted(ours & there))
    cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    start_counting(cursor)
    for _, enable in refusals:
        cursor.execute(enable)


def _restore(cursor: CursorWrapper) -> None:
    cursor.execute(f"SELECT kind, of_table, name, made, dropped FROM {SCHEMA}.piece ORDER BY place")
    pieces = [Piece(*row) for row in cursor.fetchall()]
    for piece in pieces:
        cursor.execute(piece.drop)
    for piece in pieces:
        if piece.kind == "index":
            cursor.execute(piece.make)
    put_keys_back(cursor, pieces)
    for table in dict.fromkeys(piece.table for piece in pieces):
        validate(cursor, pieces, table)
    open_again(cursor, pieces)
