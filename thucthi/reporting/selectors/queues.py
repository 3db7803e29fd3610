"""What is due, what came back, what waits for a verdict."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from thucthi.directory.access import Viewer
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.access import REPORTING_ROLES, REVIEWING_ROLES
from thucthi.reporting.models import Obligation, Report, ReportDraft, Verdict
from thucthi.reporting.selectors.obligations import tasks_that_report

SOON = timedelta(days=7)


@dataclass(frozen=True)
class DueReport:
    """One report to be given. `days_left` is negative when overdue; `returned_note` None: nothing came back."""

    obligation: Obligation
    days_left: int
    returned_note: str | None
    has_draft: bool

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0


@dataclass(frozen=True)
class ReviewItem:
    """A report that waits, and the last one of the same task that was accepted."""

    report: Report
    last_accepted: Report | None
    files: int


@dataclass(frozen=True)
class ReportsDue:
    """Each report stands in one group; overdue ones stay on top until they are given. `next_due_on`: after those."""

    overdue: tuple[DueReport, ...]
    due_soon: tuple[DueReport, ...]
    returned: tuple[DueReport, ...]
    to_review: tuple[ReviewItem, ...]
    next_due_on: date | None


def reports_due_for(viewer: Viewer, on: date) -> ReportsDue:
    """The reports of the viewer's own organisations, and those that wait for the viewer's verdict."""
    own = viewer.organisation_ids(*REPORTING_ROLES)
    rows = [_due(row, on) for row in _unanswered(own, on)] if own else []
    returned = tuple(row for row in rows if row.returned_note is not None)
    waiting = [row for row in rows if row.returned_note is None]
    later = [row.obligation.due_on for row in waiting if row.obligation.due_on > on + SOON]
    return ReportsDue(
        overdue=tuple(row for row in waiting if row.is_overdue),
        due_soon=tuple(row for row in waiting if 0 <= row.days_left <= SOON.days),
        returned=returned,
        to_review=tuple(review_queue(viewer)),
        next_due_on=min(later, default=None),
    )


def _unanswered(own: frozenset[int], on: date) -> QuerySet[Obligation]:
    """Nothing sent, or only versions that came back; tasks that still report on that day."""
    reports = Report.objects.filter(obligation=OuterRef("pk"))
    standing = reports.filter(Q(acceptance__isnull=True) | Q(acceptance__verdict=Verdict.ACCEPTED))
    returned = reports.filter(acceptance__verdict=Verdict.RETURNED).order_by("-version")
    return (
        Obligation.objects.filter(Q(organisation__in=own) | Q(task__lead__in=own), ~Exists(standing))
        .filter(task__in=tasks_that_report(on).values("pk"))
        .annotate(
            returned_note=Subquery(returned.values("acceptance__note")[:1]),
            has_draft=Exists(ReportDraft.objects.filter(obligation=OuterRef("pk"))),
        )
        .select_related("task__programme", "organisation")
        .order_by("due_on", "task__code")
    )


def _due(row: Obligation, on: date) -> DueReport:
    return DueReport(
        obligation=row,
        days_left=(row.due_on - on).days,
        returned_note=row.returned_note,  # type: ignore[attr-defined]
        has_draft=row.has_draft,  # type: ignore[attr-defined]
    )


def reports_to_review(viewer: Viewer) -> QuerySet[Report]:
    """Undecided reports of others that the viewer may accept or return, the oldest first.

    Of one task only the newest waits: it says what stands now, and a reviewer is not asked about the past again.
    """
    own = sorted(viewer.organisation_ids(*REVIEWING_ROLES))
    if not own:
        return Report.objects.none()
    place = Q(task__programme__organisation__in=own)
    for organisation_id in own:
        below = Q(obligation__organisation__path__contains=[organisation_id])
        place |= below & ~Q(obligation__organisation=organisation_id)
    newer = Report.objects.filter(task=OuterRef("task"), obligation__period_end__gt=OuterRef("obligation__period_end"))
    return (
        Report.objects.filter(place, ~Exists(newer), acceptance__isnull=True, task__in=visible_tasks(viewer))
        .exclude(author=viewer.account_id)
        .order_by("submitted_at", "pk")
    )


def review_queue(viewer: Viewer) -> list[ReviewItem]:
    """Two queries for any length of the queue."""
    rows = list(
        reports_to_review(viewer)
        .select_related("task__programme", "obligation__organisation", "author", "obstacle__asked_of")
        .annotate(files=Count("report_evidence"))
    )
    accepted = (
        Report.objects.filter(task__in={row.task_id for row in rows}, acceptance__verdict=Verdict.ACCEPTED)
        .select_related("acceptance", "obligation")
        .order_by("task", "-submitted_at", "-pk")
        .distinct("task")
    )
    last = {report.task_id: report for report in accepted}
    return [ReviewItem(row, last.get(row.task_id), row.files) for row in rows]
