"""Nothing that happened is rewritten: every way of `rewriting.py` against every table of facts, with rows in them.

The rows are those of the world of the access matrix, committed to a database of their own. A refusal counts only when
the database says that the right is missing: a statement that fails for another reason proves nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.utils.translation import override

from tests.architecture.access_world import make_world
from tests.architecture.rewriting import ESCAPES, REWRITES, STATEMENTS
from tests.database import another_database
from tests.trust.bars import bar
from thucthi.config.database_roles import FACT
from thucthi.config.supervisor import LocalPostgres

DATABASE = "rewriting"
NO_RIGHT = "42501"
SHAPE = (
    """SELECT relname, relowner::regrole, relacl::text, relrowsecurity, relforcerowsecurity, relfilenode FROM pg_class
       WHERE relnamespace = 'public'::regnamespace ORDER BY 1""",
    "SELECT tgrelid::regclass::text, tgname, tgenabled, tgfoid FROM pg_trigger ORDER BY 1, 2",
    "SELECT polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY 1, 2",
    """SELECT proname, proowner, prosrc, prosecdef, proacl::text FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace ORDER BY oid""",
    "SELECT rolname, rolsuper, rolbypassrls, rolconfig, rolcreaterole FROM pg_roles ORDER BY 1",
    "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members ORDER BY 1, 2",
)


@dataclass(frozen=True)
class Place:
    """A table of facts with the names that the statements need."""

    table: str
    key: str
    column: str


@dataclass(frozen=True)
class Outcome:
    place: Place
    statement: str
    code: str | None
    """SQLSTATE of the refusal; None: the statement succeeded."""


@pytest.fixture(scope="module")
def inhabited(
    postgres: LocalPostgres, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalPostgres]:
    """A database with the rows of the access world, committed."""
    files = tmp_path_factory.mktemp("rewriting")
    kept = (django_settings.EVIDENCE_ROOT, django_settings.PUBLISHED_ROOT)
    django_settings.EVIDENCE_ROOT, django_settings.PUBLISHED_ROOT = files / "evidence", files / "published"
    try:
        with django_db_blocker.unblock(), another_database(postgres, DATABASE), override("vi"):
            make_world()
            yield postgres
    finally:
        django_settings.EVIDENCE_ROOT, django_settings.PUBLISHED_ROOT = kept


def places(server: psycopg.Connection[Any]) -> list[Place]:
    found = []
    for table in FACT:
        (key,), *_rest = server.execute(
            "SELECT a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid "
            "AND a.attnum = c.conkey[1] WHERE c.contype = 'p' AND c.conrelid = %s::regclass",
            [table],
        ).fetchall()
        (column,), *_rest = server.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attname <> %s AND attgenerated = '' ORDER BY attnum",
            [table, key],
        ).fetchall()
        found.append(Place(table, f'"{key}"', f'"{column}"'))
    return found


def contents(server: psycopg.Connection[Any]) -> dict[str, tuple[int, str]]:
    """How many rows each table of facts has, and a hash over all of them."""
    read = {}
    for table in FACT:
        row = server.execute(
            f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"  # type: ignore[arg-type]
        ).fetchone()
        assert row is not None
        read[table] = (row[0], row[1])
    return read


def shape(server: psycopg.Connection[Any]) -> list[list[Any]]:
    return [server.execute(query).fetchall() for query in SHAPE]


def attempt(url: str, where: Iterable[Place], statements: Iterable[str]) -> list[Outcome]:
    """Each statement in a savepoint of its own that is taken back, whatever came of it."""
    outcomes = []
    with psycopg.connect(url) as connection:
        for place in where:
            for statement in statements:
                query = statement.format(table=place.table, key=place.key, column=place.column)
                connection.execute("SAVEPOINT before")
                try:
                    connection.execute(query.encode())
                except psycopg.Error as refused:
                    outcomes.append(Outcome(place, statement, refused.sqlstate))
                else:
                    outcomes.append(Outcome(place, statement, None))
                connection.execute("ROLLBACK TO SAVEPOINT before")
        connection.rollback()
    return outcomes


@bar("B1")
def test_no_way_of_rewriting_succeeds_on_any_fact(inhabited: LocalPostgres) -> None:
    with psycopg.connect(inhabited.url("superuser", DATABASE), autocommit=True) as server:
        where, before, shaped = places(server), contents(server), shape(server)
        outcomes = attempt(inhabited.url("app", DATABASE), where, STATEMENTS)
        assert (contents(server), shape(server)) == (before, shaped)
    assert len(outcomes) == len(FACT) * len(STATEMENTS)
    assert [one for one in outcomes if one.code is None] == []
    assert {(one.statement, one.code) for one in outcomes if one.code != NO_RIGHT} == set()


def test_the_list_is_as_long_as_was_promised_and_the_tables_hold_rows(inhabited: LocalPostgres) -> None:
    assert (len(REWRITES), len(ESCAPES)) == (26, 60)
    with psycopg.connect(inhabited.url("superuser", DATABASE), autocommit=True) as server:
        inhabited_tables = [table for table, (rows, _hash) in contents(server).items() if rows]
    assert len(inhabited_tables) >= 23
    assert {"ledger_entry", "reporting_report", "reporting_evidence", "publication_snapshot"} <= set(inhabited_tables)


@bar("B1", planted=True)
def test_as_owner_the_same_list_does_get_through(inhabited: LocalPostgres) -> None:
    """The planted fault: with the roles mixed up the test above is red."""
    with psycopg.connect(inhabited.url("superuser", DATABASE), autocommit=True) as server:
        where = [place for place in places(server) if place.table in ("ledger_entry", "reporting_report")]
    outcomes = attempt(inhabited.url("owner", DATABASE), where, STATEMENTS)
    through = {one.statement for one in outcomes if one.code is None}
    assert "ALTER TABLE {table} DISABLE TRIGGER USER" in through
    assert len(through) > 20
    stopped_by_trigger = {one.statement for one in outcomes if one.code == "23001"}
    assert {"DELETE FROM {table}", "UPDATE {table} SET {key} = {key}", "TRUNCATE {table} CASCADE"} <= stopped_by_trigger


def test_the_owner_rewrites_once_it_has_taken_the_triggers_away(inhabited: LocalPostgres) -> None:
    """What no database can refuse its owner; outside, the signed tree shows it (ledger)."""
    where = Place("ledger_entry", '"id"', '"id"')
    rewrite = "ALTER TABLE {table} DISABLE TRIGGER USER; UPDATE {table} SET {key} = {key}"
    assert [one.code for one in attempt(inhabited.url("owner", DATABASE), [where], [rewrite])] == [None]
    assert [one.code for one in attempt(inhabited.url("app", DATABASE), [where], [rewrite])] == [NO_RIGHT]


def test_what_runs_in_no_transaction_has_no_effect_either(inhabited: LocalPostgres) -> None:
    """VACUUM answers a stranger with a warning, so its effect is looked at: the files of the tables stay the same."""
    with psycopg.connect(inhabited.url("superuser", DATABASE), autocommit=True) as server:
        before = shape(server)
        with psycopg.connect(inhabited.url("app", DATABASE), autocommit=True) as application:
            for table in FACT:
                application.execute(f"VACUUM FULL {table}")  # type: ignore[arg-type]
            for statement in (b"ALTER SYSTEM SET fsync = off", b"CREATE DATABASE mine", b"DROP DATABASE rewriting"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    application.execute(statement)
        assert shape(server) == before
