"""What a task's standing and a lead's lineage are on a day: the rules of `calculations.standing`, asked of many at once.

Each question stands twice, made from one text: for chosen rows, where every part is found by an index, and for all of
them, where the parts are read whole and joined in sets. A property test holds both to the pure functions.
"""

from django.conf import settings
from django.db import migrations

_RUNNING = "('issued', 'received', 'in_progress', 'awaiting_acceptance', 'returned')"

# {of_…} becomes a condition on the chosen tasks, or nothing. In plpgsql, because that keeps its plan: a function in SQL is
# planned anew at each call, which takes longer than to derive one task. A document that is not shown counts as
# restricted.
_DERIVED = f"""
CREATE FUNCTION {{name}} RETURNS SETOF monitoring_taskstanding LANGUAGE plpgsql STABLE {{rows}}
SET search_path = public, pg_temp AS $$
BEGIN RETURN QUERY
WITH clock AS MATERIALIZED (
    SELECT zone, (on_day + 1)::timestamp AT TIME ZONE zone AS midnight FROM monitoring_rollupstate
), task AS (
    SELECT * FROM programmes_task t WHERE {{of_task}}
), programme AS (
    SELECT p.id, p.issued_on, p.issued_on IS NOT NULL AND bool_and(b.id IS NULL OR coalesce(d.security = 'public', false)) AS is_open,
           coalesce(array_agg(b.document_id ORDER BY b.document_id) FILTER (WHERE b.id IS NOT NULL), '{{{{}}}}') AS documents
    FROM programmes_programme p
    LEFT JOIN programmes_programmebasis b ON b.programme_id = p.id
    LEFT JOIN documents_document d ON d.id = b.document_id
    WHERE {{of_programme}}
    GROUP BY p.id
), steps AS (
    SELECT e.task_id, min(e.happened_on) FILTER (WHERE e.kind = 'issued') AS issued_on,
           bool_or(e.kind = 'received' AND e.happened_on <= on_day) AS received,
           (array_agg(e.kind ORDER BY e.happened_on, e.id)
               FILTER (WHERE e.kind IN ('cancelled', 'superseded') AND e.happened_on <= on_day))[1] AS ended,
           (array_agg(e.kind ORDER BY e.happened_on DESC, e.id DESC)
               FILTER (WHERE e.kind IN ('suspended', 'resumed') AND e.happened_on <= on_day))[1] AS halt,
           min(e.happened_on) FILTER (WHERE e.happened_on > on_day) AS next_on
    FROM programmes_taskevent e WHERE {{of_event}}
    GROUP BY e.task_id
), moved AS (
    SELECT DISTINCT ON (c.task_id) c.task_id, c.old_end, c.decided_on AS next_on
    FROM programmes_taskchange c WHERE c.field = 'deadline' AND c.decided_on > on_day AND {{of_change}}
    ORDER BY c.task_id, c.decided_on, c.id
), last AS (
    SELECT DISTINCT ON (r.task_id) r.task_id, r.id, r.claims_completion
    FROM reporting_report r WHERE r.submitted_at < (SELECT midnight FROM clock) AND {{of_report}}
    ORDER BY r.task_id, r.submitted_at DESC, r.id DESC
), said AS (
    SELECT last.task_id, last.claims_completion, a.verdict
    FROM last LEFT JOIN reporting_acceptance a
        ON a.report_id = last.id AND a.decided_at < (SELECT midnight FROM clock)
), later_report AS (
    SELECT r.task_id, min(r.submitted_at) AS next_at
    FROM reporting_report r WHERE r.submitted_at >= (SELECT midnight FROM clock) AND {{of_report}}
    GROUP BY r.task_id
), later_verdict AS (
    SELECT r.task_id, min(a.decided_at) AS next_at
    FROM reporting_report r JOIN reporting_acceptance a ON a.report_id = r.id
    WHERE a.decided_at >= (SELECT midnight FROM clock) AND {{of_report}}
    GROUP BY r.task_id
), completion AS (
    SELECT r.task_id, (min(r.submitted_at) AT TIME ZONE (SELECT zone FROM clock))::date AS completed_on
    FROM reporting_report r JOIN reporting_acceptance a ON a.report_id = r.id
    WHERE r.claims_completion AND a.verdict = 'accepted' AND a.decided_at < (SELECT midnight FROM clock) AND {{of_report}}
      AND NOT EXISTS (
          SELECT 1 FROM reporting_report newer
          WHERE newer.obligation_id = r.obligation_id AND newer.version > r.version
            AND newer.submitted_at < (SELECT midnight FROM clock))
    GROUP BY r.task_id
), latest AS (
    SELECT DISTINCT ON (o.task_id) o.task_id, o.id
    FROM reporting_obligation o WHERE o.due_on <= on_day AND {{of_obligation}}
    ORDER BY o.task_id, o.due_on DESC, o.period_end DESC, o.id DESC
), owed AS (
    SELECT latest.task_id, EXISTS (
        SELECT 1 FROM reporting_report r
        WHERE r.obligation_id = latest.id AND r.submitted_at < (SELECT midnight FROM clock)) AS is_reported
    FROM latest
), later_duty AS (
    SELECT o.task_id, min(o.due_on) AS next_on
    FROM reporting_obligation o WHERE o.due_on > on_day AND {{of_obligation}}
    GROUP BY o.task_id
), staged AS (
    SELECT t.id, t.lead_id, t.programme_id, p.documents, t.is_issued, p.is_open, c.completed_on,
           CASE WHEN t.is_issued THEN coalesce(s.issued_on, p.issued_on) END AS issued_on,
           CASE WHEN t.deadline_kind IN ('recurring', 'event', 'reference', 'none') THEN NULL
                WHEN m.task_id IS NOT NULL THEN m.old_end ELSE t.resolved_end END AS due_on,
           CASE WHEN NOT t.is_issued OR coalesce(s.issued_on, p.issued_on) IS NULL
                     OR coalesce(s.issued_on, p.issued_on) > on_day THEN 'draft'
                WHEN c.completed_on <= on_day THEN 'done'
                WHEN s.ended IS NOT NULL THEN s.ended
                WHEN s.halt = 'suspended' THEN 'suspended'
                WHEN said.verdict = 'returned' THEN 'returned'
                WHEN said.claims_completion AND said.verdict IS NULL THEN 'awaiting_acceptance'
                WHEN said.task_id IS NOT NULL THEN 'in_progress'
                WHEN s.received THEN 'received'
                ELSE 'issued' END AS stage,
           owed.is_reported, later_duty.next_on AS duty_on,
           least(s.next_on, m.next_on, (later_report.next_at AT TIME ZONE (SELECT zone FROM clock))::date,
                 (later_verdict.next_at AT TIME ZONE (SELECT zone FROM clock))::date) AS fact_on
    FROM task t
    JOIN programme p ON p.id = t.programme_id
    LEFT JOIN steps s ON s.task_id = t.id
    LEFT JOIN moved m ON m.task_id = t.id
    LEFT JOIN said ON said.task_id = t.id
    LEFT JOIN later_report ON later_report.task_id = t.id
    LEFT JOIN later_verdict ON later_verdict.task_id = t.id
    LEFT JOIN completion c ON c.task_id = t.id
    LEFT JOIN owed ON owed.task_id = t.id
    LEFT JOIN later_duty ON later_duty.task_id = t.id
)
SELECT x.id, x.documents, x.is_issued, x.is_open, x.stage::varchar(20),
    (CASE WHEN x.due_on IS NULL OR x.stage IN ('draft', 'suspended', 'cancelled', 'superseded') THEN 'no_deadline'
         WHEN x.stage = 'done' AND x.completed_on = x.due_on THEN 'done_on_time'
         WHEN x.stage = 'done' AND x.completed_on < x.due_on THEN 'done_early'
         WHEN x.stage = 'done' THEN 'done_late'
         WHEN on_day > x.due_on THEN 'overdue'
         WHEN x.due_on - on_day <= 14 THEN 'due_soon'
         ELSE 'on_time' END)::varchar(12),
    (CASE WHEN x.is_reported IS NULL OR x.stage NOT IN {_RUNNING} THEN 'not_owed'
         WHEN x.is_reported THEN 'reported' ELSE 'not_reported' END)::varchar(12),
    x.due_on, NULL::date, NULL::varchar(20), NULL::varchar(12), NULL::varchar(12),
    CASE WHEN x.is_issued THEN least(
        x.fact_on,
        CASE WHEN x.issued_on > on_day THEN x.issued_on END,
        CASE WHEN x.stage IN {_RUNNING} THEN x.duty_on END,
        CASE WHEN x.stage IN {_RUNNING} AND x.due_on - 14 > on_day THEN x.due_on - 14 END,
        CASE WHEN x.stage IN {_RUNNING} AND x.due_on + 1 > on_day THEN x.due_on + 1 END) END,
    x.lead_id, x.programme_id
FROM staged x;
END $$;
"""
_CHOSEN = {
    "name": "monitoring_standings(chosen bigint[], on_day date)",
    "of_task": "t.id = ANY (chosen)",
    "of_programme": "p.id IN (SELECT programme_id FROM task)",
    "of_event": "e.task_id = ANY (chosen)",
    "of_change": "c.task_id = ANY (chosen)",
    "of_report": "r.task_id = ANY (chosen)",
    "of_obligation": "o.task_id = ANY (chosen)",
    "rows": "ROWS 10 SET plan_cache_mode = force_generic_plan",
}
_ALL = dict.fromkeys(_CHOSEN, "true") | {"name": "monitoring_all_standings(on_day date)", "rows": ""}

