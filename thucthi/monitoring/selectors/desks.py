"""What lay on the desk of a body: obstacles it had to act on, from the day each came to the day it left (D12, D35).

The ladder's hops say when an obstacle came onto a desk; one without any hop lies with the body it was put to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.obstacles.models import ANSWERING, CLOSING, Decision, Hop, Obstacle, ObstacleStep, StepKind
from thucthi.obstacles.selectors import visible_obstacles


@dataclass(frozen=True, slots=True)
class Desk:
    """One obstacle on one desk. `due_on`: the last day of its clock there; `left_on` None: still there.

    `answered_on`: the day this desk decided or answered; None when it left undecided, or did not leave.
    """

    organisation_id: int
    code: str
    text: str
    came_on: date
    due_on: date
    left_on: date | None
    answered_on: date | None


def desks_of(viewer: Viewer, organisation: Organisation, as_of: date) -> list[Desk]:
    """Everything that lay on the desk of one body up to `as_of`; two queries."""
    return desks_of_many(visible_obstacles(viewer), [organisation.pk], as_of)


def desks_of_many(obstacles: QuerySet[Obstacle], organisation_ids: Iterable[int], as_of: date) -> list[Desk]:
    """The same for many bodies, in the order of the days on which the obstacles came."""
    bodies = list(organisation_ids)
    seen = obstacles.order_by().values("pk")
    found = [*_by_hops(seen, bodies, as_of), *_without_hops(seen, bodies, as_of)]
    return sorted(found, key=lambda row: (row.came_on, row.code))


def _by_hops(seen: Any, bodies: list[int], as_of: date) -> list[Desk]:
    decided = Decision.objects.filter(hop=OuterRef("pk"), decided_on__lte=as_of)
    after = Hop.objects.filter(obstacle=OuterRef("obstacle"), number=OuterRef("number") + 1, started_on__lte=as_of)
    steps = ObstacleStep.objects.filter(
        obstacle=OuterRef("obstacle"), happened_on__gte=OuterRef("started_on"), happened_on__lte=as_of
    )
    rows = Hop.objects.filter(obstacle__in=seen, organisation__in=bodies, started_on__lte=as_of).annotate(
        decided=_first(decided, "decided_on"),
        moved=_first(after, "started_on"),
        answered=_first(steps.filter(kind__in=ANSWERING, organisation=OuterRef("organisation")), "happened_on"),
        closed=_first(steps.filter(kind__in=CLOSING), "happened_on"),
        code=F("obstacle__code"),
        text=F("obstacle__condition"),
    )
    found = []
    for row in rows.values_list(
        "organisation_id", "code", "text", "started_on", "due_on", "decided", "moved", "answered", "closed"
    ):
        body, code, text, came, due, decided_on, moved, answered, closed = row
        said = min((day for day in (decided_on, answered) if day and (moved is None or day <= moved)), default=None)
        left = min((day for day in (said, moved, closed) if day), default=None)
        found.append(Desk(body, code, text, came, due, left, said))
    return found


def _without_hops(seen: Any, bodies: list[int], as_of: date) -> list[Desk]:
    steps = ObstacleStep.objects.filter(obstacle=OuterRef("pk"), happened_on__lte=as_of)
    rows = (
        Obstacle.objects.filter(pk__in=seen, asked_of__in=bodies, raised_on__lte=as_of)
        .exclude(Exists(Hop.objects.filter(obstacle=OuterRef("pk"))))
        .annotate(
            answered=_first(steps.filter(kind__in=ANSWERING).exclude(kind=StepKind.WITHDRAWN), "happened_on"),
            closed=_first(steps.filter(kind__in=CLOSING), "happened_on"),
        )
    )
    return [
        Desk(body, code, text, came, due, min((day for day in (said, closed) if day), default=None), said)
        for body, code, text, came, due, said, closed in rows.values_list(
            "asked_of_id", "code", "condition", "raised_on", "due_on", "answered", "closed"
        )
    ]


def _first(rows: QuerySet[Any], field: str) -> Subquery:
    return Subquery(rows.order_by(field).values(field)[:1])
