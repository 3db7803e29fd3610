"""What one official must do this week, and in what order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.obstacles.selectors import ObstacleStanding, standings, visible_obstacles
from thucthi.programmes.models import Programme
from thucthi.reporting.selectors.queues import DueReport, ReviewItem, reports_due_for

SHOWN = 20


@dataclass(frozen=True)
class OwedReport:
    """What a task owes now: its newest unanswered period, and how many older ones were let pass."""

    due: DueReport
    passed_over: int


@dataclass(frozen=True)
class MyWork:
    """The official's list of this week, most urgent first; `to_review` shows the oldest, `waiting` counts all."""

    overdue: tuple[OwedReport, ...]
    due_soon: tuple[OwedReport, ...]
    returned: tuple[OwedReport, ...]
    to_review: tuple[ReviewItem, ...]
    waiting: int
    asked_of_us: tuple[ObstacleStanding, ...]
    drafts: tuple[Programme, ...]
    next_due_on: date | None

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.due_soon or self.returned or self.waiting or self.asked_of_us or self.drafts)


def my_work(viewer: Viewer, on: date) -> MyWork:
    """What the viewer must do, in what order (D22, D60)."""
    due = reports_due_for(viewer, on)
    owed = _newest_per_task([*due.overdue, *due.due_soon])
    return MyWork(
        overdue=tuple(row for row in owed if row.due.is_overdue),
        due_soon=tuple(row for row in owed if not row.due.is_overdue),
        returned=tuple(_newest_per_task(due.returned)),
        to_review=due.to_review[:SHOWN],
        waiting=len(due.to_review),
        asked_of_us=_asked_of(viewer, on),
        drafts=_drafts_of(viewer),
        next_due_on=due.next_due_on,
    )


def _newest_per_task(rows: Iterable[DueReport]) -> list[OwedReport]:
    """A report that nobody wrote for a week long past cannot be asked for now; it stays counted as missing."""
    by_task: dict[int, list[DueReport]] = {}
    for row in rows:
        by_task.setdefault(row.obligation.task_id, []).append(row)
    return [
        OwedReport(due=max(group, key=lambda row: row.obligation.due_on), passed_over=len(group) - 1)
        for group in by_task.values()
    ]


def _asked_of(viewer: Viewer, on: date) -> tuple[ObstacleStanding, ...]:
    own = viewer.organisation_ids(Role.HEAD, Role.REPORTER, Role.APPROVER)
    if not own:
        return ()
    asked = standings(visible_obstacles(viewer).filter(asked_of__in=own), on)
    return tuple(standing for standing in asked if standing.is_open)


def _drafts_of(viewer: Viewer) -> tuple[Programme, ...]:
    own = viewer.organisation_ids(Role.PROGRAMME_EDITOR, Role.HEAD)
    return tuple(Programme.objects.filter(organisation__in=own, issued_on__isnull=True).order_by("code"))
