"""What is too long for a page is ordered from the worker (ADR 0053)."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT
WORK = [("prepare", "Chuẩn bị kỳ công bố"), ("publish", "Phát hành kỳ công bố")]
KIND = [("weekly", "Kỳ tuần"), ("monthly", "Kỳ tháng")]


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0006_an_issue_may_be_returned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="IssueOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("work", models.CharField(choices=WORK, max_length=8)),
                ("kind", models.CharField(choices=KIND, max_length=8)),
                ("issue", models.CharField(max_length=10)),
                ("as_of", models.DateField()),
                ("cut_off_at", models.DateTimeField(null=True)),
                ("job", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "corrects",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="publication.snapshot"),
                ),
                (
                    "snapshot",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="orders", to="publication.snapshot"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="issueorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("work", "kind", "issue"), name="issue_order_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="issueorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("work", "prepare"), ("snapshot__isnull", False), _connector="OR"),
                name="issue_order_publishes_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None),
                    models.Q(("trouble", ""), _negated=True),
                    ("snapshot__isnull", False),
                    _connector="OR",
                ),
                name="issue_order_ends_with_something",
            ),
        ),
    ]
