"""The drill: a real cluster, its log, a moment; everything up to it is there, nothing after it, and it is proven.

Before the moment 50 entries were written, 30 of them before the backup; after it 15 more. Both trees were published.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from thucthi.config.backup.proving import CLEAN
from thucthi.config.backup.restoring import Restored, Wanted, restore
from thucthi.config.backup.sheet import BASE, FILES, KEY, SHEET, read_sheet
from thucthi.config.backup.taking import take
from thucthi.config.supervisor import LocalPostgres, Trouble
from thucthi.config.supervisor.progress import silent
from thucthi.ledger.key_files import make_key_file

pytestmark = pytest.mark.thorough
WRITER = Path(__file__).with_name("writer.py")
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "THUCTHI_PRODUCTION", "THUCTHI_STATE", "THUCTHI_BACKUP_URL")


@dataclass
class Drill:
    """Where everything lies, and the moment to go back to."""

    root: Path
    moment: datetime
    backup: Path
    early: Path
    late: Path

    @property
    def state(self) -> Path:
        return self.root / "var"

    @property
    def archive(self) -> Path:
        return self.root / "log"

    def wanted(self, name: str, **named: object) -> Wanted:
        told = {"backup": self.root / "backups", "into": self.root / name, "archive": self.archive, **named}
        return Wanted(**told)  # type: ignore[arg-type]


def environment(state: Path, postgres: LocalPostgres | None = None) -> dict[str, str]:
    told = {name: value for name, value in os.environ.items() if name not in GIVEN}
    told |= {"DJANGO_SETTINGS_MODULE": "thucthi.config.settings", "THUCTHI_STATE": str(state)}
    told |= {"PYTHONPATH": str(WRITER.parents[2])}
    return told | ({"DATABASE_URL": postgres.url("app")} if postgres else {})


def writer(postgres: LocalPostgres, state: Path, *arguments: str) -> str:
    command = [sys.executable, str(WRITER), *arguments]
    done = subprocess.run(command, env=environment(state, postgres), check=True, capture_output=True, text=True)
    return done.stdout.strip()


def fill(migrated: LocalPostgres, empty: LocalPostgres) -> None:
    """The structure of the tests' database, moved into a cluster that is meant to last."""
    assert migrated.binaries
    assert empty.binaries
    dump = [str(migrated.binaries.program("pg_dump")), "--format=custom", migrated.url("superuser", "migrated")]
    dumped = subprocess.run(dump, check=True, capture_output=True).stdout
    restoring = [str(empty.binaries.program("pg_restore")), "--clean", "--if-exists", "--exit-on-error", "--dbname"]
    subprocess.run([*restoring, empty.url("superuser")], input=dumped, check=True)


@pytest.fixture(scope="module")
def drill(postgres: LocalPostgres) -> Iterator[Drill]:
    root = Path(tempfile.mkdtemp(prefix="thucthi-drill-"))
    root.chmod(0o711)
    patched = pytest.MonkeyPatch()
    for name in GIVEN:
        patched.delenv(name, raising=False)
    patched.setenv("THUCTHI_WAL_ARCHIVE", str(root / "log"))
    patched.setenv("THUCTHI_STATE", str(root / "var"))
    patched.setenv("DJANGO_SETTINGS_MODULE", "thucthi.config.settings")
    try:
        yield _carry_out(root, postgres)
    finally:
        patched.undo()
        shutil.rmtree(root)


def _carry_out(root: Path, migrated: LocalPostgres) -> Drill:
    state = root / "var"
    with LocalPostgres(state) as postgres:
        make_key_file(state / "ledger-key")
        (state / "evidence").mkdir()
        (state / "evidence" / "quyết định.pdf").write_bytes(b"%PDF minh chung")
        fill(migrated, postgres)
        writer(postgres, state, "write", "before_backup", "30")
    backup = take(root / "backups", state, key=None, say=silent)
    with LocalPostgres(state) as postgres:
        moment = datetime.fromisoformat(writer(postgres, state, "write", "before_moment", "20"))
        early = Path(writer(postgres, state, "publish", "early"))
        moment = max(moment, datetime.fromisoformat(writer(postgres, state, "write", "still_before", "0")))
        writer(postgres, state, "write", "after_moment", "15")
        late = Path(writer(postgres, state, "publish", "late"))
        with psycopg.connect(postgres.url("superuser"), autocommit=True) as server:
            server.execute("SELECT pg_switch_wal()")
    return Drill(root, moment, backup, early, late)


