from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("obstacles", "0001_initial")]
    operations = [
        AppendOnly("obstacles_obstacle"),
        AppendOnly("obstacles_obstaclestep"),
    ]
