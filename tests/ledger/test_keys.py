"""The key in its file, its change inside the log, what is signed with it, and what witnesses send back."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command

from tests.ledger.people import SOMEBODY
from tests.ledger.test_sequencing import hashes, say
from thucthi.kernel.errors import Refused
from thucthi.ledger.actions import receive_cosignature, rotate_key, sequence, sign_checkpoint
from thucthi.ledger.calculations.keys import read_keys
from thucthi.ledger.calculations.merkle import root_of
from thucthi.ledger.calculations.notes import (
    COSIGNATURE_V1,
    BadNote,
    Checkpoint,
    cosignature,
    open_note,
    read_checkpoint,
    verifier_key,
)
from thucthi.ledger.key_files import make_key_file, next_key_path
from thucthi.ledger.models import Cosignature, Entry, SignedCheckpoint, SigningKey
from thucthi.ledger.selectors import keys_text, known_keys, origin, signing_key
from thucthi.ledger.selectors.keys import KeyTrouble

WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS_KEY = verifier_key("nhan-chung", WITNESS.public_key().public_bytes_raw(), COSIGNATURE_V1)


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Path:
    """A place for a key of this test's own; nothing lies there yet."""
    settings.LEDGER_KEY_FILE = tmp_path / "own" / "ledger-key"
    return tmp_path / "own" / "ledger-key"


def test_a_key_file_is_private_and_never_written_over(key_file: Path) -> None:
    make_key_file(key_file)
    before = key_file.read_bytes()
    assert key_file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        make_key_file(key_file)
    assert key_file.read_bytes() == before
    assert [path.name for path in key_file.parent.iterdir()] == ["ledger-key"]


@pytest.mark.django_db
def test_outside_production_the_first_key_is_made_with_the_first_signature(key_file: Path) -> None:
    signed = sign_checkpoint(size=0, snapshot_hash="ab" * 32)
    assert [key.verifier_key for key in known_keys()] == [signed.verifier_key]
    checkpoint = read_checkpoint(open_note(signed.note, signed.verifier_key))
    assert checkpoint == Checkpoint(origin(), 0, root_of([]), ("snapshot-sha256 " + "ab" * 32,))
    assert sign_checkpoint(size=0).verifier_key == signed.verifier_key
    assert SigningKey.objects.count() == 1


def wrong_kind() -> bytes:
    return ed448.Ed448PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "vietnamese", "english"),
    [
        (None, "Không thấy khóa ký", "is missing"),
        (b"", "không phải khóa riêng Ed25519", "is not an Ed25519 private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "Ed25519", "Ed25519"),
        (wrong_kind(), "không phải khóa riêng Ed25519", "is not an Ed25519 private key"),
    ],
    ids=["missing", "empty", "damaged", "of another kind"],
)
def test_in_production_a_key_that_cannot_sign_signs_nothing(
    settings: Any, key_file: Path, content: bytes | None, vietnamese: str, english: str
) -> None:
    settings.PRODUCTION = True
    if content is not None:
        key_file.parent.mkdir()
        key_file.write_bytes(content)
    with pytest.raises(KeyTrouble) as trouble:
        sign_checkpoint(size=0)
    assert vietnamese in trouble.value.vietnamese
    assert english in trouble.value.english
    assert str(key_file) in str(trouble.value)
    assert (SignedCheckpoint.objects.count(), SigningKey.objects.count()) == (0, 0)
    assert key_file.exists() == (content is not None)


@pytest.mark.django_db
def test_an_unreadable_key_is_said(key_file: Path) -> None:
    key_file.mkdir(parents=True)  # a directory cannot be read as a file, not even by root
    with pytest.raises(KeyTrouble, match="Không đọc được khóa ký"):
        sign_checkpoint(size=0)


@pytest.mark.django_db
def test_another_key_than_the_log_knows_signs_nothing(key_file: Path) -> None:
    sign_checkpoint(size=0)
    key_file.unlink()
    make_key_file(key_file)
    for attempt in (lambda: sign_checkpoint(size=0), lambda: rotate_key(by=SOMEBODY)):
        with pytest.raises(KeyTrouble, match="rotate_ledger_key"):
            attempt()
    assert (SignedCheckpoint.objects.count(), SigningKey.objects.count(), Entry.objects.count()) == (1, 1, 0)
    assert not next_key_path(key_file).exists()


