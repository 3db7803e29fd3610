from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        AppendOnly("intake_sourcefile"),
        AppendOnly("intake_readingstep"),
        AppendOnly("intake_documentreading"),
    ]
