"""A programme is seen by everybody who works here once it is issued and none of its documents is restricted.

Otherwise by those who work in its owner, and by auditors there or above. A task is seen with its programme. "None is
restricted" is asked as "each is seen to be public": a document that is not shown must count as restricted.
"""

from django.db import migrations

from thucthi.kernel.row_security import RowSecurity, RunsAsOwner


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0005_facts_are_only_added"),
        ("documents", "0005_row_security"),
    ]

    operations = [
        RowSecurity(
            "programmes_programme",
            seen="""
    organisation_id = ANY ({organisations})
    OR (issued_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM programmes_programmebasis b WHERE b.programme_id = programmes_programme.id AND NOT EXISTS (
            SELECT 1 FROM documents_document d WHERE d.id = b.document_id AND d.security = 'public')))
    OR ({audits} IS NOT NULL AND EXISTS (
        SELECT 1 FROM directory_organisation o WHERE o.id = organisation_id AND o.path && {audits}))""",
            added="organisation_id = ANY ({organisations})",
        ),
        RowSecurity(
            "programmes_task",
            seen="EXISTS (SELECT 1 FROM programmes_programme p WHERE p.id = programme_id)",
            added="""
    EXISTS (SELECT 1 FROM programmes_programme p JOIN directory_organisation o ON o.id = p.organisation_id
            WHERE p.id = programme_id AND o.path && {organisations})""",
        ),
        RunsAsOwner("programmes_parts_of_issued_stand()"),
    ]
