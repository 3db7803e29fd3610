"""What an obstacle holds up, counted from the graph: tasks, targets, money (D9, D65)."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from thucthi.directory.access import Viewer
from thucthi.documents.selectors import visible_documents
from thucthi.indicators.models import Contribution, Target
from thucthi.obstacles.models import AffectedTask, Obstacle
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.programmes.selectors.downstream import downstream_of


@dataclass(frozen=True)
class Impact:
    """`direct`: tasks it was raised about or said to block. `downstream`: those that wait for them.

    `money_vnd_million` is the sum over the `money_known` of all tasks that say what they cost; 0 of n is no zero.
    """

    direct: frozenset[int]
    downstream: frozenset[int]
    indicators: frozenset[int]
    targets: frozenset[int]
    money_vnd_million: Decimal
    money_known: int

    @property
    def tasks(self) -> frozenset[int]:
        return self.direct | self.downstream


def impacts_of(obstacles: Collection[Obstacle]) -> dict[int, Impact]:
    """By obstacle id; four queries, however many obstacles."""
    direct: dict[int, set[int]] = {row.pk: {row.task_id} - {None} for row in obstacles}  # type: ignore[misc]
    for obstacle_id, task_id in AffectedTask.objects.filter(obstacle__in=direct).values_list("obstacle_id", "task_id"):
        direct[obstacle_id].add(task_id)
    below = downstream_of({task for tasks in direct.values() for task in tasks})
    waiting = {pk: frozenset().union(*(below[task] for task in tasks)) - tasks for pk, tasks in direct.items()}
    everything = {task for pk, tasks in direct.items() for task in (*tasks, *waiting[pk])}
    money = dict(Task.objects.filter(pk__in=everything).values_list("pk", "money_vnd_million"))
    moved: dict[int, set[int]] = {}
    aims: dict[int, set[int]] = {}
    columns = ("task_id", "indicator_id", "indicator__targets__pk")
    for task_id, indicator_id, target_id in Contribution.objects.filter(task__in=everything).values_list(*columns):
        moved.setdefault(task_id, set()).add(indicator_id)
        aims[indicator_id] = aims.get(indicator_id, set()) | ({target_id} if target_id else set())
    return {pk: _impact(frozenset(direct[pk]), waiting[pk], money, moved, aims) for pk in direct}


@dataclass(frozen=True)
class ImpactRows:
    """The rows behind an impact that the viewer may see; `hidden`: tasks that exist and are not for that viewer."""

    tasks: list[Task]
    hidden: int
    targets: list[Target]


def impact_rows(viewer: Viewer, impact: Impact) -> ImpactRows:
    """Three queries."""
    tasks = list(visible_tasks(viewer).filter(pk__in=impact.tasks).select_related("lead"))
    seen = {task.pk for task in tasks}
    through = Contribution.objects.filter(task__in=seen).values("indicator")
    open_documents = visible_documents(viewer).order_by().values("pk")
    targets = Target.objects.filter(Q(pk__in=impact.targets), indicator__in=through, document__in=open_documents)
    rows = targets.select_related("indicator", "organisation").order_by("indicator__code", "pk")
    return ImpactRows(tasks, len(impact.tasks - seen), list(rows))


def _impact(
    direct: frozenset[int],
    waiting: frozenset[int],
    money: dict[int, Decimal | None],
    moved: dict[int, set[int]],
    aims: dict[int, set[int]],
) -> Impact:
    tasks = direct | waiting
    indicators = frozenset(indicator for task in tasks for indicator in moved.get(task, ()))
    known = [amount for task in tasks if (amount := money.get(task)) is not None]
    targets = frozenset(target for indicator in indicators for target in aims.get(indicator, ()))
    return Impact(direct, waiting, indicators, targets, sum(known, Decimal(0)), len(known))
