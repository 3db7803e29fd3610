from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("publication", "0001_initial")]
    operations = [
        AppendOnly("publication_snapshot"),
        AppendOnly("publication_snapshotpublication"),
        AppendOnly("publication_correction"),
    ]
