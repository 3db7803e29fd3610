"""How the database reads: no hot read of the engine walks through a large table, whatever stands in it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from benchmarks.cycle_at_scale import fill
from benchmarks.rollups import as_system, reads, ring, spread
from thucthi.config.supervisor import LocalPostgres

TASKS = 20_000
LARGE = {
    "monitoring_taskstanding", "monitoring_lineage", "monitoring_rollup", "monitoring_leadcount", "programmes_task",
    "programmes_taskevent", "reporting_report", "reporting_obligation", "directory_organisation",
}  # fmt: skip

# Of 20,000 tasks half are late: here the planner may sort them all; from about 30,000 on it goes by the index.
SORTED_WHILE_SMALL = {"f fifty overdue, the country": {"monitoring_taskstanding"}}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def walked_through(server: psycopg.Connection, statement: str, values: dict[str, Any]) -> set[str]:
    """The large tables that the plan of `statement` reads from one end to the other."""
    found = server.execute("EXPLAIN (FORMAT JSON) " + statement, values).fetchone()  # type: ignore[arg-type]
    assert found is not None
    plan = found[0] if isinstance(found[0], list) else json.loads(found[0])
    seen = {node["Relation Name"] for node in nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"}
    return seen & LARGE


@pytest.fixture
def country(postgres: LocalPostgres, fresh_database: str) -> Iterator[psycopg.Connection]:
    address = postgres.url("superuser", "fresh")
    fill(address, TASKS, 1)
    spread(address)
    with as_system(fresh_database) as server:
        ring(server, "rebuild")
        with psycopg.connect(address, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
        yield server


def test_no_hot_read_walks_through_a_large_table(country: psycopg.Connection) -> None:
    values = {"documents": [0], "organisations": [7], "parent": 7, "organisation": 7, "in_full": 0, "programmes": []}
    values |= {"kind": "commune", "first": 50}
    for name, (statement, _parameters) in reads().items():
        assert walked_through(country, statement, values) <= SORTED_WHILE_SMALL.get(name, set()), name
    # The guard sees what it is there for.
    assert walked_through(country, "SELECT count(*) FROM monitoring_taskstanding WHERE stage = 'done'", {}) == {
        "monitoring_taskstanding"
    }
    # And what a function hides: one task's standing is found by indices alone, whoever writes.
    made = country.execute("SELECT prosrc FROM pg_proc WHERE proname = 'monitoring_standings'").fetchone()
    assert made is not None
    question = made[0].split("RETURN QUERY")[1].rsplit(";", 2)[0]
    body = re.sub(r"\bon_day\b", "date '2026-11-30'", re.sub(r"\bchosen\b", "ARRAY[5, 6]::bigint[]", question))
    assert walked_through(country, body, {}) <= {"directory_organisation"}
