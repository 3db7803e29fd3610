"""The few tasks that have ended are found without reading every step of every task."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programmes", "0009_tasks_searched_by_their_words")]
    operations = [
        AddIndexConcurrently(
            "taskevent",
            models.Index(
                condition=models.Q(("kind", "cancelled"), ("kind", "superseded"), _connector="OR"),
                fields=["task"],
                include=("happened_on",),
                name="task_ended",
            ),
        )
    ]
