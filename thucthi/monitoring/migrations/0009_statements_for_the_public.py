from django.db import migrations, models


class Migration(migrations.Migration):
    """What was said before stays inside: the form of that time did not promise to publish it."""

    dependencies = [("monitoring", "0008_rollups_listen")]
    operations = [
        migrations.AddField(
            model_name="statement", name="is_public", field=models.BooleanField(default=False)
        ),
    ]
