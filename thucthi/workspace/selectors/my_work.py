"""What one official must do this week, and in what order (D22, D60; ui.md: my work)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.utils.timezone import get_current_timezone

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.kernel.composed import Composed, among, given_id, given_moment
from thucthi.programmes.models import Programme, Remark, RemarkClosing, RemarkMention, Task
from thucthi.programmes.selectors.visibility import is_seen_by_given, told_of_sight
from thucthi.reporting.selectors.owed import OwedGroup, owed_now
from thucthi.reporting.selectors.queues import (
    DueReport,
    ReviewItem,
    due_reports,
    queue_and_count,
)
from thucthi.workspace.selectors.desks import Desk, desk_of

# Whoever owes more than so many finds the rest once these are given, and all of them in the sheet of his reports.
OWED_SHOWN = 50
SHOWN = 20
MENTIONS_SHOWN = 10
# Older calls that nobody answered are no longer this week's work.
MENTIONED_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class OwedReport:
    """What a task owes now: its newest unanswered period, and how many older ones were let pass."""

    due: DueReport
    passed_over: int


@dataclass(frozen=True)
class Owed:
    """The first of a group of reports, and how many there are in all."""

    shown: tuple[OwedReport, ...]
    total: int


@dataclass(frozen=True)
class ToReview:
    """A report that waits, beside what was accepted last. `change` in percentage points, None: nothing to compare."""

    item: ReviewItem
    accepted: Decimal | None
    change: Decimal | None


@dataclass(frozen=True)
class MyWork:
    """The official's list of this week, most urgent first; lists are cut, totals are not."""

    overdue: Owed
    due_soon: Owed
    due_today: int
    returned: Owed
    to_review: tuple[ToReview, ...]
    waiting: int
    mentions: tuple[RemarkMention, ...]
    mentioned: int
    desk: Desk
    drafts: tuple[Programme, ...]
    next_due_on: date | None
    decides_first: bool

    @property
    def is_empty(self) -> bool:
        owed = self.overdue.total or self.due_soon.total or self.returned.total
        return not (owed or self.waiting or self.mentioned or self.desk.total or self.drafts)


def my_work(viewer: Viewer, on: date) -> MyWork:
    """What the viewer must do, in what order; whoever heads a body sees first what waits for his decision."""
    owed = owed_now(viewer, on, OWED_SHOWN)
    reports = due_reports(owed.shown, on)
    queue, waiting = queue_and_count(viewer, SHOWN)
    mentions = _mentions(viewer, on)
    return MyWork(
        overdue=_in_full(owed.overdue, reports),
        due_soon=_in_full(owed.due_soon, reports),
        due_today=owed.due_soon.today,
        returned=_in_full(owed.returned, reports),
        to_review=tuple(_compared(item) for item in queue),
        waiting=waiting,
        mentions=tuple(mentions),
        mentioned=mentions[0].of_all if mentions else 0,
        desk=desk_of(viewer, on),
        drafts=_drafts_of(viewer),
        next_due_on=owed.next_due_on,
        decides_first=viewer.has_role(Role.HEAD),
    )


def _in_full(group: OwedGroup, reports: dict[int, DueReport]) -> Owed:
    return Owed(tuple(OwedReport(reports[row.obligation], row.passed_over) for row in group.shown), group.total)


def _compared(item: ReviewItem) -> ToReview:
    verdict = getattr(item.last_accepted, "acceptance", None)
    accepted = verdict.progress_accepted if verdict else None
    change = item.report.progress_declared - accepted if accepted is not None else None
    return ToReview(item, accepted, change)


def _mentions(viewer: Viewer, on: date) -> list[Any]:
    """Calls upon the viewer or its organisations that nobody there answered, in threads that are not settled."""
    since = datetime.combine(on, datetime.min.time(), tzinfo=get_current_timezone()) - MENTIONED_WITHIN
    sees, seen = told_of_sight(viewer)
    own = list(viewer.organisation_ids())
    return _MENTIONS.rows(sees, account=viewer.account_id, own=own, since=since, **seen)


def _unanswered_mentions(sees: str) -> QuerySet[Any]:
    account = given_id("account")
    in_thread = Q(answers=OuterRef("remark__answers")) | Q(answers=OuterRef("remark"))
    spoken = Q(author=account) | Q(among("organisation", "own"), organisation=OuterRef("organisation"))
    answered = Remark.objects.filter(in_thread, spoken, pk__gt=OuterRef("remark"))
    settled = RemarkClosing.objects.filter(Q(remark=OuterRef("remark")) | Q(remark=OuterRef("remark__answers")))
    return (
        RemarkMention.objects.filter(Q(account=account) | Q(among("organisation", "own")))
        .filter(~Exists(settled), ~Exists(answered), remark__written_at__gte=given_moment("since"))
        .filter(remark__task__in=Task.objects.filter(is_seen_by_given(sees, "programme__")).values("pk"))
        .exclude(remark__author=account)
        .select_related("remark__task", "remark__author", "remark__organisation")
        .annotate(of_all=Window(Count("pk")))
        .order_by("-remark__written_at", "pk")[:MENTIONS_SHOWN]
    )


def _drafts_of(viewer: Viewer) -> tuple[Programme, ...]:
    own = list(viewer.organisation_ids(Role.PROGRAMME_EDITOR, Role.HEAD))
    return tuple(_DRAFTS.rows(own=own)) if own else ()


def _drafts() -> QuerySet[Programme]:
    return Programme.objects.filter(among("organisation", "own"), issued_on__isnull=True).order_by("code")[:SHOWN]


_MENTIONS = Composed("workspace_mentions", _unanswered_mentions)
_DRAFTS = Composed("workspace_drafts", _drafts)
