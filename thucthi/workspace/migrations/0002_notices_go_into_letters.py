from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_the_discipline_of_execution")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="letter",
            field=models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="notices", to="workspace.letter"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("seen_at__isnull", True)), fields=["account"], name="notice_unseen"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("letter__isnull", True), ("reason__in", ["returned", "overdue", "mentioned"])
                ),
                fields=["created_at"],
                name="notice_without_letter",
            ),
        ),
    ]
