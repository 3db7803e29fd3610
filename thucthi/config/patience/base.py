"""Django's PostgreSQL, and in the web process an end to waiting.

`statement_timeout` is kept by the server; a server that stands still keeps nothing. So the web process, whose
statements the server ends after ten seconds, waits twelve for any answer (DATABASE_PATIENCE), closes the connection and
says 503. Requests that stood in line behind the waiting ones would wait again, each for itself: for a few seconds after
a silence whoever wants to begin is refused at once. Worker and commands have no such end; their work may take longer.
A server that answers but takes no writes, because another has become the primary, is left in the same way: the next
request asks for the address anew and finds whoever is the primary now.

The name of this module is Django's: it loads `ENGINE.base`.
"""

import time
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import errors
from psycopg.abc import Buffer
from psycopg.pq import TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

QUIET_FOR = 3.0
_WAIT_INTERVAL = 0.1


class Silence:
    """When this process last waited in vain; shared by its threads (one float, written whole)."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + QUIET_FOR

    def end(self) -> None:
        self._until = 0.0

    def refuse(self) -> None:
        """Raises OperationalError while the silence is fresh."""
        if time.monotonic() < self._until:
            raise psycopg.OperationalError("the server did not answer a moment ago; not asked again yet")


SILENCE = Silence()


class PatientConnection(psycopg.Connection[Any]):
    """Waits for each answer no longer than DATABASE_PATIENCE seconds; then it is closed, whatever was under way."""

    def wait(self, gen: Any, interval: float = _WAIT_INTERVAL, timeout: float | None = None) -> Any:
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            SILENCE.refuse()
        try:
            return super().wait(gen, interval, settings.DATABASE_PATIENCE if timeout is None else timeout)
        except errors._WaitTimeout:
            SILENCE.begin()
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time; the connection was closed") from None
        except errors.ReadOnlySqlTransaction:
            if self.pgconn.parameter_status(b"in_hot_standby") != b"on":
                raise  # whoever asked to be kept from writing has written
            self.pgconn.finish()
            raise psycopg.OperationalError("the server is not the primary; the connection was closed") from None


class MomentLoader(TimestamptzLoader):
    """All moments come in UTC, in a form that Python reads by itself; Django takes it apart, which is slower."""

    timezone = UTC  # Django asks: a connection in another zone gets Django's own reader back

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # before Christ, or infinite: the library says why it has no moment for it
            return super().load(data)


class DatabaseWrapper(base.DatabaseWrapper):
    """For settings.DATABASES; waits as Django's does where DATABASE_PATIENCE is 0."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = self._connected(conn_params)
        made.adapters.register_loader("timestamptz", MomentLoader)
        return made

    def _connected(self, conn_params: dict[str, Any]) -> Any:
        if not settings.DATABASE_PATIENCE:
            return super().get_new_connection(conn_params)
        SILENCE.refuse()
        try:
            made = super().get_new_connection(conn_params)
        except errors.ConnectionTimeout:
            SILENCE.begin()
            raise
        # Django always asks psycopg for its own class; ours adds a way of waiting and no state.
        made.__class__ = PatientConnection
        SILENCE.end()
        return made
