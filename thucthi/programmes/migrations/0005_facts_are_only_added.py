from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_the_discipline_of_execution")]
    operations = [
        AppendOnly("programmes_funding"),
        AppendOnly("programmes_remark"),
        AppendOnly("programmes_remarkmention"),
        AppendOnly("programmes_remarkclosing"),
    ]
