"""Four triggers keep `reporting_openduty` equal to what `reporting_rebuild_open_duties()` would make of the facts.

They run with the owner's rights (SECURITY DEFINER), so that the application role can only read the table.
"""

from django.db import migrations

_COLUMNS = (
    "obligation_id, task_id, organisation_id, programme_id, period_end, due_on, last_day, state, report_id, rung,"
    " author_id, submitted_at"
)

_REBUILD = f"""
CREATE FUNCTION reporting_rebuild_open_duties() RETURNS void LANGUAGE sql SET search_path = public AS $$
    DELETE FROM reporting_openduty;
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT o.id, o.task_id, o.organisation_id, t.programme_id, o.period_end, o.due_on, coalesce(o.grace_until, o.due_on),
           CASE WHEN r.id IS NULL THEN 'owed' WHEN a.id IS NULL THEN 'waiting' ELSE 'returned' END,
           r.id,
           CASE WHEN r.id IS NULL OR a.id IS NOT NULL THEN ''
                ELSE coalesce(r.route[1 + (SELECT count(*) FROM reporting_endorsement e
                                           WHERE e.report_id = r.id AND e.verdict = 'accepted')::int], '') END,
           r.author_id, r.submitted_at
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
CREATE FUNCTION reporting_open_on_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
{body}
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_{name}_opens AFTER INSERT ON reporting_{name}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_open_on_{name}();
"""

_OBLIGATION = f"""
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT o.id, o.task_id, o.organisation_id, t.programme_id, o.period_end, o.due_on, coalesce(o.grace_until, o.due_on),
           'owed', NULL, '', NULL, NULL
    FROM new_rows o JOIN programmes_task t ON t.id = o.task_id;
"""

# Only the newest period of a task waits: what is older and unjudged leaves, whichever of the two comes in first.
_REPORT = f"""
    DELETE FROM reporting_openduty d USING new_rows r JOIN reporting_obligation o ON o.id = r.obligation_id
    WHERE d.task_id = r.task_id AND (d.state = 'waiting' AND d.period_end < o.period_end OR d.obligation_id = o.id);
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT DISTINCT ON (o.id) o.id, o.task_id, o.organisation_id, t.programme_id, o.period_end, o.due_on,
           coalesce(o.grace_until, o.due_on), 'waiting', r.id, coalesce(r.route[1], ''), r.author_id, r.submitted_at
    FROM new_rows r
    JOIN reporting_obligation o ON o.id = r.obligation_id
    JOIN programmes_task t ON t.id = o.task_id
    WHERE NOT EXISTS (
        SELECT 1 FROM reporting_report later JOIN reporting_obligation lo ON lo.id = later.obligation_id
        WHERE later.task_id = o.task_id AND lo.period_end > o.period_end)
    ORDER BY o.id, r.version DESC;
"""

_ENDORSEMENT = """
    UPDATE reporting_openduty d
    SET rung = coalesce(r.route[1 + (SELECT count(*) FROM reporting_endorsement e
                                     WHERE e.report_id = r.id AND e.verdict = 'accepted')::int], '')
    FROM new_rows n JOIN reporting_report r ON r.id = n.report_id
    WHERE d.obligation_id = r.obligation_id AND d.report_id = r.id AND d.state = 'waiting';
"""

_ACCEPTANCE = f"""
    DELETE FROM reporting_openduty d USING new_rows a JOIN reporting_report r ON r.id = a.report_id
    WHERE d.obligation_id = r.obligation_id AND d.report_id = r.id;
    INSERT INTO reporting_openduty ({_COLUMNS})
    SELECT o.id, o.task_id, o.organisation_id, t.programme_id, o.period_end, o.due_on, coalesce(o.grace_until, o.due_on),
           'returned', r.id, '', r.author_id, r.submitted_at
    FROM new_rows a
    JOIN reporting_report r ON r.id = a.report_id
    JOIN reporting_obligation o ON o.id = r.obligation_id
    JOIN programmes_task t ON t.id = o.task_id
    WHERE a.verdict = 'returned' AND NOT EXISTS (
        SELECT 1 FROM reporting_report newer WHERE newer.obligation_id = o.id AND newer.version > r.version);
"""

_BODIES = {
    "obligation": _OBLIGATION, "report": _REPORT, "endorsement": _ENDORSEMENT, "acceptance": _ACCEPTANCE,
}  # fmt: skip
_UNDO = "".join(
    f"DROP TRIGGER reporting_{name}_opens ON reporting_{name}; DROP FUNCTION reporting_open_on_{name}();"
    for name in _BODIES
)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_open_duties")]
    operations = [
        migrations.RunSQL(_REBUILD, "DROP FUNCTION reporting_rebuild_open_duties();"),
        migrations.RunSQL("SELECT reporting_rebuild_open_duties();", migrations.RunSQL.noop),
        migrations.RunSQL(
            "".join(_TRIGGER.format(name=name, body=body) for name, body in _BODIES.items()),
            _UNDO,
        ),
    ]
