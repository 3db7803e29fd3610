"""The figures of scorecards, each computed for many bodies at once: a body and its peers by the same statement.

Only what every working account may see counts, so that everybody sees the same figures. A case belongs to the period in
which it fell due; whether it was met is judged by what was known on `as_of`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from thucthi.monitoring.calculations.scorecard import median
from thucthi.monitoring.calculations.standing import UNDATED_DEADLINES, Ratio
from thucthi.monitoring.selectors.desks import Desk, desks_of_many
from thucthi.monitoring.selectors.scopes import WHOEVER_WORKS
from thucthi.obstacles.models import CoordinationRequest, RequestStep
from thucthi.obstacles.selectors import visible_obstacles
from thucthi.programmes.models import ENDING, Coordination, Dependency, Task, TaskEvent
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import Obligation, Report, Verdict
from thucthi.reporting.selectors.obligations import completed_at, end_of

Ratios = dict[int, Ratio]
NOTHING = Ratio(0, 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """Bodies compared over `first`–`last`, as known on `as_of`; `until` is the last day whose cases have fallen due."""

    bodies: tuple[int, ...]
    first: date
    last: date
    as_of: date

    @property
    def until(self) -> date:
        return min(self.last, self.as_of)


@dataclass(frozen=True, slots=True)
class Difficulty:
    """How heavy the load is: counts side by side, never one number.

    `crossing`: tasks with a coordinator of another level; `waiting`: tasks that wait for a task of another body.
    """

    tasks: int = 0
    weight: int = 0
    crossing: int = 0
    waiting: int = 0
    coordinated: int = 0


def open_tasks() -> QuerySet[Task]:
    """Issued tasks that everybody who works may see."""
    return visible_tasks(WHOEVER_WORKS).filter(is_issued=True).order_by()


def tasks_due(scope: Scope) -> tuple[Ratios, Ratios]:
    """(done by the deadline, done by `as_of`) of the tasks due in the period: what was promised and what came (D2)."""
    ended = TaskEvent.objects.filter(task=OuterRef("pk"), kind__in=ENDING, happened_on__lte=scope.as_of)
    rows = (
        open_tasks()
        .filter(lead__in=scope.bodies, resolved_end__range=(scope.first, scope.until))
        .exclude(deadline_kind__in=UNDATED_DEADLINES)
        .filter(~Exists(ended))
        .annotate(done_on=completed_on(scope.as_of))
        .values("lead")
        .annotate(
            due=Count("pk"),
            kept=Count("pk", filter=Q(done_on__lte=F("resolved_end"))),
            came=Count("pk", filter=Q(done_on__isnull=False)),
        )
        .values_list("lead", "due", "kept", "came")
    )
    found = list(rows)
    return (
        {body: Ratio(kept, due) for body, due, kept, _came in found},
        {body: Ratio(came, due) for body, due, _kept, came in found},
    )


def completed_on(as_of: date) -> TruncDate:
    """The day on which the accepted completion of a task was handed in, None while there is none."""
    return TruncDate(completed_at(as_of))


def completions_accepted(scope: Scope) -> Ratios:
    """Of the reports that declared a task complete in the period, those somebody else accepted by `as_of`."""
    rows = (
        Report.objects.filter(
            claims_completion=True, task__in=open_tasks().values("pk"), obligation__organisation__in=scope.bodies,
            submitted_at__date__gte=scope.first, submitted_at__lt=end_of(scope.until),
        )
        .order_by()
        .values("obligation__organisation")
        .annotate(
            declared=Count("pk"),
            accepted=Count(
                "pk", filter=Q(acceptance__verdict=Verdict.ACCEPTED, acceptance__decided_at__lt=end_of(scope.as_of))
            ),
        )
    )  # fmt: skip
    return {row["obligation__organisation"]: Ratio(row["accepted"], row["declared"]) for row in rows}


def reports_on_time(scope: Scope) -> Ratios:
    """Reports handed in by their last day, grace included, of those due in the period."""
    first = Report.objects.filter(obligation=OuterRef("pk"), submitted_at__lt=end_of(scope.as_of)).order_by()
    rows = (
        Obligation.objects.filter(
            organisation__in=scope.bodies, task__in=open_tasks().values("pk"), due_on__range=(scope.first, scope.until)
        )
        .annotate(
            came_on=Subquery(first.values("obligation").annotate(day=TruncDate(Min("submitted_at"))).values("day"))
        )
        .order_by()
        .values("organisation")
        .annotate(owed=Count("pk"), kept=Count("pk", filter=Q(came_on__lte=Coalesce("grace_until", "due_on"))))
    )
    return {row["organisation"]: Ratio(row["kept"], row["owed"]) for row in rows}


def requests_on_time(scope: Scope) -> Ratios:
    """Requests of other bodies answered in full by their day, of those due in the period and not withdrawn."""
    steps = RequestStep.objects.filter(request=OuterRef("pk"), happened_on__lte=scope.as_of)
    answered = steps.filter(kind=RequestStep.Kind.FULL).order_by("happened_on")
    rows = (
        CoordinationRequest.objects.filter(asked__in=scope.bodies, due_on__range=(scope.first, scope.until))
        .filter(Q(task__isnull=True) | Q(task__in=open_tasks().values("pk")))
        .filter(~Exists(steps.filter(kind=RequestStep.Kind.WITHDRAWN)))
        .annotate(answered_on=Subquery(answered.values("happened_on")[:1]))
        .order_by()
        .values("asked")
        .annotate(due=Count("pk"), kept=Count("pk", filter=Q(answered_on__lte=F("due_on"))))
    )
    return {row["asked"]: Ratio(row["kept"], row["due"]) for row in rows}


def desks(scope: Scope) -> dict[int, list[Desk]]:
    """What lay on each body's desk with a clock that ran out in the period."""
    found: dict[int, list[Desk]] = {}
    for desk in desks_of_many(visible_obstacles(WHOEVER_WORKS), scope.bodies, scope.as_of):
        if scope.first <= desk.due_on <= scope.until:
            found.setdefault(desk.organisation_id, []).append(desk)
    return found


