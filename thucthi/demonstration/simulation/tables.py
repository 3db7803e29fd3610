"""Our tables all together: whether they are empty, how their rows are numbered, what the planner knows of them."""

from collections.abc import Collection, Iterator

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

# The bell of the counts hangs there from the beginning; by its name, for the steps of a start know no models yet.
BELL = "monitoring_rollupstate"
_SEQUENCES = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relname = ANY(%s) AND c.relnamespace = 'public'::regnamespace AND a.attidentity <> ''
"""


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
    """Whether any table of ours holds a row."""
    return any(model._base_manager.exists() for model in our_models() if model._meta.db_table != BELL)


def tidy(measured: Collection[str]) -> None:
    """After the commit: what the planner must know of the new rows, and which pages all may read unasked."""
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in our_models()} - set(measured)):
            cursor.execute(f'VACUUM (ANALYZE) "{table}"')
