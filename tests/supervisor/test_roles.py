"""The application owns nothing and can make nothing; the owner's word never reaches a child that serves."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from thucthi.config.supervisor import LocalPostgres, Trouble
from thucthi.config.supervisor.addresses import Addresses
from thucthi.config.supervisor.environment import environment_for


@pytest.fixture(scope="module")
def server() -> Iterator[LocalPostgres]:
    with LocalPostgres(None, durable=False) as postgres:
        with psycopg.connect(postgres.url("owner")) as owner:
            owner.execute("CREATE TABLE fact (value integer)")
            owner.execute("GRANT SELECT, INSERT ON fact TO thucthi_app")
        yield postgres


@pytest.mark.parametrize(
    "forbidden",
    [
        "CREATE TABLE mine (value integer)",
        "CREATE TEMPORARY TABLE mine (value integer)",
        "CREATE SCHEMA mine",
        "ALTER TABLE fact ADD COLUMN more integer",
        "ALTER TABLE fact OWNER TO thucthi_app",
        "DROP TABLE fact",
        "TRUNCATE fact",
        "UPDATE fact SET value = 2",
        "DELETE FROM fact",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "SET ROLE thucthi_owner",
    ],
)
def test_the_application_cannot(server: LocalPostgres, forbidden: str) -> None:
    with psycopg.connect(server.url("app"), autocommit=True) as application:
        application.execute("INSERT INTO fact VALUES (1)")
        before = application.execute("SELECT count(*), sum(value) FROM fact").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(forbidden)
        assert application.execute("SELECT count(*), sum(value) FROM fact").fetchone() == before


def test_the_owner_is_no_superuser(server: LocalPostgres) -> None:
    with psycopg.connect(server.url("owner"), autocommit=True) as owner:
        for forbidden in ("CREATE ROLE mine", "CREATE DATABASE mine", "ALTER ROLE thucthi_app SUPERUSER"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(forbidden)


def test_another_name_in_the_address_opens_nothing(server: LocalPostgres) -> None:
    as_owner = server.url("app").replace("thucthi_app:", "thucthi_owner:")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(as_owner)


def test_a_further_database_has_the_same_rights(server: LocalPostgres) -> None:
    server.create_database("further")
    with psycopg.connect(server.url("owner", "further")) as owner:
        owner.execute("CREATE TABLE fact (value integer)")
    with (
        psycopg.connect(server.url("app", "further")) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute("CREATE TABLE mine (value integer)")
    server.create_database("further")
    with psycopg.connect(server.url("owner", "further")) as owner:
        assert owner.execute("SELECT to_regclass('fact')").fetchone() == (None,)
    server.drop_database("further")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(server.url("owner", "further"))


def test_only_migrations_are_told_the_owner(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THUCTHI_STATE", str(state))
    monkeypatch.setenv("DATABASE_OWNER_URL", "of the shell")
    addresses = Addresses("for the application", "for the owner")
    serving = environment_for(addresses)
    assert (serving["DATABASE_URL"], serving["THUCTHI_DATABASE_ROLE"]) == ("for the application", "application")
    assert not {"for the owner", "of the shell"} & set(serving.values())
    migrating = environment_for(addresses, owner=True)
    assert (migrating["DATABASE_OWNER_URL"], migrating["THUCTHI_DATABASE_ROLE"]) == ("for the owner", "owner")
    with pytest.raises(Trouble, match="DATABASE_OWNER_URL"):
        environment_for(Addresses("for the application", None), owner=True)


def test_a_secret_key_is_made_once_and_kept(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THUCTHI_STATE", str(state))
    monkeypatch.delenv("THUCTHI_SECRET_KEY", raising=False)
    first = environment_for(Addresses("x", None))["THUCTHI_SECRET_KEY"]
    assert len(first) >= 50
    assert environment_for(Addresses("x", None))["THUCTHI_SECRET_KEY"] == first
    assert (state / "secret-key").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("THUCTHI_SECRET_KEY", "given")
    assert environment_for(Addresses("x", None))["THUCTHI_SECRET_KEY"] == "given"