def answered_in_time(laid: dict[int, list[Desk]]) -> Ratios:
    """Obstacles answered before the clock of the desk ran out."""
    return {
        body: Ratio(sum(row.answered_on is not None and row.answered_on <= row.due_on for row in rows), len(rows))
        for body, rows in laid.items()
    }


def median_days(rows: Iterable[Desk]) -> Decimal | None:
    """The middle number of days from coming to being answered, of those answered."""
    return median((row.answered_on - row.came_on).days for row in rows if row.answered_on)


def difficulties(bodies: Sequence[int]) -> dict[int, Difficulty]:
    """The load of each body today, in two queries; bodies without a task or a part in one are left out."""
    joined = Coordination.objects.filter(task__in=open_tasks().values("pk")).order_by()
    own = joined.filter(organisation__in=bodies).values("organisation").annotate(n=Count("task", distinct=True))
    coordinated = {row["organisation"]: row["n"] for row in own}
    led = {row["lead"]: row for row in _led(bodies)}
    return {
        body: Difficulty(
            tasks=led[body]["n"] if body in led else 0,
            weight=led[body]["load"] if body in led else 0,
            crossing=led[body]["crossing"] if body in led else 0,
            waiting=led[body]["waiting"] if body in led else 0,
            coordinated=coordinated.get(body, 0),
        )
        for body in {*led, *coordinated}
    }


def _led(bodies: Sequence[int]) -> QuerySet[Task, Any]:
    across = Coordination.objects.filter(task=OuterRef("pk")).exclude(organisation__level=OuterRef("lead__level"))
    needs = Dependency.objects.filter(ended_on__isnull=True, needed_task__isnull=False, waiting_task=OuterRef("pk"))
    return (
        open_tasks()
        .filter(lead__in=bodies)
        .annotate(crosses=Exists(across), waits=Exists(needs.exclude(needed_task__lead=OuterRef("lead"))))
        .values("lead")
        .annotate(
            n=Count("pk"),
            load=Sum("weight"),
            crossing=Count("pk", filter=Q(crosses=True)),
            waiting=Count("pk", filter=Q(waits=True)),
        )
    )
