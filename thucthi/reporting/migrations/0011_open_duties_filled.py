"""What was open before says whose it is, and what had stopped before has its pauses.

What changes meanwhile is written anew by its trigger.
"""

from django.db import migrations

_FILL = """
UPDATE reporting_openduty d SET period_kind = o.period_kind, task_code = t.code
FROM reporting_obligation o, programmes_task t
WHERE d.task_code = '' AND o.id = d.obligation_id AND t.id = d.task_id;
INSERT INTO reporting_pause (task_id, since, until) SELECT p.* FROM reporting_all_pauses() p
WHERE NOT EXISTS (SELECT FROM reporting_pause kept WHERE kept.task_id = p.task_id);
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0010_pauses")]
    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
