"""Reads that compose several apps for one person's screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Model, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.vietnamese_text import fold
from thucthi.obstacles.selectors import ObstacleStanding, standings, visible_obstacles
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.selectors.queues import DueReport, ReviewItem, reports_due_for

SHOWN_PER_KIND = 20
# Below this share of common three-letter pieces a near miss is no longer recognisable as one.
NEAR_ENOUGH = 0.6
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True)
class SearchResults:
    """What was found for `asked`, at most `SHOWN_PER_KIND` of each kind; counts are of all that matched."""

    asked: str
    organisations: tuple[Organisation, ...]
    documents: tuple[Document, ...]
    tasks: tuple[Task, ...]

    @property
    def total(self) -> int:
        return len(self.organisations) + len(self.documents) + len(self.tasks)


def search(viewer: Viewer, text: str) -> SearchResults:
    """Find by words with or without accents; a near miss is found when nothing matches to the letter."""
    asked = fold(text)
    if not asked:
        return SearchResults(text, (), (), ())
    return SearchResults(
        asked=text,
        organisations=_matching(Organisation.objects.order_by("valid_to", "sort_key"), asked),
        documents=_matching(visible_documents(viewer).order_by("-issued_on"), asked),
        tasks=_matching(visible_tasks(viewer).select_related("lead").order_by("code"), asked),
    )


def _matching(rows: QuerySet[Found], asked: str) -> tuple[Found, ...]:
    every_word = rows
    for word in asked.split():
        every_word = every_word.filter(search_text__contains=word)
    if found := tuple(every_word[:SHOWN_PER_KIND]):
        return found
    near = rows.annotate(nearness=TrigramWordSimilarity(asked, "search_text")).filter(nearness__gte=NEAR_ENOUGH)
    return tuple(near.order_by("-nearness", "pk")[:SHOWN_PER_KIND])


@dataclass(frozen=True)
class OwedReport:
    """What a task owes now: its newest unanswered period, and how many older ones were let pass."""

    due: DueReport
    passed_over: int


@dataclass(frozen=True)
class MyWork:
    """The official's list of this week, most urgent first; `to_review` shows the oldest, `waiting` counts all."""

    overdue: tuple[OwedReport, ...]
    due_soon: tuple[OwedReport, ...]
    returned: tuple[OwedReport, ...]
    to_review: tuple[ReviewItem, ...]
    waiting: int
    asked_of_us: tuple[ObstacleStanding, ...]
    drafts: tuple[Programme, ...]
    next_due_on: date | None

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.due_soon or self.returned or self.waiting or self.asked_of_us or self.drafts)


def my_work(viewer: Viewer, on: date) -> MyWork:
    """What the viewer must do, in what order (D22, D60)."""
    due = reports_due_for(viewer, on)
    owed = _newest_per_task([*due.overdue, *due.due_soon])
    return MyWork(
        overdue=tuple(row for row in owed if row.due.is_overdue),
        due_soon=tuple(row for row in owed if not row.due.is_overdue),
        returned=tuple(_newest_per_task(due.returned)),
        to_review=due.to_review[:SHOWN_PER_KIND],
        waiting=len(due.to_review),
        asked_of_us=_asked_of(viewer, on),
        drafts=_drafts_of(viewer),
        next_due_on=due.next_due_on,
    )


def _newest_per_task(rows: Iterable[DueReport]) -> list[OwedReport]:
    """A report that nobody wrote for a week long past cannot be asked for now; it stays counted as missing."""
    by_task: dict[int, list[DueReport]] = {}
    for row in rows:
        by_task.setdefault(row.obligation.task_id, []).append(row)
    return [
        OwedReport(due=max(group, key=lambda row: row.obligation.due_on), passed_over=len(group) - 1)
        for group in by_task.values()
    ]


def _asked_of(viewer: Viewer, on: date) -> tuple[ObstacleStanding, ...]:
    own = viewer.organisation_ids(Role.HEAD, Role.REPORTER, Role.APPROVER)
    if not own:
        return ()
    asked = standings(visible_obstacles(viewer).filter(asked_of__in=own), on)
    return tuple(standing for standing in asked if standing.is_open)


def _drafts_of(viewer: Viewer) -> tuple[Programme, ...]:
    own = viewer.organisation_ids(Role.PROGRAMME_EDITOR, Role.HEAD)
    return tuple(Programme.objects.filter(organisation__in=own, issued_on__isnull=True).order_by("code"))
