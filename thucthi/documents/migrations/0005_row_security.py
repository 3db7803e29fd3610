"""A public document is seen by everybody who works here, any other by those who work where it is registered."""

from django.db import migrations

from thucthi.kernel.row_security import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_facts_are_only_added")]

    operations = [
        RowSecurity(
            "documents_document",
            seen="security = 'public' OR register_id = ANY ({organisations})",
            added="register_id = ANY ({organisations})",
        ),
        RowSecurity(
            "documents_clause",
            seen="document_id IN (SELECT d.id FROM documents_document d)",
            added="EXISTS (SELECT 1 FROM documents_document d WHERE d.id = document_id"
            " AND d.register_id = ANY ({organisations}))",
        ),
    ]
