"""A lasting cluster, processes that write, a web server: what is hurt in these tests, and what is asked afterwards."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.processes import postgres_processes_in
from thucthi.config.supervisor.running import web_command

ROOT = Path(__file__).resolve().parents[2]
# The whole suite is `make fault`; `make test` runs a short one without bounds of seconds.
WHOLE = os.environ.get("THUCTHI_FAULTS") == "whole"
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "THUCTHI_PRODUCTION", "THUCTHI_WAL_ARCHIVE", "THUCTHI_BACKUP_URL")


def environment(postgres: LocalPostgres, state: Path, **more: str) -> dict[str, str]:
    told = {name: value for name, value in os.environ.items() if name not in GIVEN}
    told |= {"DJANGO_SETTINGS_MODULE": "thucthi.config.settings", "THUCTHI_STATE": str(state)}
    return told | {"PYTHONPATH": str(ROOT), "DATABASE_URL": postgres.url("app"), **more}


def soon(condition: Callable[[], bool], *, within: float = 120.0) -> float:
    """Seconds until it held. The patience is that of a loaded machine; bounds are judged in the whole suite alone."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < within, "it did not come back by itself"
        time.sleep(0.05)
    return time.monotonic() - started


@dataclass
class Acker:
    """A writing process and what it was told: `acknowledged` numbers, and those `in_doubt`."""

    process: subprocess.Popen[str]
    acknowledged: list[int] = field(default_factory=list)
    in_doubt: list[int] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            number = int(line.removeprefix("? "))
            (self.in_doubt if line.startswith("?") else self.acknowledged).append(number)


@contextmanager
def acking(postgres: LocalPostgres, state: Path, count: int = 2, **more: str) -> Iterator[list[Acker]]:
    """Writers at work; told to stop and listened to until their last word."""
    first = int(time.time() * 1000)
    ackers, listeners = [], []
    for number in range(count):
        command = [sys.executable, "-m", "tests.faults.acker", str(first + number), str(count)]
        told = environment(postgres, state, **more)
        acker = Acker(subprocess.Popen(command, env=told, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        ackers.append(acker)
        listeners.append(threading.Thread(target=acker.listen))
        listeners[-1].start()
    try:
        yield ackers
    finally:
        for acker in ackers:
            acker.process.terminate()
            acker.process.wait()
        for listener in listeners:
            listener.join()
        for acker in ackers:
            assert acker.process.stdout
            acker.process.stdout.close()


def told(ackers: list[Acker]) -> int:
    return sum(len(acker.acknowledged) for acker in ackers)


@dataclass(frozen=True)
class Loss:
    """`lost`: acknowledged pairs that are not there. `half`: pairs of which one half is there."""

    acknowledged: int
    lost: int
    half: int


def loss(postgres: LocalPostgres, ackers: list[Acker]) -> Loss:
    with psycopg.connect(postgres.url("app")) as connection:
        rows = connection.execute(
            "SELECT subject_id, count(*) FROM ledger_entry WHERE event LIKE 'fault.%' GROUP BY 1"
        ).fetchall()
    halves = {int(number): int(count) for number, count in rows}
    acknowledged = {number for acker in ackers for number in acker.acknowledged}
    return Loss(
        len(acknowledged),
        sum(halves.get(number, 0) == 0 for number in acknowledged),
        sum(count != 2 for count in halves.values()),
    )


def audited(postgres: LocalPostgres, state: Path) -> dict[str, object]:
    """The tree, after everything that waits has got its place."""
    for command in (["sequence_ledger"], ["describe_ledger", "--audit"]):
        program = [sys.executable, "-m", "django", *command]
        done = subprocess.run(program, env=environment(postgres, state), check=True, capture_output=True, text=True)
    read: dict[str, object] = json.loads(done.stdout)
    return read


def entries(postgres: LocalPostgres) -> int:
    with psycopg.connect(postgres.url("app")) as connection:
        row = connection.execute("SELECT count(*) FROM ledger_entry").fetchone()
    assert row
    return int(row[0])


@contextmanager
def frozen(postgres: LocalPostgres) -> Iterator[None]:
    """Every process of the cluster stands still, as on a machine whose disk no longer answers."""
    stopped = postgres_processes_in(postgres.data)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


@dataclass(frozen=True)
class Answer:
    """`status` 0: none came before the client gave up, or the connection broke."""

    status: int
    seconds: float
    text: str = ""


@dataclass
class Web:
    """The web server as `thucthi run` starts it, on a port of its own."""

    port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str, patience: float = 60.0) -> Answer:
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request("GET", path)
            got = connection.getresponse()
            return Answer(got.status, time.monotonic() - started, got.read().decode())
        except (OSError, http.client.HTTPException):
            return Answer(0, time.monotonic() - started)
        finally:
            connection.close()


@contextmanager
def serving(postgres: LocalPostgres, state: Path, **more: str) -> Iterator[Web]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = environment(postgres, state, **more)
    web = Web(port, subprocess.Popen(web_command("127.0.0.1", port), env=told, cwd=ROOT))
    try:
        soon(lambda: web.get("/healthz").status == 200)
        yield web
    finally:
        web.process.terminate()
        web.process.wait(30)
