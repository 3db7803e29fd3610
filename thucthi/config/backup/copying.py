"""Files of a backup: copied with their SHA-256, shared with the backup before where they are the same."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from thucthi.config.backup.sheet import FILES

# Folders of the state that hold what people brought in and what was published.
EVIDENCE = "evidence"
KEPT = (EVIDENCE, "published")


@dataclass(frozen=True)
class Copied:
    """What was copied: by name below the state, size and SHA-256; links with where they lead."""

    files: dict[str, tuple[int, str]]
    links: dict[str, str]

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.files.values())


def copy_files(state: Path, into: Path, earlier: Path | None) -> Copied:
    """Copy the kept folders of `state`. What `earlier` holds with the same size and time is linked, not copied again.

    Evidence and issues are written once and never changed, so that size and time tell them apart. Evidence that stands
    below `into` already came out of a bucket, under names made of its hash.
    """
    known = read_list(earlier) if earlier else Copied({}, {})
    copied = Copied({name: (path.stat().st_size, path.stem) for name, path in _below(into, (EVIDENCE,))}, {})
    for name, path in _below(state, tuple(folder for folder in KEPT if not (into / folder).is_dir())):
        if path.is_symlink():
            copied.links[name] = os.readlink(path)
            continue
        before = earlier / name if earlier and name in known.files else None
        copied.files[name] = _copy(path, into / name, before, known.files.get(name, (0, ""))[1])
    write_list(into, copied)
    return copied


def _below(place: Path, folders: Sequence[str]) -> list[tuple[str, Path]]:
    found = [path for folder in folders for path in (place / folder).rglob("*") if path.is_symlink() or path.is_file()]
    named = [(path.relative_to(place).as_posix(), path) for path in sorted(found)]
    return [(name, path) for name, path in named if not any(part.startswith(".") for part in path.parts[-3:])]


def _copy(path: Path, target: Path, before: Path | None, digest: str) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    there = path.stat()
    if (
        before
        and before.is_file()
        and (before.stat().st_size, before.stat().st_mtime_ns)
        == (
            there.st_size,
            there.st_mtime_ns,
        )
    ):
        try:
            os.link(before, target)
        except OSError:
            shutil.copy2(before, target)  # on another disk
        return there.st_size, digest
    shutil.copy2(path, target)
    with target.open("rb") as file:
        return target.stat().st_size, file_digest(file, "sha256").hexdigest()


def write_list(directory: Path, copied: Copied) -> None:
    text = json.dumps({"files": copied.files, "links": copied.links}, indent=0, ensure_ascii=False)
    (directory / FILES).write_text(text, encoding="utf-8")


def read_list(directory: Path) -> Copied:
    try:
        read = json.loads((directory / FILES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Copied({}, {})
    return Copied({name: (size, digest) for name, (size, digest) in read["files"].items()}, read["links"])


def bring_back(backup: Path, state: Path) -> list[str]:
    """Copy the files of a backup into `state`; the names of those that are missing or not what they were."""
    listed, wrong = read_list(backup), []
    for name, (size, digest) in listed.files.items():
        source, target = backup / name, state / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_file():
            shutil.copy2(source, target)
        if not target.is_file() or target.stat().st_size != size or _digest(target) != digest:
            wrong.append(name)
    for name, leads_to in listed.links.items():
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).symlink_to(leads_to)
    return wrong


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
