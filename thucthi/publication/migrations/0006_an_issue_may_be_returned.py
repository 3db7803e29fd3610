import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0005_facts_are_only_added"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="SnapshotReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("returned_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returned", to="publication.snapshot"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="snapshotreturn",
            constraint=models.CheckConstraint(condition=~models.Q(reason=""), name="return_says_why"),
        ),
        AppendOnly("publication_snapshotreturn"),
    ]
