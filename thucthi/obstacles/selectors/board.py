"""The board: what blocks the most, who holds it, since when, what decision is asked (D44; ui.md §6, screen 8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for_many
from thucthi.documents.models import Document
from thucthi.kernel.working_days import working_days_between
from thucthi.obstacles.access import Parties, can_answer, can_close
from thucthi.obstacles.calculations import Column, State, column_of, impact_of
from thucthi.obstacles.models import AgendaItem, Decision, Hop, LadderRung, Obstacle, StepKind
from thucthi.obstacles.selectors.around import Around, Lying, around, tasks_held_up
from thucthi.obstacles.selectors.register import ObstacleStanding, standings, visible_obstacles, with_state
from thucthi.programmes.models import ProgrammeBasis

COLUMN_WORDS = {
    Column.NEW: gettext_lazy("Mới"),
    Column.ACKNOWLEDGED: gettext_lazy("Đã tiếp nhận"),
    Column.CLIMBED: gettext_lazy("Đang ở cấp trên"),
    Column.DECISION: gettext_lazy("Chờ quyết định, đã quyết định"),
    Column.REMOVED: gettext_lazy("Đã gỡ"),
}


@dataclass(frozen=True)
class BoardFilter:
    """What the board is narrowed to; empty means all. `level`: of the body that was asked."""

    cause: str = ""
    document: Document | None = None
    level: str = ""
    organisation: Organisation | None = None


@dataclass(frozen=True)
class NextStep:
    """What the viewer may do next about a card, and in whose name."""

    kind: StepKind
    organisation: Organisation


@dataclass(frozen=True)
class Card(Lying):
    """One obstacle on the board, with what it weighs there."""

    impact: int
    next_step: NextStep | None


@dataclass(frozen=True)
class BoardColumn:
    """`count` is the whole column, `cards` the page of it that is shown; `number` of `last` pages."""

    column: Column
    count: int
    cards: tuple[Card, ...]
    number: int
    last: int

    @property
    def word(self) -> str:
        return str(COLUMN_WORDS[self.column])


@dataclass(frozen=True)
class Board:
    columns: tuple[BoardColumn, ...]
    total: int
    as_of: date


@dataclass(frozen=True)
class _Light:
    """As much of an obstacle as its place on the board depends on."""

    pk: int
    column: Column
    impact: int
    raised_on: date
    closed_on: date | None


def board_of(viewer: Viewer, wanted: BoardFilter, as_of: date, *, most: int, only: Column | None, page: int) -> Board:
    """`most` cards of each column, or page `page` of column `only`; most impact first, what is removed newest first."""
    found = _light(_narrowed(visible_obstacles(viewer), wanted), as_of)
    columns = {column: [row for row in found if row.column is column] for column in Column}
    pages = {column: _page(rows, most, page if column is only else 1) for column, rows in columns.items()}
    shown = [row for column, (rows, _number, _last) in pages.items() if only in (None, column) for row in rows]
    cards = _cards(viewer, shown, as_of)
    return Board(
        columns=tuple(
            BoardColumn(column, len(columns[column]), tuple(cards[row.pk] for row in rows), number, last)
            for column, (rows, number, last) in pages.items()
            if only in (None, column)
        ),
        total=len(found),
        as_of=as_of,
    )


def board_documents(viewer: Viewer) -> list[Document]:
    """The documents that visible obstacles block: the choices of the filter."""
    programmes = visible_obstacles(viewer).order_by().values("task__programme")
    bases = ProgrammeBasis.objects.filter(programme__in=programmes).values("document")
    return list(Document.objects.filter(pk__in=bases).order_by("-issued_on", "pk"))


def _narrowed(obstacles: QuerySet[Obstacle], wanted: BoardFilter) -> QuerySet[Obstacle]:
    if wanted.cause:
        obstacles = obstacles.filter(cause=wanted.cause)
    if wanted.level:
        obstacles = obstacles.filter(asked_of__level=wanted.level)
    if wanted.document:
        basis = ProgrammeBasis.objects.filter(programme=OuterRef("task__programme"), document=wanted.document)
        obstacles = obstacles.filter(Exists(basis))
    if wanted.organisation:
        body = wanted.organisation
        desk = Hop.objects.filter(obstacle=OuterRef("pk"), organisation=body)
        obstacles = obstacles.filter(Q(raised_by_organisation=body) | Q(asked_of=body) | Exists(desk))
    return obstacles


def _light(obstacles: QuerySet[Obstacle], as_of: date) -> list[_Light]:
    """Three queries."""
    later = Hop.objects.filter(
        obstacle=OuterRef("obstacle"), because=Hop.Because.REOPENED, number__gt=Coalesce(OuterRef("hop__number"), 0)
    )
    decided = Decision.objects.filter(~Exists(later), obstacle=OuterRef("pk"), decided_on__lte=as_of).exclude(
        kind=Decision.Kind.DEFER
    )
    coming = AgendaItem.objects.filter(obstacle=OuterRef("pk"), meeting__minutes_number="")
    desks = Hop.objects.filter(obstacle=OuterRef("pk"), started_on__lte=as_of).order_by("-number")
    rows = list(
        with_state(obstacles.filter(raised_on__lte=as_of), as_of)
        .annotate(rung=Subquery(desks.values("rung")[:1]), is_decided=Exists(decided), is_coming=Exists(coming))
        .values("pk", "task_id", "state", "raised_on", "due_on", "closed_on", "rung", "is_decided", "is_coming")
    )
    held = tasks_held_up((row["pk"], row["task_id"]) for row in rows)
    light = [_weighed(dict(row), held[row["pk"]], as_of) for row in rows]
    return sorted((row for row in light if row is not None), key=_order)


def _weighed(row: dict[str, Any], held_up: int, as_of: date) -> _Light | None:
    state = State(row["state"])
    column = column_of(
        state,
        has_climbed=row["rung"] not in (None, LadderRung.OWNER),
        is_before_a_decision=state is State.ANSWERED or row["is_decided"] or row["is_coming"],
    )
    if column is None:
        return None
    impact = impact_of(held_up, _days_late(row["due_on"], row["closed_on"] or as_of))
    return _Light(row["pk"], column, impact, row["raised_on"], row["closed_on"])


@lru_cache(maxsize=4096)
def _days_late(due_on: date, as_of: date) -> int:
    return max(0, working_days_between(due_on, as_of))


def _order(row: _Light) -> tuple[int, int, int, int]:
    """Removed ones by the day they were removed, the others by what they hold up, then by age."""
    if row.closed_on is not None:
        return (0, -row.closed_on.toordinal(), 0, row.pk)
    return (1, -row.impact, row.raised_on.toordinal(), row.pk)


def _page(rows: Sequence[_Light], most: int, wanted: int) -> tuple[Sequence[_Light], int, int]:
    last = max(1, -(-len(rows) // most))
    number = min(max(1, wanted), last)
    return rows[(number - 1) * most : number * most], number, last


def _cards(viewer: Viewer, shown: Iterable[_Light], as_of: date) -> dict[int, Card]:
    weights = {row.pk: row for row in shown}
    found = standings(Obstacle.objects.filter(pk__in=weights), as_of)
    beside = around([standing.obstacle for standing in found], as_of)
    held = tasks_held_up((standing.obstacle.pk, standing.obstacle.task_id) for standing in found)
    steps = _next_steps(viewer, found, beside, as_of)
    return {
        standing.obstacle.pk: Card(
            standing=standing,
            around=beside[standing.obstacle.pk],
            held_up=held[standing.obstacle.pk],
            impact=weights[standing.obstacle.pk].impact,
            next_step=steps.get(standing.obstacle.pk),
        )
        for standing in found
    }


def _next_steps(
    viewer: Viewer, found: list[ObstacleStanding], beside: dict[int, Around], as_of: date
) -> dict[int, NextStep]:
    """Of each open obstacle the one step that comes next, if it is the viewer's to take."""
    bodies = list(Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key"))
    sides: dict[int, Organisation] = {}
    for standing in found:
        row = standing.obstacle
        owner = beside[row.pk].owner_moved_to or row.asked_of
        sides |= {row.raised_by_organisation.pk: row.raised_by_organisation, owner.pk: owner}
    heirs = answering_for_many(sides.values(), as_of)
    steps = {}
    for standing in found:
        step = _next_step(viewer, standing, beside[standing.obstacle.pk], heirs, bodies)
        if standing.is_open and step:
            steps[standing.obstacle.pk] = step
    return steps


def _next_step(
    viewer: Viewer,
    standing: ObstacleStanding,
    beside: Around,
    heirs: dict[int, tuple[Organisation, ...]],
    bodies: list[Organisation],
) -> NextStep | None:
    row = standing.obstacle
    raising, asked = row.raised_by_organisation, beside.owner_moved_to or row.asked_of
    parties = Parties(
        raising_ids={raising.pk, *(heir.pk for heir in heirs[raising.pk])},
        raising_path=tuple(raising.path),
        asked_ids={asked.pk, *(heir.pk for heir in heirs[asked.pk])},
    )
    is_decided = beside.decision is not None and beside.decision.kind != Decision.Kind.DEFER
    is_answered = standing.state is State.ANSWERED or is_decided
    if is_answered:
        closing = [body for body in bodies if can_close(viewer, body.pk, parties)]
        return NextStep(StepKind.REMOVED, closing[0]) if closing else None
    answering = [body for body in bodies if can_answer(viewer, body.pk, parties)]
    kind = StepKind.ANSWERED if standing.state is State.ACKNOWLEDGED else StepKind.ACKNOWLEDGED
    return NextStep(kind, answering[0]) if answering else None
