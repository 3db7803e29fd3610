"""How often deadlines were moved and tasks handed on, by whom, by how much (D33, D66); each decision can be read."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet, Sum

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.monitoring.selectors.rollups import COUNTRY, live_counts
from thucthi.programmes.models import ChangedField, Task, TaskChange
from thucthi.programmes.selectors import is_seen, visible_tasks

PER_PAGE = 50
MOST_TASKS = 20
FIELDS = {"gia-han": ChangedField.DEADLINE, "chuyen-viec": ChangedField.LEAD}


@dataclass(frozen=True, slots=True)
class ChangedBody:
    """What happened to the tasks a body leads today; `days`: by how much their deadlines moved altogether."""

    organisation: Organisation
    decisions: int
    tasks: int
    days: int
    led: int


@dataclass(frozen=True, slots=True)
class ChangedTask:
    task: Task
    decisions: int
    days: int


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """`decisions` about `tasks` of the `led` tasks in and below `under`."""

    field: str
    under: Organisation | None
    as_of: date
    decisions: int
    tasks: int
    led: int
    days: int
    bodies: tuple[ChangedBody, ...]
    often: tuple[ChangedTask, ...]
    rows: tuple[TaskChange, ...]
    page: int
    pages: int


def changes_page(viewer: Viewer, under: Organisation | None, asked: str, as_of: date, page: int = 1) -> ChangesPage:
    """`asked`: a key of FIELDS. Eight queries however many decisions there are."""
    tasks = visible_tasks(viewer).filter(is_issued=True).order_by()
    if under:
        tasks = tasks.filter(lead__path__contains=[under.pk])
    changes = TaskChange.objects.filter(
        is_seen(viewer, "task__programme__"), task__is_issued=True, field=FIELDS[asked], decided_on__lte=as_of
    )
    if under:
        changes = changes.filter(task__lead__path__contains=[under.pk])
    moved = Sum(ExpressionWrapper(F("new_end") - F("old_end"), DurationField()))
    whole = changes.aggregate(decisions=Count("pk"), tasks=Count("task", distinct=True), days=moved)
    pages = max(1, -(-whole["decisions"] // PER_PAGE))
    page = min(max(page, 1), pages)
    rows = changes.select_related("task__lead", "by").order_by("-decided_on", "-pk")
    return ChangesPage(
        field=asked,
        under=under,
        as_of=as_of,
        decisions=whole["decisions"],
        tasks=whole["tasks"],
        led=tasks.count() if under else _issued(viewer, as_of, tasks),
        days=_days(whole["days"]),
        bodies=_bodies(changes, tasks, moved),
        often=_often(changes, moved),
        rows=tuple(rows[(page - 1) * PER_PAGE : page * PER_PAGE]),
        page=page,
        pages=pages,
    )


def _issued(viewer: Viewer, as_of: date, tasks: QuerySet[Task]) -> int:
    """Of the whole country: from the kept counts, where they are of that day (ADR 0035)."""
    kept = live_counts(viewer, [COUNTRY])
    return kept.at(COUNTRY).total if kept and kept.day == as_of else tasks.count()


def _bodies(changes: QuerySet[TaskChange], tasks: QuerySet[Task], moved: Sum) -> tuple[ChangedBody, ...]:
    counted = list(
        changes.order_by()
        .values("task__lead")
        .annotate(decisions=Count("pk"), tasks=Count("task", distinct=True), days=moved)
        .order_by("-decisions", "task__lead__sort_key")[:PER_PAGE]
    )
    bodies = [row["task__lead"] for row in counted]
    led = dict(tasks.filter(lead__in=bodies).values("lead").annotate(n=Count("pk")).values_list("lead", "n"))
    names = Organisation.objects.in_bulk(bodies)
    return tuple(
        ChangedBody(
            names[row["task__lead"]], row["decisions"], row["tasks"], _days(row["days"]), led[row["task__lead"]]
        )
        for row in counted
    )


def _often(changes: QuerySet[TaskChange], moved: Sum) -> tuple[ChangedTask, ...]:
    """The tasks decided about more than once, most often first."""
    counted = list(
        changes.order_by()
        .values("task")
        .annotate(decisions=Count("pk"), days=moved)
        .filter(decisions__gte=2)
        .order_by("-decisions", "task__code")[:MOST_TASKS]
    )
    tasks = Task.objects.select_related("lead").in_bulk([row["task"] for row in counted])
    return tuple(ChangedTask(tasks[row["task"]], row["decisions"], _days(row["days"])) for row in counted)


def _days(moved: timedelta | None) -> int:
    return moved.days if moved else 0
