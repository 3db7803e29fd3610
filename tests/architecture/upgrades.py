"""The two-release rule: every migration may run while the release before it is still serving (docs/operations.md).

First the database gets what the new release needs and the old one can live with; what the old one used goes only when
no release in service uses it any more. A migration that takes something away says since when nobody uses it:
`no_longer_used_since = "0.7"` on the class, a release older than the one it is in.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

BASELINE = Path(__file__).with_name("released_migrations.txt")
_GOES = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|VIEW)|RENAME\s+(TO|COLUMN)|ALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE)\b", re.I
)
_LOCKS = re.compile(
    r"\b(CREATE\s+(UNIQUE\s+)?INDEX(?!\s+CONCURRENTLY)|SET\s+NOT\s+NULL|LOCK\s+TABLE|CLUSTER|VACUUM\s+FULL)\b", re.I
)

# What a function does is done when it is called, not by the migration that makes it; a DO block is done at once.
_FUNCTION = re.compile(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\b.*?\bAS\s+(\$\w*\$).*?\1", re.I | re.S)

_SIZES = ("max_length", "max_digits", "decimal_places")

Judge = Callable[["Judged"], str | None]


class Judged:
    """One operation and what the database looked like before it. `new`: models made by the same migration."""

    def __init__(self, operation: Any, app: str, before: ProjectState, new: set[str]) -> None:
        self.operation, self.app, self.before, self.new = operation, app, before, new

    @property
    def model(self) -> str:
        name = getattr(self.operation, "model_name", None) or getattr(self.operation, "name", "")
        return str(name).lower()

    @property
    def on_a_new_table(self) -> bool:
        return self.model in self.new

    def field_before(self) -> Any:
        return self.before.models[self.app, self.model].fields[self.operation.name]


def _renamed(judged: Judged) -> str | None:
    return "renames: add the new name, copy, and remove the old one a release later"


def _removed(judged: Judged) -> str | None:
    return "removes what the release before may still use: say no_longer_used_since"


def _added_field(judged: Judged) -> str | None:
    field = judged.operation.field
    if judged.on_a_new_table or field.many_to_many or field.null or field.has_db_default():
        return None
    return "adds a column that the release before cannot fill: null=True or db_default"


def _altered_field(judged: Judged) -> str | None:
    if judged.on_a_new_table:
        return None
    before, after = judged.field_before(), judged.operation.field
    if before.null and not after.null:
        return "forbids NULL: the release before may still write it; a NOT VALID check first, validated later"
    if before.has_db_default() and not after.has_db_default() and not after.null:
        return "takes a default away that the release before may rely on"
    if _kind(before) == _kind(after) or _only_longer(before, after):
        return None
    return "changes the type of a column: the table would be rewritten under a lock; add a new column"


def _kind(field: Any) -> tuple[str, Any, Any, Any]:
    return field.get_internal_type(), *(getattr(field, name, None) for name in _SIZES)


def _only_longer(before: Any, after: Any) -> bool:
    """varchar(20) to varchar(40) or to text only changes the catalogue."""
    if after.get_internal_type() == "TextField":
        return before.get_internal_type() in ("CharField", "SlugField", "TextField")
    same = before.get_internal_type() == after.get_internal_type() == "CharField"
    return same and (after.max_length or 0) >= (before.max_length or 0)


def _index(judged: Judged) -> str | None:
    if judged.on_a_new_table or isinstance(judged.operation, AddIndexConcurrently):
        return None
    return "builds an index while nobody may write: AddIndexConcurrently, atomic = False"


def _constraint(judged: Judged) -> str | None:
    if judged.on_a_new_table:
        return None
    if isinstance(judged.operation.constraint, models.CheckConstraint):
        return "checks every row under a lock: AddConstraintNotValid, then ValidateConstraint in a migration of its own"
    return "builds an index under a lock: CREATE UNIQUE INDEX CONCURRENTLY first, then the constraint USING it"


def _sql(judged: Judged) -> str | None:
    texts = judged.operation.sql
    whole = texts if isinstance(texts, str) else "\n".join(str(text) for text in texts)
    whole = _FUNCTION.sub("", whole)
    if _GOES.search(whole):
        return "removes or renames by SQL: say no_longer_used_since"
    return "locks a table by SQL while it works" if _LOCKS.search(whole) else None


# In the order in which they are tried: special operations are subclasses of general ones.
RULES: tuple[tuple[type, Judge], ...] = (
    (migrations.RenameField, _renamed),
    (migrations.RenameModel, _renamed),
    (migrations.AlterModelTable, _renamed),
    (migrations.RemoveField, _removed),
    (migrations.DeleteModel, _removed),
    (migrations.AddField, _added_field),
    (migrations.AlterField, _altered_field),
    (migrations.AddIndex, _index),
    (migrations.RunSQL, _sql),
)
_TAKES_AWAY = (_removed, _sql)


def _judge(judged: Judged, released_before: bool) -> str | None:
    # AddConstraintNotValid is a subclass of AddConstraint, and the very thing that is asked for.
    if type(judged.operation) is migrations.AddConstraint:
        return _constraint(judged)
    for kind, rule in RULES:
        if isinstance(judged.operation, kind):
            return None if released_before and rule in _TAKES_AWAY else rule(judged)
    return None


def _parts(operation: Any) -> Iterable[Any]:
    """What happens in the database, not what only Django's picture of it learns."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return operation.database_operations
    return [operation]


def faults_of(migration: migrations.Migration, before: ProjectState, *, version: str) -> list[str]:
    """What would hurt the release before; `before`: the state that the migration finds; `version`: of this release."""
    state, new, found = before.clone(), set(), []
    since = str(getattr(migration, "no_longer_used_since", ""))
    unused = bool(since) and _number(since) < _number(version)
    if since and not unused:
        found.append(f"no_longer_used_since = {since}: not older than this release ({version})")
    for operation in migration.operations:
        if isinstance(operation, migrations.CreateModel):
            new.add(operation.name.lower())
        for part in _parts(operation):
            said = _judge(Judged(part, migration.app_label, state, new), unused)
            if said:
                found.append(f"{type(part).__name__} {getattr(part, 'name', '')}: {said}")
        operation.state_forwards(migration.app_label, state)
    return [f"{migration.app_label} {migration.name}: {said}" for said in found]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def released() -> dict[str, int]:
    """By app the number of the last migration that may be in service somewhere; later ones must keep the rule."""
    lines = (line.split() for line in BASELINE.read_text(encoding="utf-8").splitlines() if line[:1].isalpha())
    return {app: int(number) for app, number in lines}


def later_migrations() -> list[tuple[migrations.Migration, ProjectState]]:
    """Those of ours after the baseline, each with the state that it finds."""
    loader, known = MigrationLoader(None), released()
    later = [
        (key, loader.graph.nodes[key])
        for key in sorted(loader.graph.nodes)
        if loader.disk_migrations[key].__module__.startswith("thucthi.") and int(key[1][:4]) > known.get(key[0], 0)
    ]
    return [(migration, loader.project_state(key, at_end=False)) for key, migration in later]
