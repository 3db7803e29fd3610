"""The one place where counts come from: facts as of a day, states of tasks, tallies, discipline, changes.

A day includes all of itself in the time zone of the site. A fact counts from the day of the deed (handed in, decided,
taking effect), never from the day it was typed in, so that a past day can be computed again and comes out the same.
Who leads a task, and under whom that body stands, is read as of today.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from thucthi.directory.models import Organisation, Succession
from thucthi.indicators.models import Contribution, Observation, ObservationKind, Target
from thucthi.kernel.values import Direction, achievement
from thucthi.monitoring import calculations
from thucthi.monitoring.calculations import (
    Changes,
    Handed,
    Lineages,
    Owed,
    PeriodDiscipline,
    Step,
    Submission,
    Tally,
    TaskFacts,
    TaskState,
)
from thucthi.obstacles.models import ObstacleStep, StepKind
from thucthi.programmes.models import ChangedField, ProgrammeBasis, Task, TaskChange, TaskEvent, TaskEventKind
from thucthi.reporting.models import Acceptance, Obligation, Report, Verdict
from thucthi.reporting.selectors.obligations import completions, end_of, known

tally = calculations.tally
Row = Mapping[str, Any]
Chosen = QuerySet[Task, Any]


def task_facts(tasks: QuerySet[Task], as_of: date, known_by: datetime | None = None) -> list[TaskFacts]:
    """What was known of `tasks` at the end of `as_of`, ordered by code; eight queries however many tasks.

    With `known_by`, what was recorded at that moment or later is not known yet, whatever day it speaks of.
    """
    rows = list(_definitions(tasks, as_of, known_by))
    chosen = Task.objects.filter(pk__in=tasks.order_by().values("pk")).values("pk")
    steps = steps_of(chosen, as_of, known_by)
    last = _last_reports(chosen, as_of, known_by)
    accepted = last_accepted(chosen, as_of, known_by)
    completed = _completions(chosen, as_of, known_by)
    owed = _latest_owed(chosen, as_of, known_by)
    measured = measured_of(chosen, as_of, known_by)
    return [
        replace(
            _defined(row, steps, accepted, completed),
            last_report=last.get(row["pk"]),
            owed=owed.get(row["pk"]),
            measured=measured.get(row["pk"]),
        )
        for row in rows
    ]


def _defined(
    row: Row,
    steps: Mapping[int, tuple[Step, ...]],
    accepted: Mapping[int, Decimal],
    completed: Mapping[int, date],
) -> TaskFacts:
    """What decides a task's dates; its reports are added by whoever needs them."""
    return TaskFacts(
        task_id=row["pk"],
        code=row["code"],
        issued_on=issued_on(row, steps.get(row["pk"], ())),
        deadline_kind=row["deadline_kind"],
        resolved_end=row["end_before_later_moves"] if row["moved_later"] else row["resolved_end"],
        steps=steps.get(row["pk"], ()),
        accepted=accepted.get(row["pk"]),
        completed_on=completed.get(row["pk"]),
        programme_id=row["programme_id"],
        lead_id=row["lead_id"],
    )


def task_states(tasks: QuerySet[Task], as_of: date, known_by: datetime | None = None) -> list[TaskState]:
    """The rows behind every count, ordered by code."""
    return [calculations.state_of(facts, as_of) for facts in task_facts(tasks, as_of, known_by)]


def dated_states(tasks: QuerySet[Task], as_of: date) -> list[tuple[TaskState, date | None]]:
    """Only what decides a task's dates, with its first day: done, stopped, schedule, accepted progress; four queries.

    Reports are not read: `stage` tells nothing between issued and done, and `reported` nothing at all.
    """
    rows = list(_definitions(tasks, as_of))
    chosen = Task.objects.filter(pk__in=tasks.order_by().values("pk")).values("pk")
    steps, completed, accepted = steps_of(chosen, as_of), _completions(chosen, as_of), last_accepted(chosen, as_of)
    return [(calculations.state_of(_defined(row, steps, accepted, completed), as_of), row["start_on"]) for row in rows]


