"""A published log in a directory, as witnesses see it, made without a database."""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from thucthi.ledger.calculations.keys import KeyLine, hand_over, written_keys
from thucthi.ledger.calculations.merkle import consistency_proof, leaf_hash, root_of
from thucthi.ledger.calculations.notes import Checkpoint, sign, verifier_key

ORIGIN = "vi-du.vn/thuc-thi"


class PublishedLog:
    """Leaves, keys and issues; `publish` writes what a bundle writes and moves `latest`."""

    def __init__(self, root: Path) -> None:
        self.root, self.leaves, self.issues = root, list[bytes](), list[tuple[str, int, bytes]]()
        self.key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
        self.keys = [KeyLine(0, self.verifier)]

    @property
    def verifier(self) -> str:
        return verifier_key(ORIGIN, self.key.public_key().public_bytes_raw())

    def grow(self, count: int, word: str = "mục") -> None:
        self.leaves += [leaf_hash(f"{word} {len(self.leaves) + n}".encode()) for n in range(count)]

    def rotate(self) -> None:
        former, private = self.verifier, self.key
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([len(self.keys)]) * 32)
        self.keys.append(
            KeyLine(len(self.leaves), self.verifier, hand_over(former, private, self.verifier, len(self.leaves)))
        )

    def proof(self, old: int) -> list[bytes]:
        return consistency_proof(old, len(self.leaves), lambda start, end: root_of(self.leaves[start:end]))

    def publish(self) -> Path:
        size, root = len(self.leaves), root_of(self.leaves)
        previous = None
        if self.issues:
            name, old, old_root = self.issues[-1]
            previous = {"issue": name, "size": old, "root": old_root.hex(), "manifest_hash": "0" * 64}
            previous["consistency"] = [each.hex() for each in self.proof(old)] if old else []
        issue = f"2026-W{len(self.issues) + 1:02d}"
        folder = self.root / "ky-cong-bo" / issue
        (folder / "proofs").mkdir(parents=True)
        said = {"origin": ORIGIN, "size": size, "root": root.hex(), "previous": previous, "leaves": {}}
        (folder / "proofs/ledger.json").write_text(json.dumps(said))
        (folder / "proofs/keys.txt").write_text(written_keys(self.keys))
        (folder / "checkpoint").write_text(
            sign(Checkpoint(ORIGIN, size, root, ("snapshot-sha256 " + "0" * 64,)).text(), ORIGIN, self.key)
        )
        latest = self.root / "latest"
        latest.unlink(missing_ok=True)
        latest.symlink_to(folder)
        self.issues.append((issue, size, root))
        return folder
