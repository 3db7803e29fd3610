"""The shape of a simulated country, in exact numbers of one seed: few large and many small, peaks, troubles."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.database import copy_of_the_migrated
from tests.demonstration.simulation.conftest import simulated
from thucthi.config.supervisor import LocalPostgres

SIZES = {"organisations": 300, "documents": 5, "tasks": 4_000, "values": 20_000, "reports": 16_000}


@pytest.fixture(scope="module")
def town(postgres: LocalPostgres) -> Iterator[psycopg.Connection]:
    copy_of_the_migrated(postgres, "town")
    made = simulated(postgres, "town", seed=7, **SIZES)
    assert made.status == 0, made.errors
    with psycopg.connect(postgres.url("superuser", "town"), autocommit=True) as server:
        yield server
    postgres.drop_database("town")


SHAPE: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    "largest, median and smallest number of tasks of a body": (
        """
        SELECT max(n), percentile_disc(0.5) WITHIN GROUP (ORDER BY n), min(n)
        FROM (SELECT count(*) AS n FROM programmes_task GROUP BY lead_id) t
        """,
        [(215, 10, 1)],
    ),
    "tasks of the largest and of the median programme": (
        """
        SELECT max(n), percentile_disc(0.5) WITHIN GROUP (ORDER BY n)
        FROM (SELECT count(*) AS n FROM programmes_task GROUP BY programme_id) t
        """,
        [(1019, 4)],
    ),
    "ends on the 20th to the 24th, and all ends": (
        """
        SELECT count(*) FILTER (WHERE extract(day FROM resolved_end) BETWEEN 20 AND 24), count(resolved_end)
        FROM programmes_task
        """,
        [(2487, 3829)],
    ),
    "reports of the last three days, late ones, and all": (
        """
        SELECT count(*) FILTER (WHERE day BETWEEN due_on - 2 AND due_on), count(*) FILTER (WHERE day > due_on), count(*)
        FROM (SELECT (submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, due_on
              FROM reporting_report r JOIN reporting_obligation o ON o.id = obligation_id WHERE version = 1) t
        """,
        [(11308, 949, 15788)],
    ),
    "versions": (
        "SELECT version, count(*) FROM reporting_report GROUP BY 1 ORDER BY 1",
        [(1, 15788), (2, 212)],
    ),
    "verdicts": (
        "SELECT verdict, count(*) FROM reporting_acceptance GROUP BY 1 ORDER BY 1",
        [("accepted", 15234), ("returned", 424)],
    ),
    "what is open": (
        "SELECT state, count(*) FROM reporting_openduty GROUP BY 1 ORDER BY 1",
        [("owed", 5692), ("returned", 212), ("waiting", 191)],
    ),
    "tasks that never reported": (
        """
        SELECT count(*) FROM programmes_task t
        WHERE NOT EXISTS (SELECT FROM reporting_report r WHERE r.task_id = t.id)
        """,
        [(120,)],
    ),
    "what happened to tasks": (
        "SELECT kind, count(*) FROM programmes_taskevent GROUP BY 1 ORDER BY 1",
        [("cancelled", 20), ("issued", 4000), ("received", 4000), ("suspended", 40)],
    ),
    "deadlines that were moved": (
        "SELECT count(*) FROM programmes_taskchange",
        [(191,)],
    ),
    "tasks without a deadline": (
        "SELECT count(*) FROM programmes_task WHERE resolved_end IS NULL",
        [(171,)],
    ),
    "completed": (
        "SELECT count(*) FROM reporting_report WHERE claims_completion",
        [(800,)],
    ),
    "states of values": (
        "SELECT state, count(*) FROM indicators_observation GROUP BY 1 ORDER BY 1",
        [
            ("confidential", 68),
            ("confirmed_zero", 107),
            ("not_applicable", 84),
            ("not_reported", 129),
            ("number", 19215),
            ("provisional", 397),
        ],
    ),
    "values corrected": (
        "SELECT count(*) FROM indicators_observation WHERE corrects_id IS NOT NULL",
        [(200,)],
    ),
    "obstacles": (
        "SELECT count(*) FROM obstacles_obstacle",
        [(11,)],
    ),
    "obstacles removed": (
        "SELECT count(*) FROM obstacles_obstaclestep WHERE kind = 'removed'",
        [(6,)],
    ),
    "desks on which they lay": (
        "SELECT number, count(*) FROM obstacles_hop GROUP BY 1 ORDER BY 1",
        [(1, 11), (2, 5), (3, 4)],
    ),
    "bodies that ended": (
        "SELECT count(*) FROM directory_organisation WHERE valid_to IS NOT NULL",
        [(2,)],
    ),
    "what an heir owes for its predecessor's tasks": (
        """
        SELECT count(*) FROM reporting_obligation o JOIN programmes_task t ON t.id = o.task_id
        WHERE o.organisation_id <> t.lead_id
        """,
        [(57,)],
    ),
}


@pytest.mark.parametrize("what", SHAPE)
def test_the_shape(town: psycopg.Connection, what: str) -> None:
    query, expected = SHAPE[what]
    assert _found(town, query) == expected


def _found(town: psycopg.Connection, query: str) -> list[tuple[object, ...]]:
    return town.execute(query).fetchall()  # type: ignore[call-overload]


def test_nobody_speaks_after_the_last_day(town: psycopg.Connection) -> None:
    after = "SELECT count(*) FROM {} WHERE {} >= '2026-11-21 00:00+07'"
    moments = {"reporting_report": "submitted_at", "reporting_acceptance": "decided_at"}
    assert [_found(town, after.format(table, column)) for table, column in moments.items()] == [[(0,)], [(0,)]]


def test_nobody_accepts_his_own_report_and_verdicts_come_afterwards(town: psycopg.Connection) -> None:
    assert _found(
        town,
        "SELECT count(*) FROM reporting_acceptance a JOIN reporting_report r ON r.id = a.report_id"
        " WHERE a.decided_at <= r.submitted_at OR a.reviewer_id = r.author_id OR a.author_id <> r.author_id",
    ) == [(0,)]
