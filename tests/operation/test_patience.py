"""A server that says nothing ends a web request with a sentence, and those in line behind it at once."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client

from thucthi.config.patience import base
from thucthi.config.patience.base import SILENCE, PatientConnection


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    SILENCE.end()
    yield
    SILENCE.end()


@pytest.fixture
def patient(settings: Any) -> None:
    settings.DATABASE_PATIENCE = 0.3
    connections.close_all()


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
