"""What is left after a kill: nothing acknowledged is lost, nothing stale misleads, nobody outlives us."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from thucthi.config.supervisor import AlreadyRunning, LocalPostgres
from thucthi.config.supervisor.processes import is_postgres_in, postgres_processes_in, wait_until

START_AND_WAIT = """
import signal, sys
from pathlib import Path
from thucthi.config.supervisor import postgres as module
spawn = module.spawn
if sys.argv[2] == "orphan":  # as if the kernel had not passed on our end
    module.spawn = lambda *given, **named: spawn(*given, **{**named, "last_signal": signal.SIGCONT})
server = module.LocalPostgres(Path(sys.argv[1]))
server.start()
print(server.pid, server.data, flush=True)
signal.pause()
"""


def supervised_elsewhere(state: Path, manner: str) -> tuple[subprocess.Popen[str], int, Path]:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(state), manner], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    pid, data = supervisor.stdout.readline().split(maxsplit=1)
    return supervisor, int(pid), Path(data.strip())


def kill(supervisor: subprocess.Popen[str]) -> None:
    supervisor.kill()
    supervisor.wait()
    if supervisor.stdout:
        supervisor.stdout.close()


def test_a_killed_server_loses_nothing_it_has_acknowledged(state: Path) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()

    def write(address: str, first: int) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            for number in range(first, 1_000_000, 2):
                try:
                    connection.execute("INSERT INTO fact VALUES (%s)", [number])
                except psycopg.OperationalError:
                    return
                acknowledged.append(number)
                if len(acknowledged) >= 300:
                    enough.set()

    with LocalPostgres(state) as postgres:
        with psycopg.connect(postgres.url("owner")) as owner:
            owner.execute("CREATE TABLE fact (value integer PRIMARY KEY)")
            owner.execute("GRANT SELECT, INSERT ON fact TO thucthi_app")
        writers = [threading.Thread(target=write, args=(postgres.url("app"), first)) for first in (0, 1)]
        for writer in writers:
            writer.start()
        assert enough.wait(30)
        postgres.kill()
        for writer in writers:
            writer.join()
        assert (postgres.data / "postmaster.pid").exists()
        postgres.start()
        with psycopg.connect(postgres.url("app")) as connection:
            kept = {value for (value,) in connection.execute("SELECT value FROM fact")}
    assert len(acknowledged) >= 300
    assert set(acknowledged) - kept == set()


def test_a_stale_file_whose_number_lives_on_as_something_else_does_not_mislead(state: Path) -> None:
    with LocalPostgres(state) as postgres:
        data = postgres.data
        postgres.kill()
        stale = (data / "postmaster.pid").read_text().splitlines()
        (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")
        assert not is_postgres_in(os.getpid(), data)
        postgres.start()
        with psycopg.connect(postgres.url("app")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postgres.pid is not None
        assert is_postgres_in(postgres.pid, data)
        assert not is_postgres_in(postgres.pid, data.parent)


def test_the_server_stops_when_its_supervisor_is_killed(state: Path) -> None:
    supervisor, pid, data = supervised_elsewhere(state, "plain")
    assert is_postgres_in(pid, data)
    kill(supervisor)
    assert wait_until(lambda: postgres_processes_in(data) == [], seconds=20)
    assert not (data / "postmaster.pid").exists()  # it had the time to stop cleanly


def test_an_orphaned_server_is_stopped_and_its_data_served_on(state: Path) -> None:
    supervisor, pid, data = supervised_elsewhere(state, "orphan")
    kill(supervisor)
    assert is_postgres_in(pid, data)
    said: list[str] = []
    with LocalPostgres(state, say=lambda _, english: said.append(english)) as postgres:
        assert postgres.data == data
        assert postgres.pid not in (None, pid)
        assert not is_postgres_in(pid, data)
    assert said == ["Stopping PostgreSQL left by an earlier run"]


def test_a_cluster_has_one_supervisor_at_a_time(state: Path) -> None:
    with LocalPostgres(state) as first:
        before = first.pid
        with pytest.raises(AlreadyRunning, match="đang giữ"):
            LocalPostgres(state).start()
        assert first.pid == before
        with psycopg.connect(first.url("app")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_unfinished_cluster_is_made_anew(state: Path) -> None:
    with LocalPostgres(state) as postgres:
        unfinished = postgres.data.with_name(f"{postgres.data.name}.unfinished")
        postgres.stop()
        postgres.data.rename(unfinished)  # as an interrupted initdb leaves it
        postgres.start()
        assert not unfinished.exists()


def test_lost_passwords_are_replaced(state: Path) -> None:
    with LocalPostgres(state) as postgres:
        before = postgres.url("app")
        postgres.stop()
        (state / f"{postgres.data.name}.passwords").unlink()
        postgres.start()
        assert postgres.url("app") != before
        psycopg.connect(postgres.url("app")).close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(before)


def test_stop_leaves_no_process_and_may_be_repeated(state: Path) -> None:
    postgres = LocalPostgres(state)
    postgres.start()
    data, pid = postgres.data, postgres.pid
    assert pid in postgres_processes_in(data)
    postgres.stop()
    postgres.stop()
    assert postgres.pid is None
    assert postgres_processes_in(data) == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, signal.SIG_DFL)
