"""Meetings of committees: their agenda, and what became of the decisions of the meetings before (D47, D55)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import WORKING_ROLES, Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import NotVisible
from thucthi.obstacles.access import MEETING_ROLES, can_hold_meeting
from thucthi.obstacles.calculations import UNFINISHED, Outcome, outcome_of
from thucthi.obstacles.models import AgendaItem, Decision, DecisionTask, Meeting, Obstacle
from thucthi.obstacles.selectors.around import Lying, around, tasks_held_up
from thucthi.obstacles.selectors.register import standings, visible_obstacles, with_state
from thucthi.programmes.models import Task

OUTCOME_WORDS = {
    Outcome.DONE: gettext_lazy("Đã hoàn thành"),
    Outcome.DONE_LATE: gettext_lazy("Đã hoàn thành quá hạn"),
    Outcome.IN_TIME: gettext_lazy("Đang thực hiện, trong hạn"),
    Outcome.OVERDUE: gettext_lazy("Chưa hoàn thành, quá hạn"),
    Outcome.NO_DEADLINE: gettext_lazy("Đang thực hiện, không đặt thời hạn"),
    Outcome.NOTHING_TO_DO: gettext_lazy("Không phải thực hiện"),
}
OUTCOME_TONES = {
    Outcome.DONE: "done",
    Outcome.DONE_LATE: "warn",
    Outcome.IN_TIME: "good",
    Outcome.OVERDUE: "bad",
    Outcome.NO_DEADLINE: "neutral",
    Outcome.NOTHING_TO_DO: "na",
}


@dataclass(frozen=True)
class AgendaRow(Lying):
    """An obstacle before the meeting, as of the day of reading; `decision`: what this meeting concluded about it."""

    item: AgendaItem
    decision: Decision | None


@dataclass(frozen=True)
class FollowedDecision:
    """What became of an earlier decision: by the obstacle it answered, its own deadline and those of its tasks."""

    decision: Decision
    outcome: Outcome
    due_on: date | None
    done_on: date | None
    tasks: tuple[Task, ...]

    @property
    def word(self) -> str:
        return str(OUTCOME_WORDS[self.outcome])

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[self.outcome]


@dataclass(frozen=True)
class MeetingPage:
    """`hidden`: how many items of the agenda the viewer may not know of; `before`: the last meeting with minutes."""

    meeting: Meeting
    rows: tuple[AgendaRow, ...]
    hidden: int
    before: Meeting | None
    followed: tuple[FollowedDecision, ...]
    can_hold: bool
    as_of: date

    @property
    def is_shut(self) -> bool:
        return bool(self.meeting.minutes_number)


def visible_meetings(viewer: Viewer) -> QuerySet[Meeting]:
    """Those of one's own body, and of the bodies below it."""
    if viewer.is_system:
        return Meeting.objects.all()
    return Meeting.objects.filter(committee__path__overlap=list(viewer.organisation_ids(*WORKING_ROLES)))


def list_meetings(viewer: Viewer) -> QuerySet[Meeting]:
    """Coming ones and those without minutes first, then the newest."""
    return (
        visible_meetings(viewer)
        .select_related("committee")
        .order_by(F("minutes_on").desc(nulls_first=True), "-held_on", "-pk")
    )


def meeting_for(viewer: Viewer, code: str) -> Meeting:
    """Raises NotVisible for an unknown code and for one the viewer may not know of."""
    found = visible_meetings(viewer).select_related("committee__parent").filter(code=code).first()
    if found is None:
        raise NotVisible(_("Không có phiên họp mang mã này, hoặc ông/bà không thuộc phạm vi được xem."))
    return found


def committees_held_by(viewer: Viewer) -> list[Organisation]:
    """In whose name the viewer may call a meeting."""
    held = viewer.organisation_ids(*MEETING_ROLES)
    return list(Organisation.objects.filter(pk__in=held).order_by("sort_key"))


