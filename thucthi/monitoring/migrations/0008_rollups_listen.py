"""Triggers keep the standings; a bell makes the engine work (ADR 0035).

Triggers run with the owner's rights: whoever writes may not be shown every task that his write concerns, and the
application role may read the engine's tables but write nothing in them except the bell.
"""

from django.db import migrations

_LANGUAGE = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

_FUNCTIONS = f"""
CREATE FUNCTION monitoring_roll_fact() {_LANGUAGE} AS $$
BEGIN
    PERFORM monitoring_rederive((SELECT array_agg(DISTINCT task_id) FROM new_rows), false);
    RETURN NULL;
END $$;
CREATE FUNCTION monitoring_roll_acceptance() {_LANGUAGE} AS $$
BEGIN
    PERFORM monitoring_rederive((
        SELECT array_agg(DISTINCT r.task_id) FROM new_rows a JOIN reporting_report r ON r.id = a.report_id), false);
    RETURN NULL;
END $$;
-- What comes due after tomorrow changes nothing yet but the day on which to look again.
CREATE FUNCTION monitoring_roll_obligation() {_LANGUAGE} AS $$
DECLARE
    today date := monitoring_today();
BEGIN
    PERFORM monitoring_rederive((SELECT array_agg(DISTINCT task_id) FROM new_rows WHERE due_on <= today + 1), false);
    WITH due AS (
        SELECT task_id, min(due_on) AS due_on FROM new_rows WHERE due_on > today + 1 GROUP BY task_id
    ), held AS (
        SELECT s.task_id FROM monitoring_taskstanding s JOIN due ON due.task_id = s.task_id
        WHERE s.stale_on IS NULL OR s.stale_on > due.due_on
        ORDER BY s.task_id FOR UPDATE OF s
    )
    UPDATE monitoring_taskstanding s SET stale_on = least(s.stale_on, due.due_on)
    FROM due JOIN held ON held.task_id = due.task_id WHERE s.task_id = due.task_id;
    RETURN NULL;
END $$;
-- A programme is held while tasks come into it, and while what it says of all its tasks changes: neither misses the other.
CREATE FUNCTION monitoring_roll_task() {_LANGUAGE} AS $$
DECLARE
    chosen bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO chosen FROM old_rows;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM programmes_programme WHERE id IN (SELECT programme_id FROM new_rows) ORDER BY id FOR SHARE;
        SELECT array_agg(id) INTO chosen FROM new_rows;
    ELSE
        PERFORM 1 FROM programmes_programme WHERE id IN (
            SELECT n.programme_id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE n.programme_id <> o.programme_id)
        ORDER BY id FOR SHARE;
        SELECT array_agg(n.id) INTO chosen FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE (n.programme_id, n.lead_id, n.is_issued, n.deadline_kind, n.resolved_end)
              IS DISTINCT FROM (o.programme_id, o.lead_id, o.is_issued, o.deadline_kind, o.resolved_end);
    END IF;
    PERFORM monitoring_rederive(chosen, false);
    RETURN NULL;
END $$;
CREATE FUNCTION monitoring_roll_programme() {_LANGUAGE} AS $$
BEGIN
    PERFORM monitoring_rederive((
        SELECT array_agg(t.id) FROM new_rows n JOIN old_rows o ON o.id = n.id
        JOIN programmes_task t ON t.programme_id = n.id WHERE n.issued_on IS DISTINCT FROM o.issued_on), false);
    RETURN NULL;
END $$;
CREATE FUNCTION monitoring_roll_basis() {_LANGUAGE} AS $$
DECLARE
    chosen bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT programme_id) INTO chosen FROM old_rows;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT programme_id) INTO chosen FROM new_rows;
        PERFORM 1 FROM documents_document WHERE id IN (SELECT document_id FROM new_rows) ORDER BY id FOR SHARE;
    ELSE
        SELECT array_agg(programme_id) INTO chosen
        FROM (SELECT programme_id FROM new_rows UNION SELECT programme_id FROM old_rows) both_sides;
        PERFORM 1 FROM documents_document WHERE id IN (SELECT document_id FROM new_rows) ORDER BY id FOR SHARE;
    END IF;
    PERFORM 1 FROM programmes_programme WHERE id = ANY (chosen) ORDER BY id FOR NO KEY UPDATE;
    PERFORM monitoring_rederive((
        SELECT array_agg(id) FROM programmes_task WHERE programme_id = ANY (chosen)), false);
    RETURN NULL;
END $$;
CREATE FUNCTION monitoring_roll_document() {_LANGUAGE} AS $$
DECLARE
    chosen bigint[];
BEGIN
    SELECT array_agg(DISTINCT b.programme_id) INTO chosen
    FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN programmes_programmebasis b ON b.document_id = n.id
    WHERE n.security <> o.security;
    IF chosen IS NOT NULL THEN
        PERFORM 1 FROM programmes_programme WHERE id = ANY (chosen) ORDER BY id FOR NO KEY UPDATE;
        PERFORM monitoring_rederive((
            SELECT array_agg(id) FROM programmes_task WHERE programme_id = ANY (chosen)), false);
    END IF;
    RETURN NULL;
END $$;
"""
_TREE = f"""
-- Nobody counts yet in the lineage of a body that is new; another one takes with it whatever it and its like led.
CREATE FUNCTION monitoring_roll_organisation() {_LANGUAGE} AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO monitoring_lineage (lead_id, ancestor_id)
        SELECT l.lead_id, l.ancestor_id
        FROM monitoring_lineages((SELECT array_agg(id) FROM new_rows), monitoring_today()) l
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END IF;
    UPDATE monitoring_rollup r SET kind = n.kind FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE n.kind <> o.kind AND r.organisation_id = n.id;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o ON o.id = n.id
               WHERE (n.path, n.valid_to) IS DISTINCT FROM (o.path, o.valid_to)) THEN
        PERFORM 1 FROM monitoring_rollupstate FOR UPDATE;
        PERFORM monitoring_retie(ARRAY(
            WITH RECURSIVE touched AS (
                SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
                WHERE (n.path, n.valid_to) IS DISTINCT FROM (o.path, o.valid_to)
                UNION
                SELECT s.predecessor_id FROM touched JOIN directory_succession s ON s.successor_id = touched.id
            ) SELECT id FROM touched));
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION monitoring_roll_succession() {_LANGUAGE} AS $$
BEGIN
    PERFORM 1 FROM monitoring_rollupstate FOR UPDATE;
    PERFORM monitoring_retie(ARRAY(
        WITH RECURSIVE touched AS (
            SELECT predecessor_id AS id FROM new_rows
            UNION
            SELECT s.predecessor_id FROM touched JOIN directory_succession s ON s.successor_id = touched.id
        ) SELECT id FROM touched));
    RETURN NULL;
END $$;
"""
# After the row is written, so that its lock is held; what is locked by a writer is left for the next time.
_BELL = f"""
CREATE FUNCTION monitoring_roll_bell() {_LANGUAGE} AS $$
DECLARE
    today date := monitoring_today();
    made integer := 0;
    chosen bigint[];
BEGIN
    IF NEW.work = 'rebuild' THEN
        made := monitoring_rebuild();
    ELSE
        IF NEW.tree_stale_on <= today THEN
            PERFORM monitoring_retie(ARRAY(SELECT id FROM directory_organisation));
        END IF;
        IF NEW.work = 'roll' THEN
            SELECT array_agg(task_id) INTO chosen FROM (
                SELECT s.task_id FROM monitoring_taskstanding s WHERE s.stale_on <= today + 1
                    -- A deadline that moves tomorrow waits for the day: `ahead_…` holds no other deadline.
                    AND (s.stale_on <= today OR NOT EXISTS (
                        SELECT 1 FROM programmes_taskchange c
                        WHERE c.task_id = s.task_id AND c.field = 'deadline' AND c.decided_on = today + 1))
                ORDER BY s.stale_on LIMIT NEW.room FOR UPDATE OF s SKIP LOCKED) stale;
            made := monitoring_rederive(chosen, true);
        ELSE
            made := monitoring_fold();
        END IF;
    END IF;
    UPDATE monitoring_rollupstate SET work = '', done = made;
    RETURN NULL;
END $$;
CREATE TRIGGER monitoring_rollupstate_bell AFTER UPDATE ON monitoring_rollupstate
    FOR EACH ROW WHEN (OLD.work = '' AND NEW.work <> '') EXECUTE FUNCTION monitoring_roll_bell();
"""
_HEARD = (
    ("programmes_task", "INSERT", "task"),
    ("programmes_task", "UPDATE", "task"),
    ("programmes_task", "DELETE", "task"),
    ("programmes_taskevent", "INSERT", "fact"),
    ("programmes_taskchange", "INSERT", "fact"),
    ("programmes_programme", "UPDATE", "programme"),
    ("programmes_programmebasis", "INSERT", "basis"),
    ("programmes_programmebasis", "UPDATE", "basis"),
    ("programmes_programmebasis", "DELETE", "basis"),
    ("documents_document", "UPDATE", "document"),
    ("reporting_obligation", "INSERT", "obligation"),
    ("reporting_report", "INSERT", "fact"),
    ("reporting_acceptance", "INSERT", "acceptance"),
    ("directory_organisation", "INSERT", "organisation"),
    ("directory_organisation", "UPDATE", "organisation"),
    ("directory_succession", "INSERT", "succession"),
)
_ROWS = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
_ROWS["UPDATE"] = f"{_ROWS['DELETE']} {_ROWS['INSERT']}"
_TRIGGERS = "".join(
    f"CREATE TRIGGER monitoring_rolls_{event.lower()} AFTER {event} ON {table} REFERENCING {_ROWS[event]}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION monitoring_roll_{function}();\n"
    for table, event, function in _HEARD
)
_UNDO = (
    "DROP TRIGGER monitoring_rollupstate_bell ON monitoring_rollupstate; DROP FUNCTION monitoring_roll_bell();"
    + "".join(f"DROP TRIGGER monitoring_rolls_{event.lower()} ON {table};" for table, event, _function in _HEARD)
    + "".join(f"DROP FUNCTION monitoring_roll_{name}();" for name in sorted({row[2] for row in _HEARD}))
)
# Order of the ranking: the share of running tasks with a deadline that are past it. Room on each page for rows that
# change without moving in an index; the small tables of what waits are swept early.
_STORED = """
CREATE INDEX rollup_rank ON monitoring_rollup (kind,
    ((schedule_overdue::float8 / greatest(1, schedule_on_time + schedule_due_soon + schedule_overdue))) DESC,
    organisation_id) WHERE document_id = 0;
ALTER TABLE monitoring_taskstanding SET (fillfactor = 80);
ALTER TABLE monitoring_rollup SET (fillfactor = 70);
ALTER TABLE monitoring_leadcount SET (fillfactor = 70);
ALTER TABLE monitoring_rollupdelta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);
ALTER TABLE monitoring_rollupstate SET (fillfactor = 10);
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0007_rollups_are_kept")]
    operations = [
        migrations.RunSQL(_FUNCTIONS + _TREE + _BELL, migrations.RunSQL.noop),
        migrations.RunSQL(_TRIGGERS, _UNDO),
        migrations.RunSQL(_STORED, "DROP INDEX rollup_rank;"),
        migrations.RunSQL("UPDATE monitoring_rollupstate SET work = 'rebuild';", migrations.RunSQL.noop),
    ]
