from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_the_discipline_of_execution")]
    operations = [
        AppendOnly("reporting_endorsement"),
        AppendOnly("reporting_aftercheck"),
        AppendOnly("reporting_aftercheckresult"),
    ]
