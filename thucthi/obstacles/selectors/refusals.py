"""Reading refusals, and how often a duty was handed from one body to another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for, steers_from_the_centre
from thucthi.kernel.errors import NotVisible
from thucthi.obstacles.access import can_refuse, can_rule
from thucthi.obstacles.models import CoordinationRequest, Hop, Obstacle, Refusal, RequestStep
from thucthi.obstacles.selectors.register import closing_steps, visible_obstacles
from thucthi.obstacles.selectors.requests import visible_requests
from thucthi.programmes.models import ChangedField, Task, TaskChange
from thucthi.programmes.selectors import is_seen
from thucthi.programmes.selectors.standing import standing_of as standing_of_task

Duty = Obstacle | CoordinationRequest | Task
MOST_ROWS = 200


@dataclass(frozen=True)
class Handed:
    """A duty that changed hands between bodies `times` times, last on `last_on`."""

    kind: str
    code: str
    text: str
    holder: str
    times: int
    last_on: date


def duty_of(refusal: Refusal) -> Duty:
    duty = refusal.obstacle or refusal.request or refusal.task
    if duty is None:
        raise LookupError(f"refusal {refusal.pk} is about nothing")
    return duty


def holder_ids(duty: Duty, on: date) -> set[int]:
    """The body with which the duty lies, and whoever answers for it today."""
    holder = holder_of(duty)
    return {holder.pk, *(heir.pk for heir in answering_for(holder, on))} if holder else set()


def holder_of(duty: Duty) -> Organisation | None:
    if isinstance(duty, Task):
        return duty.lead
    desk = duty.hops.select_related("organisation").order_by("-number").first()
    if desk is not None:
        return desk.organisation
    return duty.asked_of if isinstance(duty, Obstacle) else duty.asked


def is_over(duty: Duty) -> bool:
    """Nothing is asked of anybody any more."""
    if isinstance(duty, Obstacle):
        return closing_steps().filter(obstacle=duty).exists()
    if isinstance(duty, CoordinationRequest):
        said = duty.steps.filter(
            kind__in=(RequestStep.Kind.FULL, RequestStep.Kind.INSUFFICIENT, RequestStep.Kind.WITHDRAWN)
        )
        last = said.order_by("-pk").first()
        return last is not None and last.kind != RequestStep.Kind.INSUFFICIENT
    return not duty.is_issued or standing_of_task(duty).is_closed


def visible_refusals(viewer: Viewer, on: date) -> QuerySet[Refusal]:
    """Whoever sees the duty sees who refused it."""
    rows = Refusal.objects.select_related(
        "obstacle__asked_of", "request__asked", "task__lead", "task__programme", "organisation", "proposed_owner", "by",
        "ruling__owner", "ruling__organisation", "ruling__by",
    )  # fmt: skip
    if viewer.is_system:
        return rows
    return rows.filter(
        Q(obstacle__in=visible_obstacles(viewer))
        | Q(request__in=visible_requests(viewer, on))
        | (Q(task__isnull=False) & is_seen(viewer, "task__programme__"))
    )


def refusal_for(viewer: Viewer, pk: int, on: date) -> Refusal:
    """Raises NotVisible for an unknown one and for one about a duty the viewer may not know of."""
    refusal = visible_refusals(viewer, on).filter(pk=pk).first()
    if refusal is None:
        raise NotVisible(_("Không có lần từ chối này, hoặc ông/bà không thuộc phạm vi được xem."))
    return refusal


def waiting_refusals(viewer: Viewer, on: date) -> list[Refusal]:
    """Those on which nobody has ruled, the oldest first."""
    return list(visible_refusals(viewer, on).filter(ruling__isnull=True).order_by("refused_on", "pk")[:MOST_ROWS])


def bodies_that_refuse(viewer: Viewer, duty: Duty, on: date) -> list[Organisation]:
    """In whose name the viewer may refuse it; empty when in nobody's."""
    holders = holder_ids(duty, on)
    return [body for body in _bodies(viewer) if can_refuse(viewer, body.pk, holders)]


def bodies_that_rule(viewer: Viewer, refusal: Refusal) -> list[Organisation]:
    """In whose name the viewer may rule on it; empty when in nobody's."""
    central, path = steers_from_the_centre(viewer), refusal.organisation.path
    return [body for body in _bodies(viewer) if can_rule(viewer, path, body.pk, from_the_centre=central)]


def _bodies(viewer: Viewer) -> list[Organisation]:
    return list(Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key"))


def times_handed(hops: Iterable[Hop]) -> int:
    """How often one obstacle or request went from body to body by a refusal; climbing in silence is not that."""
    return sum(hop.because == Hop.Because.REFUSAL for hop in hops)


def handed_most(viewer: Viewer, on: date) -> list[Handed]:
    """What was handed on at least once, the most often first: by ruling on a refusal, a task by change of its lead."""
    found = [
        *_handed("obstacle", visible_obstacles(viewer).annotate(words=F("condition")), "obstacle"),
        *_handed("request", visible_requests(viewer, on).annotate(words=F("text")), "request"),
        *_handed_tasks(viewer),
    ]
    return sorted(found, key=lambda row: (-row.times, -row.last_on.toordinal(), row.kind, row.code))


def _handed(kind: str, rows: QuerySet[Any], key: str) -> list[Handed]:
    moved = Q(hops__because=Hop.Because.REFUSAL)
    desk = Hop.objects.filter(**{key: OuterRef("pk")}).order_by("-number")
    counted = rows.order_by().annotate(
        holder=Subquery(desk.values("organisation__official_name")[:1]),
        times=Count("hops", filter=moved, distinct=True),
        last_on=Max("hops__started_on", filter=moved),
    )
    columns = counted.filter(times__gt=0).order_by("-times", "-last_on")
    return [
        Handed(kind, *row) for row in columns.values_list("code", "words", "holder", "times", "last_on")[:MOST_ROWS]
    ]


def _handed_tasks(viewer: Viewer) -> list[Handed]:
    """From the few decisions, not from the tasks of the country."""
    changes = TaskChange.objects.filter(is_seen(viewer, "task__programme__"), field=ChangedField.LEAD).order_by()
    of_task = changes.values(code=F("task__code"), text=F("task__text"), holder=F("task__lead__official_name"))
    columns = of_task.annotate(times=Count("pk"), last_on=Max("decided_on")).order_by("-times", "-last_on")
    return [
        Handed("task", *row) for row in columns.values_list("code", "text", "holder", "times", "last_on")[:MOST_ROWS]
    ]
