"""Issues in a bucket, for machines that keep nothing (ADR 0042).

    issues/<manifest hash>/…          an issue, never changed again; its manifest comes last and says that it is whole
    ky-cong-bo/<issue>.json           which issue was published under that name, with its signed checkpoint
    ky-cong-bo/<issue>-bao-cao-ky-so.pdf, ky-cong-bo/corrections.json       as beside the issues of a directory
    latest.json                       the newest published issue

A store knows neither links nor renaming. So nothing is ever shown by being there: a machine shows what a pointer names,
a pointer is one small object that changes in one step, and it is written after everything that it names.
"""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import md5
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages

from thucthi.kernel.canonical import canonical_json
from thucthi.publication import files

AT_ONCE = 8
LATEST = "latest.json"
POINTER = ".json"


@dataclass(frozen=True)
class Pointer:
    """To an issue by the hash of its manifest; `checkpoint`: the signature that stands beside it."""

    issue: str
    checkpoint: str | None = None


def is_on() -> bool:
    return "published" in settings.STORAGES


def storage() -> Any:
    """A `PublishedBucket`, loaded with its library only where one is set up."""
    return storages["published"]


def folder_of(manifest_hash: str) -> str:
    return f"{files.ISSUES}/{manifest_hash}/"


def holds(manifest_hash: str) -> bool:
    """Whether the whole issue is there."""
    return bool(storage().exists(folder_of(manifest_hash) + files.MANIFEST))


def put_issue(manifest_hash: str, *, anew: bool = False) -> int:
    """Put a written issue of this machine into the bucket; how many files were missing or another.

    Safe to repeat, and after a kill it goes on. `anew`: look at every file although the issue is whole. Raises
    StoreSilent; then the issue is not whole there, and nothing names it.
    """
    if not anew and holds(manifest_hash):
        return 0
    directory, tags = files.issue_directory(manifest_hash), storage().tags(folder_of(manifest_hash))

    def put(name: str) -> int:
        return _put_file(directory / name, folder_of(manifest_hash) + name, tags)

    count: int = sum(together(put, sorted(files.file_hashes(directory))))
    return count + put(files.MANIFEST)


def _put_file(path: Path, name: str, tags: dict[str, str]) -> int:
    with path.open("rb") as stream:
        if name in tags and tags[name] == _digest(stream):
            return 0
        stream.seek(0)
        put(name, File(stream))
        return 1


def _digest(stream: Any) -> str:
    """What stores call the entity tag of an object sent in one piece; another tag only costs sending it again."""
    digest = md5(usedforsecurity=False)
    while piece := stream.read(1024 * 1024):
        digest.update(piece)
    return digest.hexdigest()


def together(act: Any, names: Iterable[str]) -> Iterator[Any]:
    """`act` on each name by a few threads, in batches, so that the first failure ends it soon."""
    left = iter(names)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="issue") as threads:
        while batch := list(islice(left, AT_ONCE * 4)):
            yield from threads.map(act, batch)


def put(name: str, content: "bytes | File[bytes]") -> None:
    """Returns when the store has it. Raises StoreSilent."""
    storage().save(name, ContentFile(content) if isinstance(content, bytes) else content)


def beside(name: str) -> str:
    return f"{files.BY_NAME}/{name}"


def point(name: str, pointer: Pointer) -> None:
    """One small object, at once. Raises StoreSilent; then it points where it pointed."""
    put(name, canonical_json(asdict(pointer)))


def pointer_at(name: str) -> Pointer | None:
    """None when nothing is there. Raises ValueError for something else than a pointer, StoreSilent."""
    try:
        read = json.loads(content_of(name))
        signed = read["checkpoint"]
        return Pointer(str(read["issue"]), None if signed is None else str(signed))
    except FileNotFoundError:
        return None
    except (KeyError, TypeError) as error:
        raise ValueError(f"{name} is not a pointer") from error


def content_of(name: str) -> bytes:
    """A small object. Raises FileNotFoundError, StoreSilent."""
    with storage().open(name) as file:
        content: bytes = file.read()
    return content
