"""Half a country is never left behind: what fails or is killed leaves an empty database, as strict as it was."""

import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.database import TEMPLATE, copy_of_the_migrated
from tests.demonstration.simulation.catalogue import fingerprints, promises
from tests.demonstration.simulation.conftest import command, environment, simulated
from tests.thorough import in_full
from thucthi.config.supervisor import LocalPostgres

NAME = "village_half_made"
# Triggers that are enabled always are not set aside: so something can be planted among the rows.
PLANTED = """
CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} END $$;
CREATE TRIGGER planted BEFORE INSERT ON {table} FOR EACH {each} EXECUTE FUNCTION planted();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER planted;
"""
SLEEPS = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event = 'PgSleep'"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@pytest.fixture
def owner_of(postgres: LocalPostgres) -> Iterator[psycopg.Connection]:
    """An empty database, seen by its owner."""
    copy_of_the_migrated(postgres, NAME)
    with psycopg.connect(postgres.url("owner", NAME), autocommit=True) as owner:
        yield owner
    postgres.drop_database(NAME)


def plant(owner: psycopg.Connection, table: str, each: str, does: str) -> None:
    owner.execute(PLANTED.format(table=table, each=each, does=does))  # type: ignore[call-overload]


def uproot(owner: psycopg.Connection) -> None:
    owner.execute("DROP FUNCTION planted() CASCADE")


def assert_as_empty_as_before(postgres: LocalPostgres) -> None:
    """Rows, promises, settings of tables and the application's rights: all that of a database just migrated."""
    asked = (
        "SELECT nspname, nspacl::text FROM pg_namespace ORDER BY 1",
        "SELECT relname, reloptions, relacl::text FROM pg_class WHERE relkind IN ('r', 'S') ORDER BY 1",
        "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1",
        "SELECT id, zone, day_given, tree_stale_on, work FROM monitoring_rollupstate",
    )
    now, empty = (psycopg.connect(postgres.url("superuser", name)) for name in (NAME, TEMPLATE))
    with now, empty:
        assert fingerprints(now) == fingerprints(empty)
        assert promises(now) == promises(empty)
        for query in asked:
            assert now.execute(query).fetchall() == empty.execute(query).fetchall()  # type: ignore[call-overload]
        for table in (
            "ledger_entry",
            "ledger_leaf",
            "monitoring_taskstanding",
            "monitoring_rollup",
            "procrastinate_jobs",
        ):
            assert now.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # type: ignore[call-overload]


def assert_the_same_village(postgres: LocalPostgres, village: str) -> None:
    now, before = (psycopg.connect(postgres.url("superuser", name)) for name in (NAME, village))
    with now, before:
        assert fingerprints(now) == fingerprints(before)
        assert promises(now) == promises(before)


@pytest.mark.parametrize(
    ("table", "lie"),
    [
        ("programmes_task", "NEW.weight := 101;"),
        *in_full(
            [],
            [
                ("indicators_observation", "NEW.organisation_id := 999999;"),
                ("reporting_acceptance", "NEW.report_id := 999999;"),
                ("reporting_report", "NEW.idempotency_key := md5('twice')::uuid;"),
            ],
        ),
    ],
)
def test_planted_a_row_that_cannot_be_is_refused_and_nothing_stays(
    postgres: LocalPostgres, village: str, owner_of: psycopg.Connection, table: str, lie: str
) -> None:
    plant(owner_of, table, "ROW", f"IF NEW.id IN (7, 50) THEN {lie} END IF; RETURN NEW;")
    made = simulated(postgres, NAME)
    assert made.status == 1
    assert "IntegrityError" in made.errors
    assert table in made.errors
    uproot(owner_of)
    assert_as_empty_as_before(postgres)
    assert simulated(postgres, NAME).status == 0
    assert_the_same_village(postgres, village)


def killed_in_the_middle(postgres: LocalPostgres, owner: psycopg.Connection) -> None:
    """The process is killed while the obligations are written; its connections go with it."""
    plant(owner, "reporting_obligation", "STATEMENT", "PERFORM pg_sleep(600); RETURN NULL;")
    process = subprocess.Popen(command(), env=environment(postgres, NAME), stdout=subprocess.DEVNULL)
    for _ in range(600):
        if owner.execute(SLEEPS, [NAME]).fetchone():
            break
        assert process.poll() is None
        time.sleep(0.1)
    meanwhile = simulated(postgres, NAME)
    assert (meanwhile.status, meanwhile.output) == (1, "")
    assert "Một tiến trình khác đang dựng đất nước mô phỏng; hãy đợi nó xong." in meanwhile.errors
    process.kill()
    process.wait()
    owner.execute(OTHERS, [NAME])
    uproot(owner)


def test_while_it_is_half_made_the_application_sees_nothing_of_it(
    postgres: LocalPostgres, owner_of: psycopg.Connection
) -> None:
    with psycopg.connect(postgres.url("app", NAME), autocommit=True) as application:
        assert application.execute("SELECT count(*) FROM programmes_task").fetchone() == (0,)
        application.close()
    killed_in_the_middle(postgres, owner_of)
    assert owner_of.execute("SELECT count(*) FROM directory_organisation").fetchone() == (12,)
    with (
        psycopg.connect(postgres.url("app", NAME), autocommit=True) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for schema public"),
    ):
        application.execute("SELECT count(*) FROM public.directory_organisation")


def test_what_was_killed_is_taken_away_at_the_next_start(postgres: LocalPostgres, owner_of: psycopg.Connection) -> None:
    killed_in_the_middle(postgres, owner_of)
    start = [sys.executable, "-m", "thucthi.config.supervisor.steps", "migrate"]
    done = subprocess.run(start, env=environment(postgres, NAME), check=True, capture_output=True, text=True)
    assert "Đã dọn đất nước mô phỏng dựng dở" in done.stdout + done.stderr
    assert_as_empty_as_before(postgres)


@pytest.mark.thorough
def test_what_was_killed_is_taken_away_before_the_next_simulation(
    postgres: LocalPostgres, village: str, owner_of: psycopg.Connection
) -> None:
    killed_in_the_middle(postgres, owner_of)
    assert simulated(postgres, NAME).status == 0
    assert_the_same_village(postgres, village)
