"""Facts about those who headed a body, each for the days he headed it (D32, D33); a gap stands by itself.

Judged by what was known at the end of `as_of`. Who led a task on a day follows from the recorded changes of its lead,
so that nobody answers for what was another body's then.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Tenure
from thucthi.directory.selectors import organisation_for
from thucthi.kernel.errors import NotVisible
from thucthi.monitoring import access
from thucthi.monitoring.calculations.heads import (
    LATE_REPORTS,
    OWED,
    DeskFact,
    FactKind,
    FactRow,
    Facts,
    MomentFact,
    OpenItem,
    ReportFact,
    TaskFact,
    count_of,
    days_of,
    led_spans,
    open_on,
    rows_by_share,
    stopped_spans,
)
from thucthi.monitoring.calculations.intervals import ONE_DAY, Interval
from thucthi.monitoring.calculations.standing import UNDATED_DEADLINES
from thucthi.monitoring.calculations.tenures import Course, Held, Share, shares_of
from thucthi.monitoring.selectors.desks import desks_of
from thucthi.monitoring.selectors.owed_to_others import owed_to_others
from thucthi.programmes.models import ENDING, ChangedField, Task, TaskChange, TaskEvent, TaskEventKind
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import Acceptance, Obligation, Report, Verdict
from thucthi.reporting.selectors.obligations import completed_at, end_of


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """One share of an interval with its rows; `tenure` None: nobody headed the body on those days.

    `handed_over` None while the holder still is in office.
    """

    share: Share
    tenure: Tenure | None
    rows: tuple[FactRow, ...]
    handed_over: tuple[OpenItem, ...] | None

    def count(self, *kinds: str) -> int:
        return count_of(self.rows, *map(FactKind, kinds))

    def days(self, *kinds: str) -> int:
        return days_of(self.rows, *map(FactKind, kinds))

    def of(self, *kinds: str) -> list[FactRow]:
        return [row for row in self.rows if row.kind in kinds]

    @property
    def owed(self) -> int:
        return count_of(self.rows, *OWED)

    @property
    def late_days(self) -> int:
        """Days of lateness of reports that fell into these days, whoever was in office when they were due."""
        return days_of(self.rows, *LATE_REPORTS)


@dataclass(frozen=True, slots=True)
class HeadsPage:
    """A body over an interval, divided among its heads; `tenures` hold all who ever headed it, newest first."""

    organisation: Organisation
    whole: Interval
    as_of: date
    shares: tuple[HeadFacts, ...]
    tenures: tuple[Tenure, ...]

    @property
    def owed(self) -> int:
        return sum(each.owed for each in self.shares)


def headed_body(viewer: Viewer, code: str) -> Organisation:
    """Raises NotVisible when the viewer may not see facts about those who head it."""
    organisation = organisation_for(viewer, code)
    if not access.can_see_dossier_of(viewer, organisation.path):
        raise NotVisible(_("Không tìm thấy dữ kiện của cơ quan này trong phạm vi của ông/bà."))
    return organisation


def heads_page(viewer: Viewer, organisation: Organisation, whole: Interval, as_of: date) -> HeadsPage:
    """`whole` may reach beyond `as_of`: what lies ahead holds no facts yet. Thirteen queries."""
    tenures = Tenure.objects.filter(post__organisation=organisation, post__is_head=True).select_related("person")
    by_id = {row.pk: row for row in tenures}
    shares = shares_of((Held(row.pk, row.valid_from, row.valid_to) for row in by_id.values()), whole)
    facts = facts_of(viewer, organisation, whole, as_of)
    rows = rows_by_share(facts, shares, as_of)
    found = []
    for share in shares:
        tenure = by_id.get(share.tenure_id or 0)
        left = tenure.valid_to if tenure else None
        list_of = tuple(open_on(facts, left)) if left and left <= as_of and share.days.holds(left) else None
        found.append(HeadFacts(share, tenure, rows[share], list_of))
    newest_first = sorted(by_id.values(), key=lambda row: row.valid_from, reverse=True)
    return HeadsPage(organisation, whole, as_of, tuple(found), tuple(newest_first))


def tenure_page(viewer: Viewer, organisation: Organisation, pk: int, as_of: date) -> HeadsPage:
    """The whole of one tenure up to `as_of`. Raises NotVisible for a tenure of another body or one yet to begin."""
    held = Tenure.objects.filter(pk=pk, post__organisation=organisation, post__is_head=True, valid_from__lte=as_of)
    tenure = held.first()
    if tenure is None:
        raise NotVisible(_("Không có nhiệm kỳ này."))
    return heads_page(viewer, organisation, Interval(tenure.valid_from, min(tenure.valid_to or as_of, as_of)), as_of)


def facts_of(viewer: Viewer, organisation: Organisation, whole: Interval, as_of: date) -> Facts:
    """All facts that may reach into `whole`, of programmes the viewer may know of; eleven queries."""
    seen = visible_tasks(viewer).order_by().values("pk")
    names = frozenset({organisation.official_name, *organisation.names.values_list("official_name", flat=True)})
    tasks = _tasks(organisation, names, seen, as_of)
    extended = [change for change in _changes_of(organisation, seen, as_of) if change.field == ChangedField.DEADLINE]
    return Facts(
        reports=tuple(_reports(organisation, whole, seen, as_of)),
        tasks=tuple(tasks),
        moments=(*_extensions(organisation, tasks, extended), *_returned(organisation, seen, as_of)),
        desks=tuple(
            DeskFact(row.code, row.text, row.came_on, row.left_on) for row in desks_of(viewer, organisation, as_of)
        ),
        owed=tuple(owed_to_others(viewer, organisation, as_of)),
    )


def _reports(organisation: Organisation, whole: Interval, seen: Any, as_of: date) -> list[ReportFact]:
    first = Report.objects.filter(obligation=OuterRef("pk"), submitted_at__lt=end_of(as_of)).order_by("submitted_at")
    owed = Obligation.objects.filter(organisation=organisation, task__in=seen, due_on__lte=whole.last)
    rows = owed.annotate(first_at=Subquery(first.values("submitted_at")[:1])).filter(
        Q(due_on__gte=whole.first - ONE_DAY * 31) | Q(first_at__isnull=True) | Q(first_at__date__gte=whole.first)
    )
    return [
        ReportFact(code, period, grace or due, timezone.localdate(at) if at else None)
        for code, period, due, grace, at in rows.order_by("due_on", "pk").values_list(
            "task__code", "period_key", "due_on", "grace_until", "first_at"
        )
    ]


def _tasks(organisation: Organisation, names: frozenset[str], seen: Any, as_of: date) -> list[TaskFact]:
    moved = TaskChange.objects.filter(field=ChangedField.LEAD, old_value__in=names).values("task")
    rows = Task.objects.filter(Q(lead=organisation) | Q(pk__in=moved), pk__in=seen, is_issued=True)
    tasks = list(rows.annotate(done_at=completed_at(as_of)).select_related("programme").order_by("code"))
    steps = _by_task(TaskEvent.objects.filter(task__in=tasks, happened_on__lte=as_of).order_by("happened_on", "pk"))
    changes = _by_task(TaskChange.objects.filter(task__in=tasks, decided_on__lte=as_of).order_by("decided_on", "pk"))
    found = (_fact(task, steps.get(task.pk, []), changes.get(task.pk, []), names, organisation) for task in tasks)
    return [fact for fact in found if fact]


def _by_task(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.task_id, []).append(row)
    return found


def _fact(
    task: Any, steps: list[TaskEvent], changes: list[TaskChange], names: frozenset[str], organisation: Organisation
) -> TaskFact | None:
    issued = next((row.happened_on for row in steps if row.kind == TaskEventKind.ISSUED), task.programme.issued_on)
    if issued is None:
        return None
    ends = [row for row in changes if row.field == ChangedField.DEADLINE]
    dated = task.deadline_kind not in UNDATED_DEADLINES
    first = ends[0].old_end if ends else task.resolved_end
    leads = [(row.decided_on, row.old_value, row.new_value) for row in changes if row.field == ChangedField.LEAD]
    ended = (row.happened_on for row in steps if row.kind in ENDING)
    course = Course(
        ends=((issued, first if dated else None), *((row.decided_on, row.new_end) for row in ends)),
        stopped=stopped_spans((row.kind, row.happened_on) for row in steps),
        done_on=timezone.localdate(task.done_at) if task.done_at else None,
        ended_on=next(ended, None),
    )
    led = led_spans(leads, issued_on=issued, names=names, leads_now=_leads_on_the_day(task, leads, names, organisation))
    return TaskFact(task.code, task.text, course, led)


def _leads_on_the_day(
    task: Task, leads: list[tuple[date, str, str]], names: frozenset[str], organisation: Organisation
) -> bool:
    """By the last change known on the day asked about, else by who leads it today."""
    return leads[-1][2] in names if leads else task.lead_id == organisation.pk


def _changes_of(organisation: Organisation, seen: Any, as_of: date) -> list[TaskChange]:
    """Changes the body decided as owner of a programme, and those of tasks it leads."""
    rows = TaskChange.objects.filter(
        Q(task__programme__organisation=organisation) | Q(task__lead=organisation),
        task__in=seen,
        field=ChangedField.DEADLINE,
        decided_on__lte=as_of,
    )
    return list(rows.select_related("task__programme").order_by("decided_on", "pk"))


def _extensions(organisation: Organisation, tasks: list[TaskFact], changes: list[TaskChange]) -> list[MomentFact]:
    led = {task.code: task.led for task in tasks}
    found = []
    for row in changes:
        moved = (row.new_end - row.old_end).days if row.new_end and row.old_end else 0
        words = f"{row.decision}: {row.old_value} → {row.new_value}"
        if row.task.programme.organisation_id == organisation.pk:
            found.append(MomentFact(FactKind.EXTENSION_DECIDED, row.task.code, words, row.decided_on, moved))
        if any(span.holds(row.decided_on) for span in led.get(row.task.code, ())):
            found.append(MomentFact(FactKind.EXTENSION_RECEIVED, row.task.code, words, row.decided_on, moved))
    return found


def _returned(organisation: Organisation, seen: Any, as_of: date) -> list[MomentFact]:
    rows = Acceptance.objects.filter(
        report__obligation__organisation=organisation,
        report__task__in=seen,
        verdict=Verdict.RETURNED,
        decided_at__lt=end_of(as_of),
    )
    return [
        MomentFact(FactKind.RETURNED, code, f"{period}: {note}", timezone.localdate(at))
        for code, period, note, at in rows.order_by("decided_at", "pk").values_list(
            "report__task__code", "report__obligation__period_key", "note", "decided_at"
        )
    ]