# Joined and not compared with ANY: that walks through an array of 20,000 once for each row.
# Who answers for a lead: itself, or the last heirs in line of what is dissolved; itself when these form a ring.
_LINEAGES = """
CREATE FUNCTION {name} RETURNS TABLE (lead_id bigint, ancestor_id bigint) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
WITH RECURSIVE heirs AS (
    SELECT s.predecessor_id, s.successor_id
    FROM directory_succession s
    JOIN directory_organisationevent e ON e.id = s.event_id AND e.effective_on <= on_day
    JOIN directory_organisation o ON o.id = s.predecessor_id AND o.valid_to < on_day
), walk AS (
    SELECT o.id AS lead_id, o.id AS body_id FROM directory_organisation o WHERE {of_lead}
    UNION
    SELECT w.lead_id, h.successor_id FROM walk w JOIN heirs h ON h.predecessor_id = w.body_id
), place AS (
    SELECT w.lead_id, w.body_id, NOT EXISTS (SELECT 1 FROM heirs h WHERE h.predecessor_id = w.body_id) AS is_last
    FROM walk w
), ended AS (
    SELECT p.lead_id, p.body_id
    FROM (SELECT place.*, bool_or(place.is_last) OVER (PARTITION BY place.lead_id) AS has_last FROM place) p
    WHERE p.is_last OR NOT p.has_last AND p.body_id = p.lead_id
)
SELECT DISTINCT e.lead_id, above.id
FROM ended e JOIN directory_organisation o ON o.id = e.body_id
CROSS JOIN LATERAL unnest(CASE WHEN cardinality(o.path) = 0 THEN ARRAY[o.id] ELSE o.path END || 0::bigint) AS above(id);
$$;
"""
_CHOSEN_LEADS = {"name": "monitoring_lineages(chosen bigint[], on_day date)", "of_lead": "o.id IN (SELECT unnest(chosen))"}
_ALL_LEADS = {"name": "monitoring_all_lineages(on_day date)", "of_lead": "true"}

