"""The values of one organisation over a year are found without reading those of the country."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("indicators", "0006_the_discipline_of_execution")]
    operations = [
        AddIndexConcurrently(
            "observation", models.Index(fields=["organisation", "period_end"], name="observation_of_body")
        )
    ]
