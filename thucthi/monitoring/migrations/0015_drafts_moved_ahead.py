"""A draft whose deadline a decision moves on a day to come is looked at again on that day (ADR 0035).

Until then its last day is the old one, as that of an issued task. No action decides about a draft; rows that come in
another way are kept by the same rule. `thucthi check rollups --rebuild` mends what was kept before.
"""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("thucthi.monitoring.migrations.0006_standings_are_derived")
_MOVED = ("later_duty.next_on AS duty_on,", "later_duty.next_on AS duty_on, m.next_on AS moved_on,")
_LOOKED_AT = ("x.due_on + 1 END) END,", "x.due_on + 1 END) ELSE x.moved_on END,")
_REPLACED = _BEFORE._DERIVED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_DERIVED = _REPLACED.replace(*_MOVED).replace(*_LOOKED_AT)


def _both(text: str) -> str:
    return text.format(**_BEFORE._CHOSEN) + text.format(**_BEFORE._ALL)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0014_cases_kept")]
    operations = [migrations.RunSQL(_both(_DERIVED), _both(_REPLACED))]
