"""What a program of an organisation reads: the organisation's own work, within what its people may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators.models import Observation
from thucthi.obstacles.models import Hop, Obstacle
from thucthi.obstacles.selectors import visible_obstacles
from thucthi.programmes.models import Coordination, Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import OpenDuty, Report
from thucthi.reporting.selectors import visible_reports
from thucthi.reporting.selectors.histories import with_parts
from thucthi.reporting.selectors.owed import unanswered
from thucthi.reporting.selectors.queues import in_full
from thucthi.reporting.selectors.waiting import with_predecessors


@dataclass(frozen=True)
class Own:
    """A body with those in whose place it stands, seen by a viewer with no more rights than its people."""

    viewer: Viewer
    body: Organisation
    bodies: tuple[int, ...]


def own_of(viewer: Viewer, body: Organisation) -> Own:
    return Own(viewer, body, tuple(with_predecessors([body.pk])))


def own_tasks(own: Own) -> QuerySet[Task]:
    """Led or coordinated by the body."""
    along = Coordination.objects.filter(task=OuterRef("pk"), organisation__in=own.bodies)
    mine = visible_tasks(own.viewer).filter(Q(lead__in=own.bodies) | Exists(along))
    return mine.select_related("programme", "lead").prefetch_related("coordinators")


def own_duties(own: Own, on: date, *, state: str) -> QuerySet[OpenDuty]:
    """Reports still owed, nothing but their numbers: a large body owes thousands.

    `state`: "overdue" past the last day, "due" not yet, "" both.
    """
    rows = unanswered(own.viewer, [own.body.pk], on).only("pk")
    if state == "overdue":
        return rows.filter(last_day__lt=on)
    return rows.filter(last_day__gte=on) if state == "due" else rows


def duties_in_full(rows: Iterable[OpenDuty]) -> QuerySet[OpenDuty]:
    """These with all that is told of them, in the order of their numbers."""
    return in_full(OpenDuty.objects.filter(pk__in=[row.pk for row in rows])).order_by("pk")


def own_reports(own: Own) -> QuerySet[Report]:
    """Sent by the body, every version."""
    mine = visible_reports(own.viewer).filter(obligation__organisation__in=own.bodies)
    return with_parts(mine).prefetch_related("endorsements")


def own_obstacles(own: Own) -> QuerySet[Obstacle]:
    """Raised by the body, put to it, or brought before it by the ladder."""
    climbed = Hop.objects.filter(obstacle=OuterRef("pk"), organisation__in=own.bodies)
    sides = Q(raised_by_organisation__in=own.bodies) | Q(asked_of__in=own.bodies) | Exists(climbed)
    return visible_obstacles(own.viewer).filter(sides)


def own_values(own: Own, *, indicator: str, period: str) -> QuerySet[Observation]:
    """Values of the body that stand."""
    rows = Observation.objects.filter(organisation__in=own.bodies, corrections__isnull=True)
    wanted = {"indicator__code": indicator, "period": period}
    return rows.filter(**{name: word for name, word in wanted.items() if word}).select_related("indicator")
