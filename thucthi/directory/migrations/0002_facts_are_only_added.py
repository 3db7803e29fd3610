from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [
        AppendOnly("directory_organisationevent"),
        AppendOnly("directory_succession"),
    ]
