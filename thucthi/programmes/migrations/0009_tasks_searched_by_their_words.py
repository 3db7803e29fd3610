"""The index on the tasks themselves found nothing: no condition of a search gets past a policy into an index."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programmes", "0008_words_of_open_tasks")]

    operations = [RemoveIndexConcurrently(model_name="task", name="task_search")]
