"""A server that says nothing, or takes no writes, ends a request with a sentence; those in line behind it at once."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import DataError, InternalError, OperationalError, connections
from django.db.backends.postgresql.base import TIMESTAMPTZ_OID
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_examples
from hypothesis import strategies as st

from thucthi.config.patience import base
from thucthi.config.patience.base import SILENCE, MomentLoader, PatientConnection
from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.processes import wait_until


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    SILENCE.end()
    yield
    SILENCE.end()


@pytest.fixture
def patient(settings: Any) -> None:
    settings.DATABASE_PATIENCE = 0.3
    connections.close_all()


@pytest.mark.parametrize("patience", [0, 5])
def test_moments_are_those_of_utc_and_are_read_by_python(fresh_database: str, settings: Any, patience: float) -> None:
    settings.DATABASE_PATIENCE = patience
    connections.close_all()
    wrapper = connections["default"]
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT timestamptz '2026-12-01 06:30:15.25+07', timestamptz '1900-01-01 00:00:00+07'")
        assert cursor.fetchone() == (
            datetime(2026, 11, 30, 23, 30, 15, 250_000, tzinfo=UTC),
            datetime(1899, 12, 31, 17, tzinfo=UTC),
        )
        cursor.execute("SELECT now()")
        [(read,)] = cursor.fetchall()
    assert read.tzinfo is UTC
    assert wrapper.connection.adapters.get_loader(TIMESTAMPTZ_OID, psycopg.pq.Format.TEXT) is MomentLoader


def test_a_moment_that_python_has_not_is_refused_with_a_reason(fresh_database: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(DataError, match="timestamp too large"):
            cursor.fetchone()


@given(moments=st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=20))
@settings_of_examples(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_moment_comes_back(fresh_database: str, moments: list[datetime]) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT unnest(%s::timestamptz[])", [moments])
        assert [row[0] for row in cursor.fetchall()] == moments


def test_planted_a_connection_in_another_zone_has_moments_of_that_zone(fresh_database: str) -> None:
    wrapper, hanoi = connections["default"], ZoneInfo("Asia/Ho_Chi_Minh")
    wrapper.timezone = hanoi
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT now()")
        [(read,)] = cursor.fetchall()
    del wrapper.timezone
    assert read.tzinfo is hanoi


def test_without_patience_the_connection_is_the_one_of_the_library(fresh_database: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
    assert type(connections["default"].connection) is not PatientConnection


@pytest.mark.usefixtures("patient")
def test_a_statement_without_an_answer_ends_and_the_connection_with_it(fresh_database: str) -> None:
    wrapper = connections["default"]
    with pytest.raises(OperationalError, match="did not answer in time"), wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    assert wrapper.connection.closed
    wrapper.close()
    with pytest.raises(OperationalError, match="a moment ago"):
        wrapper.ensure_connection()
    SILENCE.end()
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.usefixtures("patient")
def test_an_answer_in_time_is_an_answer_and_a_transaction_goes_on_during_the_silence(fresh_database: str) -> None:
    wrapper = connections["default"]
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")
        cursor.execute("BEGIN")
        SILENCE.begin()  # another thread waited in vain
        cursor.execute("SELECT 7")
        assert cursor.fetchone() == (7,)
        cursor.execute("ROLLBACK")
        with pytest.raises(OperationalError, match="a moment ago"):
            cursor.execute("SELECT 8")


@pytest.mark.usefixtures("patient")
def test_the_silence_is_forgotten_by_itself(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    SILENCE.begin()
    monkeypatch.setattr("thucthi.config.patience.base.time.monotonic", lambda: now + base.QUIET_FOR + 1)
    connections["default"].ensure_connection()


@pytest.fixture
def demoted(tmp_path: Path) -> Iterator[LocalPostgres]:
    """A server that was the primary, and has come back as a standby."""
    with LocalPostgres(tmp_path / "state") as server:
        signal_file = server.data / "standby.signal"
        signal_file.touch()
        signal_file.chmod(0o666)
        with psycopg.connect(server.url("superuser")) as session:
            os.kill(session.info.backend_pid, signal.SIGKILL)  # the whole server begins anew
        assert wait_until(lambda: _is_standby(server), seconds=30)
        yield server


def _is_standby(server: LocalPostgres) -> bool:
    try:
        with psycopg.connect(server.url("superuser"), connect_timeout=2) as session:
            return session.info.parameter_status("in_hot_standby") == "on"
    except psycopg.OperationalError:
        return False


WRITE = "CREATE TABLE written ()"


@pytest.mark.usefixtures("patient")
def test_a_server_that_is_no_longer_the_primary_is_left(demoted: LocalPostgres) -> None:
    with PatientConnection.connect(demoted.url("superuser")) as asked:
        with pytest.raises(psycopg.OperationalError, match="not the primary"):
            asked.execute(WRITE)
        assert asked.closed


@pytest.mark.usefixtures("patient")
def test_planted_a_write_where_only_reading_was_asked_for_is_a_fault(fresh_database: str) -> None:
    wrapper = connections["default"]
    with wrapper.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        with pytest.raises(InternalError, match="read-only transaction"):
            cursor.execute(WRITE)
    assert not wrapper.connection.closed


@pytest.mark.usefixtures("patient", "fresh_database")
def test_a_port_that_takes_calls_and_says_nothing_is_answered_with_a_page(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        told = {"HOST": "127.0.0.1", "PORT": str(deaf.getsockname()[1])}
        before = {key: connections.settings["default"][key] for key in told}
        connections.settings["default"].update(told)
        connections["default"].settings_dict.update(told)
        connections["default"].settings_dict["OPTIONS"] |= {"connect_timeout": 2}
        try:
            answer, again = (Client().post("/tai-khoan/login/", {"login": "a", "password": "b"}) for _ in range(2))
        finally:
            connections.settings["default"].update(before)
            connections["default"].settings_dict.update(before)
            connections["default"].settings_dict["OPTIONS"] |= {"connect_timeout": 5}
    assert (answer.status_code, again.status_code) == (503, 503)
    assert "<h1" in again.content.decode()
