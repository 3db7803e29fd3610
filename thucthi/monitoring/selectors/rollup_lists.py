# ruff: noqa: S608 - every part of these statements is a constant of ours; values are parameters
"""Beside the live counts, and as exact: bodies in order of what is late, late tasks, kinds of leads (ADR 0035)."""

from dataclasses import dataclass
from datetime import date
from math import isqrt
from typing import Any

from django.db import connection

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Organisation
from thucthi.monitoring.calculations import Tally, tallies
from thucthi.monitoring.selectors.rollups import (
    COLUMNS,
    COUNTRY,
    DAY,
    MOVED,
    STAGES,
    TODAY,
    live_counts,
    tally_of,
)
from thucthi.monitoring.selectors.standing import task_states
from thucthi.programmes.selectors import visible_tasks
from thucthi.programmes.selectors.visibility import closed_programmes

_SUMMED = ", ".join(f"sum(x.{name})::int AS {name}" for name in COLUMNS)
_LISTED = ", ".join(f"x.{name}" for name in COLUMNS)
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
# The inner ORDER BY stays, and the filters after it stand in a CASE, of which the planner expects that every second row
# passes: of the filters themselves it expects one in a thousand, and sorts all that is late (15 ms of 100,000 tasks).
_IN_ORDER = f"""
    SELECT s.task_id, s.due_on FROM (
        SELECT s.* FROM monitoring_taskstanding s WHERE {_LATE} ORDER BY s.due_on, s.task_id OFFSET 0
    ) s WHERE CASE WHEN {_LATE_TODAY} AND EXISTS ({_BELOW} OFFSET 0) THEN true ELSE false END LIMIT %(first)s"""
# Of the leads only so many can have one of the first tasks as are asked for: those whose own first task comes first. Of
# these each can have at most as many as those before it leave, for each of them has one that comes before.
_LATE_OF_LEAD = f"""
        SELECT s.task_id, s.due_on FROM monitoring_taskstanding s
        WHERE s.lead_id = l.lead_id AND {_LATE} AND {_LATE_TODAY}
        ORDER BY s.due_on, s.task_id"""
_BY_LEAD = f"""
    SELECT late.task_id, late.due_on FROM (
        SELECT l.lead_id, row_number() OVER (ORDER BY its.due_on, its.task_id) AS place
        FROM monitoring_lineage l CROSS JOIN LATERAL ({_LATE_OF_LEAD} LIMIT 1) its
        WHERE l.ancestor_id = %(organisation)s
        ORDER BY place LIMIT %(first)s
    ) l CROSS JOIN LATERAL ({_LATE_OF_LEAD} LIMIT %(first)s + 1 - l.place) late
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
# What each lead's own tasks come to, by what kind of body it is.
_KINDS = f"""
WITH {TODAY}, led AS (
    SELECT x.lead_id, {_SUMMED} FROM (
        SELECT x.lead_id, {_LISTED} FROM monitoring_leadcount x WHERE x.document_id = 0
        UNION ALL
        SELECT x.lead_id, {_LISTED} FROM {MOVED} x WHERE x.document_id = 0
        UNION ALL
        SELECT x.lead_id, {_LISTED} FROM monitoring_hidden_counts(%(programmes)s::bigint[], {DAY}) x
        WHERE x.day <= {DAY} AND x.document_id = 0
    ) x GROUP BY x.lead_id
)
SELECT today.day, today.is_behind, kinds.* FROM today LEFT JOIN (
    SELECT o.tree, o.kind, o.level, count(*) FILTER (WHERE {" + ".join(f"x.{name}" for name in STAGES)} > 0) AS bodies,
           {_SUMMED}
    FROM led x JOIN directory_organisation o ON o.id = x.lead_id GROUP BY o.tree, o.kind, o.level
) kinds ON true
"""


@dataclass(frozen=True)
class KindOfLead:
    """Of the bodies of one tree, kind and level: how many lead any task, and what their own tasks come to."""

    tree: str
    kind: str
    level: str
    bodies: int
    tally: Tally


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
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "first": first,
        "programmes": list(closed_programmes(viewer)),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(LateTask(*row) for row in cursor.fetchall())


def kinds_of_leads(as_of: date, viewer: Viewer) -> tuple[KindOfLead, ...]:
    """Of the issued tasks the viewer may see; two queries where `as_of` is the engine's day, else from the facts."""
    if not viewer.is_system and not may_work(viewer):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, {"programmes": list(closed_programmes(viewer))})
        rows = cursor.fetchall()
    day, is_behind = rows[0][:2]
    if is_behind or day != as_of:
        return kinds_recounted(as_of, viewer)
    return tuple(KindOfLead(row[2], row[3], row[4], row[5], tally_of(row[6:])) for row in rows if row[2] is not None)


def kinds_recounted(as_of: date, viewer: Viewer) -> tuple[KindOfLead, ...]:
    """What `kinds_of_leads` gives, from the facts as of any day."""
    by_lead = tallies(task_states(visible_tasks(viewer).filter(is_issued=True), as_of), lambda row: (row.lead_id or 0,))
    places = Organisation.objects.filter(pk__in=by_lead).values_list("pk", "tree", "kind", "level")
    found: dict[tuple[str, str, str], list[Tally]] = {}
    for pk, *place in places:
        found.setdefault((place[0], place[1], place[2]), []).append(by_lead[pk])
    return tuple(
        KindOfLead(*place, sum(1 for each in led if each.total), sum(led, Tally())) for place, led in found.items()
    )


def walks_in_order(here: Tally, everywhere: Tally, first: int = 50) -> bool:
    """Whether walking by deadline looks at fewer tasks: about first × everywhere ÷ here, instead of all those here."""
    return here.overdue > isqrt(first * everywhere.overdue)