def _definitions(tasks: QuerySet[Task], as_of: date, known_by: datetime | None = None) -> Iterable[Row]:
    is_later = Q(decided_on__gt=as_of) | (Q(recorded_at__gte=known_by) if known_by else Q())
    later = TaskChange.objects.filter(is_later, task=OuterRef("pk"), field=ChangedField.DEADLINE)
    rows = Task.objects.filter(pk__in=tasks.order_by().values("pk")).annotate(
        moved_later=Exists(later),
        end_before_later_moves=Subquery(later.order_by("decided_on", "pk").values("old_end")[:1]),
        programme_issued_on=F("programme__issued_on"),
    )
    return cast(
        "Iterable[Row]",
        rows.order_by("code").values(
            "pk", "code", "is_issued", "programme_issued_on", "deadline_kind", "resolved_end",
            "moved_later", "end_before_later_moves", "programme_id", "lead_id", "start_on",
        ),
    )  # fmt: skip


def issued_on(row: Row, steps: tuple[Step, ...]) -> date | None:
    """Of a task with `is_issued` and `programme_issued_on`; None for a draft."""
    if not row["is_issued"]:
        return None
    return next((step.on for step in steps if step.kind == TaskEventKind.ISSUED), row["programme_issued_on"])


def steps_of(chosen: Chosen, as_of: date, known_by: datetime | None = None) -> dict[int, tuple[Step, ...]]:
    """By task, in their order; the day of issue stands at the end of all time until it is known."""
    # The day of issue is kept even when it lies ahead: without it the programme's own day would stand in for it.
    events = TaskEvent.objects.filter(Q(happened_on__lte=as_of) | Q(kind=TaskEventKind.ISSUED), task__in=chosen)
    was_known = Q(recorded_at__lt=known_by) if known_by else Q(pk__isnull=False)
    rows = events.annotate(was_known=ExpressionWrapper(was_known, BooleanField())).order_by(
        "task_id", "happened_on", "pk"
    )
    found: dict[int, list[Step]] = {}
    # A country has some hundred thousand times the same step on the same day.
    same: dict[tuple[str, date], Step] = {}
    for task_id, kind, on, is_known in rows.values_list("task_id", "kind", "happened_on", "was_known"):
        if is_known or kind == TaskEventKind.ISSUED:
            key = (kind, on if is_known else date.max)
            found.setdefault(task_id, []).append(same.get(key) or same.setdefault(key, Step(*key)))
    return {task_id: tuple(steps) for task_id, steps in found.items()}


def _last_reports(chosen: Chosen, as_of: date, by: datetime | None) -> dict[int, Submission]:
    decided = known(Acceptance.objects.filter(report=OuterRef("pk"), decided_at__lt=end_of(as_of)), by)
    reports = (
        known(Report.objects.filter(task__in=chosen, submitted_at__lt=end_of(as_of)), by)
        .annotate(verdict_then=Subquery(decided.values("verdict")[:1]))
        .order_by("task_id", "-submitted_at", "-pk")
        .distinct("task_id")
        .values_list("task_id", "submitted_at", "progress_declared", "claims_completion", "verdict_then")
    )
    zone = timezone.get_current_timezone()
    return {
        task_id: Submission(at.astimezone(zone).date(), declared, claims, verdict)
        for task_id, at, declared, claims, verdict in reports
    }


def _accepted(chosen: Chosen, as_of: date, by: datetime | None) -> QuerySet[Acceptance]:
    rows = Acceptance.objects.filter(report__task__in=chosen, verdict=Verdict.ACCEPTED, decided_at__lt=end_of(as_of))
    return known(rows, by)


def last_accepted(chosen: Chosen, as_of: date, by: datetime | None = None) -> dict[int, Decimal]:
    rows = (
        _accepted(chosen, as_of, by)
        .order_by("report__task_id", "-report__submitted_at", "-report_id")
        .distinct("report__task_id")
        .values_list("report__task_id", "progress_accepted")
    )
    return {task_id: progress for task_id, progress in rows if progress is not None}


