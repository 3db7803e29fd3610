"""The same policies in words that cost a look at one task what one task costs (docs/performance.md).

`programme_id IN (SELECT …)` finds every programme that is seen, for each statement, before it shows the first task: with
9,000 programmes 11 ms. EXISTS leaves the choice to the planner: one look by key for few tasks, all programmes found once
for many. What made EXISTS slow before was the look itself, which read the documents for each programme; they are now
found once for a query. A document that is not shown still counts as restricted.
"""

from django.db import migrations

from thucthi.kernel.row_security import AUDITS, ORGANISATIONS, VIEWER

_PROGRAMME = """
    organisation_id = ANY ({organisations})
    OR (issued_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM programmes_programmebasis b WHERE b.programme_id = programmes_programme.id AND {restricted}))
    OR ({audits} IS NOT NULL AND EXISTS (
        SELECT 1 FROM directory_organisation o WHERE o.id = organisation_id AND o.path && {audits}))"""
_BEFORE = {
    "programmes_programme": _PROGRAMME.replace(
        "{restricted}",
        "NOT EXISTS (SELECT 1 FROM documents_document d WHERE d.id = b.document_id AND d.security = 'public')",
    ),
    "programmes_task": "programme_id IN (SELECT p.id FROM programmes_programme p)",
}
_AFTER = {
    "programmes_programme": _PROGRAMME.replace(
        "{restricted}", "b.document_id NOT IN (SELECT d.id FROM documents_document d WHERE d.security = 'public')"
    ),
    "programmes_task": "EXISTS (SELECT 1 FROM programmes_programme p WHERE p.id = programme_id)",
}


def _policies(seen: dict[str, str]) -> str:
    altered = []
    for table, words in seen.items():
        told = words.format(organisations=ORGANISATIONS, audits=AUDITS)
        whole = f"CASE WHEN {VIEWER} = 'system' THEN true WHEN {VIEWER} = 'working' THEN ({told}) ELSE false END"
        altered += [f"ALTER POLICY {name} ON {table} USING ({whole});" for name in ("seen", "changed", "removed")]
    return "\n".join(altered)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0006_row_security")]
    operations = [migrations.RunSQL(_policies(_AFTER), _policies(_BEFORE))]
