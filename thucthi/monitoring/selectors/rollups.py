# ruff: noqa: S608 - every part of these statements is a constant of ours; values are parameters
"""Counts as of today, everything known, at once: what is folded, what is not yet, and what is stale, in one statement.

Equal to `tally(task_states(…))` of the same tasks by tests; what stands behind it is ADR 0035. A count belongs to an
organisation (0: the country), everything led in its subtree by `Lineages`, and to a document (0: each task once).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from thucthi.directory.access import Viewer, may_work
from thucthi.monitoring.calculations import Tally
from thucthi.monitoring.models import RollupState, TaskStanding
from thucthi.monitoring.states import Schedule, Stage
from thucthi.programmes.selectors import visible_programmes

COUNTRY = 0
EVERY_DOCUMENT = 0
STAGES = tuple(f"stage_{each.value}" for each in Stage)
SCHEDULES = tuple(f"schedule_{each.value}" for each in Schedule)
COLUMNS = (*STAGES, *SCHEDULES, "owed", "reported")
Place = tuple[int, int]

_LISTED = ", ".join(f"x.{name}" for name in COLUMNS)
_SUMMED = ", ".join(f"sum(x.{name})::int AS {name}" for name in COLUMNS)
TODAY = """today AS MATERIALIZED (
    SELECT monitoring_today() AS day, coalesce(tree_stale_on <= monitoring_today(), false) AS is_behind
    FROM monitoring_rollupstate
)"""
DAY = "(SELECT day FROM today)"
# What moved since the last fold, by lead; then what a new day moved and the bell has not come round to yet.
MOVED = f"""(
    SELECT x.lead_id, x.document_id, {_LISTED} FROM monitoring_rollupdelta x WHERE x.day <= {DAY}
    UNION ALL
    SELECT x.lead_id, x.document_id, {_LISTED} FROM monitoring_drift({DAY}) x
)"""
_HIDDEN = f"""
    UNION ALL
    SELECT l.ancestor_id, x.document_id, {_LISTED} FROM monitoring_hidden_counts(%(programmes)s, {DAY}) x
    JOIN monitoring_lineage l ON l.lead_id = x.lead_id
    WHERE x.day <= {DAY} AND l.ancestor_id = ANY (%(organisations)s::bigint[]) {{of_documents}}"""
_COUNTS = f"""
WITH {TODAY}
SELECT today.day, today.is_behind, counted.*
FROM today LEFT JOIN (
    SELECT x.organisation_id, x.document_id, {_SUMMED}
    FROM (
        SELECT x.organisation_id, x.document_id, {_LISTED} FROM monitoring_rollup x
        WHERE x.organisation_id = ANY (%(organisations)s::bigint[]) {{of_documents}}
        UNION ALL
        SELECT l.ancestor_id, x.document_id, {_LISTED}
        FROM {MOVED} x JOIN monitoring_lineage l ON l.lead_id = x.lead_id
        WHERE l.ancestor_id = ANY (%(organisations)s::bigint[]) {{of_documents}}{{hidden}}
    ) x GROUP BY x.organisation_id, x.document_id
) counted ON true
"""


@dataclass(frozen=True)
class LiveCounts:
    """The tallies of some places as of `day`; a place without a task has a tally of zeros."""

    day: date
    tallies: dict[Place, Tally]

    def at(self, organisation_id: int, document_id: int = EVERY_DOCUMENT) -> Tally:
        return self.tallies.get((organisation_id, document_id), Tally())


def live_counts(
    viewer: Viewer, organisation_ids: Iterable[int], document_ids: Sequence[int] | None = (EVERY_DOCUMENT,)
) -> LiveCounts | None:
    """Of the issued tasks the viewer may see; two queries. `document_ids` None: each document there is, and 0.

    None for the moment in which other bodies answer for a lead since midnight and the tree was not followed yet: then
    whoever asks reads the facts (`task_states`).
    """
    hidden = hidden_programmes(viewer)
    if not viewer.is_system and not may_work(viewer):
        organisation_ids = ()
    parameters: dict[str, Any] = {
        "organisations": list(organisation_ids), "documents": list(document_ids or ()), "programmes": hidden,
    }  # fmt: skip
    of_documents = "" if document_ids is None else "AND x.document_id = ANY (%(documents)s::bigint[])"
    statement = counts_statement(of_documents, hidden=bool(hidden))
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    day, is_behind = rows[0][:2]
    if is_behind:
        return None
    return LiveCounts(day, {(row[2], row[3]): tally_of(row[4:]) for row in rows if row[2] is not None})


def counts_statement(of_documents: str = "", *, hidden: bool = False) -> str:
    """One statement; `of_documents` narrows `x.document_id`, `hidden` adds programmes that not everybody sees."""
    more = _HIDDEN.format(of_documents=of_documents) if hidden else ""
    return _COUNTS.format(of_documents=of_documents, hidden=more)


def tally_of(row: Sequence[int]) -> Tally:
    """From the values of `COLUMNS`."""
    stages, schedules = row[: len(STAGES)], row[len(STAGES) : len(STAGES) + len(SCHEDULES)]
    return Tally(
        dict(zip(Stage, stages, strict=True)),
        dict(zip(Schedule, schedules, strict=True)),
        owed=row[-2],
        reported=row[-1],
    )


def hidden_programmes(viewer: Viewer) -> list[int]:
    """Programmes with issued tasks that this viewer sees and others do not."""
    closed = TaskStanding.objects.filter(programme=OuterRef("pk"), is_issued=True, is_open=False)
    return list(visible_programmes(viewer).filter(Exists(closed)).order_by().values_list("pk", flat=True))


def rollup_state() -> RollupState:
    return RollupState.objects.get()
