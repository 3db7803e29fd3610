# ruff: noqa: S608 - every part of the statement is a constant of ours; values are parameters
"""What somebody owes: grouped, counted and cut by the database, for a large body owes thousands and is shown fifty.

No duty is joined to anything. Of what a list of bodies owes the planner cannot know how much it is, and once it took
ten thousand rows for two and compared each with each (docs/performance.md). Here the worst plan costs as much as there
are rows, whatever is believed of them: found in one index, gathered once, looked up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from thucthi.directory.access import Viewer
from thucthi.kernel.composed import any_of
from thucthi.kernel.prepared import Prepared
from thucthi.programmes.models import Programme
from thucthi.programmes.selectors.visibility import is_seen
from thucthi.reporting.access import REPORTING_ROLES
from thucthi.reporting.models import OpenDuty, OpenState, Pause
from thucthi.reporting.selectors.obligations import LookedUp
from thucthi.reporting.selectors.waiting import AND_PREDECESSORS

SOON = timedelta(days=7)
OVERDUE, DUE_SOON, RETURNED = "overdue", "soon", "returned"
# As `Given` does with a list.
_STOOD = AND_PREDECESSORS.replace("%s::bigint[]", "ARRAY(SELECT unnest(%(own)s))")
_OF_THE_BODIES = "d.organisation_id = ANY ((SELECT ids FROM bodies)::bigint[]) AND NOT d.state = 'waiting'"
# What came back is apart from what was never sent. What is due after this week is not asked for yet.
_IS_NEAR = "(d.state = 'returned' OR d.due_on <= %(soon)s)"
_GROUPED = f"""
    SELECT d.task_id, d.period_kind, d.state = 'returned' AS came_back,
           max(d.programme_id) AS programme_id, max(d.task_code) AS code,
           min(d.due_on) FILTER (WHERE {_IS_NEAR}) AS first_on, max(d.due_on) FILTER (WHERE {_IS_NEAR}) AS newest_on,
           count(*) FILTER (WHERE %(day)s > d.last_day) AS late, min(d.due_on) FILTER (WHERE NOT {_IS_NEAR}) AS later_on
    FROM reporting_openduty d WHERE {_OF_THE_BODIES}
    GROUP BY d.task_id, d.period_kind, d.state = 'returned'"""
# CASE: otherwise the planner would join. So each is looked up in what was found once, however many there are.
_REPORTS = """CASE WHEN g.task_id IN (
        SELECT p.task_id FROM reporting_pause p WHERE p.task_id = ANY (ARRAY(SELECT task_id FROM grouped))
        AND p.since <= %(day)s AND (p.until IS NULL OR p.until > %(day)s)
    ) THEN false ELSE true END"""
_SEEN = """CASE WHEN g.programme_id IN (
        SELECT p.id FROM programmes_programme p WHERE p.id = ANY (ARRAY(SELECT DISTINCT programme_id FROM grouped))
    ) THEN true ELSE false END"""
# Of each task and rhythm the newest period can be asked for now; older ones let pass stay counted as missing.
_NEWEST = f"""(
    SELECT ARRAY[d.obligation_id, n.late - (%(day)s > d.last_day)::int] FROM reporting_openduty d
    WHERE d.task_id = n.task_id AND d.period_kind = n.period_kind AND d.due_on = n.newest_on
      AND (d.state = 'returned') = n.came_back AND {_OF_THE_BODIES} ORDER BY d.obligation_id LIMIT 1)"""
# First what each group comes to; then its first rows, in the order of their first line, or of their newest where they
# are due soon.
_STATEMENT = f"""
WITH bodies AS MATERIALIZED (SELECT ARRAY({_STOOD}) AS ids), grouped AS MATERIALIZED ({_GROUPED}
), placed AS MATERIALIZED (
    SELECT g.*, CASE WHEN g.came_back THEN 'returned' WHEN g.late > 0 THEN 'overdue' WHEN g.first_on IS NOT NULL
                     THEN 'soon' ELSE 'later' END AS place
    FROM grouped g WHERE {_REPORTS} AND {_SEEN}
)
SELECT p.place, 0 AS number, NULL::bigint[] AS newest, count(*) AS total,
       count(*) FILTER (WHERE p.newest_on = %(day)s) AS today, min(p.later_on) AS later_on
FROM placed p GROUP BY p.place
UNION ALL
SELECT n.place, n.number, {_NEWEST}, 0, 0, NULL FROM (
    SELECT p.*, row_number() OVER (
        PARTITION BY p.place
        ORDER BY CASE WHEN p.place = 'soon' THEN p.newest_on END, p.first_on, p.code, p.period_kind) AS number
    FROM placed p WHERE p.place <> 'later'
) n WHERE n.number <= %(first)s
ORDER BY place, number
"""
_OWED = Prepared("reporting_owed", _STATEMENT, {"own": "bigint[]", "day": "date", "soon": "date", "first": "int"})


@dataclass(frozen=True, slots=True)
class OwedTask:
    """What a task owes now: its newest unanswered period, and how many older ones were let pass."""

    obligation: int
    passed_over: int


@dataclass(frozen=True)
class OwedGroup:
    """The first of a group, how many there are in all, and how many of them are due on the day itself."""

    shown: tuple[OwedTask, ...] = ()
    total: int = 0
    today: int = 0


@dataclass(frozen=True)
class OwedNow:
    """What the viewer's own organisations owe, a task and rhythm once in its group. `next_due_on`: after this week."""

    overdue: OwedGroup = OwedGroup()
    due_soon: OwedGroup = OwedGroup()
    returned: OwedGroup = OwedGroup()
    next_due_on: date | None = None

    @property
    def shown(self) -> list[int]:
        """Every obligation that is shown."""
        return [row.obligation for group in (self.overdue, self.due_soon, self.returned) for row in group.shown]


def owed_now(viewer: Viewer, on: date, first: int) -> OwedNow:
    """The `first` of each group, most urgent first; one statement, however much is owed."""
    own = viewer.organisation_ids(*REPORTING_ROLES)
    if not own:
        return OwedNow()
    rows = _OWED.rows(own=sorted(own), day=on, soon=on + SOON, first=first)
    return OwedNow(
        overdue=_group(rows, OVERDUE),
        due_soon=_group(rows, DUE_SOON),
        returned=_group(rows, RETURNED),
        next_due_on=min((row[5] for row in rows if row[5] is not None), default=None),
    )


def _group(rows: list[Any], place: str) -> OwedGroup:
    found = [row for row in rows if row[0] == place]
    if not found:
        return OwedGroup()
    whole, *first = found
    return OwedGroup(tuple(OwedTask(*row[2]) for row in first), total=whole[3], today=whole[4])


def unanswered(viewer: Viewer, bodies: Iterable[int], on: date) -> QuerySet[OpenDuty]:
    """Of what these bodies owe: nothing sent, or the newest version came back; tasks that still report on that day.

    Within what the viewer may see, whoever's these bodies are.
    """
    # As an array they are looked up in the index, however many the planner takes them to be.
    stood = RawSQL(f"ARRAY({AND_PREDECESSORS})", [sorted(bodies)])  # noqa: S611 - no text varies
    paused = Pause.objects.filter(Q(until__isnull=True) | Q(until__gt=on), task=OuterRef("task"), since__lte=on)
    seen = Programme.objects.filter(is_seen(viewer), pk=OuterRef("programme"))
    return (
        OpenDuty.objects.filter(any_of("organisation", stood))
        .exclude(state=OpenState.WAITING)
        .filter(~LookedUp(paused), LookedUp(seen))
        .order_by("due_on", "task_code")
    )
