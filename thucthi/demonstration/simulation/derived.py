"""What triggers keep from row to row, made from all facts at once, as a rebuild would: into tables that are empty.

`thucthi check rollups` and a test hold all of it against a recount.
"""

from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.work import Values
from thucthi.monitoring.models.rollups import Counts

_WORDS = """
INSERT INTO programmes_taskwords (task_id, programme_id, code, search_text)
SELECT t.id, t.programme_id, t.code, t.search_text
FROM programmes_task t JOIN programmes_programme p ON p.id = t.programme_id WHERE p.is_open
"""
_STANDINGS = "INSERT INTO monitoring_taskstanding SELECT * FROM monitoring_all_standings(monitoring_today())"
# As monitoring_all_pulses() would find it; the task of a report is in its number, so that no verdict looks for it.
_LAST_DAYS = """
INSERT INTO monitoring_taskpulse (task_id, last_on)
SELECT task, max(day) FROM (
    SELECT task_id AS task, happened_on AS day FROM programmes_taskevent
    UNION ALL SELECT task_id, decided_on FROM programmes_taskchange
    UNION ALL SELECT task_id, (submitted_at AT TIME ZONE zone)::date FROM reporting_report, monitoring_rollupstate
    UNION ALL SELECT 1 + mod(report_id - 1, %(tasks)s), (decided_at AT TIME ZONE zone)::date
    FROM reporting_acceptance, monitoring_rollupstate
) told GROUP BY task
"""
_LINEAGES = (
    "INSERT INTO monitoring_lineage (lead_id, ancestor_id) SELECT * FROM monitoring_all_lineages(monitoring_today())"
)
_COLUMNS = [field.name for field in Counts._meta.fields]
_LISTED = ", ".join(_COLUMNS)
_LEADS = f"""
INSERT INTO monitoring_leadcount (lead_id, document_id, {_LISTED})
SELECT lead_id, document_id, {_LISTED} FROM monitoring_all_counts(monitoring_today())
"""
_ABOVE = f"""
INSERT INTO monitoring_rollup (organisation_id, document_id, kind, {_LISTED})
SELECT x.ancestor_id, x.document_id, coalesce(o.kind, ''), {_LISTED}
FROM (SELECT l.ancestor_id, c.document_id, {", ".join(f"sum(c.{name}) AS {name}" for name in _COLUMNS)}
      FROM monitoring_leadcount c JOIN monitoring_lineage l USING (lead_id) GROUP BY l.ancestor_id, c.document_id) x
LEFT JOIN directory_organisation o ON o.id = x.ancestor_id
"""


def write_words(cursor: CursorWrapper) -> None:
    """When the tasks are there."""
    cursor.execute(_WORDS)


def write_standings(cursor: CursorWrapper) -> None:
    cursor.execute(_STANDINGS)


def write_last_days(cursor: CursorWrapper, values: Values) -> None:
    cursor.execute(_LAST_DAYS, values)


def write_lineages(cursor: CursorWrapper) -> None:
    cursor.execute(_LINEAGES)


def write_counts_of_leads(cursor: CursorWrapper) -> None:
    """When the standings are there."""
    cursor.execute(_LEADS)


def write_counts_above(cursor: CursorWrapper) -> None:
    """When the counts of the leads are there, and the lineages."""
    cursor.execute(_ABOVE)
