"""The database itself holds the line: the application role owns nothing and cannot rewrite facts."""

import pytest
from django.db import DatabaseError, connection, transaction

from thucthi.config.database_roles import FACT, RIGHTS

pytestmark = pytest.mark.django_db


def rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_we_are_the_application_role() -> None:
    assert rows("SELECT current_user, session_user") == [("thucthi_app", "thucthi_app")]


def test_every_table_has_its_line_in_the_list_of_rights() -> None:
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables == set(RIGHTS)


def test_the_application_role_owns_no_table() -> None:
    assert rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'thucthi_app'") == []


@pytest.mark.parametrize("table", FACT)
def test_facts_can_be_neither_changed_nor_removed(table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE", f"ALTER TABLE {table} DISABLE TRIGGER USER"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("table", FACT)
def test_facts_refuse_even_their_owner(table: str) -> None:
    triggers = rows(
        "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal "
        f"AND tgrelid = '{table}'::regclass AND tgname LIKE '%_no_%' ORDER BY 1"
    )
    assert triggers == [(f"{table}_no_rewrite", "A"), (f"{table}_no_truncate", "A")]