def _completions(chosen: Chosen, as_of: date, by: datetime | None = None) -> dict[int, date]:
    found = completions(as_of, by).filter(task__in=chosen).order_by().values("task_id")
    rows = found.annotate(first=Min("submitted_at")).values_list("task_id", "first")
    zone = timezone.get_current_timezone()
    return {task_id: at.astimezone(zone).date() for task_id, at in rows}


def with_first_report(
    obligations: QuerySet[Obligation], as_of: date, known_by: datetime | None = None
) -> QuerySet[Any]:
    """With `first_report_at`: the moment of the first version handed in by the end of `as_of`, or None."""
    reports = known(Report.objects.filter(obligation=OuterRef("pk"), submitted_at__lt=end_of(as_of)), known_by)
    return obligations.annotate(first_report_at=Subquery(reports.order_by("submitted_at").values("submitted_at")[:1]))


def _latest_owed(chosen: Chosen, as_of: date, by: datetime | None) -> dict[int, Owed]:
    owed = known(Obligation.objects.filter(task__in=chosen, due_on__lte=as_of), by, "created_at")
    rows = (
        with_first_report(owed, as_of, by)
        .order_by("task_id", "-due_on", "-period_end", "-pk")
        .distinct("task_id")
        .values_list("task_id", "period_key", "due_on", "first_report_at")
    )
    zone = timezone.get_current_timezone()
    same: dict[Owed, Owed] = {}
    found = ((task_id, Owed(key, due, at and at.astimezone(zone).date())) for task_id, key, due, at in rows)
    return {task_id: same.setdefault(owed, owed) for task_id, owed in found}


def measured_of(chosen: Chosen, as_of: date, by: datetime | None = None) -> dict[int, Decimal]:
    """The weakest achievement among the indicators a task is meant to move: it is not further than its slowest one."""
    links = list(Contribution.objects.filter(task__in=chosen).values_list("task_id", "indicator_id").order_by("pk"))
    figures = achievements({indicator_id for _, indicator_id in links}, as_of, by) if links else {}
    found: dict[int, Decimal] = {}
    for task_id, indicator_id in links:
        if indicator_id in figures:
            found[task_id] = min(figures[indicator_id], found.get(task_id, figures[indicator_id]))
    return found


def achievements(indicator_ids: set[int], as_of: date, known_by: datetime | None = None) -> dict[int, Decimal]:
    """The per cent of the way to the target in force, by the latest official figure of the whole country; one query.

    The target in force is the one of the nearest year not yet past, else the last one.
    """
    chosen: dict[int, Any] = {}
    for target in sorted(_targets_with_actual(indicator_ids, as_of, known_by), key=lambda row: _nearness(row, as_of)):
        chosen.setdefault(target.indicator_id, target)
    figures = {
        pk: achievement(target.baseline, _bound(target), target.actual, Direction(target.indicator.direction))
        for pk, target in chosen.items()
    }
    return {pk: figure for pk, figure in figures.items() if figure is not None}


def _targets_with_actual(indicator_ids: set[int], as_of: date, by: datetime | None) -> QuerySet[Any]:
    rows = official_observations(as_of, by).filter(organisation__isnull=True, indicator=OuterRef("indicator"))
    latest = rows.filter(amount__isnull=False).order_by("-period_end", "-pk").values("amount")[:1]
    # What one province or each of them promised does not measure the country.
    targets = Target.objects.filter(indicator_id__in=list(indicator_ids), organisation=None, each_unit="")
    targets = targets.select_related("indicator")
    return targets.annotate(actual=Subquery(latest)).filter(actual__isnull=False)


def official_observations(as_of: date, known_by: datetime | None = None) -> QuerySet[Observation]:
    """Official figures of the whole known by `as_of`; one that was corrected by then gives way to its correction."""
    corrected = known(Observation.objects.filter(corrects=OuterRef("pk"), available_on__lte=as_of), known_by)
    rows = Observation.objects.filter(~Exists(corrected), available_on__lte=as_of, kind=ObservationKind.ACTUAL)
    return known(rows.filter(breakdown=""), known_by)


def _nearness(target: Target, as_of: date) -> tuple[bool, int, str]:
    year = target.year if target.year is not None else as_of.year
    return (year < as_of.year, abs(year - as_of.year), target.code)


