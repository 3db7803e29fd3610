# ruff: noqa: S608 - every part of these statements is a constant of ours; values are parameters
"""Lists beside the live counts, as exact as these: bodies in order of what is late, and late tasks (ADR 0035)."""

from dataclasses import dataclass
from datetime import date
from math import isqrt
from typing import Any

from django.db import connection

from thucthi.directory.access import Viewer, may_work
from thucthi.monitoring.calculations import Tally
from thucthi.monitoring.selectors.rollups import (
    COLUMNS,
    COUNTRY,
    DAY,
    MOVED,
    TODAY,
    hidden_programmes,
    live_counts,
    tally_of,
)

_SUMMED = ", ".join(f"sum(x.{name})::int AS {name}" for name in COLUMNS)
_KEPT = ", ".join(f"r.{name}" for name in COLUMNS)
_BOTH = ", ".join(f"coalesce(r.{name}, 0) + x.{name} AS {name}" for name in COLUMNS)
_LATENESS = "(schedule_overdue::float8 / greatest(1, schedule_on_time + schedule_due_soon + schedule_overdue))"
# The best of those that nothing moved since the last fold, by the index; all of those that something moved; the best of
# both. Nobody else can be among the first.
_RANKING = f"""
WITH {TODAY}, touched AS MATERIALIZED (
    SELECT l.ancestor_id, {_SUMMED}
    FROM {MOVED} x JOIN monitoring_lineage l ON l.lead_id = x.lead_id
    WHERE x.document_id = 0 GROUP BY l.ancestor_id
)
(
    SELECT r.organisation_id, {_LATENESS} AS lateness, {_KEPT} FROM monitoring_rollup r
    WHERE r.document_id = 0 AND r.kind = %(kind)s
      AND r.organisation_id NOT IN (SELECT t.ancestor_id FROM touched t)
    ORDER BY r.kind, {_LATENESS} DESC, r.organisation_id LIMIT %(first)s
)
UNION ALL
SELECT organisation_id, {_LATENESS}, {", ".join(COLUMNS)} FROM (
    SELECT x.ancestor_id AS organisation_id, {_BOTH}
    FROM touched x LEFT JOIN monitoring_rollup r ON r.organisation_id = x.ancestor_id AND r.document_id = 0
    WHERE (SELECT o.kind FROM directory_organisation o WHERE o.id = x.ancestor_id) = %(kind)s
) r
ORDER BY lateness DESC, organisation_id LIMIT %(first)s
"""
_LATE = "s.is_issued AND s.is_open AND (s.schedule = 'overdue' OR s.ahead_schedule = 'overdue')"
_LATE_TODAY = f"""CASE WHEN s.ahead_on <= {DAY} THEN s.ahead_schedule ELSE s.schedule END = 'overdue'
      AND (s.stale_on IS NULL OR s.stale_on > {DAY})"""
_BELOW = "SELECT 1 FROM monitoring_lineage l WHERE l.lead_id = s.lead_id AND l.ancestor_id = %(organisation)s"
# Two ways to the same rows: by deadline until enough stand in the subtree, or the first ones of each lead in it.
# The inner ORDER BY stays: of the filters after it the planner knows too little, and would sort all that is late.
_IN_ORDER = f"""
    SELECT s.task_id, s.due_on FROM (
        SELECT s.* FROM monitoring_taskstanding s WHERE {_LATE} ORDER BY s.due_on, s.task_id OFFSET 0
    ) s WHERE {_LATE_TODAY} AND EXISTS ({_BELOW} OFFSET 0) LIMIT %(first)s"""
_BY_LEAD = f"""
    SELECT late.task_id, late.due_on FROM monitoring_lineage l CROSS JOIN LATERAL (
        SELECT s.task_id, s.due_on FROM monitoring_taskstanding s
        WHERE s.lead_id = l.lead_id AND {_LATE} AND {_LATE_TODAY}
        ORDER BY s.due_on, s.task_id LIMIT %(first)s
    ) late WHERE l.ancestor_id = %(organisation)s
    ORDER BY late.due_on, late.task_id LIMIT %(first)s"""
_LATE_TASKS = f"""
WITH {TODAY}
({{way}})
UNION ALL
SELECT s.task_id, s.due_on FROM monitoring_stale_standings({DAY}) s
WHERE s.is_issued AND s.schedule = 'overdue' AND (s.is_open OR s.programme_id = ANY (%(programmes)s::bigint[]))
  AND EXISTS ({_BELOW})
UNION ALL
SELECT s.task_id, s.due_on FROM monitoring_taskstanding s
WHERE s.programme_id = ANY (%(programmes)s::bigint[]) AND s.is_issued AND NOT s.is_open AND {_LATE_TODAY}
  AND EXISTS ({_BELOW})
ORDER BY due_on, task_id LIMIT %(first)s
"""


@dataclass(frozen=True)
class Ranked:
    """A body with what is led in its subtree."""

    organisation_id: int
    tally: Tally


@dataclass(frozen=True)
class LateTask:
    task_id: int
    due_on: date


def ranking_statement() -> str:
    return _RANKING


def late_statement(*, in_order: bool) -> str:
    return _LATE_TASKS.format(way=_IN_ORDER if in_order else _BY_LEAD)


def latest_in_order(kind: str, first: int = 50) -> tuple[Ranked, ...]:
    """Bodies of one kind by the share of running dated tasks that are overdue, then by id; open tasks; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_RANKING, {"kind": kind, "first": first})
        return tuple(Ranked(row[0], tally_of(row[2:])) for row in cursor.fetchall())


def late_tasks(viewer: Viewer, organisation_id: int = COUNTRY, first: int = 50) -> tuple[LateTask, ...]:
    """Overdue tasks that the viewer may see in a subtree, the longest overdue first; four queries."""
    if not viewer.is_system and not may_work(viewer):
        return ()
    counts = live_counts(viewer, [COUNTRY, organisation_id])
    statement = late_statement(
        in_order=counts is None or walks_in_order(counts.at(organisation_id), counts.at(COUNTRY))
    )
    values: dict[str, Any] = {"organisation": organisation_id, "first": first, "programmes": hidden_programmes(viewer)}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(LateTask(*row) for row in cursor.fetchall())


def walks_in_order(here: Tally, everywhere: Tally, first: int = 50) -> bool:
    """Whether walking by deadline looks at fewer tasks: about first × everywhere ÷ here, instead of all those here."""
    return here.overdue > isqrt(first * everywhere.overdue)
