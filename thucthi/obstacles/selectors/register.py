"""Reading obstacles: which are visible, where each stands, who holds it, how long it has been open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, overload

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.directory.selectors import answering_for
from thucthi.kernel.composed import Given, given_ids
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.working_days import working_days_between
from thucthi.obstacles.access import SPEAKING_ROLES, Parties, can_answer, can_close
from thucthi.obstacles.calculations import CLOSED, FURTHEST_FIRST, Age, State, age_of, current_round, state_after
from thucthi.obstacles.models import Hop, LadderRung, Obstacle, ObstacleStep, StepKind
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import is_seen
from thucthi.programmes.selectors.visibility import EVERY_PROGRAMME, is_seen_by_given, one_of, told_of_sight

STATE_WORDS = {
    State.NEW: gettext_lazy("Mới nêu"),
    State.REOPENED: gettext_lazy("Mở lại, chờ xử lý tiếp"),
    State.ACKNOWLEDGED: gettext_lazy("Đã tiếp nhận"),
    State.ANSWERED: gettext_lazy("Đã trả lời, chờ xác nhận gỡ"),
    State.REMOVED: gettext_lazy("Đã gỡ"),
    State.WITHDRAWN: gettext_lazy("Đã rút lại"),
}
STATE_TONES = {
    State.NEW: "neutral",
    State.REOPENED: "warn",
    State.ACKNOWLEDGED: "info",
    State.ANSWERED: "info",
    State.REMOVED: "done",
    State.WITHDRAWN: "na",
}
AGE_WORDS = {
    Age.FRESH: gettext_lazy("Mở %(n)s ngày làm việc"),
    Age.LONG: gettext_lazy("Mở lâu: %(n)s ngày làm việc"),
    Age.VERY_LONG: gettext_lazy("Mở quá lâu: %(n)s ngày làm việc"),
}
AGE_TONES = {Age.FRESH: "good", Age.LONG: "warn", Age.VERY_LONG: "bad"}


@dataclass(frozen=True)
class ObstacleStanding:
    """An obstacle as of a day. `working_days` counts from the day it was raised to its closing, or to `as_of`.

    `holders`: whose turn it is – the body on whose desk it lies (or those that answer for it today), then the raising
    body to confirm. `rung` and `desk_due_on`: how high it has climbed, and until when that desk has time.
    """

    obstacle: Obstacle
    state: State
    working_days: int
    closed_on: date | None
    holders: tuple[Organisation, ...]
    is_past_due: bool
    rung: str = ""
    desk_due_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def age(self) -> Age:
        return age_of(self.working_days)

    @property
    def rung_word(self) -> str:
        return str(LadderRung(self.rung).label) if self.rung else ""

    @property
    def word(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def tone(self) -> str:
        return STATE_TONES[self.state]

    @property
    def age_word(self) -> str:
        return str(AGE_WORDS[self.age]) % {"n": self.working_days}

    @property
    def age_tone(self) -> str:
        return AGE_TONES[self.age]


@dataclass(frozen=True)
class ObstacleFilter:
    """What the list is narrowed to; empty means all."""

    cause: str = ""
    state: str = ""
    organisation: Organisation | None = None
    rung: str = ""
    desk: Organisation | None = None


def visible_obstacles(viewer: Viewer) -> QuerySet[Obstacle]:
    """Those about a visible task; those without a task to both sides and to the bodies above either."""
    sees, bodies = told_of_sight(viewer)
    return _seen(sees, is_seen(viewer, "task__programme__"), bodies.get("works_in", []))


def obstacles_seen_by_given(sees: str) -> QuerySet[Obstacle]:
    """`visible_obstacles` for a query that is composed once (programmes.selectors.visibility)."""
    return _seen(sees, is_seen_by_given(sees, "task__programme__"), given_ids("works_in"))


def _seen(sees: str, task_is_seen: Q, own: list[int] | Given) -> QuerySet[Obstacle]:
    if sees == EVERY_PROGRAMME:
        return Obstacle.objects.all()
    sides = Q(raised_by_organisation__path__overlap=own) | Q(asked_of__path__overlap=own)
    return Obstacle.objects.filter((Q(task__isnull=False) & task_is_seen) | (Q(task__isnull=True) & sides))


def obstacle_for(viewer: Viewer, code: str) -> Obstacle:
    """Raises NotVisible for an unknown code and for one the viewer may not know of."""
    obstacle = (
        visible_obstacles(viewer)
        .select_related("task__lead", "raised_by_organisation", "asked_of")
        .filter(code=code)
        .first()
    )
    if obstacle is None:
        raise NotVisible(_("Không có điểm nghẽn mang mã này, hoặc ông/bà không thuộc phạm vi được xem."))
    return obstacle


def closing_steps(as_of: date | None = None) -> QuerySet[ObstacleStep]:
    """The steps that keep an obstacle closed (up to a day): no round was begun after theirs."""
    steps = ObstacleStep.objects.filter(kind__in=[state.value for state in CLOSED])
    later = ObstacleStep.objects.filter(obstacle=OuterRef("obstacle"), round__gt=OuterRef("round"))
    if as_of is not None:
        steps, later = steps.filter(happened_on__lte=as_of), later.filter(happened_on__lte=as_of)
    return steps.filter(~Exists(later))


def with_state(obstacles: QuerySet[Obstacle], as_of: date) -> QuerySet[Obstacle]:
    """Adds `state` and `closed_on`, from the steps of the newest round that happened up to `as_of`."""
    steps = ObstacleStep.objects.filter(obstacle=OuterRef("pk"), happened_on__lte=as_of)
    current = steps.filter(round=OuterRef("current_round"))
    return obstacles.annotate(
        current_round=Subquery(steps.order_by("-round").values("round")[:1]),
        state=Case(
            *(When(Exists(current.filter(kind=state.value)), then=Value(state.value)) for state in FURTHEST_FIRST),
            default=Value(State.NEW.value),
            output_field=CharField(),
        ),
        closed_on=Subquery(closing_steps(as_of).filter(obstacle=OuterRef("pk")).values("happened_on")[:1]),
        desk_id=_desk(as_of, "organisation_id"),
        desk_rung=_desk(as_of, "rung"),
        desk_due_on=_desk(as_of, "due_on"),
    )


def _desk(as_of: date, column: str) -> Subquery:
    """Of the desk on which it lay at the end of that day."""
    hops = Hop.objects.filter(obstacle=OuterRef("pk"), started_on__lte=as_of).order_by("-number")
    return Subquery(hops.values(column)[:1])


def standings(obstacles: QuerySet[Obstacle], as_of: date) -> list[ObstacleStanding]:
    """Open ones first, the oldest on top; two queries, and one more per holding body that no longer exists."""
    rows = list(
        with_state(obstacles.filter(raised_on__lte=as_of), as_of)
        .select_related("task__lead", "task__programme", "raised_by_organisation", "asked_of")
        .order_by("raised_on", "pk")
    )
    sides = {body.pk: body for row in rows for body in (row.asked_of, row.raised_by_organisation)}
    others = {row.desk_id for row in rows} - {None, *sides}  # type: ignore[attr-defined]
    desks = sides | (Organisation.objects.in_bulk(others) if others else {})
    heirs: dict[int, tuple[Organisation, ...]] = {}
    found = [_standing(row, as_of, desks, heirs) for row in rows]
    return sorted(found, key=lambda standing: not standing.is_open)


class ListedObstacles(Sequence[ObstacleStanding]):
    """In order by their ids; where each stands in full is read for a slice alone."""

    def __init__(self, ids: Sequence[int], as_of: date) -> None:
        self._ids, self._as_of = ids, as_of

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[ObstacleStanding]:
        return iter(self[:])

    @overload
    def __getitem__(self, asked: int) -> ObstacleStanding: ...
    @overload
    def __getitem__(self, asked: slice) -> list[ObstacleStanding]: ...
    def __getitem__(self, asked: int | slice) -> ObstacleStanding | list[ObstacleStanding]:
        chosen = [self._ids[asked]] if isinstance(asked, int) else self._ids[asked]
        found = standings(Obstacle.objects.filter(pk__in=chosen), self._as_of) if chosen else []
        return found[0] if isinstance(asked, int) else found


def list_obstacles(viewer: Viewer, wanted: ObstacleFilter, as_of: date) -> ListedObstacles:
    """The board: what `viewer` may see, narrowed to `wanted`. `state` "open" stands for everything not closed.

    As `standings` orders them: open ones first, the oldest on top. Two queries for all of them.
    """
    rows = visible_obstacles(viewer).filter(raised_on__lte=as_of)
    if wanted.cause:
        rows = rows.filter(cause=wanted.cause)
    if wanted.organisation:
        rows = rows.filter(Q(asked_of=wanted.organisation) | Q(raised_by_organisation=wanted.organisation))
    if wanted.rung or wanted.desk:
        rows = rows.filter(pk__in=_lying_on(wanted, as_of))
    ids = list(rows.order_by("raised_on", "pk").values_list("pk", flat=True))
    states = _states(ids, as_of)
    chosen = [pk for pk in ids if _is_wanted(states.get(pk, State.NEW), wanted.state)]
    return ListedObstacles(sorted(chosen, key=lambda pk: states.get(pk, State.NEW) in CLOSED), as_of)


def _is_wanted(state: State, wanted: str) -> bool:
    return state not in CLOSED if wanted == "open" else not wanted or state == wanted


def _states(ids: Sequence[int], as_of: date) -> dict[int, State]:
    """Of those about which something was done up to that day; the others are new."""
    steps = ObstacleStep.objects.filter(one_of("obstacle_id", ids), happened_on__lte=as_of)
    taken: dict[int, list[tuple[int, str]]] = {}
    for pk, number, kind in steps.order_by().values_list("obstacle_id", "round", "kind"):
        taken.setdefault(pk, []).append((number, kind))
    return {pk: state_after(current_round(of_it)) for pk, of_it in taken.items()}


def _lying_on(wanted: ObstacleFilter, as_of: date) -> QuerySet[Hop, int]:
    """Ids of what lay on such a desk at the end of that day."""
    known = Hop.objects.filter(obstacle__isnull=False, started_on__lte=as_of)
    later = known.filter(obstacle=OuterRef("obstacle"), number__gt=OuterRef("number"))
    newest = known.filter(~Exists(later))
    if wanted.rung:
        newest = newest.filter(rung=wanted.rung)
    if wanted.desk:
        newest = newest.filter(organisation=wanted.desk)
    return newest.values_list("obstacle_id", flat=True)


def open_obstacles(as_of: date) -> list[ObstacleStanding]:
    """All that was open at the end of that day, whoever looks: for issues and roll-ups, which check visibility."""
    closed = closing_steps(as_of).filter(obstacle=OuterRef("pk"))
    return standings(Obstacle.objects.filter(~Exists(closed)), as_of)


def same_open_obstacle(
    task: Task, asked_of: Organisation | None, asked_what: str, due_on: date | None
) -> Obstacle | None:
    """The obstacle of this task that already asks exactly this and is not closed, if there is one."""
    if asked_of is None or due_on is None:
        return None
    closing = closing_steps().filter(obstacle=OuterRef("pk"))
    same = Obstacle.objects.filter(task=task, asked_of=asked_of, asked_what=asked_what, due_on=due_on)
    return same.filter(~Exists(closing)).order_by("pk").first()


def standing_of(obstacle: Obstacle, as_of: date) -> ObstacleStanding:
    return standings(Obstacle.objects.filter(pk=obstacle.pk), max(as_of, obstacle.raised_on))[0]


def parties_of(obstacle: Obstacle, on: date) -> Parties:
    """The bodies that raised it and hold the duty, each joined by whoever answers for it today."""
    return parties_around(obstacle, owner_of(obstacle), on)


def parties_around(obstacle: Obstacle, owner: Organisation, on: date) -> Parties:
    """The same, of an owner that is known already."""
    raising = obstacle.raised_by_organisation
    return Parties(
        raising_ids={raising.pk, *(heir.pk for heir in answering_for(raising, on))},
        raising_path=tuple(raising.path),
        asked_ids={owner.pk, *(heir.pk for heir in answering_for(owner, on))},
    )


def owner_of(obstacle: Obstacle) -> Organisation:
    """The asked body, or the one to which a ruling on a refusal moved it last."""
    moved = obstacle.hops.filter(because=Hop.Because.REFUSAL).select_related("organisation").order_by("-number").first()
    return moved.organisation if moved else obstacle.asked_of


def may_speak_for(viewer: Viewer) -> QuerySet[Organisation]:
    """In whose name the viewer may raise an obstacle."""
    speaking = viewer.organisation_ids(*SPEAKING_ROLES, Role.STEERING_OFFICE)
    return Organisation.objects.filter(pk__in=speaking).order_by("sort_key")


def obstacles_about(task: Task, as_of: date) -> list[ObstacleStanding]:
    """For the page of a task that the viewer already sees."""
    return standings(Obstacle.objects.filter(task=task), as_of)


def _standing(
    row: Any, as_of: date, desks: dict[int, Organisation], heirs: dict[int, tuple[Organisation, ...]]
) -> ObstacleStanding:
    state = State(row.state)
    is_open = state not in CLOSED
    return ObstacleStanding(
        obstacle=row,
        state=state,
        working_days=working_days_between(row.raised_on, row.closed_on or as_of),
        closed_on=row.closed_on,
        holders=_holders(row, state, as_of, desks, heirs),
        is_past_due=is_open and row.due_on < as_of,
        rung=row.desk_rung or "",
        desk_due_on=row.desk_due_on if is_open else None,
    )


def _holders(
    row: Any,
    state: State,
    as_of: date,
    desks: dict[int, Organisation],
    heirs: dict[int, tuple[Organisation, ...]],
) -> tuple[Organisation, ...]:
    if state in CLOSED:
        return ()
    desk = desks[row.desk_id] if row.desk_id else row.asked_of
    holder = row.raised_by_organisation if state == State.ANSWERED else desk
    if holder.valid_to is None or holder.valid_to >= as_of:
        return (holder,)
    if holder.pk not in heirs:
        heirs[holder.pk] = answering_for(holder, as_of)
    return heirs[holder.pk] or (holder,)


def organisations_around(viewer: Viewer) -> list[Organisation]:
    """Everyone who raised, was asked or held something visible, once, by name: the choices of the filter."""
    seen = visible_obstacles(viewer)
    return list(
        Organisation.objects.filter(
            Q(pk__in=seen.values("raised_by_organisation"))
            | Q(pk__in=seen.values("asked_of"))
            | Q(pk__in=Hop.objects.filter(obstacle__in=seen).values("organisation"))
        ).order_by("sort_key")
    )


def steps_open_to(viewer: Viewer, obstacle: Obstacle, on: date) -> tuple[list[StepKind], list[Organisation]]:
    """What the viewer may record about this obstacle now, and in whose name; only reopening once it is closed."""
    taken = current_round(obstacle.steps.values_list("round", "kind"))
    bodies = list(Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key"))
    parties = parties_of(obstacle, on)
    return steps_offered(viewer, bodies, parties, taken, is_decided=obstacle.decisions.exists())


def steps_offered(
    viewer: Viewer, bodies: list[Organisation], parties: Parties, taken: set[str], *, is_decided: bool
) -> tuple[list[StepKind], list[Organisation]]:
    """The same, of what was read already; `taken`: the kinds of the current round."""
    answering = [body for body in bodies if can_answer(viewer, body.pk, parties)]
    closing = [body for body in bodies if can_close(viewer, body.pk, parties)]
    again = [StepKind.REOPENED] if closing else []
    if not taken.isdisjoint(CLOSED):
        return again, closing
    kinds = [StepKind.ACKNOWLEDGED, StepKind.ANSWERED] if answering else []
    kinds += [StepKind.REMOVED, StepKind.WITHDRAWN] if closing else []
    if StepKind.ANSWERED in taken or is_decided:
        kinds += again
    return kinds, list(dict.fromkeys([*answering, *closing]))
