"""A migration operation that lets the database itself decide which rows a viewer sees, and whose rows he may add.

A setting that was never made is NULL, one that a transaction left behind is '': `nullif` makes the two one, and NULL
shows no row. Each setting is read in a scalar sub-select, hence once per query and not once per row. FORCE binds the
owner too; what it may do stands in a policy of its own, because migrations and the trigger functions that guard a rule
for everybody (`RunsAsOwner`) must see every row.
"""

from django.db import migrations

VIEWER = "(SELECT nullif(current_setting('thucthi.viewer', true), ''))"
ORGANISATIONS = "((SELECT nullif(current_setting('thucthi.organisations', true), ''))::bigint[])"
AUDITS = "((SELECT nullif(current_setting('thucthi.audits', true), ''))::bigint[])"

# CASE, not OR: the planner takes it to pass half of the rows. Of a comparison with a setting it believes that one row
# in two hundred passes, and then joins by nested loops what should be hashed (ADR 0029).
_WHOLE = "CASE WHEN {viewer} = 'system' THEN true WHEN {viewer} = 'working' THEN ({seen}) ELSE false END"
_POLICIES = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON {table} FOR SELECT USING ({whole});
CREATE POLICY changed ON {table} FOR UPDATE USING ({whole});
CREATE POLICY removed ON {table} FOR DELETE USING ({whole});
CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({viewer} = 'system' OR ({viewer} = 'working' AND ({added})));
CREATE POLICY owned ON {table} TO CURRENT_USER USING (true);
"""
_UNDO = """
DROP POLICY owned ON {table};
DROP POLICY added ON {table};
DROP POLICY removed ON {table};
DROP POLICY changed ON {table};
DROP POLICY seen ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


def _named(condition: str) -> str:
    return condition.format(organisations=ORGANISATIONS, audits=AUDITS).strip()


def _whole(seen: str) -> str:
    return _WHOLE.format(viewer=VIEWER, seen=_named(seen))


def _shown_where(table: str, seen: str) -> str:
    whole = _whole(seen)
    return "".join(f"ALTER POLICY {name} ON {table} USING ({whole});\n" for name in ("seen", "changed", "removed"))


class RowSecurity(migrations.RunSQL):
    """Rows of `table` are shown where `seen` holds, and added where `added` holds too; both are conditions in SQL.

    `{organisations}` in them stands for the bodies in which the viewer works, `{audits}` for those he audits. The
    system sees and adds everything, nobody nothing. A condition that reads another table sees of it what the viewer
    sees: write it so that what is not seen counts as restricted.
    """

    def __init__(self, table: str, seen: str, added: str) -> None:
        self.table, self.seen, self.added = table, seen, added
        made = _POLICIES.format(table=table, viewer=VIEWER, whole=_whole(seen), added=_named(added))
        super().__init__(made, _UNDO.format(table=table))

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return (self.__class__.__name__, [self.table, self.seen, self.added], {})


class ChangedRowSecurity(migrations.RunSQL):
    """Rows of a table that has policies already are shown where `seen` holds; before this, where `was` did."""

    def __init__(self, table: str, seen: str, was: str) -> None:
        self.table, self.seen, self.was = table, seen, was
        super().__init__(_shown_where(table, seen), _shown_where(table, was))

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return (self.__class__.__name__, [self.table, self.seen, self.was], {})


class RunsAsOwner(migrations.RunSQL):
    """A trigger function that guards a rule for everyone reads every row, whoever caused it to run."""

    def __init__(self, function: str) -> None:
        self.function = function
        super().__init__(
            f"ALTER FUNCTION {function} SECURITY DEFINER SET search_path = public, pg_temp",
            f"ALTER FUNCTION {function} SECURITY INVOKER RESET search_path",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return (self.__class__.__name__, [self.function], {})
