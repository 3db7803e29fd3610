"""The one change that an entry allows: its personal data go, in the same transaction as an entry that says so.

The trigger keeps its name and its ENABLE ALWAYS; only the function behind it changes. It compares the whole row, so
that nothing else can ride along, not even by the owner's own UPDATE.
"""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION refuse_rewriting_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased ledger_entry;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        erased := OLD;
        erased.salt := NULL;
        erased.content := NULL;
        erased.content_hash := '';
        erased.actor_label := '';
        erased.subject_label := '';
        IF NEW IS NOT DISTINCT FROM erased AND OLD.salt IS NOT NULL AND OLD.event <> 'entry.erased' AND EXISTS (
            SELECT FROM ledger_entry told
             WHERE told.event = 'entry.erased' AND told.xid = txid_current()
               AND told.content ->> 'uid' = OLD.uid::text
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'table % holds facts: rows are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_erase(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_entry
       SET salt = NULL, content = NULL, content_hash = '', actor_label = '', subject_label = ''
     WHERE uid = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no entry %', wanted USING ERRCODE = 'no_data_found';
    END IF;
END $$;
REVOKE ALL ON FUNCTION ledger_erase(uuid) FROM PUBLIC;

DROP TRIGGER ledger_entry_no_rewrite ON ledger_entry;
CREATE TRIGGER ledger_entry_no_rewrite BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_but_erasing();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_no_rewrite;
"""

_UNDO = """
DROP TRIGGER ledger_entry_no_rewrite ON ledger_entry;
CREATE TRIGGER ledger_entry_no_rewrite BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_no_rewrite;
DROP FUNCTION ledger_erase(uuid);
DROP FUNCTION refuse_rewriting_but_erasing();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_earlier_entries_are_sealed")]
    operations = [migrations.RunSQL(_FUNCTIONS, _UNDO)]
