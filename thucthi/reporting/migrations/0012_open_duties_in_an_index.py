"""What is asked of the duties of a body stands in the index by which they are found.

They lie scattered: ten thousand of one province stand on eight thousand pages of the table and a hundred of the index.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reporting", "0011_open_duties_filled")]
    operations = [
        AddIndexConcurrently(
            "openduty",
            models.Index(
                condition=models.Q(("state", "waiting"), _negated=True),
                fields=["organisation", "due_on"],
                include=["obligation", "task", "programme", "period_kind", "task_code", "last_day", "state"],
                name="open_owed_in_full",
            ),
        ),
        RemoveIndexConcurrently("openduty", "open_owed"),
    ]
