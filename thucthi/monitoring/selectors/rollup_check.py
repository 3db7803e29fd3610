# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Whether what the engine of counts keeps is what a recount of the facts gives (ADR 0035): each layer by the one below.

Standings and last days by the facts, lineages by the tree, counts of leads by the standings, those of subtrees by them.
Ask in a REPEATABLE READ transaction where others write meanwhile.
"""

from dataclasses import dataclass

from django.db import connection

from thucthi.monitoring.selectors.rollups import COLUMNS

_SHOWN_AT_MOST = 1_000
_LISTED = ", ".join(f"x.{name}" for name in COLUMNS)
_SUMMED = ", ".join(f"sum(x.{name})::int AS {name}" for name in COLUMNS)
_ANY = " OR ".join(f"sum(x.times * x.{name}) <> 0" for name in COLUMNS)
_KEPT = "s.stage, s.schedule, s.reported"
_AHEAD = "s.ahead_stage, s.ahead_schedule, s.ahead_reported"
_TODAY = "today AS MATERIALIZED (SELECT monitoring_today() AS day)"

_STANDINGS = f"""
WITH {_TODAY}, fresh AS MATERIALIZED (
    SELECT f.* FROM today, monitoring_all_standings(today.day) f
), next AS MATERIALIZED (
    SELECT n.* FROM today, monitoring_standings(
        ARRAY(SELECT task_id FROM monitoring_taskstanding WHERE ahead_on > today.day), today.day + 1) n
)
SELECT coalesce(s.task_id, f.task_id)::text
FROM today CROSS JOIN fresh f
FULL JOIN monitoring_taskstanding s ON s.task_id = f.task_id
LEFT JOIN next n ON n.task_id = s.task_id
WHERE s.task_id IS NULL OR f.task_id IS NULL OR coalesce(s.stale_on > today.day, true) AND (
    (s.lead_id, s.programme_id, s.documents, s.is_issued, s.is_open, s.due_on)
        IS DISTINCT FROM (f.lead_id, f.programme_id, f.documents, f.is_issued, f.is_open, f.due_on)
    OR CASE WHEN s.ahead_on <= today.day THEN ({_AHEAD}) ELSE ({_KEPT}) END
        IS DISTINCT FROM (f.stage, f.schedule, f.reported)
    OR s.ahead_on > today.day AND (s.ahead_on <> today.day + 1
        OR ({_AHEAD}) IS DISTINCT FROM (n.stage, n.schedule, n.reported)
        OR n.stale_on < coalesce(s.stale_on, 'infinity'))
    OR coalesce(s.ahead_on <= today.day, true) AND f.stale_on < coalesce(s.stale_on, 'infinity'))
ORDER BY 1 LIMIT {_SHOWN_AT_MOST}
"""
# While the tree is behind its day, whoever reads is told so, and reads the facts.
_LINEAGES = f"""
WITH {_TODAY}, fresh AS MATERIALIZED (
    SELECT f.lead_id, f.ancestor_id FROM today, monitoring_all_lineages(today.day) f
)
SELECT lead_id || '<' || ancestor_id FROM (
    (SELECT lead_id, ancestor_id FROM monitoring_lineage EXCEPT SELECT * FROM fresh)
    UNION ALL
    (SELECT * FROM fresh EXCEPT SELECT lead_id, ancestor_id FROM monitoring_lineage)
) x
WHERE NOT EXISTS (SELECT 1 FROM monitoring_rollupstate, today WHERE tree_stale_on <= today.day)
ORDER BY 1 LIMIT {_SHOWN_AT_MOST}
"""
# What comes into force on a day to come stands in the notes alone.
_LEADS = f"""
WITH {_TODAY}
SELECT x.lead_id || '/' || x.document_id || CASE WHEN x.day > today.day THEN ' ' || x.day ELSE '' END
FROM today CROSS JOIN LATERAL (
    SELECT 1 AS times, lead_id, document_id, today.day, {_LISTED} FROM monitoring_leadcount x
    UNION ALL
    SELECT 1, lead_id, document_id, greatest(x.day, today.day), {_LISTED} FROM monitoring_rollupdelta x
    UNION ALL
    SELECT -1, lead_id, document_id, greatest(x.day, today.day), {_LISTED} FROM monitoring_all_counts(today.day) x
) x
GROUP BY x.lead_id, x.document_id, x.day, today.day HAVING {_ANY}
ORDER BY 1 LIMIT {_SHOWN_AT_MOST}
"""
_SUBTREES = f"""
SELECT x.organisation_id || '/' || x.document_id
FROM (
    SELECT 1 AS times, organisation_id, document_id, {_LISTED} FROM monitoring_rollup x
    UNION ALL
    SELECT -1, x.* FROM (
        SELECT l.ancestor_id, x.document_id, {_SUMMED}
        FROM monitoring_leadcount x JOIN monitoring_lineage l ON l.lead_id = x.lead_id
        GROUP BY l.ancestor_id, x.document_id) x
) x
GROUP BY x.organisation_id, x.document_id HAVING {_ANY}
ORDER BY 1 LIMIT {_SHOWN_AT_MOST}
"""
_PULSES = f"""
SELECT coalesce(kept.task_id, f.task_id)::text
FROM monitoring_taskpulse kept FULL JOIN monitoring_all_pulses() f ON f.task_id = kept.task_id
WHERE kept.last_on IS DISTINCT FROM f.last_on
ORDER BY 1 LIMIT {_SHOWN_AT_MOST}
"""
LAYERS = {"standing": _STANDINGS, "pulse": _PULSES, "lineage": _LINEAGES, "lead": _LEADS, "subtree": _SUBTREES}


@dataclass(frozen=True)
class Mismatch:
    """`layer`: standing, pulse, lineage, lead or subtree; `key`: task (the first two), lead<ancestor, lead/document,
    organisation/document.
    """

    layer: str
    key: str


def mismatches() -> list[Mismatch]:
    """At most a thousand of each layer; none when all is well. Reads every fact: about a minute for a million tasks."""
    found = []
    with connection.cursor() as cursor:
        for layer, statement in LAYERS.items():
            cursor.execute(statement)
            found += [Mismatch(layer, key) for (key,) in cursor.fetchall()]
    return found
