"""Whether everybody who works here sees a programme is kept with it (ADR 0029): nobody asks for it row by row.

The database alone says it. The row of a programme is held while what it stands on changes, and a document while a
programme comes to stand on it: of two who write at once the second one always sees what the first has done.
"""

from django.db import migrations, models

from thucthi.kernel.row_security import ChangedRowSecurity

_LANGUAGE = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_FUNCTIONS = f"""
CREATE FUNCTION programmes_say_open() {_LANGUAGE} AS $$
BEGIN
    NEW.is_open := NEW.issued_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM programmes_programmebasis b JOIN documents_document d ON d.id = b.document_id
        WHERE b.programme_id = NEW.id AND d.security <> 'public');
    RETURN NEW;
END $$;
CREATE FUNCTION programmes_bases_moved() {_LANGUAGE} AS $$
DECLARE
    chosen bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT programme_id) INTO chosen FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT programme_id) INTO chosen FROM new_rows;
        PERFORM 1 FROM documents_document WHERE id IN (SELECT document_id FROM new_rows) ORDER BY id FOR SHARE;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(DISTINCT programme_id) INTO chosen
        FROM (SELECT programme_id FROM new_rows UNION SELECT programme_id FROM old_rows) both_sides;
    END IF;
    PERFORM 1 FROM programmes_programme WHERE id = ANY (chosen) ORDER BY id FOR NO KEY UPDATE;
    UPDATE programmes_programme SET is_open = is_open WHERE id = ANY (chosen) AND issued_on IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION programmes_document_moved() {_LANGUAGE} AS $$
DECLARE
    chosen bigint[];
BEGIN
    SELECT array_agg(DISTINCT b.programme_id) INTO chosen
    FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN programmes_programmebasis b ON b.document_id = n.id
    WHERE n.security <> o.security;
    IF chosen IS NOT NULL THEN
        PERFORM 1 FROM programmes_programme WHERE id = ANY (chosen) ORDER BY id FOR NO KEY UPDATE;
        UPDATE programmes_programme SET is_open = is_open WHERE id = ANY (chosen) AND issued_on IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER programme_says_open BEFORE INSERT OR UPDATE ON programmes_programme
    FOR EACH ROW EXECUTE FUNCTION programmes_say_open();
CREATE TRIGGER programme_open_insert AFTER INSERT ON programmes_programmebasis
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION programmes_bases_moved();
CREATE TRIGGER programme_open_update AFTER UPDATE ON programmes_programmebasis
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION programmes_bases_moved();
CREATE TRIGGER programme_open_delete AFTER DELETE ON programmes_programmebasis
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION programmes_bases_moved();
CREATE TRIGGER programme_open_document AFTER UPDATE ON documents_document
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION programmes_document_moved();
UPDATE programmes_programme SET is_open = is_open WHERE issued_on IS NOT NULL;
"""
# An issued programme still stands as it is: what is excepted here no statement can choose, the trigger above says it.
_STANDS = """
CREATE OR REPLACE FUNCTION programmes_issued_programme_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_on IS NOT NULL AND (
        TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{{{excepted}}}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{{{excepted}}}'::text[])
    ) THEN
        PERFORM programmes_refuse('an issued programme is not rewritten');
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
"""
_UNDO = """
DROP TRIGGER programme_open_document ON documents_document;
DROP TRIGGER programme_open_delete ON programmes_programmebasis;
DROP TRIGGER programme_open_update ON programmes_programmebasis;
DROP TRIGGER programme_open_insert ON programmes_programmebasis;
DROP TRIGGER programme_says_open ON programmes_programme;
DROP FUNCTION programmes_document_moved();
DROP FUNCTION programmes_bases_moved();
DROP FUNCTION programmes_say_open();
"""
_ABOVE = """
    OR ({audits} IS NOT NULL AND EXISTS (
        SELECT 1 FROM directory_organisation o WHERE o.id = organisation_id AND o.path && {audits}))"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0006_row_security")]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="is_open",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="programme",
            index=models.Index(
                fields=["organisation"],
                name="programme_closed",
                condition=models.Q(("is_open", False), ("issued_on__isnull", False)),
            ),
        ),
        migrations.RunSQL(
            _STANDS.format(excepted="version,rhythm,is_open"), _STANDS.format(excepted="version,rhythm")
        ),
        migrations.RunSQL(_FUNCTIONS, _UNDO),
        ChangedRowSecurity(
            "programmes_programme",
            seen="organisation_id = ANY ({organisations}) OR is_open" + _ABOVE,
            was="""
    organisation_id = ANY ({organisations})
    OR (issued_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM programmes_programmebasis b WHERE b.programme_id = programmes_programme.id AND NOT EXISTS (
            SELECT 1 FROM documents_document d WHERE d.id = b.document_id AND d.security = 'public')))"""
            + _ABOVE,
        ),
        ChangedRowSecurity(
            "programmes_task",
            seen="EXISTS (SELECT 1 FROM programmes_programme p WHERE p.id = programme_id)",
            was="programme_id IN (SELECT p.id FROM programmes_programme p)",
        ),
    ]
