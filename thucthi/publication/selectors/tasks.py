"""Public tasks with everything that happened to them up to the day of the issue."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils import translation

from thucthi.indicators.models import Contribution
from thucthi.monitoring.calculations import TaskState
from thucthi.programmes.calculations import Finding, Verdict
from thucthi.programmes.models import (
    ChangedField,
    Citation,
    ClarityException,
    Coordination,
    Milestone,
    Programme,
    Task,
    TaskChange,
    TaskEvent,
)
from thucthi.programmes.selectors import Surroundings, findings_of
from thucthi.publication.selectors.histories import Histories
from thucthi.publication.selectors.reading import Reading, among
from thucthi.publication.shapes import (
    ChangeData,
    ClarityMark,
    MilestoneData,
    PeriodData,
    ResourcesData,
    StandingData,
    StepData,
    TaskData,
)

ROW = (
    "pk", "code", "programme_id", "group_id", "group__title", "group__position", "kind", "text", "product",
    "acceptance_criterion", "lead_id", "lead_text", "start_on", "deadline_raw", "deadline_kind", "deadline_precision",
    "deadline_recurrence", "deadline_trigger", "resolved_end", "yearly_deliverable", "money_vnd_million",
    "money_source", "people", "facilities", "authority_basis",
)  # fmt: skip
CHANGE = ("field", "old_value", "new_value", "old_end", "new_end", "decision", "decided_on", "reason", "recorded_at")
STEP = ("kind", "happened_on", "decision", "reason", "recorded_at")
EXCEPTION = ("criterion", "reason", "granted_on", "recorded_at")
Rows = Mapping[int, list[Any]]


@dataclass(frozen=True)
class _Related:
    """What stands around some tasks, by task: plain rows in their order."""

    coordinators: Rows
    clauses: Rows
    milestones: Rows
    steps: Rows
    changes: Rows
    exceptions: Rows
    indicators: Rows

    @classmethod
    def read(cls, ids: Sequence[int]) -> "_Related":
        return cls(
            coordinators=_by_task(Coordination, ids, ("organisation_id",)),
            clauses=_by_task(Citation, ids, ("clause__document__slug", "clause__path")),
            milestones=_by_task(Milestone, ids, ("due_on", "text"), "due_on"),
            steps=_by_task(TaskEvent, ids, STEP, "happened_on"),
            changes=_by_task(TaskChange, ids, CHANGE, "decided_on"),
            exceptions=_by_task(ClarityException, ids, EXCEPTION),
            indicators=_by_task(Contribution, ids, ("indicator__code",)),
        )


def _by_task(kind: Any, ids: Sequence[int], names: tuple[str, ...], *order: str) -> Rows:
    """As tuples with these names: an object for each would cost more than what it gives."""
    rows = kind.objects.filter(task__in=among(ids)).order_by(*order, "pk").values_list("task_id", *names, named=True)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.iterator(chunk_size=5_000):
        found[row.task_id].append(row)
    return found


@dataclass(frozen=True)
class Tasks:
    """Reads tasks some at a time; nothing of them is kept here."""

    reading: Reading
    histories: Histories

    def read(self, states: Sequence[TaskState]) -> Iterator[tuple[Any, TaskState, TaskData]]:
        """Row, state and frozen task of each of `states`, in their order."""
        ids = [state.task_id for state in states]
        rows = Task.objects.filter(pk__in=among(ids)).values_list(*ROW, named=True)
        tasks = {row.pk: row for row in rows.iterator(chunk_size=5_000)}
        histories, related = self.histories.of(ids), _Related.read(ids)
        around = _surroundings(self.reading, related)
        for state in states:
            row = tasks[state.task_id]
            yield row, state, self._task(row, state, histories[state.task_id], related, around)

    def _task(
        self, task: Any, state: TaskState, history: tuple[PeriodData, ...], related: _Related, around: Surroundings
    ) -> TaskData:
        reading, pk = self.reading, state.task_id
        changes, programme = related.changes.get(pk, ()), reading.programmes_by_id[task.programme_id]
        return TaskData(
            code=state.code,
            kind=task.kind,
            text=_then(changes, ChangedField.TEXT, task.text, reading),
            product=_then(changes, ChangedField.PRODUCT, task.product, reading),
            acceptance_criterion=task.acceptance_criterion,
            programme=programme.code,
            group=task.group__title or "",
            documents=reading.slugs_by_programme[task.programme_id],
            clauses=tuple(sorted(row[1:] for row in related.clauses.get(pk, ()))),
            lead=reading.code(task.lead_id) or "",
            answering=reading.answering(task.lead_id or 0),
            lead_post=reading.head_posts.get(task.lead_id or 0, ""),
            coordinators=reading.codes(each.organisation_id for each in related.coordinators.get(pk, ())),
            start_on=task.start_on,
            deadline_text=_then(changes, ChangedField.DEADLINE, task.deadline_raw, reading),
            due_on=state.due_on,
            resources=_resources(task, programme),
            milestones=tuple(MilestoneData(each.due_on, each.text) for each in related.milestones.get(pk, ())),
            standing=_standing(state),
            clarity=_clarity(task, around, related.exceptions.get(pk, ()), reading),
            changes=_changes(changes, reading),
            steps=_steps(related.steps.get(pk, ()), reading),
            history=history,
            indicators=tuple(sorted(each.indicator__code for each in related.indicators.get(pk, ()))),
            obstacles=tuple(reading.obstacles_by_task.get(pk, ())),
        )


def _surroundings(reading: Reading, related: _Related) -> Surroundings:
    """What is asked of clarity: most of it once for all tasks, the rest from what was read of these."""
    ended = reading.ended_on_that_day
    return replace(
        reading.surroundings,
        measured=related.indicators.keys(),
        milestones={pk: tuple(each.due_on for each in rows) for pk, rows in related.milestones.items()},
        ended_coordinators={
            pk: tuple(ended[each.organisation_id] for each in rows if each.organisation_id in ended)
            for pk, rows in related.coordinators.items()
        },
    )


def _standing(state: TaskState) -> StandingData:
    return StandingData(
        stage=state.stage.value,
        schedule=state.schedule.value,
        reported=state.reported.value,
        owed_period=state.owed.period_key if state.owed else None,
        declared=state.declared,
        declared_on=state.declared_on,
        accepted=state.accepted,
        measured=state.measured,
        completed_on=state.completed_on,
    )


def _then(changes: Sequence[Any], field: ChangedField, now: str, reading: Reading) -> str:
    """What it said on that day: what the first later decision changed it from, else what it says now."""
    later = (each for each in changes if each.field == field and not _was_decided(each, reading))
    return next((each.old_value for each in later), now)


def _was_decided(change: Any, reading: Reading) -> bool:
    return change.decided_on <= reading.as_of and reading.knew(change.recorded_at)


def _resources(task: Any, programme: Programme) -> ResourcesData:
    return ResourcesData(
        money_vnd_million=task.money_vnd_million,
        money_source=task.money_source or programme.resource_source,
        people=task.people,
        facilities=task.facilities,
        authority_basis=task.authority_basis or programme.authority_basis,
    )


def _changes(changes: Sequence[Any], reading: Reading) -> tuple[ChangeData, ...]:
    return tuple(
        ChangeData(
            each.field, each.old_value, each.new_value, each.old_end, each.new_end,
            each.decision, each.decided_on, each.reason,
        )
        for each in changes
        if _was_decided(each, reading)
    )  # fmt: skip


def _steps(steps: Sequence[Any], reading: Reading) -> tuple[StepData, ...]:
    return tuple(
        StepData(each.kind, each.happened_on, each.decision, each.reason)
        for each in steps
        if each.happened_on <= reading.as_of and reading.knew(each.recorded_at)
    )


def _clarity(task: Any, around: Surroundings, exceptions: Sequence[Any], reading: Reading) -> tuple[ClarityMark, ...]:
    marks = [_mark(finding) for finding in findings_of(task, around, reading.as_of)]
    granted = [each for each in exceptions if each.granted_on <= reading.as_of and reading.knew(each.recorded_at)]
    reasons = {each.criterion: each.reason for each in granted}
    if not reasons:
        return tuple(marks)
    return tuple(replace(mark, exception=reasons.get(mark.criterion, "")) for mark in marks)


# Findings of one kind are one object while they are kept (programmes/calculations/findings.py), and so are their marks.
_marks: dict[int, tuple[Finding, ClarityMark]] = {}
MARKS_KEPT = 20_000


def _mark(finding: Finding) -> ClarityMark:
    """Without an exception."""
    kept = _marks.get(id(finding))
    if kept is None:
        if len(_marks) >= MARKS_KEPT:
            _marks.clear()
        # The finding is kept with it: nothing else can come to have its identity.
        kept = _marks[id(finding)] = (finding, _mark_of(finding))
    return kept[1]


def _mark_of(finding: Finding) -> ClarityMark:
    # Notes on what is met name persons; only what is doubtful or missing is told.
    notes = [note for note in finding.notes if note.verdict is not Verdict.MET]
    return ClarityMark(
        criterion=finding.criterion.value,
        name=finding.name,
        name_en=_in_english(finding.name),
        verdict=finding.verdict.value,
        reason=" ".join(note.reason % note.values for note in notes),
        reason_en=" ".join(_in_english(note.reason) % note.values for note in notes),
        exception="",
    )


@lru_cache(maxsize=10_000)
def _in_english(sentence: str) -> str:
    with translation.override("en"):
        return translation.gettext(sentence)
