"""Signed notes and checkpoints, in the formats of C2SP (signed-note, tlog-checkpoint, tlog-cosignature), with Ed25519.

A note is its text, an empty line, and one line `— <name> <base64 of key id and signature>` per signature. A checkpoint
is a note whose text begins `<origin>\n<size>\n<base64 root>\n`; further lines say what else is signed with it.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from thucthi.ledger.calculations.merkle import HASH_BYTES

ED25519, COSIGNATURE_V1 = 0x01, 0x04
SNAPSHOT_LINE = "snapshot-sha256 "


class BadNote(ValueError):
    """The text is no note, or no signature of the key that was asked for stands under it."""


@dataclass(frozen=True)
class Checkpoint:
    """How many leaves there are and their root; `lines` are the further signed lines, without their line ends."""

    origin: str
    size: int
    root: bytes
    lines: tuple[str, ...] = ()

    def text(self) -> str:
        head = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        return "".join(f"{line}\n" for line in [*head, *self.lines])


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name ‖ "\n" ‖ kind ‖ public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def verifier_key(name: str, public: bytes, kind: int = ED25519) -> str:
    """`<name>+<key id>+<base64 of kind and key>`: how a public key is handed on."""
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def read_verifier_key(text: str) -> tuple[str, int, bytes]:
    """Name, kind and the 32 bytes of the public key. Raises BadNote for anything else."""
    try:
        name, identifier, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadNote("not a verifier key") from error
    if len(raw) != 33 or key_id(name, raw[0], raw[1:]).hex() != identifier:
        raise BadNote("not a verifier key")
    return name, raw[0], raw[1:]


def _line(name: str, kind: int, public: bytes, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(key_id(name, kind, public) + signature).decode()}\n"


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note: `text`, which ends with a line end, and the signature of `name` under it."""
    public = key.public_key().public_bytes_raw()
    return f"{text}\n{_line(name, ED25519, public, key.sign(text.encode()))}"


def cosignature(text: str, name: str, key: Ed25519PrivateKey, at: int) -> str:
    """The line by which a witness says at second `at` (Unix) that it saw this checkpoint grow out of the one before."""
    signature = struct.pack(">Q", at) + key.sign(_cosigned(text, at))
    return _line(name, COSIGNATURE_V1, key.public_key().public_bytes_raw(), signature)


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def parts(note: str) -> tuple[str, Mapping[tuple[str, bytes], bytes]]:
    """The signed text and, by name and key id, each signature. Raises BadNote when it is no note."""
    text, gap, below = note.rpartition("\n\n")
    if not gap or not below.endswith("\n"):
        raise BadNote("not a signed note")
    found: dict[tuple[str, bytes], bytes] = {}
    for line in below[:-1].split("\n"):
        mark, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        raw = _decoded(encoded)
        # Only the one spelling counts: other base64 of the same bytes would be another file with the same meaning.
        if mark != "—" or not name or len(raw) < 5 or base64.b64encode(raw).decode() != encoded:
            raise BadNote("not a signed note")
        found[name, raw[:4]] = raw[4:]
    return text + "\n", found


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadNote("not a signed note") from error


def open_note(note: str, verifier: str) -> str:
    """The text, if the key of `verifier` signed or cosigned it. Raises BadNote otherwise."""
    name, kind, public = read_verifier_key(verifier)
    text, signatures = parts(note)
    signature = signatures.get((name, key_id(name, kind, public)))
    if signature is None:
        raise BadNote(f"no signature of {name}")
    signed = text.encode()
    if kind == COSIGNATURE_V1:
        if len(signature) != 72:
            raise BadNote(f"no cosignature of {name}")
        signed, signature = _cosigned(text, struct.unpack(">Q", signature[:8])[0]), signature[8:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise BadNote(f"the signature of {name} is wrong") from error
    return text


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in the text of an opened note. Raises BadNote when it is none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0]:
        raise BadNote("not a checkpoint")
    root = _decoded(lines[2])
    if not lines[1].isdecimal() or str(int(lines[1])) != lines[1] or len(root) != HASH_BYTES:
        raise BadNote("not a checkpoint")
    checkpoint = Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:-1]))
    if checkpoint.text() != text:
        raise BadNote("not a checkpoint")
    return checkpoint
