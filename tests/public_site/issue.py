"""The small state, prepared as an issue and read back as files."""

from pathlib import Path

from tests.monitoring.world import AS_OF, World
from thucthi.directory.access import SYSTEM
from thucthi.publication import files
from thucthi.publication.actions import prepare_snapshot
from thucthi.publication.models import Snapshot

Files = dict[str, bytes]


def prepared(world: World, kind: str = "weekly") -> Snapshot:
    return prepare_snapshot(by=SYSTEM, kind=kind, as_of=AS_OF)


def directory_of(snapshot: Snapshot) -> Path:
    return files.issue_directory(snapshot.manifest_hash)


def files_of(snapshot: Snapshot) -> dict[str, bytes]:
    root = directory_of(snapshot)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and files.BY_NAME not in path.relative_to(root).parts
    }
