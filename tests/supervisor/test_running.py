"""`thucthi run` as a person meets it: one instance, found by the other commands, stopped whole."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from thucthi.config.supervisor.listening import Place, answers
from thucthi.config.supervisor.processes import postgres_processes_in, wait_until

READY_WITHIN = 120
WHO_AM_I = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    print(cursor.fetchone()[0])
"""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Running:
    """One `thucthi run` in a state directory of its own, in production so that no demonstration is loaded."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.output = state.parent / "run.txt"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))},
            "THUCTHI_STATE": str(state),
            "PORT": str(self.port),
            "THUCTHI_PRODUCTION": "true",
            "THUCTHI_SECRET_KEY": "only-for-this-test-" * 4,
        }
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "thucthi", "run"], env=self.environment, stdout=output, stderr=output
            )
        ready = wait_until(lambda: self.announced is not None or self.process.poll() is not None, seconds=READY_WITHIN)
        assert ready, self.said
        assert self.process.poll() is None, self.said

    @property
    def announced(self) -> dict[str, object] | None:
        path = self.state / "running.json"
        told = json.loads(path.read_text()) if path.exists() else {}
        return told if told.get("process") == self.process.pid else None

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "thucthi", *arguments],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )

    def alive(self) -> set[int]:
        """Every process that was started with our state directory, and every PostgreSQL process of our cluster."""
        mark = f"THUCTHI_STATE={self.state}".encode()
        found = {pid for data in self.state.glob("postgres-*/") for pid in postgres_processes_in(data)}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.add(int(entry.name))
            except OSError:
                continue
        return found

    def web(self) -> set[int]:
        return {pid for pid in self.alive() if b"config.serving" in Path(f"/proc/{pid}/cmdline").read_bytes()}

    def stop(self, asked: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(asked)
            self.process.send_signal(asked)  # an impatient second time changes nothing
            assert self.process.wait() == 0
            assert self.alive() == set()
            assert self.announced is None
            assert self.said.rstrip().endswith("→ Đã dừng · Stopped")


@pytest.fixture(scope="module")
def running(passable: Path) -> Iterator[Running]:
    one = Running(passable / "var")
    one.start()
    yield one
    one.stop(signal.SIGTERM)


@pytest.fixture
def place(running: Running) -> Place:
    if running.process.poll() is not None:
        running.start()
    return Place("127.0.0.1", running.port)


def test_a_second_one_says_where_the_first_is(running: Running, place: Place) -> None:
    second = running.command("run")
    assert second.returncode == 1
    assert f"Thực Thi đang chạy rồi, tại {place.page}" in second.stderr
    assert f"already running at {place.page}" in second.stderr
    assert "Traceback" not in second.stderr
    assert answers(place)


def test_the_other_commands_find_its_database(running: Running, place: Place) -> None:
    assert running.announced is not None
    printed = running.command("database")
    assert (printed.returncode, printed.stdout.strip()) == (0, running.announced["application"])
    assert running.command("database", "--owner").stdout.strip() == running.announced["owner"]
    asked = running.command("manage", "shell", "--no-imports", "-c", WHO_AM_I)
    assert (asked.returncode, asked.stdout.strip()) == (0, "thucthi_app")
    assert (running.state / "running.json").stat().st_mode & 0o777 == 0o600


def test_those_who_serve_do_not_know_the_owner(running: Running, place: Place) -> None:
    assert running.announced is not None
    owner = str(running.announced["owner"]).encode()
    serving = running.web()
    assert len(serving) >= 1
    for pid in serving:
        assert owner not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_killed_web_server_comes_back(running: Running, place: Place) -> None:
    before = running.web()
    os.kill(min(before), signal.SIGKILL)
    assert wait_until(lambda: bool(running.web() - before) and answers(place), seconds=60, every=0.3)
    assert running.web() & before == set()  # its own workers went with it
    assert "stopped unexpectedly" in running.said


@pytest.mark.thorough
def test_interrupted_it_leaves_nothing_behind(running: Running, place: Place) -> None:
    assert len(running.alive()) > 3
    running.stop(signal.SIGINT)


def test_killed_it_takes_its_children_along(running: Running, place: Place) -> None:
    assert len(running.alive()) > 3
    running.process.kill()
    running.process.wait()
    assert wait_until(lambda: running.alive() == set(), seconds=30)
    running.start()
    assert answers(place)


def test_without_its_database_it_ends_with_a_sentence(running: Running, place: Place) -> None:
    postmasters = [int(path.read_text().split()[0]) for path in running.state.glob("postgres-*/postmaster.pid")]
    for pid in postmasters:
        os.kill(pid, signal.SIGKILL)
    assert running.process.wait() == 1
    assert "✗ PostgreSQL đã dừng đột ngột" in running.said
    assert running.said.rstrip().endswith("what was saved is kept. Run make run again.")
    assert wait_until(lambda: running.alive() == set(), seconds=30)
