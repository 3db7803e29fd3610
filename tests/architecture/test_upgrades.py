"""Migrations that need no downtime: the two-release rule over later migrations, and a planted fault for each part."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now

from tests.architecture.upgrades import faults_of, later_migrations, released
from thucthi.config.settings import OUR_APPS

ROOT = Path(__file__).resolve().parent.parent.parent
VERSION = "0.3.0"


def _before() -> ProjectState:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("note", models.TextField(null=True)),
        ("made", models.DateTimeField(db_default=Now())),
    ]
    state.add_model(ModelState("house", "Thing", fields))
    return state


def _faults(*operations: Any, since: str = "") -> list[str]:
    migration = type("Migration", (migrations.Migration,), {"operations": list(operations)})("0002_later", "house")
    if since:
        migration.no_longer_used_since = since
    return faults_of(migration, _before(), version=VERSION)


def test_all_later_migrations_keep_the_rule() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    found = [faults_of(migration, before, version=version) for migration, before in later_migrations()]
    assert [fault for faults in found for fault in faults] == []


def test_every_app_with_tables_has_a_baseline() -> None:
    labels = [name.rpartition(".")[2] for name in OUR_APPS]
    assert set(released()) == {label for label in labels if any(apps.get_app_config(label).get_models())}


INDEX = models.Index(fields=["name"], name="thing_name")
CHECK = models.CheckConstraint(condition=~models.Q(name=""), name="thing_named")
UNIQUE = models.UniqueConstraint(fields=["name"], name="thing_once")

FUNCTION = """
CREATE OR REPLACE FUNCTION house() RETURNS void LANGUAGE plpgsql AS $$
BEGIN CREATE TEMP TABLE found AS SELECT 1; LOCK TABLE house_thing; DROP TABLE found; END $$
"""


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (migrations.RemoveField("thing", "note"), "removes"),
        (migrations.DeleteModel("Thing"), "removes"),
        (migrations.RenameField("thing", "name", "title"), "renames"),
        (migrations.RenameModel("Thing", "Object"), "renames"),
        (migrations.AlterModelTable("thing", "objects"), "renames"),
        (migrations.AddField("thing", "size", models.IntegerField(default=0)), "cannot fill"),
        (migrations.AlterField("thing", "note", models.TextField()), "forbids NULL"),
        (migrations.AlterField("thing", "name", models.CharField(max_length=10)), "type"),
        (migrations.AlterField("thing", "name", models.IntegerField()), "type"),
        (migrations.AlterField("thing", "made", models.DateTimeField()), "default"),
        (migrations.AddIndex("thing", INDEX), "AddIndexConcurrently"),
        (migrations.AddConstraint("thing", CHECK), "AddConstraintNotValid"),
        (migrations.AddConstraint("thing", UNIQUE), "CONCURRENTLY"),
        (migrations.RunSQL("ALTER TABLE house_thing DROP COLUMN note"), "removes"),
        (migrations.RunSQL(["CREATE INDEX by_note ON house_thing (note)"]), "locks"),
        (migrations.RunSQL("DO $$ BEGIN DROP TABLE house_thing; END $$"), "removes"),
        (migrations.RunSQL(f"{FUNCTION}; DROP TABLE house_thing"), "removes"),
        (
            migrations.SeparateDatabaseAndState([migrations.RunSQL("ALTER TABLE house_thing RENAME TO objects")]),
            "removes",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_a_planted_fault_is_found(operation: Any, word: str) -> None:
    found = _faults(operation)
    assert len(found) == 1
    assert found[0].startswith("house 0002_later: ")
    assert word in found[0]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("thing", "size", models.IntegerField(null=True)),
        migrations.AddField("thing", "size", models.IntegerField(db_default=0)),
        migrations.AlterField("thing", "name", models.CharField(max_length=40)),
        migrations.AlterField("thing", "name", models.TextField()),
        AddIndexConcurrently("thing", INDEX),
        AddConstraintNotValid("thing", CHECK),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY by_note ON house_thing (note)"),
        migrations.RunSQL(FUNCTION),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "note")]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_release_before_can_live_with_passes(operation: Any) -> None:
    assert _faults(operation) == []


def test_a_table_of_the_same_migration_may_be_anything() -> None:
    made = migrations.CreateModel(
        "Other", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
    )
    index = migrations.AddIndex("other", models.Index(fields=["name"], name="other_name"))
    assert _faults(made, index, migrations.AddField("other", "size", models.IntegerField(default=0))) == []


def test_what_no_release_uses_any_more_may_go() -> None:
    assert _faults(migrations.RemoveField("thing", "note"), since="0.2.0") == []


def test_what_this_very_release_stops_using_may_not_go_yet() -> None:
    found = _faults(migrations.RemoveField("thing", "note"), since="0.3.0")
    assert [fault.partition(": ")[2].split(" ")[0] for fault in found] == ["no_longer_used_since", "RemoveField"]
