"""What triggers keep from row to row, made from all facts at once, as a rebuild would: into tables that are empty.

`thucthi check rollups` and a test hold all of it against a recount.
"""

from django.db.backends.utils import CursorWrapper

from thucthi.monitoring.models import LeadCount

_STANDINGS = "INSERT INTO monitoring_taskstanding SELECT * FROM monitoring_all_standings(monitoring_today())"
_LAST_DAYS = "INSERT INTO monitoring_taskpulse (task_id, last_on) SELECT * FROM monitoring_all_pulses()"
_RETIE = "SELECT monitoring_retie(ARRAY(SELECT id FROM directory_organisation))"


def write_standings(cursor: CursorWrapper) -> None:
    cursor.execute(_STANDINGS)


def write_last_days(cursor: CursorWrapper) -> None:
    cursor.execute(_LAST_DAYS)


def write_counts(cursor: CursorWrapper) -> None:
    """Those of the leads from the standings, and from them those of all above."""
    columns = ", ".join(field.column for field in LeadCount._meta.concrete_fields if field.column)
    cursor.execute(
        f"INSERT INTO monitoring_leadcount ({columns}) SELECT {columns} FROM monitoring_all_counts(monitoring_today())"
    )
    cursor.execute(_RETIE)
