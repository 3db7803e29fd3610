"""A witness signs what grew out of what it saw, and nothing else; without a database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ledger.logs import PublishedLog
from tests.trust.bars import bar
from thucthi.ledger.calculations.keys import KeyLine, written_keys
from thucthi.ledger.calculations.merkle import root_of
from thucthi.ledger.calculations.notes import open_note
from thucthi.ledger.witness import reader_of, vouch, witness


@pytest.fixture
def log(tmp_path: Path) -> PublishedLog:
    made = PublishedLog(tmp_path / "published")
    made.grow(5)
    made.publish()
    return made


def run(log: PublishedLog, place: Path, *more: str, source: str = "") -> Result:
    arguments = [source or str(log.root), "--state", str(place / "state"), "--key", str(place / "key")]
    return CliRunner().invoke(witness, [*arguments, "--name", "nhan-chung-mau", *more])


def remembered(place: Path) -> int:
    size: int = json.loads((place / "state").read_text())["size"]
    return size


def refused(log: PublishedLog, place: Path, word: str) -> None:
    """Exit 1, a sentence in both languages, no line to hand on, and the memory byte for byte as before."""
    before = (place / "state").read_bytes()
    outcome = run(log, place)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert word in outcome.stderr
    assert outcome.stderr.count("✗") == 2
    assert (place / "state").read_bytes() == before


def test_the_first_visit_makes_a_key_and_a_memory_and_signs(log: PublishedLog, tmp_path: Path) -> None:
    outcome = run(log, tmp_path)
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout.startswith("— nhan-chung-mau ")
    assert outcome.stdout.count("\n") == 1
    assert remembered(tmp_path) == 5
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    verifier = outcome.stderr.split(": ", 1)[1].strip()
    note = (log.root / "latest/checkpoint").read_text() + outcome.stdout
    assert open_note(note, verifier) == open_note(note, log.verifier)


@pytest.mark.parametrize("growth", [[0], [1], [7], [3, 0, 4], [300, 1, 2, 1]])
def test_it_follows_a_log_that_only_grows_over_issues_it_missed(
    log: PublishedLog, tmp_path: Path, growth: list[int]
) -> None:
    assert run(log, tmp_path).exit_code == 0
    for count in growth:
        log.grow(count)
        log.publish()
    outcome = run(log, tmp_path)
    assert outcome.exit_code == 0, outcome.stderr
    assert remembered(tmp_path) == 5 + sum(growth)


def test_it_refuses_a_shrunken_tree(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    del log.leaves[3:]
    log.issues.clear()
    log.root = tmp_path / "another"
    log.publish()
    refused(log, tmp_path, "Cây chỉ còn 3 lá")


def test_it_refuses_another_root_of_the_same_size(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    log.leaves[2] = log.leaves[1]
    log.publish()
    refused(log, tmp_path, "lịch sử đã bị sửa")


@bar("B8")
def test_it_refuses_a_forked_log_however_it_tells_its_past(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    log.leaves[2] = log.leaves[1]
    honest = log.issues[-1]
    log.grow(4)
    log.publish()
    refused(log, tmp_path, "Không có chứng minh")
    # Now the past is told as it is rewritten: consistent in itself, but not with what was seen.
    log.issues[:] = [(honest[0], honest[1], root_of(log.leaves[:5]))]
    log.grow(1)
    folder = log.root / "ky-cong-bo/2026-W02"
    folder.rename(log.root / "aside")
    log.publish()
    refused(log, tmp_path, "lịch sử đã bị sửa")


def test_it_refuses_growth_without_a_proof(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    log.issues.clear()
    log.grow(4)
    log.root = tmp_path / "another"
    log.publish()
    refused(log, tmp_path, "Không có chứng minh")


def test_it_refuses_a_checkpoint_with_one_byte_changed(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    log.grow(2)
    checkpoint = log.publish() / "checkpoint"
    whole = checkpoint.read_bytes()
    for at in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[at] ^= 1
        checkpoint.write_bytes(changed)
        refused(log, tmp_path, "không ký" if at else "✗")
    checkpoint.write_bytes(whole)
    assert run(log, tmp_path).exit_code == 0


def test_it_follows_keys_that_the_former_key_signed(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    log.rotate()
    log.grow(1)
    log.publish()
    log.rotate()
    log.grow(1)
    log.publish()
    assert run(log, tmp_path).exit_code == 0
    assert json.loads((tmp_path / "state").read_text())["key"] == log.verifier


def test_it_refuses_a_key_that_nobody_handed_over(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    log.rotate()
    log.keys[-1] = KeyLine(log.keys[-1].since_size, log.keys[-1].verifier_key, "A" * 86 + "==")
    log.grow(1)
    folder = log.publish()
    refused(log, tmp_path, "không đúng")
    (folder / "proofs/keys.txt").write_text(written_keys([KeyLine(0, log.verifier)]))
    refused(log, tmp_path, "không còn trong danh sách khóa")


def test_a_pinned_key_is_required_on_the_first_visit(log: PublishedLog, tmp_path: Path) -> None:
    assert run(log, tmp_path, "--log-key", log.verifier.replace("vi-du", "khac")).exit_code == 1
    assert not (tmp_path / "state").exists()
    assert run(log, tmp_path, "--log-key", log.verifier).exit_code == 0


@pytest.mark.parametrize("source", ["/không/có/đâu", "http://127.0.0.1:9"])
def test_a_source_that_is_offline(log: PublishedLog, tmp_path: Path, source: str) -> None:
    run(log, tmp_path)
    before = (tmp_path / "state").read_bytes()
    outcome = run(log, tmp_path, source=source)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "Hãy thử lại sau" in outcome.stderr
    assert (tmp_path / "state").read_bytes() == before


def test_a_damaged_memory_and_a_lost_key_are_said_and_kept(log: PublishedLog, tmp_path: Path) -> None:
    run(log, tmp_path)
    key = (tmp_path / "key").read_bytes()
    (tmp_path / "key").unlink()
    refused(log, tmp_path, "khóa riêng Ed25519")
    assert not (tmp_path / "key").exists()
    (tmp_path / "key").write_bytes(key)
    (tmp_path / "state").write_text("{")
    refused(log, tmp_path, "hỏng")


@bar("B8", planted=True)
def test_a_planted_witness_that_believes_everything_would_sign_the_fork(log: PublishedLog, tmp_path: Path) -> None:
    """The control: with its memory gone the very same fork is signed; the memory is what refuses."""
    run(log, tmp_path)
    log.leaves[2] = log.leaves[1]
    log.publish()
    (tmp_path / "state").unlink()
    assert run(log, tmp_path).exit_code == 0


def test_a_stranger_needs_neither_django_nor_a_database(log: PublishedLog, tmp_path: Path) -> None:
    program = (
        "import sys; from thucthi.ledger.witness import witness\n"
        "try: witness()\nfinally: assert not [name for name in sys.modules if name.startswith(('django', 'psycopg'))]"
    )
    arguments = [str(log.root), "--state", str(tmp_path / "state"), "--key", str(tmp_path / "key")]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["thanh tra", "a+b", "a\nb"])
def test_a_name_that_would_spoil_the_line_is_refused(log: PublishedLog, tmp_path: Path, name: str) -> None:
    outcome = CliRunner().invoke(
        witness,
        [str(log.root), "--state", str(tmp_path / "state"), "--key", str(tmp_path / "key"), "--name", name],
    )
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert not (tmp_path / "state").exists()


def test_the_moment_is_part_of_what_is_signed(log: PublishedLog, tmp_path: Path) -> None:
    read = reader_of(str(log.root))
    places = {"state": tmp_path / "state", "key": tmp_path / "key", "name": "mau"}
    lines = [vouch(read, at=at, **places).line for at in (1, 2)]  # type: ignore[arg-type]
    assert lines[0] != lines[1]