# The day is read when the statement runs, after its snapshot was taken: no row that it sees was derived on a later day.
_TODAY = """
CREATE FUNCTION monitoring_today() RETURNS date LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(day_given, (clock_timestamp() AT TIME ZONE zone)::date) FROM monitoring_rollupstate);
END $$;
"""
_UNDO = """
DROP FUNCTION monitoring_today();
DROP FUNCTION monitoring_all_lineages(date);
DROP FUNCTION monitoring_lineages(bigint[], date);
DROP FUNCTION monitoring_all_standings(date);
DROP FUNCTION monitoring_standings(bigint[], date);
DELETE FROM monitoring_rollupstate;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0005_rollup_tables"),
        ("directory", "0005_api_tokens"),
        ("documents", "0005_row_security"),
        ("programmes", "0006_row_security"),
        ("reporting", "0007_lighter_obligations"),
    ]
    operations = [
        migrations.RunSQL(
            "INSERT INTO monitoring_rollupstate (id, zone, work, room, done)"
            f" VALUES (1, '{settings.TIME_ZONE}', '', 0, 0);"
            + _DERIVED.format(**_CHOSEN)
            + _DERIVED.format(**_ALL)
            + _LINEAGES.format(**_CHOSEN_LEADS)
            + _LINEAGES.format(**_ALL_LEADS)
            + _TODAY,
            _UNDO,
        ),
    ]
