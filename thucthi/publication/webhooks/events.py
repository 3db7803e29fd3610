"""Which facts an endpoint is told of. No action that states a fact knows of webhooks (as with notices, ADR 0025)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from thucthi.obstacles.models import Hop, Obstacle
from thucthi.publication.models import Correction, SnapshotPublication
from thucthi.reporting.models import Acceptance, Endorsement, Verdict

Bodies = tuple[int, ...]


class Event(TextChoices):
    ISSUE_PUBLISHED = "issue.published", _("Một kỳ công bố được phát hành")
    CORRECTION_ANNOUNCED = "correction.announced", _("Một đính chính được đăng")
    REPORT_ACCEPTED = "report.accepted", _("Báo cáo của cơ quan được nghiệm thu")
    REPORT_RETURNED = "report.returned", _("Báo cáo của cơ quan bị trả lại")
    OBSTACLE_ARRIVED = "obstacle.arrived", _("Một điểm nghẽn được chuyển đến cơ quan")


@dataclass(frozen=True)
class Happening:
    """`subject` names the fact; `at`: when it was recorded; `data`: what is told, names and codes rather than texts."""

    subject: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def happenings(event: str, bodies: Bodies, since: datetime, most: int) -> list[Happening]:
    """The facts of `event` that concern `bodies`, recorded since then, the oldest first."""
    found = [each for source in SOURCES[Event(event)] for each in source(bodies, since, most)]
    return sorted(found, key=lambda each: (each.at, each.subject))[:most]


def _first(rows: QuerySet[Any], moment: str, since: datetime, most: int) -> Iterable[Any]:
    return rows.filter(**{f"{moment}__gte": since}).order_by(moment, "pk")[:most]


def _published(bodies: Bodies, since: datetime, most: int) -> Iterable[Happening]:
    rows = SnapshotPublication.objects.select_related("snapshot")
    for row in _first(rows, "published_at", since, most):
        data = {"issue": row.issue, "kind": row.kind, "as_of": row.snapshot.as_of.isoformat()}
        yield Happening(
            f"publication:{row.pk}", row.published_at, {**data, "manifest_hash": row.snapshot.manifest_hash}
        )


def _corrected(bodies: Bodies, since: datetime, most: int) -> Iterable[Happening]:
    for row in _first(Correction.objects.select_related("snapshot"), "recorded_at", since, most):
        data = {"issue": row.snapshot.issue, "announced_on": row.announced_on.isoformat(), "text": row.text}
        yield Happening(f"correction:{row.pk}", row.recorded_at, data)


def _judged(verdict: Verdict) -> Callable[[Bodies, datetime, int], Iterable[Happening]]:
    def source(bodies: Bodies, since: datetime, most: int) -> Iterable[Happening]:
        for model in (Acceptance, Endorsement):
            # On a lower rung a report is only passed on; that is no acceptance.
            if model is Endorsement and verdict == Verdict.ACCEPTED:
                continue
            rows = model.objects.filter(verdict=verdict, report__obligation__organisation__in=bodies)
            rows = rows.select_related("report__obligation", "report__task")
            for row in _first(rows, "recorded_at", since, most):
                yield Happening(f"{model._meta.model_name}:{row.pk}", row.recorded_at, _report(row))

    return source


def _report(row: Any) -> dict[str, Any]:
    report = row.report
    return {
        "report": report.pk,
        "task": report.task.code,
        "period": report.obligation.period_key,
        "version": report.version,
        "decided_at": row.decided_at.isoformat(),
        "is_simulated": row.is_simulated,
    }


def _raised(bodies: Bodies, since: datetime, most: int) -> Iterable[Happening]:
    for row in _first(Obstacle.objects.filter(asked_of__in=bodies).select_related("task"), "recorded_at", since, most):
        yield Happening(f"obstacle:{row.pk}", row.recorded_at, _obstacle(row, row.due_on, "asked"))


def _climbed(bodies: Bodies, since: datetime, most: int) -> Iterable[Happening]:
    rows = Hop.objects.filter(organisation__in=bodies, obstacle__isnull=False).select_related("obstacle__task")
    for row in _first(rows, "recorded_at", since, most):
        yield Happening(f"hop:{row.pk}", row.recorded_at, _obstacle(row.obstacle, row.due_on, row.rung))


def _obstacle(row: Obstacle, due_on: Any, came_by: str) -> dict[str, Any]:
    return {
        "obstacle": row.code,
        "task": row.task.code if row.task else None,
        "came_by": came_by,
        "due_on": due_on.isoformat(),
        "is_simulated": row.is_simulated,
    }


SOURCES: Mapping[Event, tuple[Callable[[Bodies, datetime, int], Iterable[Happening]], ...]] = {
    Event.ISSUE_PUBLISHED: (_published,),
    Event.CORRECTION_ANNOUNCED: (_corrected,),
    Event.REPORT_ACCEPTED: (_judged(Verdict.ACCEPTED),),
    Event.REPORT_RETURNED: (_judged(Verdict.RETURNED),),
    Event.OBSTACLE_ARRIVED: (_raised, _climbed),
}
