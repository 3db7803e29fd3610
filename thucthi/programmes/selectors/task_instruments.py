"""The owed texts a task is to bring into force."""

from dataclasses import dataclass
from datetime import date

from thucthi.directory.access import Viewer
from thucthi.documents.selectors.instruments import InstrumentRow, instrument_rows, visible_instruments
from thucthi.programmes import access
from thucthi.programmes.calculations import standing
from thucthi.programmes.models import Task, TaskInstrument


@dataclass(frozen=True)
class TaskInstrumentsPage:
    """`rows` are those the viewer may know of, `hidden` counts the others."""

    task: Task
    as_of: date
    rows: tuple[InstrumentRow, ...]
    hidden: int
    can_change: bool


def task_instruments_page(viewer: Viewer, task: Task, as_of: date) -> TaskInstrumentsPage:
    """`task` comes from `task_for`: whoever calls may see it."""
    linked = TaskInstrument.objects.filter(task=task).values("instrument")
    rows = instrument_rows(visible_instruments(viewer).filter(pk__in=linked), as_of)
    owner = task.programme.organisation_id
    if task.is_issued:
        closed = standing(task.events.order_by("pk").values_list("kind", flat=True)).is_closed
        may = access.can_decide_for(viewer, owner) and not closed
    else:
        may = access.can_draft_for(viewer, owner) or access.can_decide_for(viewer, owner)
    return TaskInstrumentsPage(task, as_of, tuple(rows), len(linked) - len(rows), may)
