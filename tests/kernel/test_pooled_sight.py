"""Requests that share one connection of the server, through a real PgBouncer: none ever sees with another's eyes."""

import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from psycopg.conninfo import conninfo_to_dict

from tests.database import point_django_at
from tests.ha.places import DEPLOY, LOOPBACK, Ports, clean_environment
from thucthi.config.supervisor.account import account_for_postgres
from thucthi.config.supervisor.processes import finish, spawn, wait_until
from thucthi.kernel.sight import NOBODY, Sight, look_as, looking_as, seeing_everything, told_in_every_transaction

PGBOUNCER = shutil.which("pgbouncer", path=clean_environment()["PATH"])
pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="there is no pgbouncer here (scripts/ha-packages)")
ASK = "SELECT current_setting('thucthi.viewer', true), current_setting('thucthi.organisations', true), pg_backend_pid()"
ROUNDS = 40


def _configuration(fresh: str, port: int) -> str:
    """deploy/pgbouncer/pgbouncer.ini with this test's addresses, and one connection of the server for everybody."""
    at = conninfo_to_dict(fresh)
    told = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")
    mine = f"host={at['host']} port={at['port']} dbname=fresh user={at['user']} password={at['password']}"
    for theirs, ours in (
        ("host=127.0.0.1 port=5000 dbname=thucthi", mine),
        ("listen_port = 6432", f"listen_port = {port}"),
        ("auth_type = scram-sha-256\nauth_file = /etc/pgbouncer/userlist.txt", "auth_type = any"),
        ("default_pool_size = 40\nreserve_pool_size = 10", "default_pool_size = 1\nreserve_pool_size = 0"),
    ):
        assert theirs in told
        told = told.replace(theirs, ours)
    return told


@pytest.fixture
def pool(fresh_database: str, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Django behind a pool of one; yields the pool's address."""
    port, account = Ports()(), account_for_postgres()
    home = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path("/tmp")  # noqa: S108 - one file, removed below
    told = home / f"thucthi-pool-{port}.ini"
    told.write_text(_configuration(fresh_database, port), encoding="utf-8")
    told.chmod(0o644)
    process = spawn([PGBOUNCER or "", str(told)], environment=clean_environment(), account=account, directory=Path("/"))
    url = f"postgresql://anybody@{LOOPBACK}:{port}/thucthi"
    try:
        assert wait_until(lambda: _answers(url), seconds=20)
        settings.DATABASE_POOLED = True
        settings.DATABASE_VIEWER = "nobody"  # as the web server begins
        with _behind(url):
            yield url
    finally:
        finish(process, ((signal.SIGTERM, 3.0),))
        told.unlink()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


class _behind:
    def __init__(self, url: str) -> None:
        self._url, self._kept = url, dict(connections.settings["default"])

    def __enter__(self) -> None:
        point_django_at(self._url)
        options = {name: value for name, value in self._kept["OPTIONS"].items() if name != "options"}
        connections.settings["default"] |= {"OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": True}

    def __exit__(self, *_told: object) -> None:
        connections.close_all()
        connections.settings["default"].update(self._kept)


def _ask() -> tuple[str, str, int]:
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        viewer, organisations, server = cursor.fetchone()
    return viewer, organisations or "", server


def _request(wanted: Sight, seen: list[tuple[str, str, int]]) -> None:
    """What a request does: statements of its own, a transaction, a look at everything, statements again."""
    with looking_as(NOBODY), told_in_every_transaction():
        look_as(wanted)
        seen.append(_ask())
        with transaction.atomic():
            seen.append(_ask())
            with seeing_everything():
                assert _ask()[0] == "system"
            seen.append(_ask())
        with seeing_everything():
            assert _ask()[0] == "system"
        seen.append(_ask())


def _fail_within_a_transaction() -> None:
    with transaction.atomic():
        assert _ask()[0] == "working"
        raise ZeroDivisionError


def _in_threads(*works: Callable[[], None]) -> None:
    """Each in a thread with a connection of its own; the first exception is raised here."""
    raised: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def test_requests_on_one_connection_keep_their_own_eyes(pool: str) -> None:
    viewers = (NOBODY, Sight("working", frozenset({1})), Sight("working", frozenset({2, 3})))
    seen: dict[Sight, list[tuple[str, str, int]]] = {wanted: [] for wanted in viewers}

    def work(wanted: Sight) -> Callable[[], None]:
        return lambda: [_request(wanted, seen[wanted]) for _round in range(ROUNDS)] and None

    _in_threads(*(work(wanted) for wanted in viewers))
    told = {wanted: {(viewer, organisations) for viewer, organisations, _server in seen[wanted]} for wanted in viewers}
    assert told == {viewers[0]: {("", "")}, viewers[1]: {("working", "{1}")}, viewers[2]: {("working", "{2,3}")}}
    assert len({server for answers in seen.values() for *_eyes, server in answers}) == 1
    assert sum(map(len, seen.values())) == 3 * 4 * ROUNDS


def test_nothing_is_left_behind_by_a_transaction_that_failed(pool: str) -> None:
    with looking_as(NOBODY), told_in_every_transaction():
        look_as(Sight("working", frozenset({1})))
        with pytest.raises(ZeroDivisionError):
            _fail_within_a_transaction()
        assert _ask()[:2] == ("working", "{1}")
    with psycopg.connect(pool) as another:
        assert another.execute(ASK).fetchone()[:2] == ("", "")  # type: ignore[index]


def test_the_pool_says_what_the_connection_otherwise_says(pool: str) -> None:
    with psycopg.connect(pool) as another:
        limits = [
            another.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index, call-overload]
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "thucthi.viewer")
        ]
    assert limits == ["10s", "5s", "1min", ""]


def test_a_planted_fault_told_for_the_connection_the_next_request_sees_with_its_eyes(pool: str, settings: Any) -> None:
    settings.DATABASE_POOLED = False
    seen: list[tuple[str, str, int]] = []
    _in_threads(lambda: look_as(Sight("working", frozenset({1}))))
    _in_threads(lambda: seen.append(_ask()))
    assert seen[0][:2] == ("working", "{1}")
