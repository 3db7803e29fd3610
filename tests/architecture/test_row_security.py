"""Three lines say the same: the rule in words (`can_see_…`), the list of a selector (`visible_…`), the policy.

The database is asked in plain SQL as the application role, so what it answers is the policy and nothing else.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests.architecture.random_worlds import RandomWorld, make_random_world
from tests.database import another_database
from tests.people import make_state
from tests.thorough import in_full
from tests.trust.bars import bar
from thucthi.config.database_roles import APPLICATION_ROLE
from thucthi.config.supervisor import LocalPostgres
from thucthi.directory.access import ANONYMOUS, SYSTEM, Viewer, sight_of
from thucthi.directory.models import Role
from thucthi.documents import access as documents_access
from thucthi.documents.selectors import visible_documents
from thucthi.intake import access as intake_access
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.sight import EVERYTHING, NOBODY, Sight, looking_as, seeing_everything, sight
from thucthi.obstacles.selectors import visible_obstacles
from thucthi.programmes import access as programmes_access
from thucthi.programmes.models import Coordination, Programme, Task
from thucthi.programmes.selectors import facts_of_programme, visible_programmes, visible_tasks

WORLDS = in_full(100, 500)
SECURED = (
    "documents_clause",
    "documents_document",
    "intake_documentreading",
    "intake_sourcefile",
    "intake_taskdraft",
    "obstacles_obstacle",
    "programmes_programme",
    "programmes_task",
)
PAPERS = ("intake_documentreading", "intake_sourcefile", "intake_taskdraft")
"""One of each for a file, so as many are shown of one as of another."""
Keys = dict[str, set[int]]


def seen_by_sql() -> Keys:
    """The rows that the connection is shown, by table."""
    query = " UNION ALL ".join(f"SELECT '{table}', array_agg(id) FROM {table}" for table in SECURED)
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {table: set(keys or ()) for table, keys in cursor.fetchall()}


def by_rule(worlds: list[RandomWorld], facts: dict[int, programmes_access.ProgrammeFacts], viewer: Viewer) -> Keys:
    """What `access.py` says of each thing, one by one."""
    documents = {
        row.pk
        for world in worlds
        for row in world.documents
        if documents_access.can_see_document(viewer, is_public=row.is_public, register_id=row.register_id)
    }
    programmes = {pk for pk, known in facts.items() if programmes_access.can_see_programme(viewer, known)}
    files = [row for world in worlds for row in world.files]
    return {
        "documents_document": documents,
        "documents_clause": {pk for world in worlds for pk, of in world.clauses.items() if of in documents},
        "intake_sourcefile": {
            row.pk for row in files if intake_access.can_see_sources(viewer, facts[row.programme_id].owner_path)
        },
        "programmes_programme": programmes,
        "programmes_task": {row.pk for world in worlds for row in world.tasks if row.programme_id in programmes},
    }


def by_selectors(viewer: Viewer) -> Keys:
    documents = set(visible_documents(viewer).values_list("pk", flat=True))
    return {
        "documents_document": documents,
        "obstacles_obstacle": set(visible_obstacles(viewer).values_list("pk", flat=True)),
        "programmes_programme": set(visible_programmes(viewer).values_list("pk", flat=True)),
        "programmes_task": set(visible_tasks(viewer).values_list("pk", flat=True)),
    }


def differences(seeds: range, *, together: int = 25) -> list[tuple[str, str]]:
    """Where two of the lines disagree, one viewer after another on the same connection.

    Several worlds lie side by side in the tables, so each viewer also meets what is none of his business.
    """
    wrong = []
    for first in seeds[::together]:
        with transaction.atomic():
            worlds = [make_random_world(seed) for seed in range(first, min(first + together, seeds.stop))]
            facts = {row.pk: facts_of_programme(row) for world in worlds for row in world.programmes}
            for viewer in (*(viewer for world in worlds for viewer in world.viewers), ANONYMOUS, SYSTEM):
                wrong += [(f"{first}: {viewer}", fault) for fault in _differences_of(worlds, facts, viewer)]
            with looking_as(NOBODY):
                wrong += [(f"{first}: nobody", table) for table, keys in seen_by_sql().items() if keys]
            transaction.set_rollback(True)
    return wrong


def _differences_of(
    worlds: list[RandomWorld], facts: dict[int, programmes_access.ProgrammeFacts], viewer: Viewer
) -> list[str]:
    lines = {"rule": by_rule(worlds, facts, viewer), "list": by_selectors(viewer)}
    with looking_as(sight_of(viewer)):
        shown, lines["list under the policy"] = seen_by_sql(), by_selectors(viewer)
    wrong = [
        f"{name} of {table}" for name, line in lines.items() for table, keys in line.items() if keys != shown[table]
    ]
    return [*wrong, *(["papers"] if len({len(shown[table]) for table in PAPERS}) != 1 else [])]


@bar("B14")
@pytest.mark.django_db
def test_rule_list_and_policy_agree_in_random_worlds() -> None:
    assert differences(range(WORLDS)) == []


@pytest.mark.django_db
def test_the_random_worlds_do_hold_what_is_hidden() -> None:
    """Otherwise agreement would be cheap."""
    hidden = dict.fromkeys(SECURED, 0)
    worlds = [make_random_world(seed) for seed in range(10)]
    everything = seen_by_sql()
    for world in worlds:
        with looking_as(sight_of(world.viewers[0])):
            shown = seen_by_sql()
        hidden = {table: hidden[table] + len(everything[table] - shown[table]) for table in SECURED}
    assert min(hidden.values()) > 20


@pytest.mark.django_db
def test_planted_a_selector_that_forgets_to_ask_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same property turns red as soon as one line is wider than another."""
    monkeypatch.setattr(documents_access, "may_work", lambda viewer: True)
    assert differences(range(20)) != []


