"""Reading desks and decisions: who may decide, how long each body took, what became of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.selectors import answering_for_many
from thucthi.kernel.errors import NotVisible
from thucthi.obstacles.calculations.deciding import (
    DecisionState,
    DeskTime,
    FollowedTask,
    HopFact,
    Said,
    TimeToDecision,
    state_of_decision,
    summary_of,
    times_of,
)
from thucthi.obstacles.models import Decision, DecisionTask, Hop, Obstacle, ObstacleStep, RequestStep, StepKind
from thucthi.obstacles.selectors.ladder import committees_of
from thucthi.obstacles.selectors.register import visible_obstacles
from thucthi.programmes.calculations import standing

DECISION_WORDS = {
    DecisionState.NOTHING_TO_DO: gettext_lazy("Không giao việc"),
    DecisionState.NO_TASK: gettext_lazy("Chưa có nhiệm vụ thực hiện"),
    DecisionState.RUNNING: gettext_lazy("Đang thực hiện"),
    DecisionState.OVERDUE: gettext_lazy("Quá hạn thực hiện"),
    DecisionState.DONE: gettext_lazy("Đã thực hiện xong"),
}
DECISION_TONES = {
    DecisionState.NOTHING_TO_DO: "na",
    DecisionState.NO_TASK: "warn",
    DecisionState.RUNNING: "info",
    DecisionState.OVERDUE: "bad",
    DecisionState.DONE: "done",
}


@dataclass(frozen=True)
class DecisionStanding:
    """A decision with its tasks as of a day."""

    decision: Decision
    tasks: tuple[DecisionTask, ...]
    state: DecisionState

    @property
    def word(self) -> str:
        return str(DECISION_WORDS[self.state])

    @property
    def tone(self) -> str:
        return DECISION_TONES[self.state]


def deciding_ids(obstacle: Obstacle, on: date) -> frozenset[int]:
    """Bodies that may decide: every desk it came to, the committee, and whoever answers for an ended one of them."""
    hops = list(obstacle.hops.select_related("organisation"))
    return deciding_ids_of(obstacle, hops, on)


def deciding_ids_of(obstacle: Obstacle, hops: Iterable[Hop], on: date) -> frozenset[int]:
    """The same, of hops that were read already."""
    bodies = {hop.organisation_id: hop.organisation for hop in hops} or {obstacle.asked_of_id: obstacle.asked_of}
    ended = [body for body in bodies.values() if body.valid_to and body.valid_to < on]
    heirs = {heir.pk for row in answering_for_many(ended, on).values() for heir in row} if ended else set()
    committees = committees_of([obstacle.task.programme_id]) if obstacle.task else {}
    return frozenset({*bodies, *heirs, *committees.values()})


def reference_of(decision: Decision) -> str:
    """What a task cites as the decision it comes from."""
    if decision.reference:
        return decision.reference
    return _("Quyết định ngày %(day)s về điểm nghẽn %(code)s") % {
        "day": f"{decision.decided_on:%d/%m/%Y}",
        "code": decision.obstacle.code,
    }


def decisions_about(
    obstacles: Collection[Obstacle], as_of: date, done: Collection[int] = ()
) -> dict[int, list[DecisionStanding]]:
    """By obstacle id, oldest first; three queries. `done`: ids of tasks known to be done (reports know, above)."""
    tasks = DecisionTask.objects.select_related("task__lead").prefetch_related("task__events").order_by("pk")
    rows = (
        Decision.objects.filter(obstacle__in=obstacles, decided_on__lte=as_of)
        .select_related("organisation", "responsible", "by", "acting_for", "obstacle", "meeting")
        .prefetch_related(Prefetch("decision_tasks", queryset=tasks))
        .order_by("decided_on", "pk")
    )
    found: dict[int, list[DecisionStanding]] = {obstacle.pk: [] for obstacle in obstacles}
    for row in rows:
        found[row.obstacle_id].append(_standing(row, as_of, done))
    return found


def time_to_decision(organisation_ids: Collection[int], since: date, until: date) -> dict[int, TimeToDecision]:
    """Of each organisation, the desks that came to it from `since` to `until`, as of `until`: a figure of the superior.

    Every id is a key; obstacles and requests together; four queries.
    """
    own = Hop.objects.filter(organisation__in=organisation_ids, started_on__gte=since, started_on__lte=until)
    obstacle_ids = {*own.values_list("obstacle_id", flat=True)} - {None}
    request_ids = {*own.values_list("request_id", flat=True)} - {None}
    found: dict[int, list[DeskTime]] = {pk: [] for pk in organisation_ids}
    for times in desk_times(obstacle_ids, request_ids, until).values():
        for time in times:
            if time.organisation_id in found and since <= time.since <= until:
                found[time.organisation_id].append(time)
    return {pk: summary_of(times) for pk, times in found.items()}


def desk_times(
    obstacle_ids: Collection[int], request_ids: Collection[int], as_of: date
) -> dict[tuple[str, int], list[DeskTime]]:
    """By ("obstacle" or "request", id), the time of every desk it lay on, in order."""
    hops: dict[tuple[str, int], list[HopFact]] = {}
    rows = Hop.objects.filter(Q(obstacle__in=obstacle_ids) | Q(request__in=request_ids)).order_by("number")
    columns = ("obstacle_id", "request_id", "organisation_id", "started_on", "due_on", "because")
    for obstacle_id, request_id, *fact in rows.values_list(*columns):
        key = ("obstacle", obstacle_id) if obstacle_id else ("request", request_id)
        hops.setdefault(key, []).append(HopFact(*fact))
    said = _said(obstacle_ids, request_ids)
    return {key: times_of(facts, said.get(key, []), as_of) for key, facts in hops.items()}


def _said(obstacle_ids: Collection[int], request_ids: Collection[int]) -> dict[tuple[str, int], list[Said]]:
    found: dict[tuple[str, int], list[Said]] = {}
    decided = Decision.objects.filter(obstacle__in=obstacle_ids).exclude(kind=Decision.Kind.DEFER)
    for pk, day in decided.values_list("obstacle_id", "decided_on"):
        found.setdefault(("obstacle", pk), []).append(Said(day, is_decision=True))
    closing = (StepKind.ANSWERED, StepKind.REMOVED, StepKind.WITHDRAWN)
    steps = ObstacleStep.objects.filter(obstacle__in=obstacle_ids, kind__in=closing)
    for pk, day in steps.values_list("obstacle_id", "happened_on"):
        found.setdefault(("obstacle", pk), []).append(Said(day, is_decision=False))
    ends = (RequestStep.Kind.FULL, RequestStep.Kind.WITHDRAWN)
    for pk, day in RequestStep.objects.filter(request__in=request_ids, kind__in=ends).values_list(
        "request_id", "happened_on"
    ):
        found.setdefault(("request", pk), []).append(Said(day, is_decision=False))
    return found


def decision_for(viewer: Viewer, pk: int) -> Decision:
    """Raises NotVisible for an unknown one and for one about an obstacle the viewer may not know of."""
    rows = Decision.objects.select_related("obstacle", "organisation", "responsible")
    decision = rows.filter(obstacle__in=visible_obstacles(viewer), pk=pk).first()
    if decision is None:
        raise NotVisible(_("Không có quyết định này, hoặc ông/bà không thuộc phạm vi được xem."))
    return decision


def programmes_open_to(decision: Decision) -> list[tuple[str, str]]:
    """(code, title) of the issued programmes that may take the decision's task, newest first."""
    if decision.responsible is None:
        return []
    rows = decision.responsible.programmes.filter(issued_on__isnull=False).order_by("-issued_on", "code")
    return list(rows.values_list("code", "title"))


def _standing(row: Decision, as_of: date, done: Collection[int]) -> DecisionStanding:
    links = tuple(row.decision_tasks.all())
    followed = [
        FollowedTask(
            link.task_id,
            link.task.resolved_end,
            standing(event.kind for event in sorted(link.task.events.all(), key=lambda event: event.pk)).is_closed,
        )
        for link in links
    ]
    return DecisionStanding(row, links, state_of_decision(row.kind, row.due_on, followed, done, as_of))
