"""How standings are derived anew, and how what moved is folded into the counts (ADR 0035).

Every write derives its tasks anew under a lock on their standings, and notes old → new in `monitoring_rollupdelta`: only
inserted, so that writers of different tasks never wait for each other. These functions run with the rights
of whoever calls them: of the owner in the triggers of the next migration; called by hand as the application they fail.
"""

from django.db import migrations

_STAGES = (
    "draft", "issued", "received", "in_progress", "awaiting_acceptance", "returned", "done", "suspended", "cancelled",
    "superseded",
)  # fmt: skip
_SCHEDULES = ("no_deadline", "on_time", "due_soon", "overdue", "done_early", "done_on_time", "done_late")
_MADE = {
    **{f"stage_{each}": f"c.stage = '{each}'" for each in _STAGES},
    **{f"schedule_{each}": f"c.schedule = '{each}'" for each in _SCHEDULES},
    "owed": "c.reported <> 'not_owed'",
    "reported": "c.reported = 'reported'",
}
_COLUMNS = ", ".join(_MADE)
_SUMS = ", ".join(f"sum(s.times * c.times * ({condition})::int)::int AS {name}" for name, condition in _MADE.items())
_MOVED = ", ".join(f"x.{name}" for name in _MADE)
_ANY = " OR ".join(f"x.{name} <> 0" for name in _MADE)
_TOTALS = ", ".join(f"sum(x.{name})::int AS {name}" for name in _MADE)
_SIGNED = ", ".join(f"sum(m.times * x.{name})::int AS {name}" for name in _MADE)
_ADDED = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in _MADE)
_TAKEN = ", ".join(f"{name} = excluded.{name}" for name in _MADE)
_KEPT = ", ".join(f"kept.{name}" for name in _MADE)
_EXCLUDED = ", ".join(f"excluded.{name}" for name in _MADE)
ALWAYS = "date '0001-01-01'"

# From `s` (standings with `times` 1 or -1) to counts by lead, document and the day from which they hold.
_COUNTED = f"""
    SELECT x.* FROM (
        SELECT s.lead_id, d.document_id, c.day, {_SUMS}
        FROM {{rows}} s
        CROSS JOIN LATERAL unnest(0::bigint || s.documents) AS d(document_id)
        CROSS JOIN LATERAL (
            SELECT {ALWAYS} AS day, 1 AS times, s.stage, s.schedule, s.reported
            UNION ALL
            SELECT CASE WHEN s.ahead_on <= today THEN {ALWAYS} ELSE s.ahead_on END, 1,
                   s.ahead_stage, s.ahead_schedule, s.ahead_reported WHERE s.ahead_on IS NOT NULL
            UNION ALL
            SELECT CASE WHEN s.ahead_on <= today THEN {ALWAYS} ELSE s.ahead_on END, -1,
                   s.stage, s.schedule, s.reported WHERE s.ahead_on IS NOT NULL
        ) c
        WHERE s.is_issued AND {{which}}
        GROUP BY s.lead_id, d.document_id, c.day
    ) x WHERE {_ANY}
"""
# What is stale is derived while it is read, until the bell has come round to it. Whether anything is, the first entry
# of an index says; asked with EXISTS the planner hopes for a stale row soon, and reads the whole table when there is none.
_COUNT_FUNCTIONS = f"""
CREATE TYPE monitoring_counted AS (lead_id bigint, document_id bigint, day date, {" integer, ".join(_MADE)} integer);
CREATE FUNCTION monitoring_all_counts(today date)
RETURNS SETOF monitoring_counted LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
{_COUNTED.format(rows="(SELECT 1 AS times, t.* FROM monitoring_taskstanding t)", which="s.is_open")}
$$;
CREATE FUNCTION monitoring_stale_standings(today date)
RETURNS SETOF monitoring_taskstanding LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT min(stale_on) FROM monitoring_taskstanding) <= today THEN
        RETURN QUERY SELECT * FROM monitoring_standings(
            ARRAY(SELECT task_id FROM monitoring_taskstanding WHERE stale_on <= today), today);
    END IF;
END $$;
CREATE FUNCTION monitoring_drift(today date)
RETURNS SETOF monitoring_counted LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT min(stale_on) FROM monitoring_taskstanding) <= today THEN
        RETURN QUERY {
    _COUNTED.format(
        rows="(SELECT -1 AS times, t.* FROM monitoring_taskstanding t WHERE t.stale_on <= today"
        " UNION ALL SELECT 1, f.* FROM monitoring_stale_standings(today) f)",
        which="s.is_open",
    )
};
    END IF;
END $$;
CREATE FUNCTION monitoring_hidden_counts(programmes bigint[], today date)
RETURNS SETOF monitoring_counted LANGUAGE plpgsql STABLE ROWS 100 SET search_path = public, pg_temp AS $$
BEGIN RETURN QUERY
{
    _COUNTED.format(
        rows="(SELECT 1 AS times, t.* FROM monitoring_taskstanding t WHERE t.is_issued AND NOT t.is_open"
        " AND t.programme_id = ANY (programmes) AND (t.stale_on IS NULL OR t.stale_on > today)"
        " UNION ALL SELECT 1, f.* FROM monitoring_stale_standings(today) f WHERE f.programme_id = ANY (programmes))",
        which="NOT s.is_open",
    )
};
END $$;
"""

