"""The hot pages never read a large table from end to end: every query of theirs finds its rows by an index."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from tests.architecture.plans import LARGE, joins, sequential_scans
from tests.database import ADDRESS, copy_of_the_migrated, point_django_at
from tests.demonstration.simulation.conftest import village
from thucthi.config.supervisor import LocalPostgres
from thucthi.directory.models import Account
from thucthi.directory.selectors import viewer_of
from thucthi.reporting.selectors.owed import owed_now, unanswered

__all__ = ["village"]

READS = ("SELECT", "WITH", "(", "EXECUTE")
HOT = (
    ("mp-bc-6", ""),
    ("mp-bc-2", ""),
    ("mp-bc-2", "bao-cao-hang-loat/"),
    ("mp-dd-2", ""),
    ("mp-dd-1", ""),
    ("mp-dd-2", "nhiem-vu/mp-nv-7/"),
    ("mp-dd-2", "don-vi/mp-dv-2/"),
    ("mp-dd-2", "van-ban/mp-nq-1/"),
    ("mp-dd-1", "chuong-trinh/mp-ct-1/"),
    ("mp-dd-1", "chi-tieu/"),
    ("mp-dd-1", "chi-tieu/mp-ct-1/"),
    ("mp-dd-1", "nguon-luc/"),
    ("mp-dd-2", "nguon-luc/?van-ban=mp-nq-1"),
    ("mp-dd-1", "nam-nhat-quan/"),
    ("mp-dd-2", "nam-nhat-quan/mp-nq-1/"),
    ("mp-dd-1", "ba-som/"),
    ("mp-dd-2", "ba-som/mp-nq-1/"),
    ("mp-dd-1", "trien-khai/nganh/"),
)


@pytest.fixture(scope="module")
def many_rows(postgres: LocalPostgres, village: str) -> Iterator[str]:
    """The village again, of which the planner believes that its large tables hold a million rows a page."""
    copy_of_the_migrated(postgres, "many_rows", template=village)
    with psycopg.connect(postgres.url("superuser", "many_rows"), autocommit=True) as server:
        believed = "UPDATE pg_class SET reltuples = 1000000, relpages = 1 WHERE relname = ANY(%s)"
        for table in sorted(LARGE):  # who vacuums would count them and say so
            server.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")  # type: ignore[call-overload]
        server.execute(believed, [sorted(LARGE)])
    yield "many_rows"
    postgres.drop_database("many_rows")


@pytest.fixture
def planned(postgres: LocalPostgres, many_rows: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    before = {key: connections.settings["default"][key] for key in ADDRESS}
    with django_db_blocker.unblock():
        point_django_at(postgres.url("app", many_rows))
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            connections.close_all()
            connections.settings["default"].update(before)


@pytest.mark.parametrize(("login", "page"), HOT)
def test_no_query_of_a_hot_page_reads_a_large_table_whole(planned: None, login: str, page: str) -> None:
    client = Client()
    client.force_login(Account.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/lam-viec/{page}").status_code == 200
    queries = [row["sql"].lstrip() for row in asked.captured_queries if row["sql"].lstrip().startswith(READS)]
    assert len(queries) >= 5
    found = {query[:300]: whole for query in queries if (whole := sequential_scans(query))}
    assert found == {}


@pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
def test_what_a_body_owes_is_joined_to_nothing(planned: None, plan: str) -> None:
    """Nobody knows beforehand how much that is: a plan that compares rows with rows is a matter of luck."""
    viewer = viewer_of(Account.objects.get(username="mp-bc-2"))
    with CaptureQueriesContext(connection) as asked:
        owed_now(viewer, localdate(), 50)
        list(unanswered(viewer, viewer.organisation_ids(), localdate()).values_list("pk", flat=True))
    queries = [row["sql"] for row in asked.captured_queries]
    assert [joins(query, plan) for query in queries] == [[], []]


def test_planted_a_join_of_rows_is_found(planned: None) -> None:
    among_tasks = "SELECT d.* FROM reporting_openduty d JOIN programmes_task t ON t.id = d.task_id"
    looked_up = "SELECT d.* FROM reporting_openduty d WHERE EXISTS (SELECT FROM programmes_task t {} OFFSET 0)"
    assert len(joins(among_tasks, "auto")) == 1
    assert joins(looked_up.format("JOIN programmes_programme p ON p.id = t.programme_id"), "auto") == []


def test_planted_a_condition_without_an_index_is_found(planned: None) -> None:
    assert sequential_scans("SELECT id FROM programmes_task WHERE weight = 3") == ["programmes_task: Seq Scan"]
    assert sequential_scans("SELECT id FROM programmes_task WHERE lead_id = 3") == []


def test_planted_a_prepared_statement_without_an_index_is_found(planned: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PREPARE planted_weight (int) AS SELECT id FROM programmes_task WHERE weight = $1")
        cursor.execute("PREPARE planted_lead (int) AS SELECT id FROM programmes_task WHERE lead_id = $1")
    assert sequential_scans("EXECUTE planted_weight (3)") == ["programmes_task: Seq Scan"]
    assert sequential_scans("EXECUTE planted_lead (3)") == []


def test_planted_a_whole_table_read_by_its_index_is_found(planned: None) -> None:
    in_order = "SELECT id, text FROM programmes_task ORDER BY id"
    assert sequential_scans(in_order) == ["programmes_task: Index Scan"]
    assert sequential_scans(f"{in_order} LIMIT 20") == []
