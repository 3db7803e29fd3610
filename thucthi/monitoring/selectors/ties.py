"""What one task waits for and who waits for it, as its page shows it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from thucthi.directory.access import Viewer
from thucthi.indicators.models import DataNeed
from thucthi.kernel.sight import seeing_everything
from thucthi.monitoring.selectors.graph_facts import Web, web_around
from thucthi.monitoring.selectors.graph_shown import Shown, shown
from thucthi.monitoring.selectors.graph_words import cause_words, note_words, tie_words
from thucthi.programmes.access import can_tie
from thucthi.programmes.calculations.graph import Node
from thucthi.programmes.models import Dependency, DependencyKind, Task
from thucthi.programmes.selectors.dependencies import INSTRUMENT, OWES, TASK, Needed, edges_on


@dataclass(frozen=True)
class Tie:
    """One dependency seen from the task: `thing` is the other side."""

    row: Dependency
    word: str
    thing: Shown
    may_end: bool


@dataclass(frozen=True)
class TiesPage:
    """`needs` of the task, `waiting` for it, `rivals` for the same resource; `ended` keeps what no longer counts."""

    task: Task
    thing: Shown
    cause: str
    notes: tuple[str, ...]
    needs: tuple[Tie, ...]
    waiting: tuple[Tie, ...]
    rivals: tuple[Tie, ...]
    ended: tuple[Tie, ...]
    owed: tuple[Shown, ...]
    data: tuple[DataNeed, ...]
    as_of: date
    may_tie: bool


def ties_page(viewer: Viewer, task: Task, as_of: date) -> TiesPage:
    """`task` comes from `task_for`."""
    rows = _dependencies(task)
    edges = edges_on(as_of)
    node = Node(TASK, task.pk)
    owed = [edge.waiting for edge in edges if edge.kind == OWES and edge.needed == node]
    others = {row.pk: _other(row, task) for row in rows}
    web = web_around({node, *owed, *others.values()}, as_of, edges=edges)
    things = shown(viewer, web, {node, *owed, *others.values(), *_noted(web, node)})
    ties = [_tie(viewer, row, things[others[row.pk]]) for row in rows]
    running = [tie for tie in ties if tie.row.ended_on is None]
    directed = [tie for tie in running if tie.row.kind != DependencyKind.COMPETES]
    found, owner = web.found[node], task.programme.organisation
    return TiesPage(
        task=task,
        thing=things[node],
        cause=cause_words(found.pushed_by, things) if found.pushed_by else "",
        notes=tuple(note_words(note, things) for note in found.notes if note.node is None or note.node in things),
        needs=tuple(tie for tie in directed if tie.row.waiting_task_id == task.pk),
        waiting=tuple(tie for tie in directed if tie.row.waiting_task_id != task.pk),
        rivals=tuple(tie for tie in running if tie.row.kind == DependencyKind.COMPETES),
        ended=tuple(tie for tie in ties if tie.row.ended_on is not None),
        owed=tuple(things[text] for text in owed),
        data=tuple(task.data_needs.select_related("indicator").order_by("ended_on", "indicator__name")),
        as_of=as_of,
        may_tie=can_tie(viewer, [owner.pk], [owner.path]),
    )


@seeing_everything()
def _dependencies(task: Task) -> list[Dependency]:
    """Also those with what the viewer is not shown: that something hidden holds it up is no secret."""
    related = (
        "waiting_task__programme__organisation",
        "needed_task__programme__organisation",
        "needed_instrument__drafter",
    )
    rows = Dependency.objects.filter(Q(waiting_task=task) | Q(needed_task=task)).select_related(*related)
    return list(rows.order_by("created_on", "pk"))


def _other(row: Dependency, task: Task) -> Node:
    if row.waiting_task_id != task.pk:
        return Node(TASK, row.waiting_task_id)
    if row.needed_task_id is not None:
        return Node(TASK, row.needed_task_id)
    return Node(INSTRUMENT, row.needed_instrument_id or 0)


def _noted(web: Web, node: Node) -> set[Node]:
    found = web.found[node]
    pushing = {found.pushed_by.needed} if found.pushed_by else set()
    return pushing | {note.node for note in found.notes if note.node in web.plans}


def _tie(viewer: Viewer, row: Dependency, thing: Shown) -> Tie:
    return Tie(row, tie_words(row.kind), thing, row.ended_on is None and may_end(viewer, row))


def may_end(viewer: Viewer, row: Dependency) -> bool:
    """As programmes.actions.dependencies asks it; for offering the button."""
    owner = row.waiting_task.programme.organisation
    other = Needed(row.needed_task, row.needed_instrument).path
    owners = [owner.pk]
    if row.kind == DependencyKind.COMPETES and row.needed_task is not None:
        owners.append(row.needed_task.programme.organisation_id)
    return can_tie(viewer, owners, [owner.path, other])
