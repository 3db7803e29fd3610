"""Issues as directories of files named by their content; nothing here reads the database.

    <PUBLISHED_ROOT>/issues/<manifest hash>/…      an issue, never changed again
    <PUBLISHED_ROOT>/latest                        → the newest published issue
    <PUBLISHED_ROOT>/ky-cong-bo/<issue>            → the issue published under that name
    <PUBLISHED_ROOT>/ky-cong-bo/<issue>-bao-cao-ky-so.pdf   its monthly report with the signature
    <PUBLISHED_ROOT>/ky-cong-bo/corrections.json   notices about published issues

Whoever kills the machine at any moment finds the old issue or the new one, whole: everything is written beside its
place, forced to the disk and then renamed. What a killed publisher left behind is swept away by the next one, and
never what another is writing just then.

An issue holds one link, `ky-cong-bo`, back to the list, so that a page finds other issues by a relative address
wherever the site stands.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from thucthi.kernel.canonical import canonical_json, sha256_hex
from thucthi.publication.workers import in_processes, still_wanted

MANIFEST = "manifest.json"
CHECKPOINT = "checkpoint"
DATA = "issue.json"
ISSUES = "issues"
BY_NAME = "ky-cong-bo"
LATEST = "latest"
CORRECTIONS = "corrections.json"
UNFINISHED = (".dang-ghi-", ".lien-ket-")
LOCK = ".khoa"
# Characters that turn the text after them around (U+202A–202E, U+2066–2069): they make one number look like another.
TURNING = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
TEXTS = frozenset({".html", ".json", ".jsonld", ".csv", ".txt", ".md", ".xml", ".atom", ".ics", ".svg"})
# The monthly report of an issue, as it was before anybody signed it.
REPORT = "bao-cao.pdf"
# After the name of the issue: 2026-10-bao-cao-ky-so.pdf.
SIGNED_REPORT = "-bao-cao-ky-so.pdf"
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".py": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".ics": "text/calendar; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".jsonld": "application/ld+json; charset=utf-8",
}
# What a file holds; a long one comes in pieces and never lies in memory whole.
Content = bytes | Iterable[bytes]
# A piece of an issue that any process can make by itself: (relative path, content) of each of its files.
Part = Callable[[], Iterable[tuple[str, Content]]]


@dataclass(frozen=True)
class Written:
    """A directory of files that is in its place."""

    manifest_hash: str
    file_count: int


def content_type(name: str) -> str:
    """By the ending alone; what is not of an issue's kinds of file is never shown as a page."""
    return CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")


def signed_report_name(issue: str, version: int = 1) -> str:
    """What the signed monthly report is called beside the issues; a later version of an issue has its own."""
    return f"{issue}{SIGNED_REPORT}" if version == 1 else f"{issue}-v{version}{SIGNED_REPORT}"


def root() -> Path:
    return Path(settings.PUBLISHED_ROOT)


def issue_directory(manifest_hash: str) -> Path:
    return root() / ISSUES / manifest_hash


def write_issue(files: Iterable[tuple[str, Content]]) -> Written:
    """As `write_parts` of one part, in this process."""
    return write_parts([lambda: files])


def write_parts(parts: Sequence[Part], processes: int = 1) -> Written:
    """Write the files of all `parts` and their manifest; the directory appears whole or not at all.

    The bytes do not depend on the number of processes, which share the parts among them. Raises ValueError for a path
    that leaves the directory or comes twice, OSError when the disk refuses, WorkerDied when a process was killed.
    """
    (root() / ISSUES).mkdir(parents=True, exist_ok=True)
    with _workplace(UNFINISHED[0], root() / ISSUES) as temporary:
        # Closed before the place is cleared away: nobody writes there any more.
        with closing(in_processes([partial(_write_all, temporary, part) for part in parts], processes)) as shares:
            hashes = _together(shares)
        return _finished(temporary, hashes)


def take_over(hashes: Mapping[str, str], fill: Callable[[Path], None]) -> Written:
    """An issue that was written elsewhere: `fill` puts the files of its manifest, each compared, into a directory.

    It appears whole or not at all. Raises ValueError for a name that leaves the directory, and whatever `fill` raises.
    """
    if wrong := [name for name in hashes if not _is_a_name(name)]:
        raise ValueError(f"not a name for a file of an issue: {wrong[0]}")
    (root() / ISSUES).mkdir(parents=True, exist_ok=True)
    with _workplace(UNFINISHED[0], root() / ISSUES) as temporary:
        fill(temporary)
        return _finished(temporary, hashes)


