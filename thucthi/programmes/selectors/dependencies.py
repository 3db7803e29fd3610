"""What waits for what, as stored; the two ends of a dependency as a viewer may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, IntegerField, Q, Value
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.models import Instrument
from thucthi.documents.selectors.instruments import visible_instruments
from thucthi.kernel.errors import NotVisible
from thucthi.programmes.calculations.graph import Edge, Node, circle_closed_by
from thucthi.programmes.models import Dependency, DependencyKind, Task, TaskInstrument
from thucthi.programmes.selectors.visibility import task_for, visible_tasks

# One key of PostgreSQL's advisory locks: whoever adds an edge waits for the one before, so that no two close a circle.
GRAPH_LOCK = 7010
TASK, INSTRUMENT, OWES = "task", "instrument", "owes"


@dataclass(frozen=True)
class Needed:
    """What a task waits for: a task or an owed text, exactly one of them."""

    task: Task | None = None
    instrument: Instrument | None = None

    @property
    def node(self) -> Node:
        if self.task is not None:
            return Node(TASK, self.task.pk)
        return Node(INSTRUMENT, self.instrument.pk if self.instrument else 0)

    @property
    def path(self) -> Sequence[int]:
        """The lineage of the body on this side: the owner of the programme, or the drafter of the text."""
        if self.task is not None:
            return self.task.programme.organisation.path
        return self.instrument.drafter.path if self.instrument else []


def needed_typed(viewer: Viewer, code: str) -> Needed | None:
    """The task or owed text of this code; None when it is unknown or not for this viewer."""
    typed = code.strip()
    if not typed:
        return None
    try:
        return Needed(task=task_for(viewer, typed))
    except NotVisible:
        found = visible_instruments(viewer).select_related("drafter").filter(code=typed).first()
        return Needed(instrument=found) if found else None


def hold_the_graph() -> None:
    """Wait for whoever is adding an edge; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [GRAPH_LOCK])


def edges_on(as_of: date | None = None) -> list[Edge]:
    """Every edge that stands (on that day): dependencies, and texts that come into force by a task. One query."""
    rows = Dependency.objects.filter(ended_on__isnull=True)
    if as_of is not None:
        stands = Q(ended_on__isnull=True) | Q(ended_on__gt=as_of)
        rows = Dependency.objects.filter(stands, created_on__lte=as_of)
    known = rows.annotate(sort=F("kind"))
    links = TaskInstrument.objects.annotate(
        sort=Value(OWES), waits=Value(None, output_field=IntegerField()), lag=Value(0, output_field=IntegerField())
    )
    told = known.values_list("sort", "waiting_task_id", "needed_task_id", "needed_instrument_id", "lag_days").union(
        links.values_list("sort", "waits", "task_id", "instrument_id", "lag"), all=True
    )
    return sorted(_edge_told(*row) for row in told)


def _edge_told(kind: str, waiting: int | None, task: int | None, instrument: int | None, lag: int) -> Edge:
    """A link to an owed text stands without a waiting task: there the text waits for the task."""
    if waiting is None:
        return Edge(Node(TASK, task or 0), Node(INSTRUMENT, instrument or 0), kind)
    return edge_of(kind, waiting, task, instrument, lag)


def edge_of(kind: str, waiting: int, task: int | None, instrument: int | None, lag: int) -> Edge:
    needed = Node(TASK, task) if task is not None else Node(INSTRUMENT, instrument or 0)
    return Edge(needed, Node(TASK, waiting), kind, lag)


def circle_of(viewer: Viewer, new: Edge) -> str:
    """The codes along the circle that `new` would close, in the order of the work; "" when it closes none."""
    circle = circle_closed_by(edges_on(), new)
    if not circle:
        return ""
    names = codes_of(viewer, circle)
    return " → ".join(names[node] for node in (*circle, circle[0]))


def circle_of_owing(viewer: Viewer, task: Task, instrument: Instrument) -> str:
    """The same for a text that is to come into force by `task`. Hold the graph before asking."""
    return circle_of(viewer, Edge(Node(TASK, task.pk), Node(INSTRUMENT, instrument.pk), OWES))


def codes_of(viewer: Viewer, nodes: Iterable[Node]) -> dict[Node, str]:
    """The code of each task and text; what the viewer may not see has none."""
    wanted = list(nodes)
    tasks = [node.number for node in wanted if node.kind == TASK]
    texts = [node.number for node in wanted if node.kind == INSTRUMENT]
    seen = {Node(TASK, pk): code for pk, code in visible_tasks(viewer).filter(pk__in=tasks).values_list("pk", "code")}
    for pk, code in visible_instruments(viewer).filter(pk__in=texts).values_list("pk", "code"):
        seen[Node(INSTRUMENT, pk)] = code
    hidden = {TASK: _("một việc ông/bà không được xem"), INSTRUMENT: _("một văn bản ông/bà không được xem")}
    return {node: seen.get(node) or hidden[node.kind] for node in wanted}


def in_order(kind: str, waiting: Task, needed: Needed) -> tuple[Task, Needed]:
    """A competing pair is kept with the smaller id as what is needed; every other pair as it is."""
    if kind == DependencyKind.COMPETES and needed.task is not None and needed.task.pk > waiting.pk:
        return needed.task, Needed(task=waiting)
    return waiting, needed


def dependency_of(task: Task, pk: int) -> Dependency:
    """One of the task's dependencies, from either side. Raises NotVisible for any other."""
    related = (
        "waiting_task__programme__organisation",
        "needed_task__programme__organisation",
        "needed_instrument__drafter",
    )
    either = Q(waiting_task=task) | Q(needed_task=task)
    found = Dependency.objects.filter(either, pk=pk).select_related(*related).first()
    if found is None:
        raise NotVisible
    return found
