"""Questions about figures are counted by a job and kept (ADR 0020)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0005_api_tokens'),
        ('monitoring', '0011_the_last_day_of_a_task'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('year', models.IntegerField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'year'), name='question_count_once')],
            },
        ),
        migrations.CreateModel(
            name='PeerFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('matter', models.CharField(max_length=12)),
                ('check_code', models.CharField(max_length=40)),
                ('own', models.FloatField()),
                ('peers', models.FloatField()),
                ('counted', models.IntegerField()),
                ('p', models.FloatField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='monitoring.questioncount')),
            ],
        ),
        migrations.CreateModel(
            name='KeptQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_code', models.CharField(max_length=40)),
                ('period', models.CharField(max_length=12)),
                ('subject', models.CharField(max_length=100)),
                ('programmes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('shared', models.IntegerField(default=0)),
                ('told_on', models.DateField(null=True)),
                ('report_id', models.BigIntegerField(default=0)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.organisation')),
                ('count', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='monitoring.questioncount')),
            ],
            options={
                'indexes': [models.Index(fields=['count', 'organisation', 'check_code'], name='kept_question_of_body')],
            },
        ),
    ]
