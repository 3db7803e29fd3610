"""What stands around obstacles on a board and on an agenda: desks, answers, decisions, tasks held up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from thucthi.directory.models import Organisation
from thucthi.obstacles.calculations import State
from thucthi.obstacles.models import (
    AffectedTask,
    AgendaItem,
    Decision,
    Hop,
    LadderRung,
    Obstacle,
    ObstacleStep,
    StepKind,
)
from thucthi.obstacles.selectors.register import ObstacleStanding
from thucthi.programmes.selectors.downstream import downstream_of


@dataclass(frozen=True)
class LastAction:
    """The newest thing that was done about it, whoever did it."""

    day: date
    word: str
    organisation: Organisation
    text: str


@dataclass(frozen=True)
class Around:
    """`desk`: the newest hop; `owner_moved_to`: where a ruling put the duty; `answers`: newest first, at most three.

    `meeting_id`: the coming meeting on whose agenda it stands.
    """

    desk: Hop | None
    owner_moved_to: Organisation | None
    answers: tuple[ObstacleStep, ...]
    decision: Decision | None
    last: LastAction | None
    meeting_id: int | None

    @property
    def has_climbed(self) -> bool:
        return self.desk is not None and self.desk.rung != LadderRung.OWNER


def tasks_held_up(obstacles: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """How many tasks each obstacle holds up, from pairs of its id and its own task; two queries.

    That task, those said to be affected, and all that wait for any of them, each once.
    """
    held: dict[int, set[int]] = {pk: {task} if task else set() for pk, task in obstacles}
    for pk, task in AffectedTask.objects.filter(obstacle__in=held).values_list("obstacle_id", "task_id"):
        held[pk].add(task)
    below = downstream_of({task for tasks in held.values() for task in tasks})
    return {pk: len(tasks.union(*(below[task] for task in tasks))) for pk, tasks in held.items()}


def holders_of(standing: ObstacleStanding, beside: Around) -> tuple[Organisation, ...]:
    """The desk it climbed to while it waits there, else whose turn it is."""
    if beside.desk and beside.has_climbed and standing.is_open and standing.state is not State.ANSWERED:
        return (beside.desk.organisation,)
    return standing.holders


@dataclass(frozen=True)
class Lying:
    """One obstacle where it lies. `held_up`: tasks it holds up."""

    standing: ObstacleStanding
    around: Around
    held_up: int

    @property
    def obstacle(self) -> Obstacle:
        return self.standing.obstacle

    @property
    def holders(self) -> tuple[Organisation, ...]:
        return holders_of(self.standing, self.around)


def around(obstacles: Collection[Obstacle], as_of: date) -> dict[int, Around]:
    """Four queries, however many obstacles."""
    ids = [row.pk for row in obstacles]
    hops, steps, decisions = _hops(ids, as_of), _steps(ids, as_of), _decisions(ids, as_of)
    coming = AgendaItem.objects.filter(obstacle__in=ids, meeting__minutes_number="")
    meetings = dict(coming.order_by("meeting__held_on").values_list("obstacle_id", "meeting_id"))
    return {
        row.pk: _around(hops.get(row.pk, []), steps.get(row.pk, []), decisions.get(row.pk, []), meetings.get(row.pk))
        for row in obstacles
    }


def _around(hops: list[Hop], steps: list[ObstacleStep], decisions: list[Decision], meeting_id: int | None) -> Around:
    moved = [hop.organisation for hop in hops if hop.because == Hop.Because.REFUSAL]
    return Around(
        desk=hops[-1] if hops else None,
        owner_moved_to=moved[-1] if moved else None,
        answers=tuple([step for step in reversed(steps) if step.kind == StepKind.ANSWERED][:3]),
        decision=decisions[-1] if decisions else None,
        last=_last(hops, steps, decisions),
        meeting_id=meeting_id,
    )


def _last(hops: list[Hop], steps: list[ObstacleStep], decisions: list[Decision]) -> LastAction | None:
    """On the same day what somebody said outweighs a clock that ran out, and a decision outweighs both."""
    done = [
        LastAction(hop.started_on, _("Chuyển lên %(rung)s") % {"rung": hop.get_rung_display()}, hop.organisation, "")
        for hop in hops
        if hop.number > 1
    ]
    done += [LastAction(row.happened_on, row.get_kind_display(), row.organisation, row.text) for row in steps]
    done += [LastAction(row.decided_on, row.get_kind_display(), row.organisation, row.text) for row in decisions]
    return sorted(done, key=lambda action: action.day)[-1] if done else None


def _hops(ids: list[int], as_of: date) -> dict[int, list[Hop]]:
    rows = Hop.objects.filter(obstacle__in=ids, started_on__lte=as_of).select_related("organisation")
    return _grouped(rows.order_by("number"))


def _steps(ids: list[int], as_of: date) -> dict[int, list[ObstacleStep]]:
    rows = ObstacleStep.objects.filter(obstacle__in=ids, happened_on__lte=as_of).select_related("organisation")
    return _grouped(rows.order_by("pk"))


def _decisions(ids: list[int], as_of: date) -> dict[int, list[Decision]]:
    rows = Decision.objects.filter(obstacle__in=ids, decided_on__lte=as_of)
    return _grouped(rows.select_related("organisation", "responsible").order_by("decided_on", "pk"))


def _grouped(rows: Iterable) -> dict[int, list]:  # type: ignore[type-arg]
    found: dict[int, list] = {}  # type: ignore[type-arg]
    for row in rows:
        found.setdefault(row.obstacle_id, []).append(row)
    return found
