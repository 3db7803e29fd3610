"""The hot pages never read a large table from end to end: every query of theirs finds its rows by an index."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.architecture.plans import whole_readings
from tests.demonstration.simulation.conftest import in_village, village
from thucthi.directory.models import Account

__all__ = ["in_village", "village"]

HOT = (
    ("mp-bc-6", ""),
    ("mp-bc-2", ""),
    ("mp-dd-2", ""),
    ("mp-dd-1", ""),
    ("mp-dd-2", "nhiem-vu/mp-nv-7/"),
    ("mp-dd-2", "don-vi/mp-dv-2/"),
    ("mp-dd-2", "van-ban/mp-nq-1/"),
)


@pytest.mark.parametrize(("login", "page"), HOT)
def test_no_query_of_a_hot_page_reads_a_large_table_whole(in_village: str, login: str, page: str) -> None:
    client = Client()
    client.force_login(Account.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/lam-viec/{page}").status_code == 200
    queries = [row["sql"] for row in asked.captured_queries if row["sql"].lstrip().startswith(("SELECT", "WITH", "("))]
    assert len(queries) >= 5
    found = {query[:300]: whole for query in queries if (whole := whole_readings(query))}
    assert found == {}


def test_planted_a_condition_without_an_index_is_found(in_village: str) -> None:
    assert whole_readings("SELECT id FROM programmes_task WHERE weight = 3") == ["programmes_task: Seq Scan"]
    assert whole_readings("SELECT id FROM programmes_task WHERE lead_id = 3") == []
    assert whole_readings("SELECT count(id) FROM reporting_report") != []
