"""Setting aside what makes many rows slow, and putting it back: indexes, keys, triggers.

In one transaction nobody else ever sees the tables without them, and the database itself checks every row when it puts
a key back. What is put back is what the catalogue held: no list here can grow stale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from thucthi.monitoring.models import RollupState

_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('f', 'u')
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = pg_constraint.conindid
                  AND pg_constraint.contype = 'u')
ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = %s::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY 1
"""
_TRIGGERS = """
SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O' ORDER BY 1
"""
_SEQUENCES = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relname = ANY(%s) AND c.relnamespace = 'public'::regnamespace AND a.attidentity <> ''
"""


@dataclass(frozen=True)
class SetAside:
    """The statements that put everything back, in their order: indexes before the keys that profit from them."""

    statements: tuple[str, ...]


def set_aside(cursor: CursorWrapper, tables: Sequence[str]) -> SetAside:
    """Takes keys to other tables, uniqueness, indexes and triggers off `tables`; primary keys and checks stay."""
    indexes: list[str] = []
    keys: list[str] = []
    triggers: list[str] = []
    for table in tables:
        cursor.execute(_KEYS, [table])
        for owner, name, definition in cursor.fetchall():
            keys.append(f'ALTER TABLE {owner} ADD CONSTRAINT "{name}" {definition}')
            cursor.execute(f'ALTER TABLE {owner} DROP CONSTRAINT "{name}"')
        cursor.execute(_INDEXES, [table])
        for name, definition in cursor.fetchall():
            indexes.append(definition)
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(_TRIGGERS, [table])
        for (name,) in cursor.fetchall():
            triggers.append(f'ALTER TABLE {table} ENABLE TRIGGER "{name}"')
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
    return SetAside((*indexes, *keys, *triggers))


def start_counting(cursor: CursorWrapper) -> None:
    """The first row of each table, all of them empty, gets the number 1, whatever was rolled back before."""
    for table, column in _counted(cursor):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), 1, false)")


def go_on_counting(cursor: CursorWrapper) -> None:
    """The next row of each table gets the number after the highest."""
    for table, column in _counted(cursor):
        highest = f'SELECT setval(pg_get_serial_sequence(%s, %s), max("{column}")) FROM "{table}"'
        cursor.execute(highest, [table, column])


def _counted(cursor: CursorWrapper) -> list[tuple[str, str]]:
    cursor.execute(_SEQUENCES, [[model._meta.db_table for model in our_models()]])
    return [(str(table), str(column)) for table, column in cursor.fetchall()]


def our_models() -> Iterator[type[models.Model]]:
    """Of the project, those of libraries left out."""
    for app in apps.get_app_configs():
        if app.name.startswith("thucthi."):
            yield from app.get_models(include_auto_created=True)


def is_anything_there() -> bool:
    """Whether any table of ours holds a row; the bell of the counts hangs there from the beginning."""
    return any(model._base_manager.exists() for model in our_models() if model is not RollupState)


def tidy() -> None:
    """After the commit: what the planner must know of the new rows, and which pages all may read unasked."""
    with connection.cursor() as cursor:
        for model in our_models():
            cursor.execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')
