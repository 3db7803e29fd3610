"""One moment of the database for several processes: each looks at it through a connection of its own."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from thucthi.kernel.sight import NOBODY, look_as, sight
from thucthi.publication.workers import in_processes

Result = TypeVar("Result")
# Whether what this transaction sees is what others may see too: one moment for all its statements, and nothing written.
_SHAREABLE = """
SELECT current_setting('transaction_isolation') IN ('repeatable read', 'serializable')
    AND pg_current_xact_id_if_assigned() IS NULL
"""
_SNAPSHOT = "SET TRANSACTION SNAPSHOT %s"
_PATIENCE = "SET LOCAL idle_in_transaction_session_timeout = '15min'"


@dataclass(frozen=True)
class Readers:
    """Who reads: this process, or so many that are forked from it and see exactly what this transaction sees."""

    processes: int = 1
    moment: str = ""

    def each(self, pieces: Sequence[Callable[[], Result]]) -> Generator[Result, None, None]:
        """The results in the order in which they end; errors as `in_processes`."""
        return in_processes(pieces, self.processes, partial(_at, self.moment))


ALONE = Readers()


def readers(processes: int) -> Readers:
    """To be asked for at the beginning of a transaction, outside of any savepoint.

    This process alone where others could not see the same: in a transaction that sees each statement's own moment, has
    written something, or is part of somebody else's.
    """
    if processes < 2 or not connection.in_atomic_block or connection.savepoint_ids:
        return ALONE
    with connection.cursor() as cursor:
        cursor.execute(_SHAREABLE)
        if not cursor.fetchone()[0]:
            return ALONE
        cursor.execute("SELECT pg_export_snapshot()")
        return Readers(processes, str(cursor.fetchone()[0]))


@contextmanager
def _at(moment: str) -> Iterator[None]:
    """In a forked process: its own connection, at that moment, read only, with the eyes of its parent."""
    inherited, eyes = connections[DEFAULT_DB_ALIAS], sight()
    # The inherited one stays open and untouched: to close it would end its parent's.
    own = inherited.copy()
    connections[DEFAULT_DB_ALIAS] = own
    try:
        with transaction.atomic():
            with own.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute(_SNAPSHOT, [moment])
                cursor.execute(_PATIENCE)
            # Told in any case: behind a pool nobody has told this connection anything yet.
            look_as(NOBODY)
            look_as(eyes)
            yield
    finally:
        own.close()
