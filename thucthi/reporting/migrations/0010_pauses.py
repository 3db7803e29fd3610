"""The days on which an issued task owes no report are kept, as what is open is: suspended, ended, complete (ADR 0049).

Of one task they are made anew by whatever may change them. All writing about a task queues at the task itself, so two
never make them at once.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_DAY = f"AT TIME ZONE '{settings.TIME_ZONE}')::date"
# As `tasks_that_report` says it: a suspension lasts until the next resumption, in the order of days and entries; a
# completion from the day of its acceptance until the day on which a newer version of that report was handed in.
_SAID = f"""
CREATE FUNCTION {{name}} RETURNS TABLE (task_id bigint, since date, until date) LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
SELECT DISTINCT x.task_id, x.since, x.until FROM (
    SELECT e.task_id, e.happened_on AS since, CASE WHEN e.kind = 'suspended' THEN (
        SELECT min(r.happened_on) FROM programmes_taskevent r WHERE r.task_id = e.task_id AND r.kind = 'resumed'
        AND (r.happened_on > e.happened_on OR r.happened_on = e.happened_on AND r.id > e.id)) END AS until
    FROM programmes_taskevent e WHERE e.kind IN ('suspended', 'cancelled', 'superseded'){{of_event}}
    UNION ALL
    SELECT r.task_id, (a.decided_at {_DAY}, (
        SELECT min((newer.submitted_at {_DAY}) FROM reporting_report newer
        WHERE newer.obligation_id = r.obligation_id AND newer.version > r.version)
    FROM reporting_report r JOIN reporting_acceptance a ON a.report_id = r.id
    WHERE r.claims_completion AND a.verdict = 'accepted'{{of_report}}
) x WHERE x.until IS NULL OR x.until > x.since
$$;
"""
_CHOSEN = {
    "name": "reporting_pauses(chosen bigint[])",
    "of_event": " AND e.task_id = ANY (chosen)",
    "of_report": " AND r.task_id = ANY (chosen)",
}
_ALL = {"name": "reporting_all_pauses()", "of_event": "", "of_report": ""}
_REBUILD = """
CREATE FUNCTION reporting_rebuild_pauses() RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM reporting_pause;
    INSERT INTO reporting_pause (task_id, since, until) SELECT * FROM reporting_all_pauses();
$$;
"""
_TRIGGER = """
CREATE FUNCTION reporting_pause_on_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    chosen bigint[] := ({which});
BEGIN
    IF chosen IS NOT NULL THEN
        DELETE FROM reporting_pause WHERE task_id = ANY (chosen);
        INSERT INTO reporting_pause (task_id, since, until) SELECT * FROM reporting_pauses(chosen);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_pauses AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_pause_on_{name}();
"""
_LISTEN = {
    ("event", "programmes_taskevent"): """
        SELECT array_agg(DISTINCT n.task_id) FROM new_rows n
        WHERE n.kind IN ('suspended', 'resumed', 'cancelled', 'superseded')""",
    ("report", "reporting_report"): """
        SELECT array_agg(DISTINCT n.task_id) FROM new_rows n WHERE n.version > 1 AND EXISTS (
            SELECT FROM reporting_report before WHERE before.obligation_id = n.obligation_id AND before.claims_completion)""",
    ("acceptance", "reporting_acceptance"): """
        SELECT array_agg(DISTINCT r.task_id) FROM new_rows n JOIN reporting_report r ON r.id = n.report_id
        WHERE r.claims_completion AND n.verdict = 'accepted'""",
}
_FUNCTIONS = (
    _SAID.format(**_CHOSEN)
    + _SAID.format(**_ALL)
    + _REBUILD
    + "".join(_TRIGGER.format(name=name, table=table, which=which) for (name, table), which in _LISTEN.items())
)
_UNDO = (
    "".join(
        f"DROP TRIGGER reporting_pauses ON {table}; DROP FUNCTION reporting_pause_on_{name}();" for name, table in _LISTEN
    )
    + "DROP FUNCTION reporting_rebuild_pauses(); DROP FUNCTION reporting_all_pauses();"
    + "DROP FUNCTION reporting_pauses(bigint[]);"
)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0007_open_programmes"), ("reporting", "0009_open_duties_say_whose")]
    operations = [
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "task",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programmes.task",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["task"], include=["since", "until"], name="pause_of_task")],
            },
        ),
        migrations.RunSQL(_FUNCTIONS, _UNDO),
    ]
