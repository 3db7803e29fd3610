"""Whether this process can do its work: what takes it out of service, and what only wants somebody's attention.

A balancer takes a process that is not ready out of service. So only that counts as "not ready" which another process
may do better or which must not go on: a sequencer that lags lags for all; taking every page away would not mend it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from thucthi.config.operation.measures import Measures, Room, measures, rooms
from thucthi.kernel import kept_files
from thucthi.ledger.selectors.standing import fault_against_what_was_published
from thucthi.publication import bucket
from thucthi.publication.selectors.published import newest_published

OK = "ok"
LEAST_ROOM = 0.05
SEQUENCER_LATE, WORKER_LOST, JOB_LATE = 300.0, 120.0, 900.0


@dataclass(frozen=True)
class Readiness:
    """Words by check; `ready` is False when one of `must` is not "ok"."""

    must: dict[str, str]
    should: dict[str, str]

    @property
    def ready(self) -> bool:
        return all(word == OK for word in self.must.values())


def readiness() -> Readiness:
    """Raises DatabaseError when the database does not answer."""
    return Readiness(must=_required(), should=_wanted(measures(), rooms()))


def without_database() -> Readiness:
    return Readiness(must={"database": "silent"}, should=_disks(rooms()))


def _required() -> dict[str, str]:
    return {
        "database": OK,
        "migrations": _migrations(),
        "published": _published(Path(settings.PUBLISHED_ROOT)),
        "ledger": "not what was published" if fault_against_what_was_published() else OK,
    }


def _migrations() -> str:
    """ "pending" while a migration of this release is not applied; what a newer release applied does not disturb."""
    return OK if _shipped() <= set(MigrationRecorder(connection).applied_migrations()) else "pending"


@lru_cache(maxsize=1)
def _shipped() -> frozenset[tuple[str, str]]:
    """Every migration of this release. One that replaces others may stand as those."""
    found = MigrationLoader(None).disk_migrations
    return frozenset(key for key, migration in found.items() if not migration.replaces)


def _published(root: Path) -> str:
    """The front must lead somewhere; before the first issue there is none. With a bucket it is fetched first."""
    front = root / "latest"
    if bucket.is_on() and not front.is_symlink() and newest_published() is not None:
        return "not fetched yet"
    return "broken" if front.is_symlink() and not front.is_dir() else OK


def _wanted(found: Measures, disks: Sequence[Room]) -> dict[str, str]:
    lost = found.worker_seen is None or found.worker_seen > WORKER_LOST
    return {
        "sequencer": "late" if found.oldest_unsequenced > SEQUENCER_LATE else OK,
        "worker": "not seen" if lost else OK,
        "jobs": "late" if found.oldest_job > JOB_LATE else OK,
        "publisher": _writable(Path(settings.PUBLISHED_ROOT)),
        "evidence": OK if kept_files.answers() else "store is silent",
        **_disks(disks),
    }


def _writable(root: Path) -> str:
    there = next(each for each in (root, *root.parents) if each.exists())
    return OK if os.access(there, os.W_OK | os.X_OK) else "not writable"


def _disks(disks: Sequence[Room]) -> dict[str, str]:
    return {f"disk of {one.place}": OK if one.free > LEAST_ROOM * one.total else "nearly full" for one in disks}
