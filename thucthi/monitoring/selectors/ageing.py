"""Open tasks by how long nothing happened on them, and by how long they are overdue (D24): no silent postponement."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.composed import Composed, among
from thucthi.monitoring.calculations.standing import UNDATED_DEADLINES
from thucthi.monitoring.selectors.ageing_kept import BUCKETS, Counted, Kept
from thucthi.programmes.models import Task, TaskChange, TaskEvent
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import Acceptance, Report
from thucthi.reporting.selectors.obligations import end_of, tasks_that_report

PER_PAGE = 50
BY_IDLE, BY_OVERDUE = "im", "qua-han"


@dataclass(frozen=True, slots=True)
class AgedTask:
    """`last_on`: the last day on which anything was recorded about it; `overdue` 0 when it is not, None undated."""

    task: Task
    last_on: date
    idle: int
    overdue: int | None


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tasks idle for `above` days or more, up to and including `up_to`; None: without end."""

    above: int
    up_to: int | None
    count: int


@dataclass(frozen=True, slots=True)
class AgeingPage:
    under: Organisation | None
    order: str
    as_of: date
    total: int
    overdue: int
    buckets: tuple[Bucket, ...]
    rows: tuple[AgedTask, ...]
    page: int
    pages: int


def ageing_page(viewer: Viewer, under: Organisation | None, order: str, as_of: date, page: int = 1) -> AgeingPage:
    """Every open task led in and below `under`, the longest standing first.

    From what is kept of each task where `as_of` is the day of the engine (ADR 0035), else from all facts; a handful of
    queries either way.
    """
    reader: Kept | FromFacts = Kept.of(viewer, under)
    counted = reader.counted()
    if counted.day != as_of:
        reader = FromFacts(viewer, under, as_of)
        counted = reader.counted()
    found = counted.overdue if order == BY_OVERDUE else counted.total
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(page, 1), pages)
    last_days = reader.first((page - 1) * PER_PAGE, PER_PAGE, is_by_overdue=order == BY_OVERDUE)
    tasks = {task.pk: task for task in (_LED_TASKS.rows(tasks=list(last_days)) if last_days else ())}
    edges = (None, *BUCKETS, None)
    return AgeingPage(
        under=under,
        order=order,
        as_of=as_of,
        total=counted.total,
        overdue=counted.overdue,
        buckets=tuple(
            Bucket(0 if edges[n] is None else edges[n] + 1, edges[n + 1], count)  # type: ignore[operator]
            for n, count in enumerate(counted.buckets)
        ),
        rows=tuple(_row(tasks[pk], last_on, as_of) for pk, last_on in last_days.items()),
        page=page,
        pages=pages,
    )


_LED_TASKS = Composed("monitoring_led_tasks", lambda: Task.objects.filter(among("pk", "tasks")).select_related("lead"))


@dataclass(frozen=True)
class FromFacts:
    """As of any day, from the facts alone: what `Kept` must equal. Reads every fact of every open task."""

    viewer: Viewer
    under: Organisation | None
    as_of: date

    def counted(self) -> Counted:
        edges = (None, *BUCKETS, None)
        found = self._aged().aggregate(
            total=Count("pk"), overdue=Count("pk", filter=self._late()),
            **{f"b{n}": Count("pk", filter=_idle(edges[n], edges[n + 1], self.as_of)) for n in range(len(edges) - 1)},
        )  # fmt: skip
        buckets = tuple(found[f"b{n}"] for n in range(len(edges) - 1))
        return Counted(self.as_of, found["total"], found["overdue"], buckets)

    def first(self, skipped: int, room: int, *, is_by_overdue: bool) -> dict[int, date]:
        """The last day of each, in order."""
        rows = self._aged()
        late = rows.filter(self._late()).order_by("resolved_end", "pk")
        ordered = late if is_by_overdue else rows.order_by("last_on", "pk")
        return dict(ordered.values_list("pk", "last_on")[skipped : skipped + room])

    def _aged(self) -> QuerySet[Any]:
        return aged(open_tasks(self.viewer, self.under, self.as_of), self.as_of).order_by()

    def _late(self) -> Q:
        return Q(resolved_end__lt=self.as_of) & ~Q(deadline_kind__in=UNDATED_DEADLINES)


def open_tasks(viewer: Viewer, under: Organisation | None, as_of: date) -> QuerySet[Task]:
    """Issued, not accepted as complete, neither stopped nor ended at the end of `as_of`."""
    running = tasks_that_report(as_of).filter(programme__issued_on__lte=as_of)
    tasks = visible_tasks(viewer).filter(pk__in=running.order_by().values("pk"))
    return tasks.filter(lead__path__contains=[under.pk]) if under else tasks


def aged(tasks: QuerySet[Task], as_of: date) -> QuerySet[Any]:
    """With `last_on`: the last day of a report, a verdict, a change or a step, at least the day of issue."""
    reports = Report.objects.filter(task=OuterRef("pk"), submitted_at__lt=end_of(as_of)).order_by("-submitted_at")
    verdicts = Acceptance.objects.filter(report__task=OuterRef("pk"), decided_at__lt=end_of(as_of))
    changes = TaskChange.objects.filter(task=OuterRef("pk"), decided_on__lte=as_of).order_by("-decided_on")
    steps = TaskEvent.objects.filter(task=OuterRef("pk"), happened_on__lte=as_of).order_by("-happened_on")
    said = Subquery(reports.annotate(day=TruncDate("submitted_at")).values("day")[:1], output_field=DateField())
    judged = verdicts.order_by("-decided_at").annotate(day=TruncDate("decided_at"))
    issued = F("programme__issued_on")
    return tasks.annotate(
        last_on=Greatest(
            issued,
            Coalesce(said, issued),
            Coalesce(Subquery(judged.values("day")[:1], output_field=DateField()), issued),
            Coalesce(Subquery(changes.values("decided_on")[:1]), issued),
            Coalesce(Subquery(steps.values("happened_on")[:1]), issued),
        )
    )


def _idle(above: int | None, up_to: int | None, as_of: date) -> Q:
    newest = Q(last_on__lt=as_of - timedelta(days=above)) if above is not None else Q()
    return newest & Q(last_on__gte=as_of - timedelta(days=up_to)) if up_to is not None else newest


def _row(task: Task, last_on: date, as_of: date) -> AgedTask:
    dated = task.resolved_end is not None and task.deadline_kind not in UNDATED_DEADLINES
    overdue = max(0, (as_of - task.resolved_end).days) if dated and task.resolved_end else None
    return AgedTask(task, last_on, (as_of - last_on).days, overdue)
