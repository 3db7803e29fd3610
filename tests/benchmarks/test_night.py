"""The night leaves no job out, tells a job that failed, and does all of them in a village."""

import os
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks import night
from benchmarks.night import JOBS, NEVER_UNDONE, Done, call_of, chosen, queue_names, table
from tests.database import copy_of_the_migrated
from tests.demonstration.simulation.conftest import village
from thucthi.config.supervisor import LocalPostgres

__all__ = ["village"]

GOOD = Done("a", 1.25, 0.5, 0.25, 91.4, "3 made")
BAD = Done("b", 0.5, 0.1, 0.0, 90.0, "", "QueryCanceled: too | long")


def test_every_job_that_the_queue_starts_by_itself_has_its_turn() -> None:
    assert set(queue_names()) <= set(JOBS)
    assert all(callable(call_of(job)) for job in JOBS)
    assert set(JOBS) >= NEVER_UNDONE
    assert len(JOBS) == len(set(JOBS))


def test_the_table_names_what_failed() -> None:
    assert table([GOOD, BAD])[2:] == [
        "| a | 1.2 | 0.5 | 0.2 | 91 | 3 made |",
        "| b | 0.5 | 0.1 | 0.0 | 90 | **failed**: QueryCanceled: too / long |",
    ]


def test_jobs_are_chosen_by_a_part_of_their_name() -> None:
    assert chosen(["obligations"]) == ["reporting.create_obligations", "obligations of the next period"]
    assert chosen([]) == list(JOBS)


@pytest.mark.parametrize(("rows", "status"), [([GOOD], 0), ([GOOD, BAD], 1)])
def test_a_job_that_failed_ends_the_command_with_1(
    monkeypatch: pytest.MonkeyPatch, rows: list[Done], status: int
) -> None:
    monkeypatch.setattr(night, "night", lambda *_asked, **_how: rows)
    monkeypatch.setenv("DATABASE_URL", os.environ.get("DATABASE_URL", ""))
    told = CliRunner().invoke(night.main, ["--url", "postgres://nowhere"])
    assert (told.exit_code, "| a | 1.2 |" in told.output) == (status, True)


def test_a_village_has_its_night(postgres: LocalPostgres, village: str, tmp_path: Any, monkeypatch: Any) -> None:
    copy_of_the_migrated(postgres, "night", template=village)
    monkeypatch.setenv("DATABASE_URL", postgres.url("app", "night"))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "thucthi.config.settings")
    monkeypatch.setenv("THUCTHI_STATE", str(tmp_path))
    try:
        rows = night.night(["intake.sign_tasks", "operation.sweep", "check rollups"], undo=False)
    finally:
        postgres.drop_database("night")
    assert [row.error for row in rows] == [""] * 3
    assert rows[0].did == "40"
    assert all(row.peak_mb > 20 and row.seconds > 0 for row in rows)
