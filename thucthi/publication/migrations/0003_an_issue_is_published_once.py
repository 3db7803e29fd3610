from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publication", "0002_facts_are_only_added")]
    operations = [
        migrations.AddField(
            model_name="snapshotpublication",
            name="kind",
            field=models.CharField(choices=[("weekly", "Kỳ tuần"), ("monthly", "Kỳ tháng")], default="weekly", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="snapshotpublication",
            name="issue",
            field=models.CharField(default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="snapshotpublication",
            constraint=models.UniqueConstraint(fields=("kind", "issue"), name="publication_issue_once"),
        ),
    ]
