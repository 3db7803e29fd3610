"""How the system stands, in numbers: one statement that stays small whatever the size of the tables."""

import shutil
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from thucthi.kernel.kept_files import in_a_bucket

# Of how many newest rows backlog is counted: enough to see that it grows, and no scan of a table of millions.
NEWEST = 10_000
_READ = f"""
WITH waiting AS (
    SELECT entry.recorded_at FROM (SELECT id, recorded_at FROM ledger_entry ORDER BY id DESC LIMIT {NEWEST}) entry
     WHERE NOT EXISTS (SELECT FROM ledger_leaf WHERE entry_id = entry.id)
), queued AS (
    SELECT COALESCE(job.scheduled_at, (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id)) AS since
      FROM procrastinate_jobs job
     WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
     ORDER BY job.id LIMIT {NEWEST}
), published AS (
    SELECT kind, published_at FROM publication_snapshotpublication
), recent AS (
    SELECT status FROM procrastinate_jobs ORDER BY id DESC LIMIT {NEWEST}
)
SELECT (SELECT count(*) FROM queued),
       (SELECT COALESCE(extract(epoch FROM now() - min(since)), 0) FROM queued),
       (SELECT count(*) FROM recent WHERE status = 'failed'),
       (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers),
       (SELECT count(*) FROM waiting),
       (SELECT COALESCE(extract(epoch FROM now() - min(recorded_at)), 0) FROM waiting),
       (SELECT extract(epoch FROM now() - max(published_at)) FROM published WHERE kind = 'weekly'),
       (SELECT extract(epoch FROM now() - max(published_at)) FROM published WHERE kind = 'monthly'),
       (SELECT count(*) FROM workspace_letter WHERE sent_at IS NULL),
       (SELECT numbackends FROM pg_stat_database WHERE datname = current_database()),
       (SELECT CASE WHEN rolconnlimit < 0 THEN current_setting('max_connections')::int ELSE rolconnlimit END
          FROM pg_roles WHERE rolname = current_user),
       (SELECT COALESCE(extract(epoch FROM max(now() - xact_start)), 0) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()),
       (SELECT count(*)
          FROM (SELECT FROM monitoring_rollupdelta WHERE day <= monitoring_today() LIMIT {NEWEST}) unfolded)
"""  # noqa: S608 - texts of ours


@dataclass(frozen=True)
class Measures:
    """Ages in seconds; None where there is nothing whose age could be told. Backlogs are counted up to NEWEST."""

    jobs_waiting: int
    oldest_job: float
    jobs_failed: int
    worker_seen: float | None
    unsequenced: int
    oldest_unsequenced: float
    weekly_issue: float | None
    monthly_issue: float | None
    letters_waiting: int
    connections: int
    connections_limit: int
    longest_transaction: float
    deltas: int


@dataclass(frozen=True)
class Room:
    """Free and all bytes of the disk under one directory, as an ordinary account may use them."""

    place: str
    free: int
    total: int


def measures() -> Measures:
    """Raises DatabaseError when the database does not answer."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute(_READ)
        row = [float(value) if isinstance(value, Decimal) else value for value in cursor.fetchone()]
    names = [each.name for each in fields(Measures)]
    values: dict[str, Any] = dict(zip(names, row, strict=True))
    return Measures(**values)


def rooms() -> list[Room]:
    """Of the state, evidence and published issues: the disks that a web or worker process itself fills."""
    places = {"state": settings.STATE, "published": settings.PUBLISHED_ROOT}
    if not in_a_bucket():
        places["evidence"] = settings.EVIDENCE_ROOT
    return [_room(name, Path(path)) for name, path in places.items()]


def _room(name: str, path: Path) -> Room:
    there = next(each for each in (path, *path.parents) if each.exists())
    used = shutil.disk_usage(there)
    return Room(name, used.free, used.total)
