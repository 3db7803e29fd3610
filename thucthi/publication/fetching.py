"""Bringing issues from the bucket to a machine that keeps nothing: each whole and held against its hash, or not at all.

The directory that results is the very one that a publisher without a bucket writes, so that web server, nginx and
`thucthi verify` know no difference.
"""

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from thucthi.kernel.canonical import canonical_json, sha256_hex
from thucthi.kernel.errors import StoreSilent
from thucthi.publication import bucket, files

log = logging.getLogger(__name__)
HASH = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"\d{4}-(?:W\d\d|\d\d)(?:-v\d+)?")


class Changed(Exception):
    """An issue in the bucket is not what its hash says; the text names the file."""


@dataclass
class Fetching:
    """`seen`: tags of what lies beside the issues and was followed already, from one round of a process to the next."""

    seen: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def round(self) -> list[str]:
        """Follow the bucket once, the newest issue first; what could not be had, in words.

        Raises StoreSilent when the store does not answer; what was fetched before stays.
        """
        self.faults = []
        front, tags = bucket.pointer_at(bucket.LATEST), bucket.storage().tags(f"{files.BY_NAME}/")
        fresh = {name: tag for name, tag in tags.items() if self.seen.get(name) != tag}
        pointers = {name: read for name in sorted(fresh, reverse=True) if (read := self._pointer(name)) is not None}
        if front is not None and self._take(front.issue):
            self._follow({name: each for name, each in pointers.items() if each.issue == front.issue}, fresh)
            self._bring_what_lies_beside(fresh)
            if not _leads_to(files.root() / files.LATEST, front.issue):
                files.make_latest(front.issue)
        self._follow(pointers, fresh)
        self._bring_what_lies_beside(fresh)
        for folder in bucket.storage().listdir(files.ISSUES)[0]:
            # Prepared and not signed yet: for those who review it at a web server. Without a manifest it is unfinished.
            if not files.issue_directory(folder).is_dir() and bucket.holds(folder):
                self._take(folder)
        return self.faults

    def _pointer(self, name: str) -> bucket.Pointer | None:
        if not NAME.fullmatch(_issue_named(name)):
            return None
        try:
            return bucket.pointer_at(name)
        except ValueError as error:
            self.faults.append(str(error))
            return None

    def _take(self, manifest_hash: str) -> bool:
        """Whether the whole issue is on this machine now."""
        try:
            take_over(manifest_hash)
        except (Changed, FileNotFoundError, ValueError) as error:
            self.faults.append(f"{manifest_hash}: {error}")
            return False
        return True

    def _follow(self, pointers: Mapping[str, bucket.Pointer], fresh: dict[str, str]) -> None:
        for name, pointer in pointers.items():
            if name in fresh and self._take(pointer.issue):
                _put_up(_issue_named(name), pointer)
                self.seen[name] = fresh.pop(name)

    def _bring_what_lies_beside(self, fresh: dict[str, str]) -> None:
        for name in list(fresh):
            last = name.removeprefix(f"{files.BY_NAME}/")
            if last == files.CORRECTIONS:
                self._bring_corrections(name)
            elif NAME.match(last) and last.endswith(files.SIGNED_REPORT) and "/" not in last:
                files.write_signed_report(last, bucket.content_of(name))
            else:
                continue
            self.seen[name] = fresh.pop(name)

    def _bring_corrections(self, name: str) -> None:
        try:
            files.write_corrections(json.loads(bucket.content_of(name)))
        except ValueError:
            self.faults.append(f"{name} is no list of corrections")


def _issue_named(name: str) -> str:
    return name.removeprefix(f"{files.BY_NAME}/").removesuffix(bucket.POINTER)


def _put_up(name: str, pointer: bucket.Pointer) -> None:
    if pointer.checkpoint is not None and not files.holds_checkpoint(pointer.issue, pointer.checkpoint):
        files.write_checkpoint(pointer.issue, pointer.checkpoint.encode())
    if not _leads_to(files.root() / files.BY_NAME / name, pointer.issue):
        files.put_before_the_public(pointer.issue, name)


def _leads_to(link: Path, manifest_hash: str) -> bool:
    return link.resolve() == files.issue_directory(manifest_hash).resolve()


def take_over(manifest_hash: str) -> None:
    """Fetch an issue unless it is here. Raises Changed, FileNotFoundError (not whole there), StoreSilent, OSError."""
    if not HASH.fullmatch(manifest_hash):
        raise Changed("not the hash of a manifest")
    if files.issue_directory(manifest_hash).is_dir():
        return
    manifest = bucket.content_of(bucket.folder_of(manifest_hash) + files.MANIFEST)
    if sha256_hex(manifest) != manifest_hash:
        raise Changed(files.MANIFEST)
    hashes: dict[str, str] = json.loads(manifest)["files"]
    if canonical_json({"files": hashes}) != manifest:
        raise Changed(files.MANIFEST)

    def fill(directory: Path) -> None:
        for name in bucket.together(lambda name: _fetch(manifest_hash, name, hashes[name], directory), sorted(hashes)):
            if name:
                raise Changed(name)

    files.take_over(hashes, fill)


def _fetch(manifest_hash: str, name: str, expected: str, directory: Path) -> str:
    """The name of a file that is not what the manifest says; "" for one that is."""
    target, digest = directory / name, hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        for piece in bucket.storage().pieces(bucket.folder_of(manifest_hash) + name):
            stream.write(piece)
            digest.update(piece)
    return "" if digest.hexdigest() == expected else name


def bring_here(manifest_hash: str) -> None:
    """Where nothing is kept: fetch an issue that somebody asks for; who then reads its files finds out what is missing.

    Raises StoreSilent with a sentence for whoever asked.
    """
    if not bucket.is_on():
        return
    try:
        take_over(manifest_hash)
    except (Changed, FileNotFoundError, ValueError) as error:
        log.error("the issue %s cannot be fetched: %s", manifest_hash, error)
    except StoreSilent as silent:
        log.error("the issue %s cannot be fetched: %s", manifest_hash, silent)
        sentence = _("Kho tệp của hệ thống hiện không trả lời; kỳ này vẫn được giữ nguyên trong kho.")
        raise StoreSilent(sentence) from silent
