from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]
    operations = [
        AppendOnly("monitoring_signalverdict"),
    ]
