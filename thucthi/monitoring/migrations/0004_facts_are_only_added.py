from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_the_discipline_of_execution")]
    operations = [
        AppendOnly("monitoring_statement"),
    ]