def meetings_to_prepare(viewer: Viewer) -> list[Meeting]:
    """Those whose agenda the viewer keeps and whose minutes did not come back yet, the next one first."""
    held = viewer.organisation_ids(*MEETING_ROLES)
    rows = Meeting.objects.filter(minutes_number="", committee__in=held)
    return list(rows.select_related("committee").order_by("held_on", "pk")[:50])


def meeting_page(viewer: Viewer, code: str, as_of: date) -> MeetingPage:
    """Raises NotVisible."""
    meeting = meeting_for(viewer, code)
    items = list(meeting.items.order_by("position"))
    rows = agenda_rows(viewer, meeting, items, as_of)
    before = meeting_before(meeting)
    return MeetingPage(
        meeting=meeting,
        rows=rows,
        hidden=len(items) - len(rows),
        before=before,
        followed=followed_decisions(viewer, meeting, before, as_of),
        can_hold=can_hold_meeting(viewer, meeting.committee_id),
        as_of=as_of,
    )


def agenda_rows(viewer: Viewer, meeting: Meeting, items: Iterable[AgendaItem], as_of: date) -> tuple[AgendaRow, ...]:
    """In the order of the agenda, those that the viewer may know of."""
    placed = {item.obstacle_id: item for item in items}
    found = standings(visible_obstacles(viewer).filter(pk__in=placed), as_of)
    beside = around([standing.obstacle for standing in found], as_of)
    held = tasks_held_up((standing.obstacle.pk, standing.obstacle.task_id) for standing in found)
    concluded = meeting.decisions.select_related("responsible") if meeting.minutes_number else ()
    decisions = {row.obstacle_id: row for row in concluded}
    rows = [
        AgendaRow(standing, beside[pk], held[pk], placed[pk], decisions.get(pk))
        for standing in found
        for pk in [standing.obstacle.pk]
    ]
    return tuple(sorted(rows, key=lambda row: row.item.position))


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The last one of the same committee that has its minutes."""
    rows = Meeting.objects.filter(committee=meeting.committee_id, held_on__lte=meeting.held_on).exclude(pk=meeting.pk)
    if meeting.minutes_on:
        rows = rows.filter(pk__lt=meeting.pk)
    return rows.exclude(minutes_number="").order_by("-held_on", "-pk").first()


def followed_decisions(
    viewer: Viewer, meeting: Meeting, before: Meeting | None, as_of: date
) -> tuple[FollowedDecision, ...]:
    """All of the meeting before, and of earlier ones those not yet carried out; the newest about each obstacle."""
    if before is None:
        return ()
    tasks = DecisionTask.objects.select_related("task").order_by("task__code")
    rows = (
        Decision.objects.filter(
            Q(meeting=before) | Q(meeting__committee=meeting.committee_id, meeting__held_on__lt=before.held_on),
            obstacle__in=visible_obstacles(viewer).order_by().values("pk"),
        )
        .select_related("obstacle", "responsible", "meeting")
        .prefetch_related(Prefetch("decision_tasks", tasks, "followed_tasks"))
        .order_by("decided_on", "pk")
    )
    newest = {row.obstacle_id: row for row in rows}
    shut = with_state(Obstacle.objects.filter(pk__in=newest), as_of)
    closed = {row.pk: row.closed_on for row in shut}  # type: ignore[attr-defined]
    found = [_followed(row, closed[pk], as_of) for pk, row in newest.items()]
    kept = [row for row in found if row.decision.meeting_id == before.pk or row.outcome in UNFINISHED]
    return tuple(sorted(kept, key=lambda row: (row.decision.decided_on, row.decision.pk)))


def _followed(decision: Decision, closed_on: date | None, as_of: date) -> FollowedDecision:
    tasks = tuple(row.task for row in decision.followed_tasks)  # type: ignore[attr-defined]
    ends = [task.resolved_end for task in tasks if task.resolved_end]
    due_on = decision.due_on or max(ends, default=None)
    done_on = closed_on if closed_on and closed_on >= decision.decided_on else None
    return FollowedDecision(decision, outcome_of(decision.kind, due_on, done_on, as_of), due_on, done_on, tasks)
