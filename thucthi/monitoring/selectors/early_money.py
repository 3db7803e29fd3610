"""Tasks without enough money that start soon or should have started: warned of early (D15, D63)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models.functions import Coalesce

from thucthi.directory.access import Viewer
from thucthi.monitoring.calculations import TaskState
from thucthi.monitoring.selectors.early import open_tasks
from thucthi.monitoring.selectors.standing import task_states
from thucthi.monitoring.states import Stage
from thucthi.programmes.calculations.resources import WARNED_BEFORE, Money, Warned, warned
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.resources import money_of
from thucthi.programmes.selectors.visibility import visible_tasks

SETTLED = (Stage.DONE, Stage.SUSPENDED)


@dataclass(frozen=True)
class UnfundedRow:
    """`starts_on` is the day in the plan, else the day the programme was issued."""

    task: Task
    starts_on: date
    money: Money
    warned: Warned


@dataclass(frozen=True)
class Unfunded:
    """Those whose start is longest past first; `looked_at` open tasks need money and start within the time."""

    as_of: date
    rows: tuple[UnfundedRow, ...]
    looked_at: int

    @property
    def days_before(self) -> int:
        return WARNED_BEFORE


def unfunded(viewer: Viewer, as_of: date) -> Unfunded:
    """Issued tasks that need money, are neither done nor suspended, and have less than they need."""
    soon = as_of + timedelta(days=WARNED_BEFORE)
    tasks = open_tasks(visible_tasks(viewer).filter(money_vnd_million__gt=0), as_of)
    tasks = tasks.filter(programme__issued_on__lte=as_of)
    tasks = tasks.alias(starts=Coalesce("start_on", "programme__issued_on")).filter(starts__lte=soon)
    settled = {state.task_id for state in _settled(task_states(tasks, as_of))}
    rows = [row for row in tasks.select_related("programme", "lead") if row.pk not in settled]
    money = money_of(rows, as_of)
    found = [_row(task, money[task.pk], as_of) for task in rows]
    kept = [row for row in found if row is not None]
    return Unfunded(as_of, tuple(sorted(kept, key=lambda row: (row.warned.days, row.task.code))), len(rows))


def _settled(states: list[TaskState]) -> list[TaskState]:
    return [state for state in states if state.stage in SETTLED]


def _row(task: Task, money: Money, as_of: date) -> UnfundedRow | None:
    starts_on = task.start_on or task.programme.issued_on or as_of
    found = warned(money, starts_on, as_of)
    return UnfundedRow(task, starts_on, money, found) if found else None
