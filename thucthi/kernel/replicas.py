"""Lists that tolerate an answer of a few seconds ago may be read from a standby; they say how old it is.

Only views marked with `tolerates_lag` do, only when they are read, and only lists: whatever somebody decides upon is
read where it is written. Whoever has just written reads there too for a while, or he would miss his own report.
The list of marked views stands in tests/architecture/test_replicas.py.

For the duration of the view this thread's connection "default" *is* the standby's: queries in SQL, the ORM and
`kernel.sight` go the same way, and none can be forgotten. A standby that lags more than REPLICA_LAG seconds, or does
not answer, is left for the primary.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections, transaction
from django.http import HttpRequest, HttpResponseBase

from thucthi.kernel.sight import looking_as, sight, told_in_every_transaction

REPLICA = "replica"
WROTE = "vua-ghi"
_READING = ("GET", "HEAD")
# Nothing waits to be replayed and somebody sends: now. Otherwise since the last transaction that was replayed. One that
# was promoted is never late. NULL: a standby that never heard anything.
_AGE = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
                 AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
            ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
"""

View = Callable[..., HttpResponseBase]


def tolerates_lag(view: View) -> View:
    """Read the view from a standby where there is a fresh one; `request.data_age` is then its lag in whole seconds."""

    @wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        age = _age() if _may_be_old(request) else None
        if age is None or age > settings.REPLICA_LAG:
            return view(request, *args, **kwargs)
        request.data_age = round(age)  # type: ignore[attr-defined]
        with _reading_from_the_standby():
            return view(request, *args, **kwargs)

    read.tolerates_lag = True  # type: ignore[attr-defined]
    return read


def remember_writing(response: HttpResponseBase) -> HttpResponseBase:
    """The browser of whoever has written reads from the primary until every standby must have what was written."""
    if REPLICA in settings.DATABASES:
        response.set_cookie(
            WROTE,
            "1",
            max_age=settings.REPLICA_LAG + 5,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _may_be_old(request: HttpRequest) -> bool:
    return REPLICA in settings.DATABASES and request.method in _READING and WROTE not in request.COOKIES


def _age() -> float | None:
    """Seconds that the standby is behind; None when it cannot say."""
    standby = connections[REPLICA]
    try:
        standby.close_if_unusable_or_obsolete()
        with standby.cursor() as cursor:
            cursor.execute(_AGE)
            (age,) = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        standby.close()
        return None
    return None if age is None else max(0.0, float(age))


@contextmanager
def _reading_from_the_standby() -> Iterator[None]:
    primary, viewer = connections[DEFAULT_DB_ALIAS], sight()
    connections[DEFAULT_DB_ALIAS] = connections[REPLICA]
    try:
        with looking_as(viewer), told_in_every_transaction(), transaction.atomic():
            yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary
