# ruff: noqa: S608 - every part of these statements is a constant of ours; values are parameters
"""Tasks by how long nothing happened on them, from what is kept of each, as of the engine's day (ADR 0035, D24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Organisation
from thucthi.monitoring.calculations.standing import RUNNING_STAGES
from thucthi.monitoring.selectors.rollups import DAY, TODAY
from thucthi.programmes.selectors.visibility import closed_programmes

# Days without any report, acceptance, change or step, each bucket up to its number; the last one is open.
BUCKETS = (14, 30, 60, 90)
_RUNNING = f"({', '.join(sorted(repr(stage.value) for stage in RUNNING_STAGES))})"
_OPEN = f"""
WITH {TODAY}, standing AS (
    SELECT s.task_id, s.lead_id, s.programme_id, s.is_issued, s.is_open, s.due_on,
           CASE WHEN s.ahead_on <= {DAY} THEN s.ahead_stage ELSE s.stage END AS stage,
           CASE WHEN s.ahead_on <= {DAY} THEN s.ahead_schedule ELSE s.schedule END AS schedule
    FROM monitoring_taskstanding s WHERE s.stale_on IS NULL OR s.stale_on > {DAY}
    UNION ALL
    SELECT f.task_id, f.lead_id, f.programme_id, f.is_issued, f.is_open, f.due_on, f.stage, f.schedule
    FROM monitoring_stale_standings({DAY}) f
), open AS (
    SELECT x.task_id, x.due_on, x.schedule = 'overdue' AS is_late, least({DAY}, u.last_on) AS last_on
    FROM standing x JOIN monitoring_taskpulse u ON u.task_id = x.task_id
    WHERE x.is_issued AND x.stage IN {_RUNNING}
      AND (x.is_open OR x.programme_id = ANY (%(programmes)s::bigint[])) {{below}}
)
"""
_BELOW = """
      AND x.lead_id IN (SELECT o.id FROM directory_organisation o WHERE o.path @> ARRAY[%(under)s]::bigint[])"""
_EDGES = (None, *BUCKETS, None)
_BUCKETS = ", ".join(
    "count(*) FILTER (WHERE true"
    + (f" AND last_on < {DAY} - {above}" if above is not None else "")
    + (f" AND last_on >= {DAY} - {up_to}" if up_to is not None else "")
    + ")"
    for above, up_to in pairwise(_EDGES)
)
_COUNTED = f"SELECT {DAY}, count(*), count(*) FILTER (WHERE is_late), {_BUCKETS} FROM open"
_FIRST = {
    False: "SELECT task_id, last_on FROM open ORDER BY last_on, task_id OFFSET %(skipped)s LIMIT %(room)s",
    True: "SELECT task_id, last_on FROM open WHERE is_late ORDER BY due_on, task_id OFFSET %(skipped)s LIMIT %(room)s",
}


@dataclass(frozen=True)
class Counted:
    """Open tasks as of `day`, how many of them are overdue, and how many stand in each of the buckets."""

    day: date
    total: int
    overdue: int
    buckets: tuple[int, ...]


@dataclass(frozen=True)
class Kept:
    """Tasks led in and below `under` (None: everywhere) that the viewer may see; `hidden`: those not everybody sees."""

    under: Organisation | None
    is_working: bool
    hidden: Sequence[int]

    @classmethod
    def of(cls, viewer: Viewer, under: Organisation | None) -> "Kept":
        return cls(under, viewer.is_system or may_work(viewer), list(closed_programmes(viewer)))

    def counted(self) -> Counted:
        day, total, overdue, *buckets = self._asked(_COUNTED)[0]
        return Counted(day, total, overdue, tuple(buckets))

    def first(self, skipped: int, room: int, *, is_by_overdue: bool) -> dict[int, date]:
        """The last day of each, in order."""
        return dict(self._asked(_FIRST[is_by_overdue], skipped=skipped, room=room))

    def _asked(self, question: str, **values: int) -> list[tuple[Any, ...]]:
        below = (_BELOW if self.under else "") if self.is_working else " AND false"
        given: dict[str, Any] = {"programmes": self.hidden, "under": self.under.pk if self.under else 0, **values}
        with connection.cursor() as cursor:
            cursor.execute(_OPEN.format(below=below) + question, given)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
