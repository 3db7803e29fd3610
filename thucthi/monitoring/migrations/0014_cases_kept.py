"""Cases of reliability are counted with the questions, where that takes long (ADR 0020)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0005_api_tokens'),
        ('monitoring', '0013_a_rebuild_writes_what_differs'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptCases',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=12)),
                ('good', models.IntegerField()),
                ('counted', models.IntegerField()),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='monitoring.questioncount')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation')),
            ],
        ),
    ]
