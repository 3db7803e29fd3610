"""A PostgreSQL cluster of our own: made, started as our direct child, stopped and, in tests, killed.

Local sign-in. TCP is off; the socket lies in a directory of mode 0700. The two roles of the project show a random
word (SCRAM, file of mode 0600): with `trust` the application could become the owner by merely changing the name in
its address, and the separation of the two would be an ornament. The cluster's superuser has no word at all: the
kernel tells PostgreSQL which account is at the other end (`peer`), and only the account that supervises may come in.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from thucthi.config.supervisor import roles
from thucthi.config.supervisor.account import account_for_postgres, name_of_current_account
from thucthi.config.supervisor.archive import archive_directory, archive_settings
from thucthi.config.supervisor.binaries import Binaries, Source, find_binaries, requested_source, runnable_by
from thucthi.config.supervisor.orphans import clear_the_way
from thucthi.config.supervisor.places import (
    SYSTEM_STATE,
    Lock,
    cluster_home,
    private_directory,
    socket_directory,
    throwaway_directory,
)
from thucthi.config.supervisor.processes import finish, spawn
from thucthi.config.supervisor.progress import Say, silent
from thucthi.config.supervisor.trouble import AlreadyRunning, Trouble

Role = Literal["app", "owner", "superuser"]
DATABASE = "thucthi"
PORT = 5432  # only names the socket file; set so that PGPORT of the environment cannot mislead
READY_WITHIN = 120.0
_TELL_EVERY = 3.0
_BRIEF_COMMAND = 60.0
_LARGEST_LOG = 10 * 2**20
_STOP = ((signal.SIGINT, 4.5), (signal.SIGQUIT, 1.0))  # with the children's, ten seconds at most
_ALWAYS = {"listen_addresses": "", "max_connections": "60", "jit": "off", "log_timezone": "UTC", "timezone": "UTC"}
# Who fills a table and then looks at it would write each page to the log twice if a checkpoint came between the two.
_DURABLE = {"max_wal_size": "4GB"}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Tables that hold a few uncommitted rows of one test were measured as empty, and the next test's plan was made for
    # none: one query took ten seconds. Only what is really large is measured.
    "autovacuum_analyze_threshold": "5000",
    "autovacuum_vacuum_threshold": "5000",
    "autovacuum_vacuum_insert_threshold": "20000",
}


class LocalPostgres:
    """One cluster below `directory`, with the database `thucthi` and its roles ready after `start()`.

        with LocalPostgres(None, durable=False) as postgres:      # a throwaway cluster for tests
            postgres.create_database("test_thucthi")
            postgres.url("owner", "test_thucthi")                  # for migrations
            postgres.url("app", "test_thucthi")                    # for everything else

    `directory=None` makes a temporary one (in memory if there is room) that `stop()` removes. `source` "auto" follows
    THUCTHI_POSTGRES (system | wheel), else the machine's PostgreSQL, else the wheel's. `durable=False` trades crash
    safety for speed. `recovering`: a restored copy, which may take hours and hands its log to no archive. Start and
    stop from the main thread: the server is told to stop when its parent thread ends.
    """

    def __init__(
        self,
        directory: Path | None,
        *,
        source: Source = "auto",
        durable: bool = True,
        say: Say = silent,
        system_state: Path = SYSTEM_STATE,
        recovering: bool = False,
    ) -> None:
        self._temporary = directory is None
        self.directory = directory or throwaway_directory()
        self.durable = durable
        self._source = source
        self._say = say
        self._system_state = system_state
        self._recovering = recovering
        self._account = account_for_postgres()
        self._server: subprocess.Popen[bytes] | None = None
        self._lock: Lock | None = None
        self._socket: Path | None = None
        self._passwords: roles.Passwords | None = None
        self.home = self.directory
        self.binaries: Binaries | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def data(self) -> Path:
        """The data directory, of mode 0700. Raises RuntimeError before `start()`."""
        return self.home / f"postgres-{self._found.major}"

    @property
    def pid(self) -> int | None:
        """The postmaster, our direct child; None while it is not running."""
        return self._server.pid if self._server and self._server.poll() is None else None

    def url(self, role: Role = "app", database: str = DATABASE) -> str:
        """The address for psycopg, libpq and Django. Raises RuntimeError before `start()`."""
        if self._socket is None or self._passwords is None:
            raise RuntimeError("start() comes first")
        names = {"app": roles.APPLICATION, "owner": roles.OWNER, "superuser": roles.SUPERUSER}
        words = {"app": self._passwords.application, "owner": self._passwords.owner}
        signature = names[role] + (f":{words[role]}" if role in words else "")
        return f"postgresql://{signature}@{quote(str(self._socket), safe='')}:{PORT}/{quote(database, safe='')}"

    def start(self) -> None:
        """Make the cluster if there is none, start it, wait until it answers, and see to roles and database.

        Raises Trouble (AlreadyRunning when another living process supervises the same cluster).
        """
        self.home = cluster_home(self.directory, self._account, self._system_state)
        self.binaries = find_binaries(requested_source(self._source), self._majors_with_data())
        self.binaries = runnable_by(self.binaries, self._account, self.home)
        self._take_lock()
        try:
            clear_the_way(self.data, self._say)
            self._make_cluster()
            self._passwords = roles.passwords_in(self._beside("passwords"))
            self._launch()
            self._wait_until_ready()
            self._make_roles_and_database(self._passwords)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Fast shutdown, as with Ctrl-C; harmless when nothing runs."""
        if self._server:
            finish(self._server, _STOP)
            self._server = None
        if self._socket and self._socket.parent != self.home:
            shutil.rmtree(self._socket, ignore_errors=True)
        if self._lock:
            self._lock.release()
            self._lock = None
        if self._temporary:
            shutil.rmtree(self.directory, ignore_errors=True)

    def kill(self) -> None:
        """What a power cut does to the server: SIGKILL, and reap it. `start()` may follow."""
        if self._server:
            self._server.kill()
            self._server.wait()
            self._server = None

    def create_database(self, name: str) -> None:
        """A further empty database with the same roles, rights and extensions; an old one of that name goes first."""
        self.drop_database(name)
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as server:
            roles.create_database(server, name)
        with psycopg.connect(self.url("superuser", name), autocommit=True) as inside:
            roles.prepare_database(inside)

    def drop_database(self, name: str) -> None:
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def _found(self) -> Binaries:
        if self.binaries is None:
            raise RuntimeError("start() comes first")
        return self.binaries

    def _majors_with_data(self) -> list[int]:
        found = (path.parent.name.removeprefix("postgres-") for path in self.home.glob("postgres-*/PG_VERSION"))
        return [int(major) for major in found if major.isdigit()]

    def _beside(self, suffix: str) -> Path:
        return self.home / f"{self.data.name}.{suffix}"

    def _take_lock(self) -> None:
        self._lock = self._lock or Lock(self._beside("lock"))
        self._lock.take()

    def _make_cluster(self) -> None:
        if (self.data / "PG_VERSION").is_file():
            return
        self._say("Đang tạo cơ sở dữ liệu mới", "Making a new database cluster")
        unfinished = self._beside("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        private_directory(unfinished, self._account)
        arguments = [
            *("-D", str(unfinished), "--username", roles.SUPERUSER, "--auth", "reject", "--encoding", "UTF8"),
            # Bytes order for every sort (we keep a computed Vietnamese key), letters known for lower() and trigrams.
            *("--lc-collate", "C", "--lc-ctype", "C.UTF-8", "--lc-messages", "C", "--data-checksums"),
            *(() if self.durable else ("--no-sync",)),
        ]
        self._run_to_end("initdb", arguments)
        unfinished.rename(self.data)

    def _run_to_end(self, program: str, arguments: list[str]) -> None:
        with self._log() as log:
            process = spawn(
                [self._found.program(program), *arguments],
                environment=_environment(),
                account=self._account,
                last_signal=signal.SIGKILL,
                output=log,
                directory=Path("/"),
            )
            try:
                status = process.wait()
            finally:
                finish(process, ())
        if status:
            raise self._failed()

    def _launch(self) -> None:
        self._socket = socket_directory(self.home, f"socket-{self._found.major}", self._account)
        self._write_sign_in_rules()
        settings = {
            **_ALWAYS,
            **(_DURABLE | archive_settings(self._archive(), self._account) if self.durable else _THROWAWAY),
            "unix_socket_directories": str(self._socket),
            "unix_socket_permissions": "0700",
            "hba_file": str(self._beside("hba")),
            "ident_file": str(self._beside("ident")),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._log() as log:
            self._server = spawn(
                [self._found.program("postgres"), "-D", self.data, "-p", str(PORT), *options],
                environment=_environment(),
                account=self._account,
                last_signal=signal.SIGINT,
                output=log,
                directory=Path("/"),
            )

    def _archive(self) -> Path | None:
        """At every start of a cluster that is meant to last: a log written meanwhile would leave a gap for ever."""
        return None if self._temporary or self._recovering else archive_directory()

    def _write_sign_in_rules(self) -> None:
        """Beside the data, not in it: root writes no file where PostgreSQL's own account could plant a link."""
        own = f"{roles.SUPERUSER} peer map=supervisor"
        rules = f"local all {own}\nlocal replication {own}\nlocal all all scram-sha-256\n"
        for suffix, text in (
            ("hba", rules),
            ("ident", f'supervisor "{name_of_current_account()}" {roles.SUPERUSER}\n'),
        ):
            path = self._beside(suffix)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644 if self._account else 0o600)

    def _wait_until_ready(self) -> None:
        started = told = time.monotonic()
        while True:
            if self._server is None or self._server.poll() is not None:
                raise self._failed()
            try:
                psycopg.connect(self.url("superuser", "postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                now = time.monotonic()
            else:
                return
            if now - started > READY_WITHIN and not self._recovering:
                raise self._failed()
            if now - told > _TELL_EVERY:
                told = now
                waited = round(now - started)
                self._say(f"PostgreSQL đang phục hồi, đã chờ {waited} giây", f"PostgreSQL is recovering: {waited} s")
            time.sleep(0.03)

    def _make_roles_and_database(self, passwords: roles.Passwords) -> None:
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as server:
            roles.make_roles(server, passwords)
            if not roles.database_exists(server, DATABASE):
                roles.create_database(server, DATABASE)
        with psycopg.connect(self.url("superuser"), autocommit=True) as inside:
            roles.prepare_database(inside)

    def _log(self) -> BinaryIO:
        path = self._beside("log")
        if path.exists() and path.stat().st_size > _LARGEST_LOG:
            path.replace(self._beside("log.1"))
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb")

    def _failed(self) -> Trouble:
        path = self._beside("log")
        tail = "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        return Trouble(
            f"PostgreSQL không khởi động được. Các dòng cuối của {path}:",
            f"PostgreSQL did not start. The last lines of its log:\n{tail}",
        )


def _environment() -> dict[str, str]:
    """Nothing of ours: PGDATA, PGOPTIONS or a language of the caller would change what the server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def start_after_others(postgres: LocalPostgres, say: Say) -> None:
    """Start it when a brief command that uses the same cluster has finished. Raises Trouble after a minute."""
    deadline = time.monotonic() + _BRIEF_COMMAND
    told = False
    while True:
        try:
            postgres.start()
        except AlreadyRunning:
            if time.monotonic() > deadline:
                raise
            if not told:
                say("Đang chờ một lệnh khác dùng xong cơ sở dữ liệu", "Waiting for another command to finish")
                told = True
            time.sleep(0.5)
        else:
            return
