from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [
        AppendOnly("programmes_checkpointmove"),
        AppendOnly("programmes_taskevent"),
        AppendOnly("programmes_taskchange"),
        AppendOnly("programmes_clarityexception"),
    ]
