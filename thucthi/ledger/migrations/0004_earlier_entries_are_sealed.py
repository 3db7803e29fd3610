"""Entries made before the tree get their salt and their commitment; the new tables are append-only."""

import os

from django.db import migrations

from thucthi.kernel.append_only import AppendOnly
from thucthi.ledger.calculations.leaves import SALT_BYTES, commitment, payload_of

SAID = ("actor_id", "actor_label", "subject_type", "subject_id", "subject_label", "content")


def seal(apps, schema_editor):
    entries = apps.get_model("ledger", "Entry").objects.filter(commitment="")
    if not entries.exists():
        return
    schema_editor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_rewrite")
    for entry in entries.iterator():
        entry.salt = os.urandom(SALT_BYTES)
        entry.commitment = commitment(entry.salt, payload_of(**{name: getattr(entry, name) for name in SAID}))
        entry.save(update_fields=["salt", "commitment"])
    schema_editor.execute("ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_no_rewrite")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_the_tree")]
    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop, elidable=True),
        AppendOnly("ledger_leaf"),
        AppendOnly("ledger_subtree"),
        AppendOnly("ledger_signedcheckpoint"),
        AppendOnly("ledger_cosignature"),
        AppendOnly("ledger_signingkey"),
    ]
