"""`thucthi witness`: somebody outside vouches that the published log only grew. Needs no database and no account.

The state file holds what was vouched for last; it changes in one step, and before the signature leaves the house.
"""

import base64
import fcntl
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from thucthi.ledger.calculations import notes
from thucthi.ledger.calculations.witnessing import NotVouchedFor, Seen, Step, opened, require_growth
from thucthi.ledger.key_files import make_key_file

MOST_BYTES = 512 * 1024 * 1024
SECONDS = 20
Read = Callable[[str], bytes]


@dataclass(frozen=True)
class Vouched:
    """The line to hand back, how the witness is known, and what it has now seen."""

    line: str
    verifier_key: str
    seen: Seen


@click.command(
    name="witness",
    help=(
        "Làm nhân chứng: ký xác nhận sổ cái đã công bố chỉ dài thêm; không cần cơ sở dữ liệu. NGUỒN là thư mục công bố "
        "hoặc địa chỉ https của trang công khai · "
        "Vouch that the published log only grew: SOURCE is a published directory or the address of the public site."
    ),
    short_help="Làm nhân chứng cho sổ cái đã công bố · Vouch that the published log only grew.",
)
@click.argument("source", metavar="NGUỒN")
@click.option("--state", required=True, type=click.Path(path_type=Path), help="Tệp nhớ lần trước · What was seen last.")
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Khóa riêng, tự tạo lần đầu · Private key.")
@click.option("--name", default="", help="Tên nhân chứng · Name of the witness, else that of this machine.")
@click.option("--log-key", default="", help="Khóa của sổ, biết từ nơi khác · The log's key, known elsewhere.")
def witness(source: str, state: Path, key: Path, name: str, log_key: str) -> None:
    try:
        vouched = vouch(
            reader_of(source), state=state, key=key, name=name or platform.node() or "witness", log_key=log_key
        )
    except NotVouchedFor as refusal:
        click.echo(f"✗ {refusal.vietnamese}\n✗ {refusal.english}", err=True)
        sys.exit(1)
    click.echo(f"→ {vouched.seen.size} lá, nhân chứng / leaves, witness: {vouched.verifier_key}", err=True)
    click.echo(vouched.line, nl=False)


def vouch(read: Read, *, state: Path, key: Path, name: str, log_key: str = "", at: int | None = None) -> Vouched:
    """Check, remember, sign. Raises NotVouchedFor; the state file is then as it was."""
    if not name or "+" in name or any(each.isspace() for each in name):
        raise NotVouchedFor(
            f"Tên nhân chứng “{name}” không được có dấu cách hay dấu +, ví dụ thanh-tra.example.vn; chưa ký gì.",
            f"The name “{name}” may hold no space and no +, for example thanh-tra.example.vn; nothing was signed.",
        )
    with _alone(state):
        before = _seen_in(state)
        private = _key_in(key, first=before is None)
        note, keys = _text(read, "checkpoint"), _text(read, "proofs/keys.txt")
        now, signer = opened(note, keys, before.key if before else log_key)
        if before is not None:
            require_growth(before, now, lambda issue: _step(read, issue))
        seen = Seen(now.origin, now.size, now.root, signer)
        _keep(state, seen)
    line = notes.cosignature(now.text(), name, private, int(time.time()) if at is None else at)
    public = private.public_key().public_bytes_raw()
    return Vouched(line, notes.verifier_key(name, public, notes.COSIGNATURE_V1), seen)


def reader_of(source: str) -> Read:
    """Reads a file of the newest issue, or `ky-cong-bo/<issue>/…` of an earlier one. Raises NotVouchedFor."""
    if source.startswith(("http://", "https://")):
        return lambda name: _fetched(f"{source.rstrip('/')}/{name}")
    root = Path(source)
    newest = root / "latest" if (root / "latest").exists() else root
    return lambda name: _file(root / name if name.startswith("ky-cong-bo/") else newest / name)


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreachable(str(path), error.strerror or "") from error


def _fetched(url: str) -> bytes:
    try:
        with urllib3.PoolManager(cert_reqs="CERT_REQUIRED") as pool:
            answer = pool.request("GET", url, timeout=SECONDS, retries=urllib3.Retry(2), preload_content=False)
            body: bytes = answer.read(MOST_BYTES + 1)
    except urllib3.exceptions.HTTPError as error:
        raise _unreachable(url, type(error).__name__) from error
    if answer.status != 200 or len(body) > MOST_BYTES:
        raise _unreachable(url, str(answer.status))
    return body


def _unreachable(place: str, why: str) -> NotVouchedFor:
    return NotVouchedFor(
        f"Không đọc được {place} ({why}); chưa ký gì, điều đã nhớ vẫn nguyên. Hãy thử lại sau.",
        f"{place} cannot be read ({why}); nothing was signed and what was remembered is kept. Try again later.",
    )


def _text(read: Read, name: str) -> str:
    try:
        return read(name).decode()
    except UnicodeDecodeError as error:
        raise _damaged(name) from error


def _damaged(name: str) -> NotVouchedFor:
    return NotVouchedFor(
        f"Nội dung của {name} không đúng mẫu; chưa ký gì.", f"{name} has not the right form; nothing was signed."
    )


def _step(read: Read, issue: str) -> Step:
    """How the issue of that name ("" for the newest) continues the one before it."""
    name = f"ky-cong-bo/{issue}/proofs/ledger.json" if issue else "proofs/ledger.json"
    if not issue.replace("-", "").replace(".", "").isalnum() and issue:
        raise _damaged(name)
    try:
        said = json.loads(read(name))
        former = said["previous"]
        if former is None:
            return Step(int(said["size"]), bytes.fromhex(said["root"]))
        return Step(
            int(said["size"]),
            bytes.fromhex(said["root"]),
            str(former["issue"]),
            int(former["size"]),
            bytes.fromhex(former["root"]),
            tuple(bytes.fromhex(each) for each in former["consistency"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(name) from error


class _alone:
    """Two runs with one state file must not each sign from the same memory."""

    def __init__(self, state: Path) -> None:
        self._path = state.with_name(f"{state.name}.lock")

    def __enter__(self) -> None:
        try:
            self._file = self._path.open("w")
        except OSError as error:
            raise _unreachable(str(self._path), error.strerror or "") from error
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *raised: object) -> None:
        self._file.close()


def _seen_in(state: Path) -> Seen | None:
    if not state.exists():
        return None
    try:
        said = json.loads(state.read_text(encoding="utf-8"))
        return Seen(str(said["origin"]), int(said["size"]), base64.b64decode(said["root"]), str(said["key"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotVouchedFor(
            f"Tệp {state} hỏng; không ký. Hãy khôi phục từ bản sao lưu; đừng xóa, nếu xóa sẽ quên điều đã thấy.",
            f"{state} is damaged; nothing is signed. Restore it; without it what was seen is forgotten.",
        ) from error


def _keep(state: Path, seen: Seen) -> None:
    said = {"origin": seen.origin, "size": seen.size, "root": base64.b64encode(seen.root).decode(), "key": seen.key}
    unfinished = state.with_name(f"{state.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(json.dumps(said, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(state)
    except OSError as error:
        raise _unreachable(str(state), error.strerror or "") from error


def _key_in(path: Path, *, first: bool) -> Ed25519PrivateKey:
    """The witness's own key, made on its first run; later a missing one is a mistake to be put right."""
    if first and not path.exists():
        make_key_file(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise NotVouchedFor(
            f"Tệp {path} không phải khóa riêng Ed25519 đọc được; không ký.",
            f"{path} is no readable Ed25519 private key; nothing is signed.",
        )
    return key