# --- connections that somebody else has used ---------------------------------------------------------------------


@pytest.fixture
def another(postgres: LocalPostgres, django_db_setup: None, django_db_blocker: Any) -> Iterator[LocalPostgres]:
    """A committed random world in a database of its own."""
    with django_db_blocker.unblock(), another_database(postgres, "sight"):
        make_random_world(seed=3)
        yield postgres


def count_after_somebody_else(postgres: LocalPostgres) -> int:
    """Documents shown to a connection that is told nothing, after a transaction of a viewer has ended on it."""
    with psycopg.connect(postgres.url("app", "sight"), autocommit=True) as application:
        with application.transaction():
            application.execute("SELECT set_config('thucthi.viewer', 'system', true)")
            (before,) = application.execute("SELECT count(*) FROM documents_document").fetchone() or (0,)
            assert before > 0
        assert application.execute("SELECT current_setting('thucthi.viewer', true)").fetchone() == ("",)
        (after,) = application.execute("SELECT count(*) FROM documents_document").fetchone() or (0,)
        return int(after)


@bar("B14")
def test_a_connection_shows_nothing_when_the_last_viewer_has_gone(another: LocalPostgres) -> None:
    with psycopg.connect(another.url("app", "sight"), autocommit=True) as application:
        assert application.execute("SELECT count(*) FROM documents_document").fetchone() == (0,)
    assert count_after_somebody_else(another) == 0


@bar("B14", planted=True)
def test_planted_a_policy_that_only_asks_whether_the_setting_is_there(another: LocalPostgres) -> None:
    """`IS NOT NULL` in the place of `nullif`: what a transaction leaves behind is '', and everything is shown."""
    with psycopg.connect(another.url("superuser", "sight"), autocommit=True) as server:
        server.execute(
            "ALTER POLICY seen ON documents_document USING (current_setting('thucthi.viewer', true) IS NOT NULL)"
        )
    assert count_after_somebody_else(another) > 0


# --- what a viewer may add ---------------------------------------------------------------------------------------


