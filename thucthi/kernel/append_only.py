"""A migration operation that makes a table of facts refuse to be rewritten, whoever asks.

GRANT alone does not stop the owner, and row triggers do not see TRUNCATE; so both a row and a
statement trigger are set, and ENABLE ALWAYS keeps them under session_replication_role = replica.
"""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % holds facts: rows are only added', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

_TRIGGERS = """
CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_rewrite;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""

_UNDO = """
DROP TRIGGER {table}_no_rewrite ON {table};
DROP TRIGGER {table}_no_truncate ON {table};
"""


class AppendOnly(migrations.RunSQL):
    """Rows of `table` can be inserted and read, never updated, deleted or truncated."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(_FUNCTION + _TRIGGERS.format(table=table), _UNDO.format(table=table))

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return (self.__class__.__name__, [self.table], {})
