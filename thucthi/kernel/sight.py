"""What the database is told about who is looking; the policies of `kernel.row_security` read it.

Three settings of the connection: `thucthi.viewer` is '' (nobody: no restricted row at all), 'working' (somebody with
a working role) or 'system' (every row); `thucthi.organisations` and `thucthi.audits` list the bodies where the viewer
works, and below which he audits. The web process begins with nobody (config/wsgi.py), the worker and the commands with
the system (DATABASE_VIEWER in the settings). This is the second line behind `access.py` and the selectors, never the
first: it stops the query that forgot to ask, not somebody who can send statements of his own (ADR 0029).

Behind a pool of transactions (DATABASE_POOLED) a connection of the server belongs to us for one transaction only, and
to somebody else in the next moment. Then the settings are told at the beginning of every transaction, for it alone, and
a statement outside of one is given one (`told_in_every_transaction`); between transactions the server has "nobody".
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg.pq import TransactionStatus


@dataclass(frozen=True)
class Sight:
    """What one viewer may be shown by the database."""

    viewer: str
    organisations: frozenset[int] = frozenset()
    audits: frozenset[int] = frozenset()


NOBODY = Sight("")
EVERYTHING = Sight("system")
_TELL = (
    "SELECT set_config('thucthi.viewer', %s, {0}), set_config('thucthi.organisations', %s, {0}),"
    " set_config('thucthi.audits', %s, {0})"
)
_FOR_THE_CONNECTION, _FOR_THE_TRANSACTION = _TELL.format("false"), _TELL.format("true")
_KEPT = "_thucthi_sight"
# When the database can be told: at any time unless a transaction has failed; behind a pool only within a transaction.
_TELLABLE = {
    False: (TransactionStatus.IDLE, TransactionStatus.INTRANS, TransactionStatus.ACTIVE),
    True: (TransactionStatus.INTRANS,),
}


def start_of_connection() -> Sight:
    """With what every connection of this process begins (`options` of DATABASES)."""
    return EVERYTHING if EVERYTHING.viewer == settings.DATABASE_VIEWER else NOBODY


def sight() -> Sight:
    """What the connection of this thread was told last; a new connection begins anew."""
    raw = connection.connection
    return start_of_connection() if raw is None else getattr(raw, _KEPT, None) or start_of_connection()


def look_as(wanted: Sight) -> None:
    """Tell the database, unless it knows already. One round trip outside Django's counted cursor: no page asks for it.

    No connection is opened to say "nobody": it would make pages that are files depend on the database, and a new one of
    the web process begins so. Within a transaction that has failed nothing can be told; its rollback brings back what
    held before it began.
    """
    if sight() == wanted:
        return
    connection.close_if_health_check_failed()
    if connection.connection is None:
        if wanted == NOBODY:
            return
        connection.ensure_connection()
    raw: Any = connection.connection
    if raw.info.transaction_status in _TELLABLE[settings.DATABASE_POOLED]:
        _tell(raw, wanted)
    setattr(raw, _KEPT, wanted)


def _tell(raw: Any, wanted: Sight) -> None:
    statement = _FOR_THE_TRANSACTION if settings.DATABASE_POOLED else _FOR_THE_CONNECTION
    with connection.wrap_database_errors:
        raw.execute(statement, [wanted.viewer, _array(wanted.organisations), _array(wanted.audits)])


@contextmanager
def told_in_every_transaction() -> Iterator[None]:
    """Behind a pool: whatever is executed in the block runs in a transaction that was told who is looking."""
    if not settings.DATABASE_POOLED:
        yield
        return
    with connection.execute_wrapper(_in_a_told_transaction):
        yield


def _in_a_told_transaction(execute: Any, sql: Any, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's hook around each statement; the first of a transaction finds the connection idle."""
    raw: Any = connection.connection
    if sight() == NOBODY or raw.info.transaction_status != TransactionStatus.IDLE:
        return execute(sql, parameters, many, context)
    if connection.in_atomic_block:
        _tell(raw, sight())
        return execute(sql, parameters, many, context)
    with transaction.atomic():
        _tell(raw, sight())
        return execute(sql, parameters, many, context)


@contextmanager
def looking_as(wanted: Sight) -> Iterator[None]:
    """For the duration of a block, also when it ends in an exception."""
    before = sight()
    look_as(wanted)
    try:
        yield
    finally:
        try:
            look_as(before)
        except DatabaseError:
            connection.close()  # the next one begins anew; what went wrong is told by whoever used it


@contextmanager
def seeing_everything() -> Iterator[None]:
    """For what must know more than its viewer may be shown: a code already taken, what has to be left out, an issue.

    Every use stands in a list (tests/architecture/test_row_security.py) with its reason; keep the block small, and let
    nothing that it read leave it unasked.
    """
    with looking_as(EVERYTHING):
        yield


def _array(ids: Iterable[int]) -> str:
    """As PostgreSQL writes an array; '' where there is none, which every policy reads as NULL."""
    listed = ",".join(map(str, sorted(ids)))
    return f"{{{listed}}}" if listed else ""