def events(state: Path) -> dict[str, int]:
    with LocalPostgres(state, recovering=True) as postgres, psycopg.connect(postgres.url("app")) as connection:
        rows = connection.execute("SELECT event, count(*) FROM ledger_entry WHERE event LIKE 'drill.%' GROUP BY 1")
        return {event.removeprefix("drill."): count for event, count in rows}


@pytest.fixture(scope="module")
def back_then(drill: Drill) -> Restored:
    wanted = drill.wanted("back-then", to=drill.moment, shown=("--checkpoint", str(drill.early)))
    return restore(wanted, silent)


def test_the_sheet_says_what_the_backup_holds(drill: Drill) -> None:
    sheet = read_sheet(drill.backup)
    assert sheet.facts.rows["ledger_entry"] == 30
    assert (sheet.facts.ledger.size, sheet.file_count, sheet.holds_key) == (0, 1, False)
    assert len(sheet.facts.ledger.key_fingerprint) == 64
    assert "ledger.0001_initial" in sheet.facts.schema
    assert sheet.begun_at < sheet.consistent_from < drill.moment
    assert sorted(path.name for path in drill.backup.iterdir()) == sorted([BASE, FILES, SHEET, "evidence"])
    assert not (drill.backup / KEY).exists()
    private = (drill.state / "ledger-key").read_bytes()
    assert [path for path in drill.backup.rglob("*") if path.is_file() and private in path.read_bytes()] == []


def test_everything_up_to_the_moment_is_there_and_nothing_after_it(drill: Drill, back_then: Restored) -> None:
    assert events(back_then.state) == {"before_backup": 30, "before_moment": 20}
    proof = back_then.proof
    assert proof.is_whole
    assert (proof.rows, proof.files, proof.wrong_leaves, proof.wrong_subtrees) == ({}, [], 0, 0)
    assert (proof.amcheck, proof.bad_pages) == (CLEAN, 0)
    assert (proof.size, proof.shown_size, proof.shown_fault) == (50, 50, "")
    assert (back_then.state / "evidence" / "quyết định.pdf").read_bytes() == b"%PDF minh chung"
    assert not (back_then.state / "ledger-key").exists()


def test_without_a_moment_the_log_is_followed_to_its_end(drill: Drill) -> None:
    restored = restore(drill.wanted("latest", shown=("--published", str(drill.state / "published"))), silent)
    assert events(restored.state) == {"before_backup": 30, "before_moment": 20, "after_moment": 15}
    assert restored.proof.is_whole
    assert (restored.proof.size, restored.proof.shown_size, restored.proof.shown_fault) == (65, 65, "")


def start(state: Path, command: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "thucthi", *command.split()]
    told = environment(state) | {"PORT": "18437", "THUCTHI_LEDGER_KEY_FILE": str(state / "ledger-key")}
    return subprocess.run(program, env=told, check=False, capture_output=True, text=True, timeout=300)


def test_an_older_state_than_the_published_one_does_not_start(drill: Drill, back_then: Restored) -> None:
    published = back_then.state / "published"
    shutil.copytree(drill.state / "published", published)
    try:
        for command in ("run", "worker"):
            refused = start(back_then.state, command)
            assert refused.returncode == 1
            assert "có 50 mục, ít hơn 65 mục đã công bố" in refused.stderr
            assert "THUCTHI_LEDGER_ORIGIN" in refused.stderr
        assert events(back_then.state) == {"before_backup": 30, "before_moment": 20}
        shutil.rmtree(published / "issues" / "late")
        assert start(back_then.state, "manage agree_with_published").returncode == 0
    finally:
        shutil.rmtree(published)


