"""The database itself holds the line: the application role owns nothing and cannot rewrite facts."""

import psycopg
import pytest
from django.db import connection

from tests.trust.bars import bar
from thucthi.config.database_roles import FACT, RIGHTS
from thucthi.config.supervisor import LocalPostgres

pytestmark = pytest.mark.django_db

TABLES_WITHOUT_A_RIGHT_TO_CHANGE = """
SELECT c.oid, c.relname, c.relowner::regrole::text AS owner
FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND has_table_privilege('thucthi_app', c.oid, 'INSERT')
  AND NOT has_table_privilege('thucthi_app', c.oid, 'UPDATE, DELETE')
"""
# One line per fault: a table that takes rows but whose rows the application may not change is a table of facts.
FAULTS_OF_FACTS = f"""
WITH fact AS ({TABLES_WITHOUT_A_RIGHT_TO_CHANGE})
SELECT relname, 'owner' FROM fact WHERE owner <> 'thucthi_owner'
UNION ALL
SELECT relname, 'grant ' || r.name FROM fact, (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER'), ('REFERENCES'))
    AS r(name) WHERE has_table_privilege('thucthi_app', fact.oid, r.name)
UNION ALL
SELECT relname, 'grant on a column: ' || a.attname FROM fact JOIN pg_attribute a ON a.attrelid = fact.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege('thucthi_app', fact.oid, a.attnum, 'UPDATE')
UNION ALL
SELECT relname, 'trigger ' || wanted.name FROM fact,
    LATERAL (VALUES (relname || '_no_rewrite', 27), (relname || '_no_truncate', 34)) AS wanted(name, kind)
    WHERE NOT EXISTS (
        SELECT 1 FROM pg_trigger t WHERE t.tgrelid = fact.oid AND t.tgname = wanted.name AND t.tgenabled = 'A'
          AND t.tgtype = wanted.kind AND t.tgfoid = CASE wanted.name
            -- The owner may take personal data out of an entry, and nothing else (tests/ledger/test_erasing.py).
            WHEN 'ledger_entry_no_rewrite' THEN 'refuse_rewriting_but_erasing()'::regprocedure
            ELSE 'refuse_rewriting()'::regprocedure END)
UNION ALL
SELECT relname, 'rule ' || rulename FROM fact JOIN pg_rules ON tablename = relname WHERE schemaname = 'public'
ORDER BY 1, 2
"""
# With the owner's rights run only triggers: those that keep what is derived (reporting/migrations/0006,
# monitoring/migrations/0008 and 0011, programmes/migrations/0007), and one that must not overlook a task which its
# caller is not shown (programmes/migrations/0006). No trigger function can be called by hand; none takes arguments.
AS_OWNER = {
    "monitoring_pulse_bell",
    "monitoring_pulse_of_programmes_taskchange",
    "monitoring_pulse_of_programmes_taskevent",
    "monitoring_pulse_of_reporting_acceptance",
    "monitoring_pulse_of_reporting_report",
    "monitoring_roll_acceptance",
    "monitoring_roll_basis",
    "monitoring_roll_bell",
    "monitoring_roll_document",
    "monitoring_roll_fact",
    "monitoring_roll_obligation",
    "monitoring_roll_organisation",
    "monitoring_roll_programme",
    "monitoring_roll_succession",
    "monitoring_roll_task",
    "programmes_bases_moved",
    "programmes_document_moved",
    "programmes_parts_of_issued_stand",
    "programmes_say_open",
    "programmes_words_of_programmes",
    "programmes_words_of_tasks",
    "reporting_open_on_acceptance",
    "reporting_open_on_endorsement",
    "reporting_open_on_obligation",
    "reporting_open_on_report",
    "reporting_pause_on_acceptance",
    "reporting_pause_on_event",
    "reporting_pause_on_report",
}


def rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_we_are_the_application_role() -> None:
    assert rows("SELECT current_user, session_user") == [("thucthi_app", "thucthi_app")]


def test_every_table_has_its_line_in_the_list_of_rights() -> None:
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables == set(RIGHTS)


def test_the_application_role_owns_nothing_at_all() -> None:
    owned = " UNION ALL ".join(
        f"SELECT oid::text FROM {catalogue} WHERE {owner} = 'thucthi_app'::regrole"
        for catalogue, owner in (
            ("pg_class", "relowner"),
            ("pg_proc", "proowner"),
            ("pg_type", "typowner"),
            ("pg_namespace", "nspowner"),
            ("pg_database", "datdba"),
            ("pg_language", "lanowner"),
            ("pg_extension", "extowner"),
        )
    )
    assert rows(owned) == []


def test_neither_role_can_step_over_the_rights() -> None:
    roles = rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication FROM pg_roles "
        "WHERE rolname IN ('thucthi_app', 'thucthi_owner') ORDER BY 1"
    )
    assert roles == [
        ("thucthi_app", False, False, False, False),
        ("thucthi_owner", False, False, False, False),
    ]
    assert rows("SELECT 1 FROM pg_auth_members WHERE member = 'thucthi_app'::regrole") == []


@bar("B2")
def test_a_table_of_facts_cannot_be_forgotten() -> None:
    """Every fact of the list is one to the database too, and whatever is one to the database carries all its locks."""
    found = {name for (_oid, name, _owner) in rows(TABLES_WITHOUT_A_RIGHT_TO_CHANGE)}
    assert found == set(FACT)
    assert rows(FAULTS_OF_FACTS) == []


@bar("B2", planted=True)
def test_planted_a_new_table_that_only_exists_is_noticed(postgres: LocalPostgres) -> None:
    """What CreateModel and a line in the list of rights alone would make, and a lock that was taken off half-way."""
    with psycopg.connect(postgres.url("superuser", "tests")) as server:
        server.execute("CREATE TABLE planted (id bigint PRIMARY KEY); ALTER TABLE planted OWNER TO thucthi_owner")
        server.execute("GRANT SELECT, INSERT ON planted TO thucthi_app")
        server.execute("ALTER TABLE reporting_report ENABLE TRIGGER reporting_report_no_rewrite")
        server.execute("GRANT UPDATE (text) ON publication_correction TO thucthi_app")
        faults = server.execute(FAULTS_OF_FACTS.encode()).fetchall()
        server.rollback()
    assert faults == [
        ("planted", "trigger planted_no_rewrite"),
        ("planted", "trigger planted_no_truncate"),
        ("publication_correction", "grant on a column: text"),
        ("reporting_report", "trigger reporting_report_no_rewrite"),
    ]


def test_no_function_lends_the_owners_rights_but_the_listed_ones() -> None:
    lending = rows(
        "SELECT proname, prorettype::regtype::text, pronargs FROM pg_proc "
        "WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
    )
    assert lending == [(name, "trigger", 0) for name in sorted(AS_OWNER)]


def test_a_cluster_that_keeps_data_keeps_it_through_a_power_cut() -> None:
    """A test that only kills the process would pass with fsync off, so the settings themselves are looked at."""
    names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"]
    with LocalPostgres(None) as kept, psycopg.connect(kept.url("app")) as application:
        settings = application.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", [names])
        found = dict(settings.fetchall())
    assert found == dict.fromkeys(names, "on")
