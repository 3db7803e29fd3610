"""An open duty carries its rhythm and the code of its task: a page orders and groups thousands of them by these.

Neither ever changes: an obligation is only added, and the code of an issued task stands. The columns are filled by the
next migration, which locks nobody out.
"""

from django.db import migrations, models

_SAID = ", period_kind, task_code"
_SAYS = ", o.period_kind, t.code"
_COLUMNS = (
    "obligation_id, task_id, organisation_id, programme_id, period_end, due_on, last_day, state, report_id, rung,"
    " author_id, submitted_at{said}"
)
_DUTY = "o.id, o.task_id, o.organisation_id, t.programme_id, o.period_end, o.due_on, coalesce(o.grace_until, o.due_on)"
_RUNG = """coalesce(r.route[1 + (SELECT count(*) FROM reporting_endorsement e
                                           WHERE e.report_id = r.id AND e.verdict = 'accepted')::int], '')"""

_REBUILD = f"""
CREATE OR REPLACE FUNCTION reporting_rebuild_open_duties() RETURNS void LANGUAGE sql SET search_path = public AS $$
    DELETE FROM reporting_openduty;
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT {_DUTY},
           CASE WHEN r.id IS NULL THEN 'owed' WHEN a.id IS NULL THEN 'waiting' ELSE 'returned' END,
           r.id, CASE WHEN r.id IS NULL OR a.id IS NOT NULL THEN '' ELSE {_RUNG} END, r.author_id, r.submitted_at{{says}}
    FROM reporting_obligation o
    JOIN programmes_task t ON t.id = o.task_id
    LEFT JOIN LATERAL (
        SELECT * FROM reporting_report WHERE obligation_id = o.id ORDER BY version DESC LIMIT 1
    ) r ON true
    LEFT JOIN reporting_acceptance a ON a.report_id = r.id
    WHERE a.verdict IS DISTINCT FROM 'accepted'
      AND (r.id IS NULL OR a.id IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM reporting_report later JOIN reporting_obligation lo ON lo.id = later.obligation_id
          WHERE later.task_id = o.task_id AND lo.period_end > o.period_end));
$$;
"""
_TRIGGER = """
CREATE OR REPLACE FUNCTION reporting_open_on_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
{body}
    RETURN NULL;
END $$;
"""
_OBLIGATION = f"""
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT {_DUTY}, 'owed', NULL, '', NULL, NULL{{says}}
    FROM new_rows o JOIN programmes_task t ON t.id = o.task_id;
"""
_REPORT = f"""
    DELETE FROM reporting_openduty d USING new_rows r JOIN reporting_obligation o ON o.id = r.obligation_id
    WHERE d.task_id = r.task_id AND (d.state = 'waiting' AND d.period_end < o.period_end OR d.obligation_id = o.id);
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT DISTINCT ON (o.id) {_DUTY}, 'waiting', r.id, coalesce(r.route[1], ''), r.author_id, r.submitted_at{{says}}
    FROM new_rows r
    JOIN reporting_obligation o ON o.id = r.obligation_id
    JOIN programmes_task t ON t.id = o.task_id
    WHERE NOT EXISTS (
        SELECT 1 FROM reporting_report later JOIN reporting_obligation lo ON lo.id = later.obligation_id
        WHERE later.task_id = o.task_id AND lo.period_end > o.period_end)
    ORDER BY o.id, r.version DESC;
"""
_ACCEPTANCE = f"""
    DELETE FROM reporting_openduty d USING new_rows a JOIN reporting_report r ON r.id = a.report_id
    WHERE d.obligation_id = r.obligation_id AND d.report_id = r.id;
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT {_DUTY}, 'returned', r.id, '', r.author_id, r.submitted_at{{says}}
    FROM new_rows a
    JOIN reporting_report r ON r.id = a.report_id
    JOIN reporting_obligation o ON o.id = r.obligation_id
    JOIN programmes_task t ON t.id = o.task_id
    WHERE a.verdict = 'returned' AND NOT EXISTS (
        SELECT 1 FROM reporting_report newer WHERE newer.obligation_id = o.id AND newer.version > r.version);
"""
_BODIES = {"obligation": _OBLIGATION, "report": _REPORT, "acceptance": _ACCEPTANCE}
_FUNCTIONS = _REBUILD + "".join(_TRIGGER.format(name=name, body=body) for name, body in _BODIES.items())


class Migration(migrations.Migration):
    dependencies = [("reporting", "0008_lighter_reports")]
    operations = [
        migrations.AddField(
            model_name="openduty",
            name="period_kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="openduty",
            name="task_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.RunSQL(_FUNCTIONS.format(said=_SAID, says=_SAYS), _FUNCTIONS.format(said="", says="")),
    ]