_REDERIVE = f"""
CREATE FUNCTION monitoring_rederive(chosen bigint[], is_ahead boolean) RETURNS integer LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    today date;
    tomorrow bigint[];
    before monitoring_taskstanding[];
    after monitoring_taskstanding[];
BEGIN
    IF chosen IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM 1 FROM monitoring_taskstanding WHERE task_id = ANY (chosen) ORDER BY task_id FOR UPDATE;
    -- Only now: whoever waited for the lock may have waited into the next day.
    today := monitoring_today();
    SELECT array_agg(t) INTO before FROM monitoring_taskstanding t WHERE t.task_id = ANY (chosen);
    SELECT array_agg(f) INTO after FROM monitoring_standings(chosen, today) f;
    IF is_ahead OR EXISTS (SELECT 1 FROM unnest(before) b WHERE b.ahead_on > today) THEN
        SELECT array_agg(task_id) INTO tomorrow FROM unnest(after) WHERE stale_on = today + 1;
        SELECT array_agg(ROW(a.task_id, a.documents, a.is_issued, a.is_open, a.stage, a.schedule, a.reported, a.due_on,
                CASE WHEN n.task_id IS NOT NULL THEN today + 1 END, n.stage, n.schedule, n.reported,
                CASE WHEN n.task_id IS NOT NULL THEN n.stale_on ELSE a.stale_on END,
                a.lead_id, a.programme_id)::monitoring_taskstanding) INTO after
        FROM unnest(after) a LEFT JOIN monitoring_standings(tomorrow, today + 1) n
            ON n.task_id = a.task_id AND n.due_on IS NOT DISTINCT FROM a.due_on;
    END IF;
    IF before IS NOT DISTINCT FROM after THEN
        RETURN 0;
    END IF;
    DELETE FROM monitoring_taskstanding WHERE task_id IN (
        SELECT task_id FROM unnest(before) EXCEPT SELECT task_id FROM unnest(after));
    INSERT INTO monitoring_taskstanding AS kept SELECT a.* FROM unnest(after) a
    ON CONFLICT (task_id) DO UPDATE SET
        documents = excluded.documents, is_issued = excluded.is_issued, is_open = excluded.is_open,
        stage = excluded.stage, schedule = excluded.schedule, reported = excluded.reported, due_on = excluded.due_on,
        ahead_on = excluded.ahead_on, ahead_stage = excluded.ahead_stage, ahead_schedule = excluded.ahead_schedule,
        ahead_reported = excluded.ahead_reported, stale_on = excluded.stale_on, lead_id = excluded.lead_id,
        programme_id = excluded.programme_id
    WHERE kept IS DISTINCT FROM excluded;
    INSERT INTO monitoring_rollupdelta (lead_id, document_id, day, {_COLUMNS})
    {_COUNTED.format(rows="(SELECT -1 AS times, b.* FROM unnest(before) b UNION ALL SELECT 1, a.* FROM unnest(after) a)", which="s.is_open")};
    RETURN cardinality(chosen);
END $$;
"""

# EXCEPT compares sets, whatever the planner believes of their sizes: NOT EXISTS went through 10,000 × 10,000 pairs while
# the tables had no statistics yet.
# The lineages of some leads, and with them what their own counts put into the counts of those above.
_RETIE = f"""
CREATE FUNCTION monitoring_retie(chosen bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    today date;
BEGIN
    PERFORM 1 FROM monitoring_rollupstate FOR UPDATE;
    today := monitoring_today();
    WITH fresh AS MATERIALIZED (
        SELECT * FROM monitoring_lineages(chosen, today)
    ), outdated AS (
        SELECT l.lead_id, l.ancestor_id FROM monitoring_lineage l WHERE l.lead_id IN (SELECT unnest(chosen))
        EXCEPT SELECT f.lead_id, f.ancestor_id FROM fresh f
    ), gone AS (
        DELETE FROM monitoring_lineage old USING outdated o
        WHERE old.lead_id = o.lead_id AND old.ancestor_id = o.ancestor_id
        RETURNING old.lead_id, old.ancestor_id
    ), come AS (
        INSERT INTO monitoring_lineage (lead_id, ancestor_id) SELECT f.lead_id, f.ancestor_id FROM fresh f
        ON CONFLICT DO NOTHING RETURNING lead_id, ancestor_id
    ), m AS (
        SELECT -1 AS times, lead_id, ancestor_id FROM gone UNION ALL SELECT 1, lead_id, ancestor_id FROM come
    )
    INSERT INTO monitoring_rollup AS kept (organisation_id, document_id, kind, {_COLUMNS})
    SELECT x.ancestor_id, x.document_id, coalesce(o.kind, ''), {_MOVED}
    FROM (SELECT m.ancestor_id, x.document_id, {_SIGNED} FROM m JOIN monitoring_leadcount x ON x.lead_id = m.lead_id
          GROUP BY m.ancestor_id, x.document_id) x
    LEFT JOIN directory_organisation o ON o.id = x.ancestor_id
    ON CONFLICT (organisation_id, document_id) DO UPDATE SET {_ADDED};
    UPDATE monitoring_rollupstate SET tree_stale_on = (
        SELECT min(day) FROM (
            SELECT o.valid_to + 1 AS day FROM directory_organisation o
            WHERE o.valid_to >= today AND EXISTS (SELECT 1 FROM directory_succession s WHERE s.predecessor_id = o.id)
            UNION ALL
            SELECT e.effective_on FROM directory_organisationevent e
            WHERE e.effective_on > today AND EXISTS (SELECT 1 FROM directory_succession s WHERE s.event_id = e.id)
        ) days);
END $$;
"""

