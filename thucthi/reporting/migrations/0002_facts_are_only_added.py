from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [
        AppendOnly("reporting_obligation"),
        AppendOnly("reporting_report"),
        AppendOnly("reporting_evidence"),
        AppendOnly("reporting_reportevidence"),
        AppendOnly("reporting_acceptance"),
    ]
