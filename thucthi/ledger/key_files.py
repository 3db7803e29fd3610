"""Files of private keys: Ed25519, PEM, mode 0600. Knows no database; the supervisor and witnesses use it too."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def make_key_file(path: Path) -> None:
    """A new key, whole on the disk before it has its name. Raises FileExistsError: a key is never written over."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        # A link refuses to take a name that is there already; a rename would not.
        os.link(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def next_key_path(path: Path) -> Path:
    """Where the key waits that follows the one in `path`."""
    return path.with_name(f"{path.name}.next")


def put_next_in_place(path: Path) -> None:
    """The next key becomes the key; the former private key is gone, what it signed stays verifiable."""
    next_key_path(path).replace(path)
