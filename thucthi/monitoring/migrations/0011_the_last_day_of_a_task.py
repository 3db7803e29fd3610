"""The last day of which anything is told about a task is kept, as its standing is (ADR 0035, D24).

Days only grow: every fact stays. A step or a decision dated ahead counts from the moment it was recorded; whoever reads
takes no day after his own.
"""

import django.db.models.deletion
from django.db import migrations, models

_LANGUAGE = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_ZONE = "(SELECT zone FROM monitoring_rollupstate)"
# What a new row tells: of which task, of which day.
_TOLD = {
    "programmes_taskevent": "SELECT n.task_id, n.happened_on AS day FROM {rows} n",
    "programmes_taskchange": "SELECT n.task_id, n.decided_on AS day FROM {rows} n",
    "reporting_report": f"SELECT n.task_id, (n.submitted_at AT TIME ZONE {_ZONE})::date AS day FROM {{rows}} n",
    "reporting_acceptance": f"SELECT r.task_id, (n.decided_at AT TIME ZONE {_ZONE})::date AS day"
    " FROM {rows} n JOIN reporting_report r ON r.id = n.report_id",
}
# In the order of the tasks, so that two writers of many never wait for each other in a ring.
_LISTEN = """
CREATE FUNCTION monitoring_pulse_of_{table}() {language} AS $$
BEGIN
    INSERT INTO monitoring_taskpulse AS kept (task_id, last_on)
    SELECT told.task_id, max(told.day) FROM ({told}) told GROUP BY told.task_id ORDER BY told.task_id
    ON CONFLICT (task_id) DO UPDATE SET last_on = excluded.last_on WHERE kept.last_on < excluded.last_on;
    RETURN NULL;
END $$;
CREATE TRIGGER monitoring_pulse_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION monitoring_pulse_of_{table}();
"""
_EVERY = " UNION ALL ".join(told.format(rows=table) for table, told in _TOLD.items())
_ALL = f"""
CREATE FUNCTION monitoring_all_pulses() RETURNS TABLE (task_id bigint, last_on date) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT told.task_id, max(told.day) FROM ({_EVERY}) told GROUP BY told.task_id
$$;
CREATE FUNCTION monitoring_rebuild_pulses() RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET work_mem = '128MB' AS $$
BEGIN
    LOCK TABLE monitoring_taskpulse IN EXCLUSIVE MODE;
    CREATE TEMP TABLE fresh_pulse ON COMMIT DROP AS SELECT * FROM monitoring_all_pulses();
    DELETE FROM monitoring_taskpulse old WHERE NOT EXISTS (SELECT 1 FROM fresh_pulse f WHERE f.task_id = old.task_id);
    INSERT INTO monitoring_taskpulse AS kept SELECT f.* FROM fresh_pulse f
    ON CONFLICT (task_id) DO UPDATE SET last_on = excluded.last_on WHERE kept.last_on <> excluded.last_on;
    DROP TABLE fresh_pulse;
END $$;
CREATE FUNCTION monitoring_pulse_bell() {_LANGUAGE} AS $$
BEGIN
    PERFORM monitoring_rebuild_pulses();
    RETURN NULL;
END $$;
-- Before the other bell by its name, which puts the work back to '' when it is done.
CREATE TRIGGER monitoring_pulse_bell AFTER UPDATE ON monitoring_rollupstate
    FOR EACH ROW WHEN (OLD.work = '' AND NEW.work = 'rebuild') EXECUTE FUNCTION monitoring_pulse_bell();
INSERT INTO monitoring_taskpulse SELECT * FROM monitoring_all_pulses();
"""
_UNDO = (
    "DROP TRIGGER monitoring_pulse_bell ON monitoring_rollupstate; DROP FUNCTION monitoring_pulse_bell();"
    "DROP FUNCTION monitoring_rebuild_pulses(); DROP FUNCTION monitoring_all_pulses();"
    + "".join(
        f"DROP TRIGGER monitoring_pulse_insert ON {table}; DROP FUNCTION monitoring_pulse_of_{table}();"
        for table in _TOLD
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0010_plain_acceptances"),
        ("programmes", "0007_open_programmes"),
        ("reporting", "0007_lighter_obligations"),
    ]
    operations = [
        migrations.CreateModel(
            name="TaskPulse",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="pulse",
                        serialize=False,
                        to="programmes.task",
                    ),
                ),
                ("last_on", models.DateField()),
            ],
        ),
        migrations.RunSQL(
            "".join(
                _LISTEN.format(table=table, language=_LANGUAGE, told=told.format(rows="new_rows"))
                for table, told in _TOLD.items()
            )
            + _ALL,
            _UNDO,
        ),
    ]
