"""Rhythm and code of the duties that were open before; a row that changes meanwhile is written anew by its trigger."""

from django.db import migrations

_FILL = """
UPDATE reporting_openduty d SET period_kind = o.period_kind, task_code = t.code
FROM reporting_obligation o, programmes_task t
WHERE d.task_code = '' AND o.id = d.obligation_id AND t.id = d.task_id;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0009_open_duties_say_whose")]
    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
