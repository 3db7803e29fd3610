from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_the_discipline_of_execution")]
    operations = [
        AppendOnly("documents_instrumentstep"),
        AppendOnly("documents_instrumentconflict"),
        AppendOnly("documents_conflictanswer"),
    ]
