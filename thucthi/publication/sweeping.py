"""Clears away what broken uploads left in the bucket: objects of an issue that has no manifest and never got a row.

An upload that runs just now, or goes on after a kill, must not lose what it takes for stored already. It holds a lock
of the database until its row is written; and what was touched within a day is left alone, whoever wrote it.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, islice

from django.db import connection, transaction

from thucthi.kernel.errors import StoreSilent
from thucthi.publication import bucket, files
from thucthi.publication.fetching import HASH
from thucthi.publication.models import Snapshot

log = logging.getLogger(__name__)
# One key of PostgreSQL's advisory locks: shared by uploads, alone for the one who sweeps.
UPLOADING_LOCK = 60_031
LEFT_ALONE_FOR = timedelta(days=1)
# Objects of one round, some seconds: an upload that begins meanwhile waits for its end.
MOST_AT_ONCE = 500


def keep_sweepers_out() -> None:
    """To the end of this transaction nobody sweeps; waits for one who does."""
    with connection.cursor() as cursor:
        for limit in ("lock_timeout", "statement_timeout"):
            cursor.execute(f"SET LOCAL {limit} = '2min'")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [UPLOADING_LOCK])
        for limit in ("lock_timeout", "statement_timeout"):
            cursor.execute(f"SET LOCAL {limit} TO DEFAULT")


def sweep_the_bucket(now: datetime) -> int:
    """How many objects were removed; 0 where nothing is left over, somebody uploads, or the store does not answer."""
    if not bucket.is_on():
        return 0
    try:
        with transaction.atomic():
            return _swept(now - LEFT_ALONE_FOR) if _nobody_uploads() else 0
    except (StoreSilent, ValueError) as error:
        log.warning("what broken uploads left in the bucket stays for now: %s", error)
        return 0


def _nobody_uploads() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [UPLOADING_LOCK])
        return bool(cursor.fetchone()[0])


def _swept(before: datetime) -> int:
    left = sorted(_folders_without_a_row())
    # Asked only where there is something to sweep.
    named = _named_by_pointers() if left else frozenset()
    names = chain.from_iterable(_unfinished(folder, before) for folder in left if folder not in named)
    removed = sum(1 for _ in bucket.together(bucket.storage().delete, islice(names, MOST_AT_ONCE)))
    if removed:
        log.info("%s objects of issues that were never whole are gone from the bucket", removed)
    return removed


def _folders_without_a_row() -> set[str]:
    there = {folder for folder in bucket.storage().listdir(files.ISSUES)[0] if HASH.fullmatch(folder)}
    return there - set(Snapshot.objects.filter(manifest_hash__in=there).values_list("manifest_hash", flat=True))


def _named_by_pointers() -> frozenset[str]:
    """Raises ValueError for a pointer that cannot be read: then nobody knows what it names."""
    beside = bucket.storage().tags(f"{files.BY_NAME}/")
    pointers = [name for name in beside if name.endswith(bucket.POINTER) and name != bucket.beside(files.CORRECTIONS)]
    found = [bucket.pointer_at(name) for name in (bucket.LATEST, *pointers)]
    return frozenset(pointer.issue for pointer in found if pointer is not None)


def _unfinished(folder: str, before: datetime) -> Iterator[str]:
    """The objects of an issue without a manifest, unless one of them is newer."""
    changed = bucket.storage().changed(bucket.folder_of(folder))
    if bucket.folder_of(folder) + files.MANIFEST not in changed and max(changed.values(), default=before) < before:
        yield from sorted(changed)