@contextmanager
def refused_by_the_database() -> Iterator[None]:
    with pytest.raises(DatabaseError, match="row-level security policy"), transaction.atomic():
        yield


@pytest.mark.django_db
def test_a_row_of_somebody_elses_body_is_not_added() -> None:
    """INSERT … RETURNING, foreign keys and triggers run under the policy of the caller."""
    world = make_random_world(seed=3)
    own, other = world.organisations[0], world.organisations[-1]
    insert = (
        "INSERT INTO programmes_programme (code, organisation_id, title, profile, rhythm, authority_basis,"
        " resource_source, issued_as, version) VALUES (%s, %s, 'x', 'seven', 'weekly', '', '', '', 1) RETURNING id"
    )
    with looking_as(Sight("working", frozenset({own.pk}))), connection.cursor() as cursor:
        cursor.execute(insert, ["mine", own.pk])
        (mine,) = cursor.fetchone()
        with refused_by_the_database():
            cursor.execute(insert, ["theirs", other.pk])
        with refused_by_the_database():
            cursor.execute("UPDATE programmes_programme SET organisation_id = %s WHERE id = %s", [other.pk, mine])
        cursor.execute("UPDATE programmes_programme SET title = 'y' WHERE code <> 'mine' AND issued_on IS NULL")
        drafts = [row for row in world.programmes if row.organisation == own and not row.issued_on]
        assert cursor.rowcount == len(drafts)


@pytest.mark.django_db
def test_nobody_adds_nothing() -> None:
    world = make_random_world(seed=3)
    with looking_as(NOBODY), connection.cursor() as cursor, refused_by_the_database():
        cursor.execute(
            "INSERT INTO programmes_task (code, programme_id, text) VALUES ('x', %s, 'x')", [world.programmes[0].pk]
        )


@pytest.mark.django_db
def test_foreign_keys_and_guards_reach_what_their_caller_is_not_shown() -> None:
    """A foreign key is checked with the owner's eyes, and so is the guard of an issued task, else this would pass."""
    world = make_random_world(seed=3)
    own, other = world.organisations[0], world.organisations[-1]
    hidden = Programme.objects.create(code="hidden", organisation=other, title="x")
    task = Task.objects.create(code="kept", programme=hidden, text="x", lead=other, is_issued=True)
    Coordination.objects.create(task=task, organisation=own)
    with looking_as(Sight("working", frozenset({own.pk}))), connection.cursor() as cursor:
        assert not Task.objects.filter(pk=task.pk).exists()
        with pytest.raises(DatabaseError, match="stands still"), transaction.atomic():
            cursor.execute("DELETE FROM programmes_coordination WHERE task_id = %s", [task.pk])
        cursor.execute(
            "INSERT INTO programmes_coordination (task_id, organisation_id) VALUES (%s, %s)", [task.pk, other.pk]
        )


# --- the context ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_context_is_put_back_also_after_an_exception_and_a_rollback() -> None:
    one = Sight("working", frozenset({7, 3}))

    def told() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('thucthi.viewer'), current_setting('thucthi.organisations', true)")
            return list(cursor.fetchone())

    def fail() -> None:
        with looking_as(one):
            assert told() == ["working", "{3,7}"]
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert (told(), sight()) == (["system", ""], EVERYTHING)
    with looking_as(one):
        with pytest.raises(DatabaseError), transaction.atomic(), seeing_everything(), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert (told(), sight()) == (["working", "{3,7}"], one)
    assert told() == ["system", ""]


