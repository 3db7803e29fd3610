"""What must be in force before a task can be closed."""

from collections.abc import Collection
from datetime import date

from django.db.models import OuterRef, Subquery

from thucthi.documents.models import Instrument, InstrumentStep, Stage
from thucthi.programmes.models import TaskInstrument


def instruments_not_in_force(task_ids: Collection[int], on: date) -> dict[int, tuple[Instrument, ...]]:
    """The instruments each task still owes on that day; every id is a key, an empty tuple lets the task close.

    An instrument is in force when the newest step entered by that day says so; one without a step is not. Two queries
    at most, whatever the number of tasks.
    """
    owed: dict[int, list[Instrument]] = {pk: [] for pk in task_ids}
    newest = InstrumentStep.objects.filter(instrument=OuterRef("instrument"), entered_on__lte=on)
    links = (
        TaskInstrument.objects.filter(task__in=owed)
        .annotate(stage=Subquery(newest.order_by("-entered_on", "-pk").values("stage")[:1]))
        .select_related("instrument")
        .order_by("task", "instrument__code")
    )
    for link in links:
        if link.stage != Stage.IN_FORCE:
            owed[link.task_id].append(link.instrument)
    return {pk: tuple(instruments) for pk, instruments in owed.items()}
