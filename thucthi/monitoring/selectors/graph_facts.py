"""Tasks, owed texts and targets with what ties them, as of a day, and what delays do along the ties (D65).

Everything counts, whoever looks; what a viewer may read of it is decided where it is shown (graph_shown).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import FilteredRelation, Q
from django.db.models.expressions import RawSQL

from thucthi.documents.models import Instrument, Stage, StatutoryClock
from thucthi.indicators.models import Contribution, Target
from thucthi.kernel.sight import seeing_everything
from thucthi.monitoring.calculations import TaskState
from thucthi.monitoring.calculations.propagation import (
    CONTRIBUTES,
    INSTRUMENT,
    OWES,
    TARGET,
    TASK,
    Expected,
    Plan,
    propagate,
)
from thucthi.monitoring.calculations.propagation_plans import (
    InstrumentKnown,
    StageTime,
    TaskKnown,
    latest_owed,
    plan_of_instrument,
    plan_of_target,
    plan_of_task,
)
from thucthi.monitoring.selectors.standing import dated_states
from thucthi.monitoring.states import Stage as TaskStage
from thucthi.programmes.calculations.graph import Edge, Node, downstream, upstream
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.dependencies import edges_on

VOID = (TaskStage.CANCELLED, TaskStage.SUPERSEDED)
STAGES = [stage.value for stage in Stage]


class _Stood(NamedTuple):
    """A stage that a text entered; without a word where it has entered none."""

    stage: str
    entered_on: date | None
    clock_ends_on: date | None


@dataclass(frozen=True)
class Web:
    """`edges` among the nodes of `plans`; `found` has the same keys; `states` by task id."""

    as_of: date
    plans: dict[Node, Plan]
    edges: tuple[Edge, ...]
    found: dict[Node, Expected]
    states: dict[int, TaskState]


@seeing_everything()
def web_around(seeds: Iterable[Node], as_of: date, *, onward: bool = False, edges: list[Edge] | None = None) -> Web:
    """`seeds` and everything they wait for; with `onward` also what waits for them, and what that waits for.

    `edges`: what `edges_on(as_of)` gave, where it is at hand.
    """
    edges = edges_on(as_of) if edges is None else edges
    wanted = set(seeds)
    if onward:
        wanted |= downstream(edges, wanted).keys()
        wanted |= rivals_of(edges, wanted)
    targets, ties = _targets_and_ties(wanted, onward=onward)
    wanted |= targets.keys()
    wanted |= {tie.needed for tie in ties}
    wanted |= upstream(edges, wanted).keys()
    return _web(wanted, targets, [*edges, *ties], as_of)


@seeing_everything()
def everything(as_of: date) -> Web:
    """Whatever has a tie to something else, and the targets that these tasks are meant to move."""
    edges = edges_on(as_of)
    return web_around({node for edge in edges for node in (edge.needed, edge.waiting)}, as_of, onward=True, edges=edges)


def among(ids: Iterable[int]) -> RawSQL:
    """For `pk__in`: one array instead of a parameter for each of many thousands of rows."""
    return RawSQL("SELECT unnest(%s::bigint[])", [sorted(ids)])


def rivals_of(edges: Iterable[Edge], nodes: Collection[Node]) -> set[Node]:
    """Both sides of every pair that competes with one of `nodes`."""
    pairs = [edge for edge in edges if not edge.is_directed and (edge.needed in nodes or edge.waiting in nodes)]
    return {node for edge in pairs for node in (edge.needed, edge.waiting)}


def _targets_and_ties(wanted: Collection[Node], *, onward: bool) -> tuple[dict[Node, Plan], list[Edge]]:
    """The wanted targets, with every task that moves one; with `onward`, also the targets that wanted tasks move.

    A target of one organisation waits for the tasks led there or below it; one of the whole or of each unit for all.
    """
    chosen = Q(pk__in=[node.number for node in wanted if node.kind == TARGET])
    if onward:
        tasks = [node.number for node in wanted if node.kind == TASK]
        chosen |= Q(indicator__in=Contribution.objects.filter(task__in=among(tasks)).values("indicator"))
    rows = list(Target.objects.filter(chosen).values_list("pk", "indicator_id", "organisation_id", "year"))
    by_indicator: dict[int, list[tuple[int, list[int]]]] = {}
    links = Contribution.objects.filter(indicator__in={row[1] for row in rows}, task__is_issued=True)
    for task_id, indicator_id, path in links.order_by("pk").values_list("task_id", "indicator_id", "task__lead__path"):
        by_indicator.setdefault(indicator_id, []).append((task_id, path or []))
    ties = [
        Edge(Node(TASK, task_id), Node(TARGET, pk), CONTRIBUTES)
        for pk, indicator_id, body, _year in rows
        for task_id, path in by_indicator.get(indicator_id, ())
        if body is None or body in path
    ]
    plans = (plan_of_target(pk, date(year, 12, 31) if year else None) for pk, _indicator, _body, year in rows)
    return {plan.node: plan for plan in plans}, ties


def _web(nodes: Collection[Node], targets: dict[Node, Plan], edges: Collection[Edge], as_of: date) -> Web:
    texts = _instrument_plans([node.number for node in nodes if node.kind == INSTRUMENT], as_of)
    known = tuple(dict.fromkeys(edge for edge in edges if edge.needed in nodes and edge.waiting in nodes))
    states, tasks = _task_plans([node.number for node in nodes if node.kind == TASK], known, texts, as_of)
    plans = {**texts, **tasks, **targets}
    return Web(as_of, plans, known, propagate(plans, known), states)


def _task_plans(
    ids: Collection[int], edges: Iterable[Edge], texts: dict[Node, Plan], as_of: date
) -> tuple[dict[int, TaskState], dict[Node, Plan]]:
    owed: dict[int, list[Plan]] = {}
    for edge in edges:
        if edge.kind == OWES and edge.waiting in texts and texts[edge.waiting].settled is None:
            owed.setdefault(edge.needed.number, []).append(texts[edge.waiting])
    read = dated_states(Task.objects.filter(pk__in=among(ids)), as_of)
    plans = (plan_of_task(_known(state, start_on, owed.get(state.task_id, [])), as_of) for state, start_on in read)
    return {state.task_id: state for state, _start in read}, {plan.node: plan for plan in plans}


def _known(state: TaskState, start_on: date | None, owed: list[Plan]) -> TaskKnown:
    return TaskKnown(
        number=state.task_id,
        due_on=state.due_on,
        start_on=start_on,
        done_on=state.completed_on if state.stage is TaskStage.DONE else None,
        is_void=state.stage in VOID,
        is_suspended=state.stage is TaskStage.SUSPENDED,
        accepted=state.accepted,
        owed=latest_owed(owed),
    )


def _instrument_plans(ids: Collection[int], as_of: date) -> dict[Node, Plan]:
    if not ids:
        return {}
    # The day of coming into force is part of the text: it is known ahead once the text is issued.
    taken = Q(steps__entered_on__lte=as_of) | Q(steps__stage=Stage.IN_FORCE)
    rows = Instrument.objects.filter(pk__in=ids).annotate(taken=FilteredRelation("steps", condition=taken))
    steps: dict[tuple[int, str, date | None], list[_Stood]] = {}
    for pk, type_, due_on, *step in rows.order_by("pk", "taken__entered_on", "taken__pk").values_list(
        "pk", "type", "due_on", "taken__stage", "taken__entered_on", "taken__clock_ends_on"
    ):
        steps.setdefault((pk, type_, due_on), []).append(_Stood(*step))
    clocks = _clocks_on(as_of)
    plans = [plan_of_instrument(_known_text(row, _told(stood, as_of), clocks), as_of) for row, stood in steps.items()]
    return {plan.node: plan for plan in plans}


def _told(stood: list[_Stood], as_of: date) -> list[_Stood]:
    past = [step for step in stood if step.entered_on is not None and step.entered_on <= as_of]
    if not any(step.stage == Stage.ISSUED for step in past):
        return past
    return [step for step in stood if step.stage]


def _clocks_on(as_of: date) -> dict[tuple[str, str], StageTime]:
    valid = StatutoryClock.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=as_of), valid_from__lte=as_of)
    return {
        (row.type, row.stage): StageTime(row.stage, row.days, row.counting == StatutoryClock.Counting.WORKING)
        for row in valid.order_by("valid_from")
    }


def _known_text(
    row: tuple[int, str, date | None], taken: list[_Stood], clocks: dict[tuple[str, str], StageTime]
) -> InstrumentKnown:
    pk, type_, due_on = row
    last = taken[-1] if taken else None
    place = STAGES.index(last.stage) + 1 if last else 0
    return InstrumentKnown(
        number=pk,
        due_on=due_on,
        in_force_on=next((step.entered_on for step in taken if step.stage == Stage.IN_FORCE), None),
        stage=last.stage if last else "",
        clock_ends_on=last.clock_ends_on if last else None,
        ahead=tuple(clocks.get((type_, stage), StageTime(stage, None)) for stage in STAGES[place:]),
    )
