"""A village: twelve bodies, two resolutions, forty tasks, made once by the command itself and only read."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections, transaction

from tests.database import ADDRESS, copy_of_the_migrated, point_django_at
from thucthi.config.supervisor import LocalPostgres

UNTIL = "2026-11-20"
SIZES = {"organisations": 12, "documents": 2, "tasks": 40, "values": 500, "reports": 100}


@dataclass(frozen=True)
class Made:
    """What the command answered."""

    status: int
    output: str
    errors: str


def command(*, seed: int = 1, **sizes: int) -> list[str]:
    """As an operator would type it; `environment` says in which database."""
    options = [f"--{name}={count}" for name, count in (SIZES | sizes | {"seed": seed}).items()]
    return [sys.executable, "-m", "django", "simulate", *options, f"--until={UNTIL}"]


def environment(postgres: LocalPostgres, database: str, role: str = "owner") -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
        "DATABASE_URL": postgres.url("app", database),
        "DATABASE_OWNER_URL": postgres.url("owner", database),
        "THUCTHI_DATABASE_ROLE": role,
    }


def simulated(postgres: LocalPostgres, database: str, *, seed: int = 1, role: str = "owner", **sizes: int) -> Made:
    """Runs the command in a process of its own, as the owner unless told otherwise."""
    told = command(seed=seed, **sizes)
    done = subprocess.run(told, env=environment(postgres, database, role), check=False, capture_output=True, text=True)
    return Made(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def village(postgres: LocalPostgres) -> str:
    """The name of a database with the village in it; read it, or copy it."""
    copy_of_the_migrated(postgres, "village")
    made = simulated(postgres, "village")
    assert made.status == 0, made.errors
    return "village"


@pytest.fixture
def in_village(postgres: LocalPostgres, village: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """This process works in the village, as the application; what the test writes is rolled back."""
    before = {key: connections.settings["default"][key] for key in ADDRESS}
    with django_db_blocker.unblock():
        point_django_at(postgres.url("app", village))
        try:
            with transaction.atomic():
                yield village
                transaction.set_rollback(True)
        finally:
            connections.close_all()
            connections.settings["default"].update(before)
