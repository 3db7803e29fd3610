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

from thucthi.directory.access import Viewer, may_work
from thucthi.monitoring.calculations import Tally
from thucthi.monitoring.selectors.standing import (
    lineages,
    tallies_by_document,
    tallies_by_organisation,
    tally,
    task_states,
)
from thucthi.monitoring.states import Schedule, Stage
from thucthi.programmes.selectors import visible_tasks
from thucthi.programmes.selectors.visibility import closed_programmes

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
_KEPT = f"SELECT x.organisation_id, x.document_id, {_LISTED} FROM monitoring_rollup x WHERE"
_BODIES = "%(organisations)s::bigint[]"
_HIDDEN = f"""
        UNION ALL
        SELECT l.ancestor_id, x.document_id, {_LISTED} FROM monitoring_hidden_counts(%(programmes)s, {DAY}) x
        JOIN monitoring_lineage l ON l.lead_id = x.lead_id WHERE x.day <= {DAY} AND {{moved}}"""
_COUNTS = f"""
WITH {TODAY}
SELECT today.day, today.is_behind, counted.*
FROM today LEFT JOIN (
    SELECT x.organisation_id, x.document_id, {_SUMMED}
    FROM (
        {{kept}}
        UNION ALL
        SELECT l.ancestor_id, x.document_id, {_LISTED}
        FROM {MOVED} x JOIN monitoring_lineage l ON l.lead_id = x.lead_id WHERE {{moved}}{{hidden}}
    ) x GROUP BY x.organisation_id, x.document_id
) counted ON true
"""
_NOTHING = Tally()
_OF_DOCUMENTS = "AND x.document_id = ANY (%(documents)s::bigint[])"


@dataclass(frozen=True)
class LiveCounts:
    """The tallies of some places as of `day`; a place without a task has a tally of zeros."""

    day: date
    tallies: dict[Place, Tally]

    def at(self, organisation_id: int, document_id: int = EVERY_DOCUMENT) -> Tally:
        return self.tallies.get((organisation_id, document_id), _NOTHING)


def live_counts(
    viewer: Viewer,
    organisation_ids: Iterable[int],
    *,
    document_ids: Sequence[int] = (EVERY_DOCUMENT,),
    in_full: int | None = None,
) -> LiveCounts | None:
    """Of the issued tasks the viewer may see, by organisation and document; two queries.

    `in_full`: an organisation of which every document is read, whatever `document_ids` says. None for the moment in
    which other bodies answer for a lead since midnight and the tree was not followed yet: then whoever asks reads the
    facts (`counts_on`).
    """
    hidden = list(closed_programmes(viewer))
    seen = viewer.is_system or may_work(viewer)
    parameters: dict[str, Any] = {
        "organisations": list(organisation_ids) if seen else [],
        "in_full": in_full if seen else None,
        "documents": list(document_ids),
        "programmes": hidden,
    }
    with connection.cursor() as cursor:
        cursor.execute(counts_statement(in_full=in_full is not None, hidden=bool(hidden)), parameters)
        rows = cursor.fetchall()
    day, is_behind = rows[0][:2]
    if is_behind:
        return None
    return LiveCounts(day, {(row[2], row[3]): tally_of(row[4:]) for row in rows if row[2] is not None})


def counts_on(as_of: date, viewer: Viewer, organisation_ids: Sequence[int], *, in_full: int) -> LiveCounts:
    """`live_counts` where `as_of` is the engine's day, else `recounted`: the same figures, asked of every fact."""
    found = live_counts(viewer, organisation_ids, in_full=in_full)
    return found if found is not None and found.day == as_of else recounted(as_of, viewer, organisation_ids, in_full)


def recounted(as_of: date, viewer: Viewer, organisation_ids: Iterable[int], in_full: int) -> LiveCounts:
    """What `live_counts` gives, from the facts as of any day; minutes for a million tasks."""
    states, tree = task_states(visible_tasks(viewer).filter(is_issued=True), as_of), lineages(as_of)
    below = tallies_by_organisation(states, tree)
    here = [each for each in states if in_full == COUNTRY or in_full in tree.ancestors(each.lead_id)]
    found = {(pk, EVERY_DOCUMENT): below[pk] for pk in organisation_ids if pk in below}
    found |= {(in_full, document_id): each for document_id, each in tallies_by_document(here).items()}
    return LiveCounts(as_of, found | {(in_full, EVERY_DOCUMENT): tally(here)})


def counts_statement(*, in_full: bool = False, hidden: bool = False, bodies: str = _BODIES) -> str:
    """One statement. `bodies`: an array in SQL; `hidden` adds the programmes that not everybody sees."""
    kept = f"{_KEPT} x.organisation_id = ANY ({bodies}) {_OF_DOCUMENTS}"
    moved = f"l.ancestor_id = ANY ({bodies}) {_OF_DOCUMENTS}"
    if in_full:
        kept += f" AND x.organisation_id <> %(in_full)s UNION ALL {_KEPT} x.organisation_id = %(in_full)s"
        moved = f"({moved} OR l.ancestor_id = %(in_full)s)"
    return _COUNTS.format(kept=kept, moved=moved, hidden=_HIDDEN.format(moved=moved) if hidden else "")


def tally_of(row: Sequence[int]) -> Tally:
    """From the values of `COLUMNS`."""
    stages, schedules = row[: len(STAGES)], row[len(STAGES) : len(STAGES) + len(SCHEDULES)]
    return Tally(
        dict(zip(Stage, stages, strict=True)),
        dict(zip(Schedule, schedules, strict=True)),
        owed=row[-2],
        reported=row[-1],
    )
