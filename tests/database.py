"""PostgreSQL for the tests: a throwaway cluster, migrated once by the owner; every test runs as the application role.

The cluster starts when the first test asks for the database, so that pure tests need none.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.db import connections, transaction

from thucthi.config.supervisor import LocalPostgres
from thucthi.ledger.key_files import make_key_file

TEMPLATE = "migrated"
ADDRESS = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


def point_django_at(url: str) -> None:
    """All connections of this process, those of threads to come included, go to `url` from now on."""
    connections.close_all()
    parsed = dj_database_url.parse(url)
    options = connections.settings["default"]["OPTIONS"]
    for key in ADDRESS:
        connections.settings["default"][key] = parsed[key]
    connections.settings["default"]["OPTIONS"] = options


def copy_of_the_migrated(postgres: LocalPostgres, name: str, *, template: str = TEMPLATE) -> None:
    with psycopg.connect(postgres.url("superuser", "postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER thucthi_owner STRATEGY file_copy')  # type: ignore[call-overload]


def migrate(postgres: LocalPostgres, database: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
        "DATABASE_OWNER_URL": postgres.url("owner", database),
        "THUCTHI_DATABASE_ROLE": "owner",
    }
    program = (
        "import django; django.setup();"
        "from django.core.management import call_command; call_command('migrate', verbosity=0, skip_checks=True);"
        "from thucthi.config.database_roles import apply_grants; apply_grants()"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.exit(f"the migrations failed:\n{done.stderr}", returncode=3)


def migrate_or_restore(postgres: LocalPostgres) -> None:
    """All migrations, or, where THUCTHI_TEST_CACHE names a directory, what the same migrations made there before."""
    kept = place_of_the_dump(postgres.binaries.major) if postgres.binaries else None
    if kept is None:
        migrate(postgres, TEMPLATE)
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _restore_or_keep(postgres, kept)


def place_of_the_dump(major: int) -> Path | None:
    """Where the migrated database of this schema is kept for PostgreSQL `major`; None where nothing is to be kept."""
    cache = os.environ.get("THUCTHI_TEST_CACHE")
    return Path(cache) / f"{major}-{_fingerprint_of_the_schema()}.dump" if cache else None


def _restore_or_keep(postgres: LocalPostgres, kept: Path) -> None:
    """One process at a time: the first migrates, the others restore what it made."""
    assert postgres.binaries is not None
    url = postgres.url("superuser", TEMPLATE)
    if kept.exists():
        restore = [str(postgres.binaries.program("pg_restore")), "--clean", "--if-exists", "--exit-on-error"]
        subprocess.run([*restore, "--dbname", url, str(kept)], check=True)
        return
    migrate(postgres, TEMPLATE)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    dump = [str(postgres.binaries.program("pg_dump")), "--format=custom", "--file", str(unfinished)]
    subprocess.run([*dump, url], check=True)
    unfinished.rename(kept)


def _fingerprint_of_the_schema() -> str:
    """Of every migration of ours, the rights of the roles, and the packages that bring migrations of their own."""
    root = Path(__file__).resolve().parent.parent
    files = [*root.glob("thucthi/*/migrations/*.py"), root / "thucthi/config/database_roles.py"]
    files += [root / "thucthi/kernel/append_only.py", root / "thucthi/kernel/row_security.py"]
    read = [f"{path.relative_to(root)}\n{path.read_text(encoding='utf-8')}" for path in sorted(files)]
    read.append((root / "requirements/test.lock").read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(read).encode()).hexdigest()[:16]


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """The cluster of this run, with the database `migrated` to copy from."""
    with LocalPostgres(None, durable=False) as cluster:
        cluster.create_database(TEMPLATE)
        migrate_or_restore(cluster)
        yield cluster
        connections.close_all()


@pytest.fixture(scope="session")
def django_db_setup(postgres: LocalPostgres) -> None:
    """Replaces pytest-django's own set-up, which would create the database as whoever connects."""
    copy_of_the_migrated(postgres, "tests")
    point_django_at(postgres.url("app", "tests"))


@contextmanager
def another_database(postgres: LocalPostgres, name: str) -> Iterator[str]:
    """A committed copy of its own, for tests that need several connections; yields its address for the application."""
    copy_of_the_migrated(postgres, name)
    before = {key: connections.settings["default"][key] for key in ADDRESS}
    point_django_at(postgres.url("app", name))
    try:
        yield postgres.url("app", name)
    finally:
        connections.close_all()
        connections.settings["default"].update(before)
        postgres.drop_database(name)


@pytest.fixture
def fresh_database(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[str]:
    """Commits are real here; do not combine with `django_db`. For races, threads and worker processes."""
    with django_db_blocker.unblock(), another_database(postgres, "fresh") as url:  # type: ignore[attr-defined]
        yield url


@dataclass(frozen=True)
class Demonstration:
    """A database with the demonstration in it and the directory where its files lie. Shared: read it, or copy it."""

    url: str
    state: Path


@pytest.fixture(scope="session")
def demonstration(postgres: LocalPostgres, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Loads the demonstration once for all tests that want it, as `thucthi demo` does."""
    copy_of_the_migrated(postgres, "demonstration")
    made = Demonstration(postgres.url("app", "demonstration"), tmp_path_factory.mktemp("demonstration"))
    make_key_file(made.state / "ledger-key")
    environment = environment_of(made)
    command = [sys.executable, "-m", "django", "load_demonstration"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"the demonstration does not load:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return made


def environment_of(demonstration: Demonstration) -> dict[str, str]:
    """What a process needs to work on the demonstration."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
        "DATABASE_URL": demonstration.url,
        "THUCTHI_STATE": str(demonstration.state),
    }


@pytest.fixture
def in_demonstration(
    demonstration: Demonstration, django_db_setup: None, django_db_blocker: pytest.FixtureRequest, settings: object
) -> Iterator[Demonstration]:
    """This process works on the demonstration for one test; what the test writes is rolled back."""
    before = {key: connections.settings["default"][key] for key in ADDRESS}
    settings.PUBLISHED_ROOT = demonstration.state / "published"  # type: ignore[attr-defined]
    settings.EVIDENCE_ROOT = demonstration.state / "evidence"  # type: ignore[attr-defined]
    settings.LEDGER_KEY_FILE = demonstration.state / "ledger-key"  # type: ignore[attr-defined]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        point_django_at(demonstration.url)
        try:
            with transaction.atomic():
                yield demonstration
                transaction.set_rollback(True)
        finally:
            connections.close_all()
            connections.settings["default"].update(before)