def _finished(temporary: Path, hashes: Mapping[str, str]) -> Written:
    manifest = canonical_json({"files": hashes})
    _write(temporary / MANIFEST, manifest)
    (temporary / BY_NAME).symlink_to(Path("..") / ".." / BY_NAME)
    temporary.chmod(0o755)
    # One call for the hundred thousand files of an issue; a disk that could not keep them is found out when the
    # second person publishes, because every file is read again then.
    _settle_everything()
    written = Written(sha256_hex(manifest), len(hashes))
    _put_in_place(temporary, issue_directory(written.manifest_hash))
    return written


@contextmanager
def _workplace(prefix: str, folder: Path) -> Iterator[Path]:
    """A hidden directory in `folder`, gone afterwards; what publishers that were killed left behind is swept first.

    Whoever works in one holds the kernel's lock on it, which goes with the process however that ends: what nobody
    holds is left over.
    """
    with (root() / LOCK).open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        _sweep()
        place = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        mine = _held(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(mine)


def _sweep() -> None:
    for folder in (root(), root() / ISSUES, root() / BY_NAME):
        for left in folder.glob(".*") if folder.is_dir() else ():
            if left.name.startswith(UNFINISHED) and not left.is_symlink() and left.is_dir():
                try:
                    handle = _held(left)
                except BlockingIOError:
                    continue
                shutil.rmtree(left)
                os.close(handle)


def _held(directory: Path) -> int:
    """Raises BlockingIOError when somebody works there."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    return handle


def _write(target: Path, content: bytes) -> None:
    """On the disk when this returns, not only in the memory of the machine."""
    with target.open("wb") as stream:
        stream.write(content)
        stream.flush()
        if settings.PUBLISHED_DURABLE:
            os.fsync(stream.fileno())


def _settle_everything() -> None:
    if settings.PUBLISHED_DURABLE:
        os.sync()


def _settle(folder: Path) -> None:
    """The names in a folder are data of the folder, and are forced to the disk by themselves."""
    if not settings.PUBLISHED_DURABLE:
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def without_turning_marks(name: str, content: Content) -> Content:
    """Text as it reads, whoever typed it: marks that turn what follows around are left out of every text file."""
    if name[name.rfind(".") :] not in TEXTS:
        return content
    if isinstance(content, bytes):
        return TURNING.sub(b"", content)
    return (TURNING.sub(b"", piece) for piece in content)


def _write_all(directory: Path, part: Part) -> dict[str, str]:
    """Path → SHA-256. What the part opened meanwhile is closed when this ends, however it does."""
    hashes: dict[str, str] = {}
    made: set[str] = set()
    found = part()
    try:
        for name, content in found:
            still_wanted()
            if name in hashes or not _is_a_name(name):
                raise ValueError(f"not a name for a file of an issue: {name}")
            hashes[name] = _write_one(directory, name, content, made)
    finally:
        if isinstance(found, Generator):
            found.close()
    return hashes


def _is_a_name(name: str) -> bool:
    parts = name.split("/")
    return {"", ".", ".."}.isdisjoint(parts) and parts[0] not in {MANIFEST, CHECKPOINT, BY_NAME}


def _write_one(directory: Path, name: str, content: Content, made: set[str]) -> str:
    """Its SHA-256. Most of an issue's files lie in a folder of their own; `made` are those that are there."""
    folder = name.rpartition("/")[0]
    if folder not in made:
        (directory / folder).mkdir(parents=True, exist_ok=True)
        made.add(folder)
    with open(f"{directory}/{name}", "wb") as stream:
        digest = hashlib.sha256()
        for piece in (content,) if isinstance(content, bytes) else content:
            _pour(stream, piece)
            digest.update(piece)
    return digest.hexdigest()


def _pour(stream: BinaryIO, piece: bytes) -> None:
    stream.write(piece)


def _together(shares: Iterable[Mapping[str, str]]) -> dict[str, str]:
    hashes: dict[str, str] = {}
    for share in shares:
        twice = hashes.keys() & share.keys()
        if twice:
            raise ValueError(f"not a name for a file of an issue: {min(twice)}")
        hashes |= share
    return hashes


def _put_in_place(temporary: Path, target: Path) -> None:
    try:
        temporary.rename(target)
        _settle(target.parent)
    except OSError:
        # Prepared before, byte for byte: the name is the hash of what lies there.
        if not target.is_dir():
            raise


def wrong_files(manifest_hash: str) -> list[str]:
    """Names of files that are missing, changed or were added since the issue was written; empty when it is whole."""
    directory = issue_directory(manifest_hash)
    try:
        manifest = (directory / MANIFEST).read_bytes()
    except OSError:
        return [MANIFEST]
    if sha256_hex(manifest) != manifest_hash:
        return [MANIFEST]
    expected: dict[str, str] = json.loads(manifest)["files"]
    present = {name for name in _present(directory) if name not in {MANIFEST, CHECKPOINT}}
    changed = {
        name for name in present & expected.keys() if sha256_hex((directory / name).read_bytes()) != expected[name]
    }
    return sorted(changed | (present ^ expected.keys()))


def _present(directory: Path) -> Iterable[str]:
    for parent, folders, names in os.walk(directory):
        here = Path(parent)
        links = [name for name in (*folders, *names) if (here / name).is_symlink()]
        yield from (str((here / name).relative_to(directory)) for name in links if (here, name) != (directory, BY_NAME))
        yield from (str((here / name).relative_to(directory)) for name in names if name not in links)


@lru_cache(maxsize=8)
def file_hashes(directory: Path) -> dict[str, str]:
    """Path → SHA-256 of the files of one issue; kept, because an issue never changes."""
    found: dict[str, str] = json.loads((directory / MANIFEST).read_bytes())["files"]
    return found


def read_file(manifest_hash: str, name: str) -> bytes:
    """A listed file. Raises FileNotFoundError for any other name, and when the issue is not on this machine."""
    if name not in file_hashes(issue_directory(manifest_hash)):
        raise FileNotFoundError(name)
    return (issue_directory(manifest_hash) / name).read_bytes()


def put_before_the_public(manifest_hash: str, issue: str) -> None:
    """Give the issue its standing address."""
    (root() / BY_NAME).mkdir(parents=True, exist_ok=True)
    _point(root() / BY_NAME / issue, Path("..") / ISSUES / manifest_hash)


def stands_in_front(manifest_hash: str, issue: str) -> bool:
    """Whether both links lead to that issue. An issue that is not on this machine cannot stand anywhere."""
    target = issue_directory(manifest_hash).resolve()
    links = (root() / LATEST, root() / BY_NAME / issue)
    return not target.is_dir() or all(link.resolve() == target for link in links)


def make_latest(manifest_hash: str) -> None:
    """Readers see the old issue or the new one, never a mixture and never nothing."""
    _point(root() / LATEST, Path(ISSUES) / manifest_hash)


def _point(link: Path, target: Path) -> None:
    with _workplace(UNFINISHED[1], root()) as directory:
        (directory / link.name).symlink_to(target)
        # The link is resolved from where it ends up, so it is moved, not made, in place.
        os.replace(directory / link.name, link)
        _settle(link.parent)


def write_checkpoint(manifest_hash: str, signed: bytes) -> None:
    """Put the signature beside the manifest that it signs, or replace it by one with more witnesses, at once."""
    # An issue never holds anything that is not in its manifest: what is unfinished lies outside of it.
    _replace(issue_directory(manifest_hash) / CHECKPOINT, signed, root())


def holds_checkpoint(manifest_hash: str, signed: str | None) -> bool:
    """Whether this very text stands beside the manifest; None, for an issue that nobody signed, stands everywhere."""
    path = issue_directory(manifest_hash) / CHECKPOINT
    return signed is None or (path.is_file() and path.read_bytes() == signed.encode())


def write_corrections(notices: object) -> None:
    """Replace the list of corrections beside the issues, at once."""
    _write_beside(CORRECTIONS, canonical_json(notices))


def write_signed_report(name: str, content: bytes) -> None:
    """Put the signed report beside the issues, at once."""
    _write_beside(name, content)


def has_beside(name: str) -> bool:
    return (root() / BY_NAME / name).is_file()


def _write_beside(name: str, content: bytes) -> None:
    folder = root() / BY_NAME
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / name, content, folder)


def _replace(target: Path, content: bytes, beside: Path) -> None:
    with _workplace(UNFINISHED[0], beside) as directory:
        _write(directory / target.name, content)
        (directory / target.name).chmod(0o644)
        os.replace(directory / target.name, target)
        _settle(target.parent)