_FOLD = f"""
CREATE FUNCTION monitoring_fold() RETURNS integer LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := monitoring_today();
    folded integer;
BEGIN
    WITH gone AS (
        DELETE FROM monitoring_rollupdelta WHERE day <= today RETURNING *
    ), own AS (
        SELECT x.lead_id, x.document_id, count(*) AS rows, {_TOTALS} FROM gone x GROUP BY x.lead_id, x.document_id
    ), led AS (
        INSERT INTO monitoring_leadcount AS kept (lead_id, document_id, {_COLUMNS})
        SELECT x.lead_id, x.document_id, {_MOVED} FROM own x ORDER BY 1, 2
        ON CONFLICT (lead_id, document_id) DO UPDATE SET {_ADDED}
    ), up AS (
        INSERT INTO monitoring_rollup AS kept (organisation_id, document_id, kind, {_COLUMNS})
        SELECT x.ancestor_id, x.document_id, coalesce(o.kind, ''), {_MOVED}
        FROM (SELECT l.ancestor_id, x.document_id, {_TOTALS} FROM own x JOIN monitoring_lineage l USING (lead_id)
              GROUP BY l.ancestor_id, x.document_id) x
        LEFT JOIN directory_organisation o ON o.id = x.ancestor_id
        ON CONFLICT (organisation_id, document_id) DO UPDATE SET {_ADDED}
    )
    SELECT coalesce(sum(rows), 0) INTO folded FROM own;
    RETURN folded;
END $$;
"""

# Standings that are right already are not written again. Nothing is truncated: readers go on reading what stood.
_REBUILD = f"""
CREATE FUNCTION monitoring_rebuild() RETURNS integer LANGUAGE plpgsql
SET search_path = public, pg_temp SET work_mem = '128MB' AS $$
DECLARE
    today date;
    made integer;
    mended integer := 0;
BEGIN
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
    CREATE TEMP TABLE fresh_count ON COMMIT DROP AS SELECT * FROM monitoring_all_counts(today);
    DELETE FROM monitoring_leadcount old WHERE NOT EXISTS (
        SELECT 1 FROM fresh_count f WHERE f.lead_id = old.lead_id AND f.document_id = old.document_id);
    INSERT INTO monitoring_leadcount AS kept (lead_id, document_id, {_COLUMNS})
    SELECT x.lead_id, x.document_id, {_MOVED} FROM fresh_count x
    ON CONFLICT (lead_id, document_id) DO UPDATE SET {_TAKEN}
    WHERE ({_KEPT}) IS DISTINCT FROM ({_EXCLUDED});
    DROP TABLE fresh_count;
    DELETE FROM monitoring_rollup;
    DELETE FROM monitoring_lineage;
    PERFORM monitoring_retie(ARRAY(SELECT id FROM directory_organisation));
    -- Whoever reads next must not plan for empty tables.
    ANALYZE monitoring_taskstanding, monitoring_lineage, monitoring_leadcount, monitoring_rollup;
    RETURN mended;
END $$;
"""

_UNDO = """
DROP FUNCTION monitoring_rebuild();
DROP FUNCTION monitoring_fold();
DROP FUNCTION monitoring_retie(bigint[]);
DROP FUNCTION monitoring_rederive(bigint[], boolean);
DROP FUNCTION monitoring_hidden_counts(bigint[], date);
DROP FUNCTION monitoring_drift(date);
DROP FUNCTION monitoring_stale_standings(date);
DROP FUNCTION monitoring_all_counts(date);
DROP TYPE monitoring_counted;
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0006_standings_are_derived")]
    operations = [
        migrations.RunSQL(_COUNT_FUNCTIONS + _REDERIVE + _RETIE + _FOLD + _REBUILD, _UNDO),
    ]
