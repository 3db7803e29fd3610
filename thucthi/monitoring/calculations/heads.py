"""Facts about a stretch of days under one head: what was due, done, late, moved, stuck (D32, D33). No score.

Every count of a page is the number of rows of one kind, so that it opens into what it was made of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thucthi.monitoring.calculations.intervals import ONE_DAY, Interval, interval
from thucthi.monitoring.calculations.tenures import Course, Share, days_by_share, lateness, overdue_spans, share_on


class FactKind(StrEnum):
    REPORT_ON_TIME = "report_on_time"
    REPORT_LATE = "report_late"
    REPORT_MISSING = "report_missing"
    REPORT_CARRIED = "report_carried"
    RETURNED = "returned"
    TASK_ON_TIME = "task_on_time"
    TASK_LATE = "task_late"
    TASK_OVERDUE = "task_overdue"
    EXTENSION_DECIDED = "extension_decided"
    EXTENSION_RECEIVED = "extension_received"
    ON_DESK = "on_desk"


OWED = (FactKind.REPORT_ON_TIME, FactKind.REPORT_LATE, FactKind.REPORT_MISSING)
# Kinds that hold days in which something was late or waiting; the others have none of their own.
LATE_REPORTS = (FactKind.REPORT_LATE, FactKind.REPORT_MISSING, FactKind.REPORT_CARRIED)


@dataclass(frozen=True, slots=True)
class ReportFact:
    """A report owed: `deadline` is the last day on time, grace included; `answered_on` the day of its first version."""

    code: str
    period: str
    deadline: date
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class TaskFact:
    """A task while the body led it; it may have been led by others before and after."""

    code: str
    text: str
    course: Course
    led: tuple[Interval, ...]

    def end_on(self, day: date) -> date | None:
        """The deadline that stood on that day."""
        return next((end for since, end in reversed(self.course.ends) if since <= day), None)


@dataclass(frozen=True, slots=True)
class MomentFact:
    """Something that happened on one day; `days`: by how much a deadline moved, 0 otherwise."""

    kind: FactKind
    code: str
    text: str
    on: date
    days: int = 0


@dataclass(frozen=True, slots=True)
class DeskFact:
    """An obstacle that lay on the body's desk: the day it came, the day it left, None while it lies there."""

    code: str
    text: str
    came_on: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class OwedFact:
    """Something owed to others from `since` until `ended_on`, None while it is owed: an answer, a programme."""

    kind: str
    code: str
    text: str
    since: date
    due_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known about a body, whoever headed it."""

    reports: tuple[ReportFact, ...] = ()
    tasks: tuple[TaskFact, ...] = ()
    moments: tuple[MomentFact, ...] = ()
    desks: tuple[DeskFact, ...] = ()
    owed: tuple[OwedFact, ...] = ()


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact in one share: the day it belongs to, and the days of it that fell into this share."""

    kind: FactKind
    code: str
    text: str
    on: date
    days: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What was open at the end of a day: what is handed over when a head changes. `kind`: task, report, obstacle…"""

    kind: str
    code: str
    text: str
    due_on: date | None
    days_late: int


def rows_by_share(facts: Facts, shares: Sequence[Share], as_of: date) -> dict[Share, tuple[FactRow, ...]]:
    """Each fact in the share of its day; days of lateness are divided among those who held the post on them."""
    found: dict[Share, list[FactRow]] = {share: [] for share in shares}
    for report in facts.reports:
        _place_report(found, report, as_of)
    for task in facts.tasks:
        _place_task(found, task, as_of)
    for moment in facts.moments:
        share = share_on(shares, moment.on)
        if share:
            found[share].append(FactRow(moment.kind, moment.code, moment.text, moment.on, moment.days))
    for desk in facts.desks:
        _place_desk(found, desk, as_of)
    return {share: tuple(sorted(rows, key=lambda row: (row.on, row.code))) for share, rows in found.items()}


def _place_report(found: dict[Share, list[FactRow]], report: ReportFact, as_of: date) -> None:
    if report.deadline >= as_of and (report.answered_on is None or report.answered_on > as_of):
        return
    late = lateness(report.deadline, report.answered_on, as_of)
    days = days_by_share([late] if late else [], found)
    own = share_on(list(found), report.deadline)
    for share, rows in found.items():
        if share == own:
            rows.append(FactRow(_kind_of(report, as_of), report.code, report.period, report.deadline, days[share]))
        elif days[share]:
            rows.append(FactRow(FactKind.REPORT_CARRIED, report.code, report.period, report.deadline, days[share]))


def _kind_of(report: ReportFact, as_of: date) -> FactKind:
    if report.answered_on is None or report.answered_on > as_of:
        return FactKind.REPORT_MISSING
    return FactKind.REPORT_ON_TIME if report.answered_on <= report.deadline else FactKind.REPORT_LATE


def _place_task(found: dict[Share, list[FactRow]], task: TaskFact, as_of: date) -> None:
    done = task.course.done_on
    if done and done <= as_of and any(led.holds(done) for led in task.led):
        share, end = share_on(list(found), done), task.end_on(done)
        if share:
            kind = FactKind.TASK_ON_TIME if end is None or done <= end else FactKind.TASK_LATE
            found[share].append(FactRow(kind, task.code, task.text, done, 0))
    overdue = [part for span in overdue_spans(task.course, as_of) for led in task.led if (part := span.common(led))]
    for share, days in days_by_share(overdue, found).items():
        if days:
            first = max(min(each.first for each in overdue), share.days.first)
            found[share].append(FactRow(FactKind.TASK_OVERDUE, task.code, task.text, first, days))


def _place_desk(found: dict[Share, list[FactRow]], desk: DeskFact, as_of: date) -> None:
    lay = lateness(desk.came_on, desk.left_on, as_of)
    came = share_on(list(found), desk.came_on)
    for share, days in days_by_share([lay] if lay else [], found).items():
        if days or share == came:
            found[share].append(FactRow(FactKind.ON_DESK, desk.code, desk.text, desk.came_on, days))


def open_on(facts: Facts, day: date) -> list[OpenItem]:
    """What the body had open at the end of `day`, in the order of its deadlines: the list of a hand-over."""
    items = [
        OpenItem("report", row.code, row.period, row.deadline, _late_on(row.deadline, day))
        for row in facts.reports
        if row.deadline <= day and (row.answered_on is None or row.answered_on > day)
    ]
    items += [
        OpenItem("obstacle", row.code, row.text, None, 0)
        for row in facts.desks
        if row.came_on <= day and (row.left_on is None or row.left_on > day)
    ]
    items += [
        OpenItem(row.kind, row.code, row.text, row.due_on, _late_on(row.due_on, day))
        for row in facts.owed
        if row.since <= day and (row.ended_on is None or row.ended_on > day)
    ]
    items += [item for task in facts.tasks if (item := _open_task(task, day))]
    return sorted(items, key=lambda item: (item.kind, item.due_on or date.max, item.code))


def _open_task(task: TaskFact, day: date) -> OpenItem | None:
    done = task.course.done_on
    is_open = (done is None or done > day) and any(led.holds(day) for led in task.led)
    if not is_open or (task.course.ended_on and task.course.ended_on <= day):
        return None
    late = sum(span.days for span in overdue_spans(task.course, day))
    return OpenItem("task", task.code, task.text, task.end_on(day), late)


def _late_on(deadline: date, day: date) -> int:
    return max(0, (day - deadline).days)


def led_spans(
    changes: Iterable[tuple[date, str, str]], *, issued_on: date, names: frozenset[str], leads_now: bool
) -> tuple[Interval, ...]:
    """When a body of these `names` led a task: from changes of lead as (day decided, old name, new name), in order.

    The new lead answers from the day of the decision on; the old one up to the day before.
    """
    rows = list(changes)
    spans, since = [], issued_on
    for day, old, _new in rows:
        if old in names:
            spans.append(interval(since, day - ONE_DAY))
        since = day
    if leads_now:
        spans.append(interval(since, date.max))
    return tuple(span for span in spans if span)


def stopped_spans(steps: Iterable[tuple[str, date]]) -> tuple[Interval, ...]:
    """Suspended until resumed; cancelled or superseded for good (its last day is the end of time)."""
    spans, since = [], None
    for kind, on in steps:
        if kind in {"suspended", "cancelled", "superseded"} and since is None:
            since = on
        elif kind == "resumed" and since is not None:
            spans.append(interval(since, on - ONE_DAY))
            since = None
    if since is not None:
        spans.append(interval(since, date.max))
    return tuple(span for span in spans if span)


def count_of(rows: Iterable[FactRow], *kinds: FactKind) -> int:
    return sum(row.kind in kinds for row in rows)


def days_of(rows: Iterable[FactRow], *kinds: FactKind) -> int:
    return sum(row.days for row in rows if row.kind in kinds)
