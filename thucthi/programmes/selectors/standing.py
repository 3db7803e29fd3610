"""What happened to a task's definition."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from thucthi.kernel.composed import Composed, among
from thucthi.programmes.calculations import Standing, extensions, standing
from thucthi.programmes.models import ChangedField, Task, TaskChange


def standing_of(task: Task) -> Standing:
    """Where the task stands by its events."""
    return standing(task.events.order_by("pk").values_list("kind", flat=True))


def extensions_of(task: Task) -> int:
    """How often its deadline was moved later."""
    return extensions_of_many([task.pk])[task.pk]


def extensions_of_many(task_ids: Collection[int]) -> dict[int, int]:
    """How often each task's deadline was moved later; every id is a key."""
    ends: dict[int, list[tuple[date | None, date | None]]] = {pk: [] for pk in task_ids}
    for task_id, old, new in _MOVED.rows(tasks=list(ends)) if ends else ():
        ends[task_id].append((old, new))
    return {pk: extensions(pairs) for pk, pairs in ends.items()}


def _moved() -> QuerySet[TaskChange, Any]:
    rows = TaskChange.objects.filter(among("task", "tasks"), field=ChangedField.DEADLINE)
    return rows.values_list("task_id", "old_end", "new_end")


_MOVED: Composed[Any] = Composed("programmes_moved", _moved)
