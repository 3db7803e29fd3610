from django.db import migrations

from thucthi.kernel.append_only import AppendOnly

# Sheets defined before versions were kept become their first version.
FIRST_VERSIONS = """
INSERT INTO indicators_indicatorversion (indicator_id, number, sheet, reason, since)
SELECT id, 1, to_jsonb(i) - 'id' - 'version', '', current_date FROM indicators_indicator i;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_values_told_apart")]
    operations = [
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
        AppendOnly("indicators_indicatorversion"),
        AppendOnly("indicators_targetchange"),
        AppendOnly("indicators_delivery"),
        AppendOnly("indicators_dispute"),
        AppendOnly("indicators_disputeanswer"),
        AppendOnly("indicators_feedrun"),
    ]
