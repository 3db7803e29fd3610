"""What is done to the system: nothing acknowledged is lost, nothing half written, and it comes back by itself.

`make test` runs a short round of each; THUCTHI_FAULTS=whole (`make fault`) as often as the issue asks and with its
bounds of seconds: no request hangs above 15, recovery within 30.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import Standing
from tests.faults.systems import (
    ROOT,
    WHOLE,
    Answer,
    Loss,
    acking,
    audited,
    entries,
    environment,
    frozen,
    loss,
    serving,
    soon,
    told,
)

ROUNDS, ACKNOWLEDGED = (20, 1_000) if WHOLE else (1, 40)
KILLS = int(os.environ.get("THUCTHI_KILLS", "300" if WHOLE else "2"))
HANGS, RECOVERS = 15.0, 30.0
# Nobody signs in here: the address asks the database about a secret, and so do its answers 404 and 503.
ASKS = "/lam-viec/lich/khong-ai-biet-dia-chi-nay.ics"
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
Tell = Callable[[str, str], None]


def judge(seconds: float, bound: float) -> None:
    """Bounds of seconds are for a machine that does nothing else."""
    assert not WHOLE or seconds <= bound


def test_the_server_keeps_what_it_acknowledges(standing: Standing) -> None:
    """A kill proves nothing about power: that these are set is the rest of the proof."""
    wanted = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}
    with psycopg.connect(standing.postgres.url("app")) as connection:
        found = {name: connection.execute(f"SHOW {name}").fetchone() for name in wanted}  # type: ignore[call-overload]
    assert {name: value and value[0] for name, value in found.items()} == wanted


def test_killed_postgres_loses_nothing_acknowledged(standing: Standing, tell: Tell) -> None:
    slowest = 0.0
    with acking(standing.postgres, standing.state) as ackers:
        for _round in range(ROUNDS):
            before = told(ackers)
            soon(lambda before=before: told(ackers) >= before + ACKNOWLEDGED, within=600)  # type: ignore[misc]
            killed = time.monotonic()
            standing.postgres.kill()
            standing.postgres.start()
            at = told(ackers)
            soon(lambda at=at: told(ackers) > at + 2)  # type: ignore[misc]
            slowest = max(slowest, time.monotonic() - killed)
    found = loss(standing.postgres, ackers)
    assert found.acknowledged >= ROUNDS * ACKNOWLEDGED
    assert (found.lost, found.half) == (0, 0)
    tree = audited(standing.postgres, standing.state)
    assert (tree["wrong_leaves"], tree["wrong_subtrees"]) == (0, 0)
    judge(slowest, RECOVERS)
    tell(
        f"kill -9 PostgreSQL, {ROUNDS} rounds",
        f"{found.acknowledged} acknowledged, {found.lost} lost, {found.half} half, back in {slowest:.1f} s",
    )


def test_planted_a_lost_pair_and_a_half_one_are_seen(standing: Standing) -> None:
    with acking(standing.postgres, standing.state, 1) as ackers:
        soon(lambda: told(ackers) >= 3)
    ackers[0].acknowledged.append(-5)
    with psycopg.connect(standing.postgres.url("superuser")) as server:
        server.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
        server.execute(
            "DELETE FROM ledger_entry WHERE event = 'fault.second' AND subject_id = %s", [ackers[0].acknowledged[0]]
        )
        found = loss(standing.postgres, ackers)  # by another connection: the deed is not committed
        assert (found.lost, found.half) == (1, 0)
        server.commit()
    assert loss(standing.postgres, ackers) == Loss(len(ackers[0].acknowledged), 1, 1)
    with psycopg.connect(standing.postgres.url("superuser")) as server:
        server.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
        server.execute("DELETE FROM ledger_entry WHERE subject_id = %s", [ackers[0].acknowledged[0]])


def test_a_killed_sequencer_leaves_no_gap_and_no_double(standing: Standing, tell: Tell) -> None:
    chance = random.Random(20261201)  # noqa: S311
    command = [sys.executable, "-m", "tests.faults.sequencer"]
    with acking(standing.postgres, standing.state, 1):
        for _kill in range(KILLS):
            at_work = subprocess.Popen(
                command, env=environment(standing.postgres, standing.state), cwd=ROOT, stdout=subprocess.PIPE
            )
            assert at_work.stdout
            at_work.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.3))
            at_work.kill()
            at_work.wait()
            at_work.stdout.close()
    tree = audited(standing.postgres, standing.state)
    assert tree["size"] == entries(standing.postgres)
    assert (tree["wrong_leaves"], tree["wrong_subtrees"]) == (0, 0)
    tell(f"kill -9 sequencer, {KILLS} points", f"{tree['size']} leaves, 0 gaps, 0 doubles")


def many(ask: Callable[[], Answer], count: int) -> list[Answer]:
    found: list[Answer] = []
    asking = [threading.Thread(target=lambda: found.append(ask())) for _ in range(count)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    return found


@pytest.mark.thorough
def test_a_frozen_database_is_answered_with_a_page_and_waited_for(standing: Standing, tell: Tell) -> None:
    """In the short round patience is two seconds, so that the test need not be longer."""
    patience = {} if WHOLE else {"THUCTHI_DATABASE_PATIENCE": "2"}
    with serving(standing.postgres, standing.state, **patience) as web:
        assert web.get(ASKS).status == 404
        with frozen(standing.postgres):
            began = time.monotonic()
            answers = many(lambda: web.get(ASKS), 40 if WHOLE else 8)
            alive = web.get("/healthz")
            if WHOLE:
                while time.monotonic() - began < 30:
                    answers += many(lambda: web.get(ASKS), 8)
        back = soon(lambda: web.get(ASKS).status == 404)
    assert {each.status for each in answers} == {503}
    assert all("<h1" in each.text for each in answers)
    assert alive.status == 200
    longest = max(each.seconds for each in answers)
    judge(longest, HANGS)
    judge(back, RECOVERS)
    tell(
        "PostgreSQL frozen (SIGSTOP)",
        f"{len(answers)} requests, all 503, longest {longest:.1f} s, back in {back:.1f} s",
    )


@pytest.mark.thorough
def test_slow_heads_keep_nobody_else_waiting(standing: Standing, tell: Tell) -> None:
    with serving(standing.postgres, standing.state) as web:
        slow = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(300 if WHOLE else 50)]
        for each in slow:
            each.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        answers = many(lambda: web.get(ASKS), 20)
        assert {each.status for each in answers} == {404}
        longest = max(each.seconds for each in answers)
        if WHOLE:
            time.sleep(12)
            assert all(_is_closed(each) for each in slow)
        for each in slow:
            each.close()
    judge(longest, HANGS)
    tell(f"{len(slow)} half-open clients", f"20 others answered, longest {longest:.2f} s")


def _is_closed(client: socket.socket) -> bool:
    client.settimeout(5)
    try:
        while client.recv(4096):
            pass
    except OSError:
        return False
    return True


@pytest.mark.thorough
def test_stopped_politely_the_web_server_finishes_what_it_began(standing: Standing) -> None:
    """The request waits for a lock when the server is asked to stop, and is answered after the lock has gone."""
    answers: list[Answer] = []
    with serving(standing.postgres, standing.state) as web, psycopg.connect(standing.postgres.url("owner")) as owner:
        owner.execute("LOCK TABLE workspace_calendarkey IN ACCESS EXCLUSIVE MODE")
        asking = threading.Thread(target=lambda: answers.append(web.get(ASKS)))
        asking.start()
        soon(lambda: _waits_for_a_lock(standing))
        web.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        owner.rollback()
        asking.join()
        assert web.process.wait(30) == 0
    assert [each.status for each in answers] == [404]


def _waits_for_a_lock(standing: Standing) -> bool:
    with psycopg.connect(standing.postgres.url("superuser")) as server:
        found = server.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return bool(found and found[0])


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (make fault installs it)")
@pytest.mark.thorough
@pytest.mark.parametrize("days", ["-1d", "+1d"])
def test_a_wrong_clock_of_a_process_changes_no_moment_of_the_record(standing: Standing, tell: Tell, days: str) -> None:
    """Moments are those of the database; the order of the tree is that of commits."""
    before = entries(standing.postgres)
    preload = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": days, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    with acking(standing.postgres, standing.state, 1, **preload) as ackers:
        soon(lambda: told(ackers) >= 10)
    with psycopg.connect(standing.postgres.url("app")) as connection:
        row = connection.execute(
            "SELECT count(*) FROM ledger_entry WHERE abs(extract(epoch FROM now() - recorded_at)) > 43200"
        ).fetchone()
    assert row == (0,)
    found = loss(standing.postgres, ackers)
    assert (found.lost, found.half) == (0, 0)
    tree = audited(standing.postgres, standing.state)
    assert (tree["size"], tree["wrong_leaves"]) == (entries(standing.postgres), 0)
    assert entries(standing.postgres) > before
    tell(f"clock of the application {days}", f"{found.acknowledged} acknowledged, 0 lost, all moments of the database")
