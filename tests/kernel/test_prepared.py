"""Statements whose plan a connection keeps: the same answers as text, and never with the eyes of an earlier viewer."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.kept_states import Kept
from tests.people import make_state
from tests.reporting.world import World, make_world
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.prepared import Insertion, Prepared, WholeRow
from thucthi.kernel.sight import EVERYTHING, NOBODY, Sight, looking_as
from thucthi.ledger.models import Entry
from thucthi.reporting.models import ReportDraft

SUM = Prepared("test_sum", "SELECT %(first)s + %(second)s", {"first": "bigint", "second": "integer"})
TASKS = Prepared("test_tasks", "SELECT t.code FROM programmes_task t ORDER BY t.code", {})
MORE_THAN_PLANNED_EACH_TIME = 8


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def kept() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'test\\_%%'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_it_is_prepared_once_and_counted_once() -> None:
    with CaptureQueriesContext(connection) as asked:
        answers = [SUM.row(first=n, second=2) for n in range(MORE_THAN_PLANNED_EACH_TIME)]
    assert answers == [(n + 2,) for n in range(MORE_THAN_PLANNED_EACH_TIME)]
    assert len(asked) == MORE_THAN_PLANNED_EACH_TIME
    assert "test_sum" in kept()


@pytest.mark.django_db
def test_behind_a_pool_nothing_is_left_in_the_connection(settings: Any) -> None:
    named = Prepared("test_pooled", SUM.text, SUM.types)
    settings.DATABASE_POOLED = True
    assert named.row(first=1, second=2) == (3,)
    settings.DATABASE_POOLED = False
    assert "test_pooled" not in kept()


@pytest.mark.django_db
def test_what_was_prepared_in_a_transaction_that_failed_is_there_or_prepared_anew() -> None:
    named = Prepared("test_failed", SUM.text, SUM.types)

    def asked_in_vain() -> None:
        named.row(first=1, second=2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        asked_in_vain()
    assert named.row(first=3, second=4) == (7,)


@pytest.mark.django_db
def test_a_new_connection_prepares_for_itself() -> None:
    named = Prepared("test_anew", SUM.text, SUM.types)
    assert named.row(first=1, second=2) == (3,)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    del connection.connection._thucthi_prepared
    assert named.row(first=3, second=4) == (7,)


def test_a_plan_made_for_one_viewer_shows_another_only_what_is_his(world: World) -> None:
    """The policies read the settings of the moment, whoever looked when the plan was made."""
    science, finance = world.state.science.pk, world.state.finance.pk
    everything = [("nv-khoa",), ("nv-mat",), ("nv-tinh",), ("nv-xa",)]
    public = [row for row in everything if row != ("nv-mat",)]
    for _ in range(MORE_THAN_PLANNED_EACH_TIME):
        with looking_as(EVERYTHING):
            assert TASKS.rows() == everything
        with looking_as(Sight("working", frozenset({science}))):
            assert TASKS.rows() == everything
        with looking_as(Sight("working", frozenset({finance}))):
            assert TASKS.rows() == public
        with looking_as(NOBODY):
            assert TASKS.rows() == []


@pytest.mark.django_db
def test_whole_rows_become_the_objects_that_django_would_make() -> None:
    science, document = make_state().science, WholeRow(Document, "d")
    one, above = WholeRow(Organisation, "o"), WholeRow(Organisation, "a")
    asked = Prepared(
        "test_bodies",
        f"SELECT {one.columns}, {above.columns}, {document.columns} FROM directory_organisation o"
        " LEFT JOIN directory_organisation a ON a.id = o.parent_id LEFT JOIN documents_document d ON false"
        " WHERE o.id = %(body)s",
        {"body": "bigint"},
    )
    values = iter(asked.row(body=science.pk) or ())
    taken, superior = one.take(values), above.take(values)
    assert vars(taken) | {"_state": None} == vars(Organisation.objects.get(pk=science.pk)) | {"_state": None}
    assert superior == Organisation.objects.get(pk=science.pk).parent
    assert document.take(values) is None
    assert list(values) == []
    assert taken is not None
    assert not taken._state.adding


def test_a_model_that_django_would_convert_is_refused() -> None:
    with pytest.raises(TypeError, match="ReportDraft is not read as it is: content"):
        _ = WholeRow(ReportDraft, "d").columns


def _entry(**more: Any) -> Entry:
    said = {"event": "test.said", "actor_label": "Một người", "subject_type": "a.b", "subject_label": "Điều gì"}
    return Entry(**said, content={"a": ["x", 1]}, content_hash=sha256_hex(b""), salt=b"0" * 16, **more)


@pytest.mark.django_db
def test_what_is_inserted_is_what_django_would_save() -> None:
    """Every column: what was stated as it was, and of the rest what the database gave, read back into the object."""
    entries = Insertion(Entry)
    made = [entries.create(_entry(commitment=str(n), actor_id=n or None)) for n in range(MORE_THAN_PLANNED_EACH_TIME)]
    for n, entry in enumerate(made):
        assert vars(Entry.objects.get(pk=entry.pk)) | {"_state": None} == vars(entry) | {"_state": None}
        assert (entry._state.adding, entry.commitment, entry.actor_id) == (False, str(n), n or None)
    saved = _entry(commitment="saved")
    saved.save()
    assert {saved.xid} == {entry.xid for entry in made}
    assert made[-1].recorded_at <= saved.recorded_at


@pytest.mark.django_db
def test_nothing_is_inserted_that_the_database_gives_itself() -> None:
    with pytest.raises(ValueError, match="Entry is given its xid by the database"):
        Insertion(Entry).create(_entry(xid=1))
    with pytest.raises(ValueError, match="Entry is given its id by the database"):
        Insertion(Entry).create(_entry(id=1))
    assert Entry.objects.count() == 0
