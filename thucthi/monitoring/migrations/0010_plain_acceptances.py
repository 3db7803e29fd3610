"""An acceptance that completes nothing changes no standing, so nothing is derived anew for it.

Of a report a standing knows whether there is one, whether it claims completion, and whether it was returned: between
"not judged yet" and "accepted" only a claim of completion makes a difference. A verdict dated after today is derived
all the same: its day is the first on which to look again.
"""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION monitoring_roll_acceptance() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM monitoring_rederive((
        SELECT array_agg(DISTINCT r.task_id) FROM new_rows a JOIN reporting_report r ON r.id = a.report_id{which}), false);
    RETURN NULL;
END $$;
"""
_SOME = """
        WHERE a.verdict <> 'accepted' OR r.claims_completion OR a.decided_at >= (
            SELECT (monitoring_today() + 1)::timestamp AT TIME ZONE zone FROM monitoring_rollupstate)"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0009_statements_for_the_public"), ("reporting", "0007_lighter_obligations")]
    operations = [migrations.RunSQL(_FUNCTION.format(which=_SOME), _FUNCTION.format(which=""))]
