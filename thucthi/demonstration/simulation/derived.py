"""What triggers keep from row to row, made from all facts at once, as a rebuild would: into tables that are empty.

`thucthi check rollups` and a test hold all of it against a recount.
"""

from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.work import Values
from thucthi.monitoring.models import LeadCount

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
_RETIE = "SELECT monitoring_retie(ARRAY(SELECT id FROM directory_organisation))"


def write_standings(cursor: CursorWrapper) -> None:
    cursor.execute(_STANDINGS)


def write_last_days(cursor: CursorWrapper, values: Values) -> None:
    cursor.execute(_LAST_DAYS, values)


def write_counts(cursor: CursorWrapper) -> None:
    """Those of the leads from the standings, and from them those of all above."""
    columns = ", ".join(field.column for field in LeadCount._meta.concrete_fields if field.column)
    cursor.execute(
        f"INSERT INTO monitoring_leadcount ({columns}) SELECT {columns} FROM monitoring_all_counts(monitoring_today())"
    )
    cursor.execute(_RETIE)
