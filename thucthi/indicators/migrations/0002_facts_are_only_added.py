from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [
        AppendOnly("indicators_observation"),
    ]