@pytest.mark.django_db
def test_a_production_key_is_made_once_by_command(settings: Any, key_file: Path, capsys: Any) -> None:
    settings.PRODUCTION = True
    call_command("make_ledger_key")
    assert capsys.readouterr().out.strip() == signing_key().verifier_key
    before = key_file.read_bytes()
    with pytest.raises(CommandError, match="không bị ghi đè"):
        call_command("make_ledger_key")
    sign_checkpoint(size=0)
    with pytest.raises(CommandError, match="Sổ cái đã có khóa"):
        call_command("make_ledger_key")
    assert key_file.read_bytes() == before


def test_rotation_and_checkpoints_before_and_after(fresh_database: str, key_file: Path) -> None:
    said = say(3)
    sequence()
    before = sign_checkpoint(size=3)
    old_pem = key_file.read_bytes()
    call_command("rotate_ledger_key", "--by", "Người mẫu")
    assert key_file.read_bytes() != old_pem
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert not next_key_path(key_file).exists()
    entry = Entry.objects.get(event="key.rotated")
    first, second = known_keys()
    assert entry.content == {
        "former": first.verifier_key,
        "new": second.verifier_key,
        "since_size": 3,
        "signed_by_former": second.signed_by_former,
    }
    assert sequence() == 1
    after = sign_checkpoint(size=4)
    assert [before.verifier_key, after.verifier_key] == [first.verifier_key, second.verifier_key]
    for signed in (before, after):
        read = read_checkpoint(open_note(signed.note, signed.verifier_key))
        assert read.root == root_of(hashes()[: read.size])
    assert [line.verifier_key for line in read_keys(keys_text())] == [first.verifier_key, second.verifier_key]
    with pytest.raises(BadNote):
        open_note(after.note, first.verifier_key)
    with pytest.raises(Refused, match="chuẩn bị lại"):
        sign_checkpoint(size=3)
    with pytest.raises(ValueError, match="no 5 leaves"):
        sign_checkpoint(size=5)
    assert len(said) == 3


def test_killed_between_the_commit_and_the_file_the_successor_signs(fresh_database: str, key_file: Path) -> None:
    sign_checkpoint(size=0)
    old = key_file.read_bytes()
    rotate_key(by=SOMEBODY)
    new = key_file.read_bytes()
    next_key_path(key_file).write_bytes(new)  # as if the move had not happened
    key_file.write_bytes(old)
    second = known_keys()[-1]
    assert sign_checkpoint(size=0).verifier_key == second.verifier_key
    rotate_key(by=SOMEBODY)
    assert [line.since_size for line in read_keys(keys_text())] == [0, 0, 0]
    assert key_file.read_bytes() not in (old, new)
    assert sign_checkpoint(size=0).verifier_key == known_keys()[-1].verifier_key


@pytest.mark.django_db
def test_a_cosignature_is_kept_once_under_its_checkpoint() -> None:
    signed = sign_checkpoint(size=0)
    line = cosignature(open_note(signed.note, signed.verifier_key), "nhan-chung", WITNESS, 1_800_000_000)
    for _again in range(2):
        kept = receive_cosignature(line, witness=WITNESS_KEY, by=SOMEBODY)
        assert (kept.checkpoint, kept.line) == (signed, line)
    assert Entry.objects.filter(event="cosignature.received").count() == 1
    assert open_note(signed.note + kept.line, WITNESS_KEY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "witness"),
    [
        ("", WITNESS_KEY),
        ("— nhan-chung AAAA\n", WITNESS_KEY),
        ("của ai", "không phải khóa"),
        (cosignature("khác\n1\n" + "A" * 43 + "=\n", "nhan-chung", WITNESS, 1), WITNESS_KEY),
        (cosignature("x\n", "nhan-chung", WITNESS, 1), verifier_key("nhan-chung", b"p" * 32)),
    ],
)
def test_what_is_no_cosignature_is_refused(line: str, witness: str) -> None:
    sign_checkpoint(size=0)
    with pytest.raises(Refused):
        receive_cosignature(line, witness=witness, by=SOMEBODY)
    assert (Cosignature.objects.count(), Entry.objects.count()) == (0, 0)
