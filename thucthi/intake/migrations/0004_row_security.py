"""What was taken in for a programme is read by those who work in its owner, and by auditors there or above.

That holds after the programme was issued too: these are working papers. Only the owner's own people add to them.
"""

from django.db import migrations

from thucthi.kernel.row_security import RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_task_signature"),
        ("programmes", "0006_row_security"),
    ]

    operations = [
        RowSecurity(
            "intake_sourcefile",
            seen="EXISTS (SELECT 1 FROM programmes_programme p"
            " JOIN directory_organisation o ON o.id = p.organisation_id"
            " WHERE p.id = programme_id AND (p.organisation_id = ANY ({organisations}) OR o.path && {audits}))",
            added="EXISTS (SELECT 1 FROM programmes_programme p"
            " WHERE p.id = programme_id AND p.organisation_id = ANY ({organisations}))",
        ),
        RowSecurity(
            "intake_documentreading",
            seen="EXISTS (SELECT 1 FROM intake_sourcefile f WHERE f.id = file_id)",
            added="EXISTS (SELECT 1 FROM intake_sourcefile f JOIN programmes_programme p ON p.id = f.programme_id"
            " WHERE f.id = file_id AND p.organisation_id = ANY ({organisations}))",
        ),
        RowSecurity(
            "intake_taskdraft",
            seen="EXISTS (SELECT 1 FROM intake_documentreading r WHERE r.id = reading_id)",
            added="EXISTS (SELECT 1 FROM intake_documentreading r JOIN intake_sourcefile f ON f.id = r.file_id"
            " JOIN programmes_programme p ON p.id = f.programme_id"
            " WHERE r.id = reading_id AND p.organisation_id = ANY ({organisations}))",
        ),
    ]