def test_a_log_that_went_another_way_is_told_apart_from_one_that_grew(drill: Drill, back_then: Restored) -> None:
    other = drill.root / "other"
    shutil.copytree(back_then.state, other, symlinks=True)
    for path in (back_then.state, *back_then.state.rglob("*")):
        there = other / path.relative_to(back_then.state)
        os.chown(there, path.stat().st_uid, path.stat().st_gid)
    shutil.copyfile(drill.state / "ledger-key", other / "ledger-key")
    with LocalPostgres(other, recovering=True) as postgres:
        writer(postgres, other, "write", "another_way", "40")
        writer(postgres, other, "publish", "of-its-own")
        environ = environment(other, postgres)
        asked = [sys.executable, "-m", "django", "describe_ledger", "--checkpoint", str(drill.late)]
        told = json.loads(subprocess.run(asked, env=environ, check=True, capture_output=True, text=True).stdout)
    assert told["size"] == 90
    assert "rẽ nhánh" in told["shown"]["fault"]


def untouched(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir()) if path.is_dir() else ["not there"]


def test_a_place_that_is_not_empty_is_refused_and_left_alone(drill: Drill) -> None:
    before = untouched(drill.state)
    with pytest.raises(Trouble, match="không trống nên chưa làm gì"):
        restore(drill.wanted("var", to=drill.moment), silent)
    assert untouched(drill.state) == before


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"to": datetime(2026, 1, 1, tzinfo=UTC)}, "Không có bản sao lưu nào đủ cũ"),
        ({"to": "later"}, "Nhật ký WAL kết thúc trước thời điểm yêu cầu"),
        ({"to": "then", "archive": None}, "cần nhật ký WAL"),
        ({"backup": Path("/nowhere")}, "không có bản sao lưu nào"),
    ],
)
def test_what_cannot_be_restored_is_said_and_nothing_is_left_behind(
    drill: Drill, named: dict[str, object], sentence: str
) -> None:
    moments = {"later": drill.moment + timedelta(days=300), "then": drill.moment}
    with pytest.raises(Trouble, match=sentence):
        restore(
            drill.wanted("refused", **named | ({"to": moments.get(named["to"], named["to"])} if "to" in named else {})),
            silent,
        )  # type: ignore[arg-type, index]
    assert untouched(drill.root / "refused") == ["not there"]
    (drill.root / "empty").mkdir(exist_ok=True)


def test_planted_a_changed_byte_in_a_backup_is_found_before_anything_is_restored(drill: Drill) -> None:
    damaged = drill.root / "damaged"
    shutil.copytree(drill.backup, damaged)
    victim = max((damaged / BASE / "base").rglob("[0-9]*"), key=lambda path: path.stat().st_size)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(bytes(content))
    with pytest.raises(Trouble, match="pg_verifybackup"):
        restore(drill.wanted("refused", backup=damaged), silent)
    assert untouched(drill.root / "refused") == ["not there"]


def test_a_second_backup_shares_what_did_not_change_and_a_failed_one_leaves_nothing(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    (drill.state / "evidence" / "second.pdf").write_bytes(b"%PDF 2")
    second = take(drill.root / "backups", drill.state, key=drill.state / "ledger-key", say=silent)
    kept, again = (each / "evidence" / "quyết định.pdf" for each in (drill.backup, second))
    assert kept.samefile(again)
    assert (read_sheet(second).file_count, read_sheet(second).holds_key) == (4, True)
    assert (second / KEY).stat().st_mode & 0o777 == 0o600
    before = untouched(drill.root / "backups")
    monkeypatch.setattr("thucthi.config.backup.taking.copy_files", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take(drill.root / "backups", drill.state, key=None, say=silent)
    assert untouched(drill.root / "backups") == before
    shutil.rmtree(second)
