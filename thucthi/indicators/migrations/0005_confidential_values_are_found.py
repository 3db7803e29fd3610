from django.db import migrations, models


class Migration(migrations.Migration):
    """Every figure that is shown asks whether a confidential value stands beside it; there are few of them."""

    dependencies = [("indicators", "0004_facts_are_only_added")]
    operations = [
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(("state", "confidential")),
                fields=["indicator", "period"],
                name="observation_confidential",
            ),
        ),
    ]
