"""What the pages of programmes and tasks show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Substr

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Role, Tenure
from thucthi.documents.models import Clause
from thucthi.kernel.composed import Composed, given_id
from thucthi.programmes import access
from thucthi.programmes.calculations import PROFILES, Finding, Standing, Verdict, standing
from thucthi.programmes.models import (
    ChangedField,
    Checkpoint,
    Citation,
    ClarityException,
    ControlFrame,
    FrameResponsibility,
    Goal,
    Programme,
    Task,
    TaskChange,
    TaskEvent,
)
from thucthi.programmes.selectors.clarity import clarity_of_many, exceptions_of, said
from thucthi.programmes.selectors.standing import extensions_of_many


@dataclass(frozen=True)
class Mark:
    """One "rõ" of a task as shown: `state` is a Verdict, `exception` the permission to let it pass, if any."""

    criterion: str
    name: str
    state: str
    reason: str
    exception: ClarityException | None


@dataclass(frozen=True)
class TaskRow:
    task: Task
    marks: tuple[Mark, ...]
    extensions: int

    @property
    def missing(self) -> int:
        """How many marks stop the issue."""
        return sum(1 for mark in self.marks if mark.state == Verdict.MISSING and mark.exception is None)

    @property
    def doubtful(self) -> int:
        return sum(1 for mark in self.marks if mark.state == Verdict.DOUBTFUL)


@dataclass(frozen=True)
class Group:
    """A part of a programme; `title` is "" for tasks outside every group. `total`: its tasks on every page."""

    title: str
    rows: tuple[TaskRow, ...]
    total: int


def groups_of(programme: Programme, on: date | None = None) -> list[Group]:
    """All tasks of the programme by group, with their marks. Empty groups are shown too."""
    rows = _rows(list(tasks_in_order(programme)), on)
    return _grouped(programme, rows, len(rows), first=True)


def tasks_in_order(programme: Programme) -> QuerySet[Task]:
    """The tasks of the programme as its page lists them: group by group, those outside every group last."""
    rows = programme.tasks.select_related("lead", "group", "programme__organisation")
    return rows.order_by("group__position", "code")


def groups_on(programme: Programme, page: Page[Task]) -> list[Group]:
    """Those of its groups of which tasks stand on this page of `tasks_in_order`; the empty ones on the first."""
    return _grouped(programme, _rows(list(page.object_list), None), page.paginator.count, first=page.number == 1)


def _grouped(programme: Programme, rows: Sequence[TaskRow], total: int, *, first: bool) -> list[Group]:
    parts: list[tuple[int | None, str, int]] = list(
        programme.groups.annotate(Count("tasks")).values_list("pk", "title", "tasks__count")
    )
    loose = total - sum(count for _pk, _title, count in parts)
    groups = [
        Group(title, tuple(row for row in rows if row.task.group_id == pk), count)
        for pk, title, count in [*parts, (None, "", loose)]
    ]
    return [group for group in groups if group.rows or (first and group.title and not group.total)]


def _rows(tasks: Sequence[Task], on: date | None) -> list[TaskRow]:
    findings = clarity_of_many(tasks, on)
    excepted = exceptions_of(tasks)
    extended = extensions_of_many([task.pk for task in tasks])
    return [TaskRow(task, _marks(task, findings[task.pk], excepted), extended[task.pk]) for task in tasks]


def _marks(
    task: Task, findings: Sequence[Finding], excepted: dict[tuple[int, str], ClarityException]
) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            found.criterion.value,
            found.name,
            found.verdict.value,
            said(found),
            excepted.get((task.pk, found.criterion.value)),
        )
        for found in findings
    )


@dataclass(frozen=True)
class CitedClause:
    clause: Clause
    words: str


@dataclass(frozen=True)
class TaskPage:
    """Everything programmes know about one task."""

    task: Task
    row: TaskRow
    profile_name: str
    citations: tuple[CitedClause, ...]
    quotations: Iterable[Any]
    coordinators: tuple[Organisation, ...]
    changes: tuple[TaskChange, ...]
    first_deadline: str
    extensions: int
    events: tuple[TaskEvent, ...]
    standing: Standing
    can_edit: bool
    can_decide: bool
    can_receive: bool
    is_lead: bool


def task_page(viewer: Viewer, task: Task) -> TaskPage:
    """`task` comes from `task_for`: whoever calls has the right to see it."""
    owner = task.programme.organisation_id
    events = tuple(_EVENTS.rows(task=task.pk))
    stands = standing(event.kind for event in events)
    row = _rows([task], None)[0]
    changes = tuple(_CHANGES.rows(task=task.pk))
    deadlines = [change for change in changes if change.field == ChangedField.DEADLINE]
    is_running = task.is_issued and not stands.is_closed
    return TaskPage(
        task=task,
        row=row,
        profile_name=PROFILES[task.programme.profile].name,
        citations=_cited(task),
        quotations=_quoted(task) if access.can_see_papers_of(viewer, task.programme.organisation.path) else (),
        coordinators=tuple(_COORDINATORS.rows(task=task.pk)),
        changes=changes,
        first_deadline=deadlines[0].old_value if deadlines else task.deadline_raw,
        extensions=row.extensions,
        events=events,
        standing=stands,
        can_edit=not task.is_issued and access.can_draft_for(viewer, owner),
        can_decide=is_running and access.can_decide_for(viewer, owner),
        can_receive=is_running and not stands.is_received and access.can_receive(viewer, task.lead_id),
        is_lead=is_running and access.can_receive(viewer, task.lead_id),
    )


def _cited(task: Task) -> tuple[CitedClause, ...]:
    return tuple(
        CitedClause(row.clause, row.clause.document.text[row.clause.start : row.clause.end])
        for row in _CITATIONS.rows(task=task.pk)
    )


def _citations() -> QuerySet[Citation]:
    rows = Citation.objects.filter(task=given_id("task")).select_related("clause__document")
    return rows.order_by("clause__document", "clause__start")


_EVENTS = Composed(
    "programmes_events",
    lambda: TaskEvent.objects.filter(task=given_id("task")).select_related("by").order_by("pk"),
)
_CHANGES = Composed(
    "programmes_changes",
    lambda: TaskChange.objects.filter(task=given_id("task")).select_related("by").order_by("pk"),
)
_COORDINATORS = Composed(
    "programmes_coordinators",
    lambda: Organisation.objects.filter(coordinated_tasks=given_id("task")).order_by("sort_key"),
)
_CITATIONS = Composed("programmes_citations", _citations)


def _quoted(task: Task) -> Iterable[Any]:
    """Where the task was read, the newest version first, with the `words`; asked for when a page shows it.

    Readings lie above programmes; they are reached through the relation they themselves declare.
    """
    words = Substr("reading__text", F("start") + 1, F("end") - F("start"))
    # Whether the type checker sees a relation from above depends on what it read first.
    told: Any = task
    rows = told.quotations.select_related("reading__file").annotate(words=words).order_by("-reading_id")
    only: Iterable[Any] = rows.only("start", "end", "reading__number", "reading__file__file_name")
    return only


@dataclass(frozen=True)
class Answering:
    """Who answers at one node of a frame, and who holds the post on the day."""

    responsibility: FrameResponsibility
    holder: Tenure | None


@dataclass(frozen=True)
class FramePage:
    frame: ControlFrame
    goals: tuple[Goal, ...]
    answering: tuple[Answering, ...]
    checkpoints: tuple[Checkpoint, ...]


def frame_page(frame: ControlFrame, on: date) -> FramePage:
    rows = frame.responsibilities.select_related("committee", "head").order_by("pk")
    tenures = Tenure.objects.filter(post__in=[row.head_id for row in rows]).select_related("person")
    holders = {
        row.post_id: row for row in tenures if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)
    }
    checkpoints = frame.checkpoints.select_related("examiner").prefetch_related("moves").order_by("due_on", "code")
    return FramePage(
        frame=frame,
        goals=tuple(frame.goals.select_related("clause").order_by("code")),
        answering=tuple(Answering(row, holders.get(row.head_id)) for row in rows),
        checkpoints=tuple(checkpoints),
    )


def drafting_organisations(viewer: Viewer) -> list[Organisation]:
    """Where the viewer may draw up programmes."""
    ids = viewer.organisation_ids(Role.PROGRAMME_EDITOR)
    return list(Organisation.objects.filter(pk__in=ids).order_by("sort_key"))


def citable_clauses(programme: Programme) -> list[Clause]:
    """The clauses a task of this programme may cite."""
    clauses = Clause.objects.filter(document__in=programme.bases.all()).select_related("document")
    return list(clauses.order_by("document_id", "start"))
