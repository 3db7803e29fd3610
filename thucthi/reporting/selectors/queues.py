"""What is due, what came back, what waits for a verdict: looks at `OpenDuty`, however long the history is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from thucthi.directory.access import Viewer
from thucthi.kernel.composed import Composed, among
from thucthi.reporting.access import REPORTING_ROLES
from thucthi.reporting.calculations.statements import Difference, differences
from thucthi.reporting.models import Obligation, OpenDuty, OpenState, Report, ReportDraft
from thucthi.reporting.selectors.owed import SOON, unanswered
from thucthi.reporting.selectors.review import last_accepted_of
from thucthi.reporting.selectors.waiting import Reach, count_waiting, reach_of, waiting_rows
from thucthi.reporting.selectors.wording import typed_of

# A queue is counted so far and no further; a page says "more than".
COUNTED = 1_000


@dataclass(frozen=True)
class DueReport:
    """One report to be given. `days_left` to the due day, negative after it; overdue begins after `last_day`, which
    the calendar may put later. `returned_note` None: nothing came back.
    """

    obligation: Obligation
    days_left: int
    returned_note: str | None
    has_draft: bool
    is_overdue: bool


@dataclass(frozen=True)
class ReviewItem:
    """A report that waits, the last one of the same task that was accepted, and what the two say differently."""

    report: Report
    last_accepted: Report | None
    files: int
    rung: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class ReportsDue:
    """Each report stands in one group; overdue ones stay on top until they are given. `next_due_on`: after those.

    `waiting`: how many wait for the viewer's verdict, counted up to `COUNTED` and one more.
    """

    overdue: tuple[DueReport, ...]
    due_soon: tuple[DueReport, ...]
    returned: tuple[DueReport, ...]
    to_review: tuple[ReviewItem, ...]
    next_due_on: date | None
    waiting: int = 0


def reports_due_for(viewer: Viewer, on: date, *, to_review: int | None = None) -> ReportsDue:
    """The reports of the viewer's own organisations, and those that wait for the viewer's verdict.

    `to_review`: how many of the latter are read in full, the oldest; None: all.
    """
    own = viewer.organisation_ids(*REPORTING_ROLES)
    found = [(row.state, _due(row, on)) for row in in_full(unanswered(viewer, own, on))] if own else []
    waiting = [row for state, row in found if state != OpenState.RETURNED]
    not_yet = [row for row in waiting if not row.is_overdue]
    queue, count = queue_and_count(viewer, to_review)
    return ReportsDue(
        overdue=tuple(row for row in waiting if row.is_overdue),
        due_soon=tuple(row for row in not_yet if row.days_left <= SOON.days),
        returned=tuple(row for state, row in found if state == OpenState.RETURNED),
        to_review=tuple(queue),
        next_due_on=min((row.obligation.due_on for row in not_yet if row.days_left > SOON.days), default=None),
        waiting=count,
    )


def queue_and_count(viewer: Viewer, to_review: int | None) -> tuple[list[ReviewItem], int]:
    """The oldest that wait for the viewer's verdict, and how many do, counted up to `COUNTED` and one more."""
    reach = reach_of(viewer)
    queue = review_queue(viewer, to=to_review, reach=reach)
    return queue, len(queue) if to_review is None or len(queue) < to_review else count_to_review(reach)


def due_reports(obligations: Collection[int], on: date) -> dict[int, DueReport]:
    """These in full, by obligation."""
    return {row.pk: _due(row, on) for row in _IN_FULL.rows(wanted=list(obligations))} if obligations else {}


def in_full(rows: QuerySet[OpenDuty]) -> QuerySet[OpenDuty]:
    """With everything that is shown of each."""
    return rows.annotate(has_draft=Exists(ReportDraft.objects.filter(obligation=OuterRef("pk")))).select_related(
        "obligation__task__programme", "obligation__organisation", "report__acceptance"
    )


_WAITING: Composed[Report] = Composed(
    "reporting_waiting",
    lambda: (
        Report.objects.filter(among("pk", "waiting"))
        .select_related("task__programme", "obligation__organisation", "author", "obstacle__asked_of")
        .prefetch_related("report_evidence")
        .order_by("submitted_at", "pk")
    ),
)
_IN_FULL: Composed[OpenDuty] = Composed(
    "reporting_in_full", lambda: in_full(OpenDuty.objects.filter(among("pk", "wanted")))
)


def _due(row: OpenDuty, on: date) -> DueReport:
    return DueReport(
        obligation=row.obligation,
        days_left=(row.due_on - on).days,
        returned_note=row.report.acceptance.note if row.report is not None else None,
        has_draft=row.has_draft,  # type: ignore[attr-defined]
        is_overdue=on > row.last_day,
    )


def reports_to_review(viewer: Viewer) -> QuerySet[Report]:
    """What waits on the viewer's rungs, the oldest first (`waiting_rows`)."""
    waiting = [row.report_id for row in waiting_rows(reach_of(viewer))]
    return Report.objects.filter(pk__in=waiting).order_by("submitted_at", "pk")


def count_to_review(reach: Reach) -> int:
    """How many wait, up to `COUNTED` + 1."""
    return count_waiting(reach, COUNTED + 1)


def review_queue(
    viewer: Viewer, *, since: int = 0, to: int | None = None, reach: Reach | None = None
) -> list[ReviewItem]:
    """The rows `since`…`to` of the queue, each beside the last accepted report; a constant number of queries."""
    waiting = {row.report_id: row.rung for row in waiting_rows(reach or reach_of(viewer), since=since, to=to)}
    if not waiting:
        return []
    rows = _WAITING.rows(waiting=list(waiting))
    last = last_accepted_of(row.task_id for row in rows)
    return [
        ReviewItem(
            report=row,
            last_accepted=last.get(row.task_id),
            files=len(row.report_evidence.all()),
            rung=waiting[row.pk],
            differences=_changed(last.get(row.task_id), row),
        )
        for row in rows
    ]


def _changed(before: Report | None, after: Report) -> tuple[Difference, ...]:
    """What the two say differently, files left out: they are counted beside."""
    if before is None:
        return ()
    return tuple(row for row in differences(typed_of(before), typed_of(after)) if row.field != "evidence")
