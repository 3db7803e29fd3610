"""Tasks without enough money that start soon or should have started: warned of early (D15, D63)."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from thucthi.directory.access import Viewer, may_work
from thucthi.kernel.answers import ANSWERS
from thucthi.monitoring.selectors.early import open_tasks
from thucthi.monitoring.selectors.standing import task_states
from thucthi.monitoring.states import Stage
from thucthi.programmes.calculations.resources import WARNED_BEFORE, Money, Warned, warned
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.resources import money_of
from thucthi.programmes.selectors.visibility import closed_programmes, visible_tasks

SETTLED = (Stage.DONE, Stage.SUSPENDED)
_OVER = [stage.value for stage in (*SETTLED, Stage.CANCELLED, Stage.SUPERSEDED)]
_GIVEN = "SELECT unnest(%(running)s::bigint[]) AS task_id"
# As the roll-up engine keeps them (ADR 0035); what a new day made stale it derives here.
_KEPT_TODAY = """
    SELECT s.task_id FROM monitoring_taskstanding s
    WHERE s.is_issued AND (s.stale_on IS NULL OR s.stale_on > %(as_of)s)
      AND NOT (CASE WHEN s.ahead_on <= %(as_of)s THEN s.ahead_stage ELSE s.stage END) = ANY (%(over)s)
    UNION ALL
    SELECT s.task_id FROM monitoring_stale_standings(%(as_of)s) s
    WHERE s.is_issued AND NOT s.stage = ANY (%(over)s)"""
# `needing` is found first and alone: joined to its programme, each task would ask anew whether that may be seen.
_LACKING = """
WITH running AS MATERIALIZED ({running}), given AS MATERIALIZED (
    SELECT f.task_id, sum(f.amount_vnd_million) AS amount FROM programmes_funding f
    WHERE f.kind = 'allocated' AND f.dated_on <= %(as_of)s
      AND NOT EXISTS (SELECT 1 FROM programmes_funding r WHERE r.corrects_id = f.id)
    GROUP BY f.task_id
), needing AS MATERIALIZED (
    SELECT t.id, t.code, t.programme_id, t.start_on, t.money_vnd_million FROM programmes_task t
    WHERE t.is_issued AND t.money_vnd_million > 0
), looked_at AS MATERIALIZED (
    SELECT t.id, t.code, coalesce(t.start_on, p.issued_on) AS starts_on,
           coalesce(g.amount, 0) < t.money_vnd_million AS lacks
    FROM needing t JOIN programmes_programme p ON p.id = t.programme_id JOIN running r ON r.task_id = t.id
    LEFT JOIN given g ON g.task_id = t.id
    WHERE p.issued_on <= %(as_of)s AND (p.is_open OR p.id = ANY (%(programmes)s::bigint[]))
      AND coalesce(t.start_on, p.issued_on) <= %(soon)s
)
SELECT (SELECT count(*) FROM looked_at),
       ARRAY(SELECT l.id FROM looked_at l WHERE l.lacks ORDER BY l.starts_on, l.code COLLATE "C")
"""


@dataclass(frozen=True)
class UnfundedRow:
    """`starts_on` is the day in the plan, else the day the programme was issued."""

    task: Task
    starts_on: date
    money: Money
    warned: Warned


@dataclass(frozen=True)
class Unfunded:
    """Ids of those that lack money, whose start is longest past first; `looked_at` open ones need money and start soon.

    `kept_since`: see `kernel.answers`.
    """

    as_of: date
    ids: Sequence[int]
    looked_at: int
    kept_since: datetime | None = None

    @property
    def days_before(self) -> int:
        return WARNED_BEFORE


def unfunded(viewer: Viewer, as_of: date) -> Unfunded:
    """Issued tasks that need money, are neither done nor suspended, and have less than they need; three queries.

    As of the engine's today by what is kept for it; as of any other day by the facts, minutes for a million tasks.
    Kept, if it took long, for whoever sees the same programmes.
    """
    if not viewer.is_system and not may_work(viewer):
        return Unfunded(as_of, (), 0)
    closed = closed_programmes(viewer)
    found = ANSWERS.answer(("unfunded", closed, as_of), lambda: _lacking(viewer, closed, as_of))
    looked_at, ids = found.value
    return Unfunded(as_of, ids, looked_at, found.kept_since)


def _lacking(viewer: Viewer, closed: Sequence[int], as_of: date) -> tuple[int, Sequence[int]]:
    if _engine_day() == as_of:
        return lacking(as_of, closed, None)
    return lacking(as_of, closed, running_by_facts(viewer, as_of))


def lacking(as_of: date, closed: Sequence[int], running: Iterable[int] | None) -> tuple[int, Sequence[int]]:
    """How many were looked at, and which lack. `running`: tasks not over; None: those of the engine's today."""
    values: dict[str, Any] = {
        "as_of": as_of,
        "soon": as_of + timedelta(days=WARNED_BEFORE),
        "programmes": list(closed),
        "running": list(running or ()),
        "over": _OVER,
    }
    statement = _LACKING.format(running=_KEPT_TODAY if running is None else _GIVEN)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        [(looked_at, ids)] = cursor.fetchall()
    return looked_at, array("q", ids)


def running_by_facts(viewer: Viewer, as_of: date) -> list[int]:
    """Tasks that need money and are not over, from everything known of them."""
    tasks = open_tasks(visible_tasks(viewer).filter(money_vnd_million__gt=0), as_of)
    return [state.task_id for state in task_states(tasks, as_of) if state.stage not in SETTLED]


def _engine_day() -> date | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT monitoring_today()")
        day: date | None = cursor.fetchall()[0][0]
    return day


def unfunded_rows(viewer: Viewer, ids: Sequence[int], as_of: date) -> list[UnfundedRow]:
    """In the order of `ids`, a few of `Unfunded.ids`; two queries. One that got its money since is left out."""
    found = {row.pk: row for row in visible_tasks(viewer).filter(pk__in=list(ids)).select_related("programme", "lead")}
    tasks = [found[pk] for pk in ids if pk in found]
    money = money_of(tasks, as_of)
    rows = (_row(task, money[task.pk], as_of) for task in tasks)
    return [row for row in rows if row is not None]


def _row(task: Task, money: Money, as_of: date) -> UnfundedRow | None:
    starts_on = task.start_on or task.programme.issued_on or as_of
    found = warned(money, starts_on, as_of)
    return UnfundedRow(task, starts_on, money, found) if found else None
