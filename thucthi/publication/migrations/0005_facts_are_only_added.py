from django.db import migrations

from thucthi.kernel.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("publication", "0004_cut_off_versions_and_webhooks")]
    operations = [
        AppendOnly("publication_webhookmessage"),
        AppendOnly("publication_webhookattempt"),
    ]
