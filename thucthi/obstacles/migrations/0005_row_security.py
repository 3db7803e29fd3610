"""An obstacle about a task is seen with it; one that stands alone by both sides and by the bodies above either."""

from django.db import migrations

from thucthi.kernel.row_security import RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("obstacles", "0004_facts_are_only_added"),
        ("programmes", "0006_row_security"),
    ]

    operations = [
        RowSecurity(
            "obstacles_obstacle",
            seen="""
    EXISTS (SELECT 1 FROM programmes_task t WHERE t.id = task_id)
    OR (task_id IS NULL AND EXISTS (
        SELECT 1 FROM directory_organisation o
        WHERE o.id IN (raised_by_organisation_id, asked_of_id) AND o.path && {organisations}))""",
            added="""
    EXISTS (SELECT 1 FROM directory_organisation o
            WHERE o.id = raised_by_organisation_id AND o.path && {organisations})""",
        ),
    ]
