"""What somebody owes, said as plainly as it can be: every line read and grouped one by one; measures `owed_now`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thucthi.directory.access import Viewer
from thucthi.reporting.access import REPORTING_ROLES
from thucthi.reporting.models import OpenDuty
from thucthi.reporting.selectors.obligations import tasks_that_report
from thucthi.reporting.selectors.owed import SOON, OwedGroup, OwedNow, OwedTask
from thucthi.reporting.selectors.waiting import with_predecessors


@dataclass(frozen=True)
class Line:
    obligation: int
    task: int
    rhythm: str
    due_on: date
    is_overdue: bool
    is_returned: bool
    is_soon: bool


@dataclass(frozen=True)
class Grouped:
    line: Line
    passed_over: int


def lines_of(viewer: Viewer, on: date) -> list[Line]:
    """In order, read in the plainest way; the facts themselves say rhythm and code."""
    bodies = with_predecessors(viewer.organisation_ids(*REPORTING_ROLES))
    rows = (
        OpenDuty.objects.filter(organisation__in=bodies, task__in=tasks_that_report(on).values("pk"))
        .exclude(state="waiting")
        .order_by("due_on", "obligation__task__code", "obligation__period_kind", "pk")
    )
    named = ("pk", "task_id", "obligation__period_kind", "due_on", "last_day", "state")
    return [
        Line(pk, task, kind, due_on, on > last_day, state == "returned", on <= last_day and due_on <= on + SOON)
        for pk, task, kind, due_on, last_day, state in rows.values_list(*named)
    ]


def newest_per_task(lines: Iterable[Line]) -> list[Grouped]:
    """The newest period of each task and rhythm can be asked for now; older ones let pass stay counted as missing."""
    by_task: dict[tuple[int, str], list[Line]] = {}
    for line in lines:
        by_task.setdefault((line.task, line.rhythm), []).append(line)
    found = []
    for group in by_task.values():
        newest = max(group, key=lambda line: line.due_on)
        found.append(Grouped(newest, sum(line.is_overdue for line in group if line is not newest)))
    return found


def owed_by_the_rules(lines: list[Line], on: date, first: int) -> OwedNow:
    owed = newest_per_task(line for line in lines if (line.is_overdue or line.is_soon) and not line.is_returned)
    overdue = [row for row in owed if row.line.is_overdue or row.passed_over]
    soon = sorted(
        (row for row in owed if not (row.line.is_overdue or row.passed_over)), key=lambda row: row.line.due_on
    )
    returned = newest_per_task(line for line in lines if line.is_returned)
    later = (line.due_on for line in lines if not (line.is_returned or line.is_overdue or line.is_soon))
    groups = (_cut(rows, on, first) for rows in (overdue, soon, returned))
    return OwedNow(*groups, next_due_on=min(later, default=None))


def _cut(rows: list[Grouped], on: date, first: int) -> OwedGroup:
    shown = tuple(OwedTask(row.line.obligation, row.passed_over) for row in rows[:first])
    return OwedGroup(shown, total=len(rows), today=sum(row.line.due_on == on for row in rows))