@pytest.mark.django_db
def test_a_request_sees_as_its_viewer_and_the_next_one_as_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that ends in an exception; and in between nothing stays behind."""
    seen: list[Sight] = []

    def probe(viewer: Viewer, text: str) -> Any:
        seen.append(sight())
        raise NotVisible

    monkeypatch.setattr("thucthi.documents.views.register.search_documents", probe)
    state = make_state()
    people = [(Role.REPORTER, state.science), (Role.AUDITOR, state.government)]
    for role, organisation in people:
        client = Client()
        client.force_login(state.person(role, organisation), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("documents:documents")).status_code == 404
        assert sight() == EVERYTHING  # what the tests themselves begin with
    science, government = frozenset({state.science.pk}), frozenset({state.government.pk})
    assert seen == [Sight("working", science), Sight("working", government, government)]


def test_the_web_process_begins_with_nobody_whatever_the_environment_says() -> None:
    program = (
        "import thucthi.config.wsgi; from django.conf import settings; from thucthi.kernel.sight import NOBODY,"
        " start_of_connection as s; assert s() == NOBODY; print(settings.DATABASES['default']['OPTIONS']['options'])"
    )
    environment = {**os.environ, "THUCTHI_DATABASE_VIEWER": "system"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True, timeout=120
    )
    limits = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=1min"
    assert done.stdout.strip() == f"{limits} -c thucthi.viewer="


def test_the_worker_and_the_commands_may_read_a_whole_country_and_do_not_wait_longer_for_locks() -> None:
    limits = "-c statement_timeout=15min -c lock_timeout=5s -c idle_in_transaction_session_timeout=15min"
    assert settings.DATABASES["default"]["OPTIONS"]["options"] == f"{limits} -c thucthi.viewer=system"


# --- what the catalogue says ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_secured_table_is_forced_and_no_view_goes_round_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity, relowner::regrole::text FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND (relrowsecurity OR relforcerowsecurity) ORDER BY 1"
        )
        assert cursor.fetchall() == [(table, True, True, "thucthi_owner") for table in SECURED]
        cursor.execute(
            "SELECT tablename, policyname, permissive, cmd, roles::text FROM pg_policies ORDER BY tablename, policyname"
        )
        assert cursor.fetchall() == [
            (table, name, "PERMISSIVE", command, roles)
            for table in SECURED
            for name, command, roles in (
                ("added", "INSERT", "{public}"),
                ("changed", "UPDATE", "{public}"),
                ("owned", "ALL", "{thucthi_owner}"),
                ("removed", "DELETE", "{public}"),
                ("seen", "SELECT", "{public}"),
            )
        ]
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace "
            "AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolbypassrls FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
        assert cursor.fetchall() == [(False,)]


@pytest.mark.django_db
def test_every_policy_reads_the_settings_so_that_an_empty_one_is_none() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(qual, with_check) FROM pg_policies WHERE policyname <> 'owned'")
        for (condition,) in cursor.fetchall():
            assert condition.count("current_setting(") == condition.count("NULLIF(current_setting(") > 0


# --- where the second line is stepped over on purpose ------------------------------------------------------------

EVERYTHING_SEEN = {
    "thucthi/kernel/gate.py": "a machine has no memberships; its own check says what it may do",
    "thucthi/publication/actions.py": "an issue leaves out what is restricted, so it must see what is",
    "thucthi/reporting/selectors/waiting.py": "which programmes to leave out of raw lists of duties",
    "thucthi/monitoring/selectors/graph_facts.py": "a delay travels also through what is hidden; its words stay hidden",
    "thucthi/monitoring/selectors/ties.py": "that something hidden holds a task up is shown, its words are not",
    "thucthi/monitoring/selectors/silence.py": "which programmes do not count as silence",
    "thucthi/documents/actions/register.py": "two documents never share an identity, in whatever register they lie",
    "thucthi/programmes/selectors/codes.py": "a code stands for one thing, whether or not it may be seen",
    "thucthi/programmes/actions/tasks.py": "the next free code",
    "thucthi/obstacles/actions/register.py": "a code that is taken, the next free one",
}


def test_every_place_that_sees_everything_stands_in_the_list() -> None:
    root = Path(__file__).resolve().parents[2]
    found = {
        str(path.relative_to(root))
        for path in (root / "thucthi").rglob("*.py")
        if path.name != "sight.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id in ("seeing_everything", "EVERYTHING")
    }
    assert found - {"thucthi/directory/access.py"} == set(EVERYTHING_SEEN)
