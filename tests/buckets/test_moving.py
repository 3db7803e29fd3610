"""From a directory into a bucket, and from a bucket into a backup."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.buckets.server import EVIDENCE, Store
from tests.buckets.test_evidence import key_of
from thucthi.config.backup.buckets import copy_from_buckets
from thucthi.config.backup.copying import bring_back, copy_files, read_list
from thucthi.config.supervisor.trouble import Trouble
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.kept_files import bring_in, keep

CONTENTS = [b"mot", b"hai", b"ba"]
NAMES = [*(key_of(sha256_hex(each)) for each in CONTENTS), f"intake/{key_of(sha256_hex(b'docx'))}.docx"]


@pytest.fixture
def state(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory as it was used before there was a bucket; the environment knows the bucket."""
    state = tmp_path / "var"
    for name, content in zip(NAMES, [*CONTENTS, b"docx"], strict=True):
        (state / "evidence" / name).parent.mkdir(parents=True, exist_ok=True)
        (state / "evidence" / name).write_bytes(content)
    for name, value in store.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("THUCTHI_PUBLISHED_BUCKET")
    monkeypatch.setenv("THUCTHI_STATE", str(state))
    return state


def move() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "thucthi", "move-evidence"], check=False, capture_output=True, text=True
    )


def test_a_directory_is_moved_and_a_second_time_nothing_is_left_to_do(
    store: Store, state: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first = move()
    assert (first.returncode, first.stdout) == (0, "4 tệp vào kho, 0 tệp đã có, 0 tệp sai\n")
    assert store.names(EVIDENCE) == sorted(NAMES)
    store.evidence(settings)
    call_command("move_evidence", state / "evidence")
    assert capsys.readouterr().out == "0 tệp vào kho, 4 tệp đã có, 0 tệp sai\n"
    assert sorted(path.read_bytes() for path in (state / "evidence").rglob("*") if path.is_file()) == sorted(
        [*CONTENTS, b"docx"]
    )


def test_a_file_that_took_harm_is_named_and_a_harmed_object_is_put_again(
    store: Store, state: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    store.evidence(settings)
    (state / "evidence" / NAMES[0]).write_bytes(b"khac")
    store.client().put_object(Bucket=EVIDENCE, Key=NAMES[1], Body=b"khac")
    with pytest.raises(CommandError, match=NAMES[0]):
        call_command("move_evidence", state / "evidence")
    assert capsys.readouterr().out == "3 tệp vào kho, 0 tệp đã có, 1 tệp sai\n"
    assert store.names(EVIDENCE) == sorted(NAMES[1:])
    assert store.client().get_object(Bucket=EVIDENCE, Key=NAMES[1])["Body"].read() == b"hai"


def test_a_store_that_is_down_moves_nothing_and_says_so(store: Store, state: Path, settings: Any) -> None:
    store.evidence(settings)
    store.stop()
    with pytest.raises(CommandError, match="xin chạy lại"):
        call_command("move_evidence", state / "evidence")
    store.start()
    assert store.names(EVIDENCE) == []


def test_without_a_bucket_there_is_nowhere_to_move_to(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="THUCTHI_EVIDENCE_BUCKET"):
        call_command("move_evidence", tmp_path)


def quiet(vietnamese: str, english: str) -> None:
    return


def backup(state: Path, into: Path, earlier: Path | None) -> None:
    into.mkdir(parents=True)
    copy_from_buckets(state, into, earlier, quiet)
    copy_files(state, into, earlier)


def test_a_backup_holds_what_lies_in_the_bucket_and_comes_back(
    store: Store, state: Path, settings: Any, tmp_path: Path
) -> None:
    store.evidence(settings)
    bring_in(state / "evidence")
    name = key_of(sha256_hex(b"moi"))
    keep(name, b"moi")
    first, second = tmp_path / "backups" / "1", tmp_path / "backups" / "2"
    backup(state, first, None)
    assert read_list(first).files == {
        f"evidence/{each}": (len(content), sha256_hex(content))
        for each, content in zip([*NAMES, name], [*CONTENTS, b"docx", b"moi"], strict=True)
    }
    backup(state, second, first)
    assert read_list(second) == read_list(first)
    assert (second / "evidence" / name).samefile(first / "evidence" / name)
    restored = tmp_path / "restored"
    assert bring_back(second, restored) == []
    assert (restored / "evidence" / name).read_bytes() == b"moi"


def test_a_backup_names_what_the_store_has_lost_and_keeps_the_rest(
    store: Store, state: Path, settings: Any, tmp_path: Path
) -> None:
    store.evidence(settings)
    bring_in(state / "evidence")
    store.client().put_object(Bucket=EVIDENCE, Key=NAMES[2], Body=b"khac")
    said: list[str] = []
    (tmp_path / "b").mkdir()
    copy_from_buckets(state, tmp_path / "b", None, lambda vietnamese, english: said.append(vietnamese))
    copy_files(state, tmp_path / "b", None)
    assert said == [f"1 tệp trong kho bị mất hoặc bị đổi, không sao lưu được: {NAMES[2]}"]
    listed = json.loads((tmp_path / "b" / "files.json").read_text(encoding="utf-8"))["files"]
    assert sorted(listed) == sorted(f"evidence/{name}" for name in NAMES if name != NAMES[2])


def test_without_the_store_there_is_no_backup_that_pretends(store: Store, state: Path, tmp_path: Path) -> None:
    store.stop()
    (tmp_path / "b").mkdir()
    with pytest.raises(Trouble, match="cannot be read from their bucket"):
        copy_from_buckets(state, tmp_path / "b", None, quiet)