def _bound(target: Target) -> Decimal | None:
    return target.low if target.low is not None else target.high


def lineages(on: date) -> Lineages:
    """The tree today, and who answers for the bodies dissolved by `on`; two queries."""
    organisations = list(Organisation.objects.order_by("pk").values_list("pk", "path", "valid_to"))
    dissolved = {pk for pk, _, valid_to in organisations if valid_to is not None and valid_to < on}
    heirs: dict[int, list[int]] = {}
    successions = Succession.objects.filter(event__effective_on__lte=on, predecessor__in=dissolved).order_by("pk")
    for predecessor, successor in successions.values_list("predecessor_id", "successor_id"):
        heirs.setdefault(predecessor, []).append(successor)
    return Lineages({pk: path or [pk] for pk, path, _ in organisations}, heirs)


def tallies_by_document(states: Iterable[TaskState]) -> dict[int, Tally]:
    """For each document, the tasks of the programmes that carry it out; a task counts at each of its documents."""
    documents: dict[int, list[int]] = {}
    for programme_id, document_id in ProgrammeBasis.objects.values_list("programme_id", "document_id").order_by("pk"):
        documents.setdefault(programme_id, []).append(document_id)
    return calculations.tallies(states, lambda row: documents.get(row.programme_id or 0, ()))


def tallies_by_organisation(states: Iterable[TaskState], tree: Lineages) -> dict[int, Tally]:
    """For each organisation, the tasks led in its subtree: what it leads itself and what those below it lead."""
    return calculations.tallies(states, lambda row: tree.ancestors(row.lead_id))


def tallies_by_lead(states: Iterable[TaskState], tree: Lineages) -> dict[int, Tally]:
    """For each organisation, the tasks it answers for itself today."""
    return calculations.tallies(states, lambda row: tree.answering(row.lead_id) if row.lead_id else ())


def owed_reports(tasks: QuerySet[Task], as_of: date, known_by: datetime | None = None) -> list[tuple[int, Handed]]:
    """Every report of `tasks` due by `as_of`, with the organisation that owed it; one query."""
    owed = known(Obligation.objects.filter(task__in=tasks.order_by(), due_on__lte=as_of), known_by, "created_at")
    rows = with_first_report(owed, as_of, known_by).order_by("due_on", "pk")
    zone = timezone.get_current_timezone()
    same: dict[Handed, Handed] = {}
    found = (
        (organisation_id, Handed(key, grace or due, at and at.astimezone(zone).date()))
        for organisation_id, key, due, grace, at in rows.values_list(
            "organisation_id", "period_key", "due_on", "grace_until", "first_report_at"
        ).iterator(chunk_size=5_000)
    )
    return [(organisation_id, same.setdefault(handed, handed)) for organisation_id, handed in found]


def discipline_by_organisation(
    owed: Iterable[tuple[int, Handed]], tree: Lineages
) -> dict[int, tuple[PeriodDiscipline, ...]]:
    """For each organisation, the last twelve periods of its subtree. `owed` may be counted already (a Counter)."""
    rows: dict[int, Counter[Handed]] = {}
    for (organisation_id, handed), number in Counter(owed).items():
        for ancestor in tree.ancestors(organisation_id):
            rows.setdefault(ancestor, Counter())[handed] += number
    return {organisation_id: calculations.discipline(counted) for organisation_id, counted in rows.items()}


def changes(tasks: QuerySet[Task], *, since: date, until: date) -> Changes:
    """What moved after `since` up to and including `until`."""
    return calculations.changes_between(task_states(tasks, since), task_states(tasks, until))


def unblocked(tasks: QuerySet[Task], *, since: date, until: date, known_by: datetime | None = None) -> list[str]:
    """Codes of the obstacles of `tasks` removed after `since` up to and including `until`."""
    removed = ObstacleStep.objects.filter(
        kind=StepKind.REMOVED, happened_on__gt=since, happened_on__lte=until, obstacle__task__in=tasks.order_by()
    )
    return sorted(known(removed, known_by).values_list("obstacle__code", flat=True))
