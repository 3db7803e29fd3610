# ruff: noqa: S608 - every part of these statements is a constant of ours
"""All summaries made anew write only what differs (ADR 0035).

Lineages and counts of subtrees were deleted and written again with their indexes, though hardly one of them had
changed. What is found is joined with what stands, and rows that are the same are left alone.
"""

from django.db import migrations

_NAMES = (
    "stage_draft", "stage_issued", "stage_received", "stage_in_progress", "stage_awaiting_acceptance", "stage_returned",
    "stage_done", "stage_suspended", "stage_cancelled", "stage_superseded", "schedule_no_deadline", "schedule_on_time",
    "schedule_due_soon", "schedule_overdue", "schedule_done_early", "schedule_done_on_time", "schedule_done_late",
    "owed", "reported",
)  # fmt: skip
_COLUMNS = ", ".join(_NAMES)
_TOTALS = ", ".join(f"sum(x.{name})::int AS {name}" for name in _NAMES)
_FOUND = ", ".join(f"f.{name}" for name in _NAMES)
_OLD = ", ".join(f"old.{name}" for name in _NAMES)
_TAKEN = ", ".join(f"{name} = excluded.{name}" for name in _NAMES)

_STANDINGS = """
    LOCK TABLE monitoring_taskstanding IN EXCLUSIVE MODE;
    today := monitoring_today();
    CREATE TEMP TABLE fresh_standing ON COMMIT DROP AS SELECT * FROM monitoring_all_standings(today);
    DELETE FROM monitoring_taskstanding old
    WHERE NOT EXISTS (SELECT 1 FROM fresh_standing f WHERE f.task_id = old.task_id);
    GET DIAGNOSTICS made = ROW_COUNT;
    mended := mended + made;
    INSERT INTO monitoring_taskstanding AS kept
    SELECT f.* FROM fresh_standing f LEFT JOIN monitoring_taskstanding old ON old.task_id = f.task_id
    WHERE ROW(old.*) IS DISTINCT FROM ROW(f.*)
    ON CONFLICT (task_id) DO UPDATE SET
        documents = excluded.documents, is_issued = excluded.is_issued, is_open = excluded.is_open,
        stage = excluded.stage, schedule = excluded.schedule, reported = excluded.reported, due_on = excluded.due_on,
        ahead_on = excluded.ahead_on, ahead_stage = excluded.ahead_stage, ahead_schedule = excluded.ahead_schedule,
        ahead_reported = excluded.ahead_reported, stale_on = excluded.stale_on, lead_id = excluded.lead_id,
        programme_id = excluded.programme_id;
    GET DIAGNOSTICS made = ROW_COUNT;
    mended := mended + made;
    DROP TABLE fresh_standing;
    DELETE FROM monitoring_rollupdelta;
"""
_COUNTS = f"""
    CREATE TEMP TABLE fresh_count ON COMMIT DROP AS SELECT * FROM monitoring_all_counts(today);
    DELETE FROM monitoring_leadcount old WHERE NOT EXISTS (
        SELECT 1 FROM fresh_count f WHERE f.lead_id = old.lead_id AND f.document_id = old.document_id);
    INSERT INTO monitoring_leadcount (lead_id, document_id, {_COLUMNS})
    SELECT f.lead_id, f.document_id, {_FOUND} FROM fresh_count f
    LEFT JOIN monitoring_leadcount old ON old.lead_id = f.lead_id AND old.document_id = f.document_id
    WHERE ({_FOUND}) IS DISTINCT FROM ({_OLD})
    ON CONFLICT (lead_id, document_id) DO UPDATE SET {_TAKEN};
"""
_TREE = f"""
    CREATE TEMP TABLE fresh_lineage ON COMMIT DROP AS SELECT * FROM monitoring_all_lineages(today);
    DELETE FROM monitoring_lineage old WHERE NOT EXISTS (
        SELECT 1 FROM fresh_lineage f WHERE f.lead_id = old.lead_id AND f.ancestor_id = old.ancestor_id);
    INSERT INTO monitoring_lineage (lead_id, ancestor_id)
    SELECT f.lead_id, f.ancestor_id FROM fresh_lineage f WHERE NOT EXISTS (
        SELECT 1 FROM monitoring_lineage old WHERE old.lead_id = f.lead_id AND old.ancestor_id = f.ancestor_id);
    CREATE TEMP TABLE fresh_rollup ON COMMIT DROP AS
    SELECT x.*, coalesce(o.kind, '') AS kind
    FROM (SELECT l.ancestor_id AS organisation_id, x.document_id, {_TOTALS}
          FROM fresh_count x JOIN fresh_lineage l ON l.lead_id = x.lead_id
          GROUP BY l.ancestor_id, x.document_id) x
    LEFT JOIN directory_organisation o ON o.id = x.organisation_id;
    DELETE FROM monitoring_rollup old WHERE NOT EXISTS (
        SELECT 1 FROM fresh_rollup f
        WHERE f.organisation_id = old.organisation_id AND f.document_id = old.document_id);
    INSERT INTO monitoring_rollup (organisation_id, document_id, kind, {_COLUMNS})
    SELECT f.organisation_id, f.document_id, f.kind, {_FOUND} FROM fresh_rollup f
    LEFT JOIN monitoring_rollup old
        ON old.organisation_id = f.organisation_id AND old.document_id = f.document_id
    WHERE (f.kind, {_FOUND}) IS DISTINCT FROM (old.kind, {_OLD})
    ON CONFLICT (organisation_id, document_id) DO UPDATE SET kind = excluded.kind, {_TAKEN};
    DROP TABLE fresh_count, fresh_lineage, fresh_rollup;
    -- Of no lead: what is left of it is the day on which the tree is to be looked at again.
    PERFORM monitoring_retie('{{}}');
"""
_REBUILD = f"""
CREATE OR REPLACE FUNCTION monitoring_rebuild() RETURNS integer LANGUAGE plpgsql
SET search_path = public, pg_temp SET work_mem = '128MB' AS $$
DECLARE
    today date;
    made integer;
    mended integer := 0;
BEGIN
{_STANDINGS}{_COUNTS}{_TREE}
    -- Whoever reads next must not plan for empty tables.
    ANALYZE monitoring_taskstanding, monitoring_lineage, monitoring_leadcount, monitoring_rollup;
    RETURN mended;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0012_questions_kept")]
    operations = [migrations.RunSQL(_REBUILD, migrations.RunSQL.noop)]
