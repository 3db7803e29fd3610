"""How one signing key hands over to the next, so that a reader who trusts the first can trust the last.

`proofs/keys.txt` has one line per key, oldest first: the number of leaves from which on it signs, its verifier key,
and, from the second line on, base64 of the Ed25519 signature that the former key made over

    thucthi-key/1
    <former verifier key>
    <new verifier key>
    <number of leaves>

Lines `witness <verifier key>` name the witnesses whose cosignatures stand under the checkpoint.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from thucthi.ledger.calculations.notes import ED25519, BadNote, read_verifier_key

WITNESS = "witness "


@dataclass(frozen=True)
class KeyLine:
    since_size: int
    verifier_key: str
    signed_by_former: str = ""


def handover_text(former: str, new: str, since_size: int) -> bytes:
    return f"thucthi-key/1\n{former}\n{new}\n{since_size}\n".encode()


def hand_over(former: str, private: Ed25519PrivateKey, new: str, since_size: int) -> str:
    """Base64 of the former key's signature under the new one."""
    return base64.b64encode(private.sign(handover_text(former, new, since_size))).decode()


def written_keys(lines: Sequence[KeyLine]) -> str:
    rows = [(str(line.since_size), line.verifier_key, line.signed_by_former) for line in lines]
    return "".join(" ".join(part for part in row if part) + "\n" for row in rows)


def read_keys(text: str) -> list[KeyLine]:
    """The keys of such a file, each rightly signed by the one before. Raises BadNote at the first that is not."""
    lines: list[KeyLine] = []
    for row in text.splitlines():
        if row.startswith(WITNESS):
            continue
        parts = row.split(" ")
        if len(parts) != (3 if lines else 2) or not parts[0].isdecimal():
            raise BadNote("not a list of keys")
        line = KeyLine(int(parts[0]), *parts[1:])
        if read_verifier_key(line.verifier_key)[1] != ED25519:
            raise BadNote("not a key that signs checkpoints")
        if lines:
            _check(lines[-1], line)
        lines.append(line)
    if not lines:
        raise BadNote("not a list of keys")
    return lines


def _check(former: KeyLine, new: KeyLine) -> None:
    public = Ed25519PublicKey.from_public_bytes(read_verifier_key(former.verifier_key)[2])
    text = handover_text(former.verifier_key, new.verifier_key, new.since_size)
    try:
        public.verify(base64.b64decode(new.signed_by_former, validate=True), text)
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise BadNote("a key that the former one did not sign") from error
    if new.since_size < former.since_size:
        raise BadNote("a key that begins before the former one")
