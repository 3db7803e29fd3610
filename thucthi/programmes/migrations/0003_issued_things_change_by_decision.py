"""Issued tasks and mandatory checkpoints change only to what their newest recorded decision says, whoever asks.

The rows that belong to an issued task (coordinators, citations, milestones) stand still with it, except that an
organisation that has become the lead stops being a coordinator.
"""

from django.db import migrations

TASK = """
CREATE FUNCTION programmes_newest_change(task bigint, what text) RETURNS programmes_taskchange LANGUAGE sql STABLE AS $$
    SELECT * FROM programmes_taskchange WHERE task_id = task AND field = what ORDER BY id DESC LIMIT 1
$$;

CREATE FUNCTION programmes_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION programmes_issued_task_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change programmes_taskchange;
    movable constant text[] := ARRAY['text', 'product', 'deadline_raw', 'deadline_kind', 'deadline_precision',
        'deadline_recurrence', 'deadline_trigger', 'resolved_end', 'lead_id', 'version', 'search_text'];
BEGIN
    IF NOT OLD.is_issued THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM programmes_refuse('an issued task is never deleted');
    END IF;
    IF (to_jsonb(NEW) - movable) IS DISTINCT FROM (to_jsonb(OLD) - movable) THEN
        PERFORM programmes_refuse('an issued task is rewritten only in text, product, deadline and lead');
    END IF;
    IF NEW.text IS DISTINCT FROM OLD.text THEN
        change := programmes_newest_change(OLD.id, 'text');
        IF (change.old_value, change.new_value) IS DISTINCT FROM (OLD.text, NEW.text) THEN
            PERFORM programmes_refuse('the text of an issued task changes by a recorded decision');
        END IF;
    END IF;
    IF NEW.product IS DISTINCT FROM OLD.product THEN
        change := programmes_newest_change(OLD.id, 'product');
        IF (change.old_value, change.new_value) IS DISTINCT FROM (OLD.product, NEW.product) THEN
            PERFORM programmes_refuse('the product of an issued task changes by a recorded decision');
        END IF;
    END IF;
    IF (NEW.deadline_raw, NEW.resolved_end, NEW.deadline_kind, NEW.deadline_recurrence, NEW.deadline_trigger)
       IS DISTINCT FROM
       (OLD.deadline_raw, OLD.resolved_end, OLD.deadline_kind, OLD.deadline_recurrence, OLD.deadline_trigger) THEN
        change := programmes_newest_change(OLD.id, 'deadline');
        IF (change.old_value, change.new_value, change.old_end, change.new_end) IS DISTINCT FROM
           (OLD.deadline_raw, NEW.deadline_raw, OLD.resolved_end, NEW.resolved_end) THEN
            PERFORM programmes_refuse('the deadline of an issued task changes by a recorded decision');
        END IF;
    END IF;
    IF NEW.lead_id IS DISTINCT FROM OLD.lead_id THEN
        change := programmes_newest_change(OLD.id, 'lead');
        IF (change.old_value, change.new_value) IS DISTINCT FROM (
            (SELECT official_name::text FROM directory_organisation WHERE id = OLD.lead_id),
            (SELECT official_name::text FROM directory_organisation WHERE id = NEW.lead_id)) THEN
            PERFORM programmes_refuse('the lead of an issued task changes by a recorded decision');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER programmes_task_stands BEFORE UPDATE OR DELETE ON programmes_task
    FOR EACH ROW EXECUTE FUNCTION programmes_issued_task_stands();
"""

UNDO_TASK = """
DROP TRIGGER programmes_task_stands ON programmes_task;
DROP FUNCTION programmes_issued_task_stands();
DROP FUNCTION programmes_newest_change(bigint, text);
"""

PARTS = """
CREATE FUNCTION programmes_parts_of_issued_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    charged programmes_task;
BEGIN
    SELECT * INTO charged FROM programmes_task WHERE id = COALESCE(OLD.task_id, NEW.task_id);
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'programmes_coordination' THEN
        IF (to_jsonb(OLD) ->> 'organisation_id')::bigint = charged.lead_id THEN
            RETURN OLD;
        END IF;
    END IF;
    IF charged.is_issued THEN
        PERFORM programmes_refuse('what belongs to an issued task stands still');
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
"""

PART_TRIGGERS = """
CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION programmes_parts_of_issued_stand();
"""

CHECKPOINT = """
CREATE FUNCTION programmes_checkpoint_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    move programmes_checkpointmove;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM programmes_refuse('a mandatory checkpoint is never deleted');
    END IF;
    IF (to_jsonb(NEW) - 'due_on') IS DISTINCT FROM (to_jsonb(OLD) - 'due_on') THEN
        PERFORM programmes_refuse('of a checkpoint only the day moves');
    END IF;
    IF NEW.due_on IS DISTINCT FROM OLD.due_on THEN
        SELECT * INTO move FROM programmes_checkpointmove WHERE checkpoint_id = OLD.id ORDER BY id DESC LIMIT 1;
        IF (move.old_due_on, move.new_due_on) IS DISTINCT FROM (OLD.due_on, NEW.due_on) THEN
            PERFORM programmes_refuse('a checkpoint moves by a recorded decision');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER programmes_checkpoint_stands BEFORE UPDATE OR DELETE ON programmes_checkpoint
    FOR EACH ROW EXECUTE FUNCTION programmes_checkpoint_stands();
"""

PROGRAMME = """
CREATE FUNCTION programmes_issued_programme_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_on IS NOT NULL AND (
        TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'version' - 'rhythm') IS DISTINCT FROM (to_jsonb(OLD) - 'version' - 'rhythm')
    ) THEN
        PERFORM programmes_refuse('an issued programme is not rewritten');
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER programmes_programme_stands BEFORE UPDATE OR DELETE ON programmes_programme
    FOR EACH ROW EXECUTE FUNCTION programmes_issued_programme_stands();
"""

UNDO_PROGRAMME = """
DROP TRIGGER programmes_programme_stands ON programmes_programme;
DROP FUNCTION programmes_issued_programme_stands();
"""

UNDO_CHECKPOINT = """
DROP TRIGGER programmes_checkpoint_stands ON programmes_checkpoint;
DROP FUNCTION programmes_checkpoint_stands();
"""

PART_TABLES = ("programmes_coordination", "programmes_citation", "programmes_milestone")


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0002_facts_are_only_added"),
        ("directory", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(TASK, UNDO_TASK + "DROP FUNCTION programmes_refuse(text);"),
        migrations.RunSQL(
            PARTS + "".join(PART_TRIGGERS.format(table=table) for table in PART_TABLES),
            "".join(f"DROP TRIGGER {table}_stands ON {table};" for table in PART_TABLES)
            + "DROP FUNCTION programmes_parts_of_issued_stand();",
        ),
        migrations.RunSQL(CHECKPOINT, UNDO_CHECKPOINT),
        migrations.RunSQL(PROGRAMME, UNDO_PROGRAMME),
    ]
