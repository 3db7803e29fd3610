"""Public tasks with everything that happened to them up to the day of the issue."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import translation

from thucthi.documents.models import Clause
from thucthi.indicators.models import Contribution
from thucthi.monitoring.calculations import TaskState
from thucthi.programmes.calculations import Finding, Verdict
from thucthi.programmes.models import ChangedField, ClarityException, Programme, Task, TaskChange
from thucthi.programmes.selectors import clarity_of_many
from thucthi.publication.selectors.histories import Histories
from thucthi.publication.selectors.reading import Reading
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


@dataclass(frozen=True)
class Tasks:
    """Reads tasks some at a time; nothing of them is kept here."""

    reading: Reading
    histories: Histories

    def read(self, states: Sequence[TaskState]) -> Iterator[tuple[Any, TaskState, TaskData]]:
        """Row, state and frozen task of each of `states`, in their order."""
        ids = [state.task_id for state in states]
        tasks = {row.pk: row for row in _rows(ids)}
        histories, clarity = self.histories.of(ids), _clarity(list(tasks.values()), self.reading)
        for state in states:
            row = tasks[state.task_id]
            yield row, state, self._task(row, state, histories[state.task_id], clarity[state.task_id])

    def _task(
        self, task: Any, state: TaskState, history: tuple[PeriodData, ...], clarity: tuple[ClarityMark, ...]
    ) -> TaskData:
        reading = self.reading
        return TaskData(
            code=state.code,
            kind=task.kind,
            text=_then(task, ChangedField.TEXT, task.text, reading),
            product=_then(task, ChangedField.PRODUCT, task.product, reading),
            acceptance_criterion=task.acceptance_criterion,
            programme=task.programme.code,
            group=task.group.title if task.group else "",
            documents=tuple(sorted(each.slug for each in task.programme.read_bases)),
            clauses=tuple(sorted((each.document.slug, each.path) for each in task.read_clauses)),
            lead=reading.code(task.lead_id) or "",
            answering=reading.codes(reading.tree.answering(task.lead_id or 0)),
            lead_post=reading.head_posts.get(task.lead_id or 0, ""),
            coordinators=reading.codes(each.organisation_id for each in task.read_coordinations),
            start_on=task.start_on,
            deadline_text=_then(task, ChangedField.DEADLINE, task.deadline_raw, reading),
            due_on=state.due_on,
            resources=_resources(task),
            milestones=tuple(MilestoneData(each.due_on, each.text) for each in task.read_milestones),
            standing=_standing(state),
            clarity=clarity,
            changes=_changes(task, reading),
            steps=_steps(task, reading),
            history=history,
            indicators=tuple(sorted(each.indicator.code for each in task.read_contributions)),
            obstacles=tuple(reading.obstacles_by_task.get(state.task_id, ())),
        )


def _rows(ids: Sequence[int]) -> QuerySet[Task]:
    """`read_…`: with everything around them in plain lists: a manager for each would cost more than what it gives."""
    programmes = Programme.objects.prefetch_related(Prefetch("bases", to_attr="read_bases"))
    contributions = Contribution.objects.select_related("indicator")
    return Task.objects.filter(pk__in=ids).prefetch_related(
        Prefetch("programme", queryset=programmes),
        "group",
        Prefetch("coordination_set", to_attr="read_coordinations"),
        Prefetch("clauses", queryset=Clause.objects.select_related("document"), to_attr="read_clauses"),
        Prefetch("milestones", to_attr="read_milestones"),
        Prefetch("events", to_attr="read_events"),
        Prefetch("changes", to_attr="read_changes"),
        Prefetch("clarity_exceptions", to_attr="read_exceptions"),
        Prefetch("contributions", queryset=contributions, to_attr="read_contributions"),
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


def _then(task: Any, field: ChangedField, now: str, reading: Reading) -> str:
    """What it said on that day: what the first later decision changed it from, else what it says now."""
    later = [each for each in task.read_changes if each.field == field and not _was_decided(each, reading)]
    return min(later, key=lambda each: (each.decided_on, each.pk)).old_value if later else now


def _was_decided(change: TaskChange, reading: Reading) -> bool:
    return change.decided_on <= reading.as_of and reading.knew(change.recorded_at)


def _resources(task: Any) -> ResourcesData:
    return ResourcesData(
        money_vnd_million=task.money_vnd_million,
        money_source=task.money_source or task.programme.resource_source,
        people=task.people,
        facilities=task.facilities,
        authority_basis=task.authority_basis or task.programme.authority_basis,
    )


def _changes(task: Any, reading: Reading) -> tuple[ChangeData, ...]:
    rows = [each for each in task.read_changes if _was_decided(each, reading)]
    return tuple(
        ChangeData(
            each.field, each.old_value, each.new_value, each.old_end, each.new_end,
            each.decision, each.decided_on, each.reason,
        )
        for each in sorted(rows, key=lambda each: (each.decided_on, each.pk))
    )  # fmt: skip


def _steps(task: Any, reading: Reading) -> tuple[StepData, ...]:
    rows = [each for each in task.read_events if each.happened_on <= reading.as_of and reading.knew(each.recorded_at)]
    return tuple(
        StepData(each.kind, each.happened_on, each.decision, each.reason)
        for each in sorted(rows, key=lambda each: (each.happened_on, each.pk))
    )


def _clarity(tasks: list[Any], reading: Reading) -> dict[int, tuple[ClarityMark, ...]]:
    findings = clarity_of_many(tasks, on=reading.as_of)
    return {task.pk: tuple(_marks(findings[task.pk], task.read_exceptions, reading)) for task in tasks}


def _marks(
    findings: Iterable[Finding], exceptions: Iterable[ClarityException], reading: Reading
) -> Iterable[ClarityMark]:
    granted = [each for each in exceptions if each.granted_on <= reading.as_of and reading.knew(each.recorded_at)]
    reasons = {each.criterion: each.reason for each in granted}
    for finding in findings:
        # Notes on what is met name persons; only what is doubtful or missing is told.
        notes = [note for note in finding.notes if note.verdict is not Verdict.MET]
        criterion = finding.criterion.value
        yield ClarityMark(
            criterion=criterion,
            name=finding.name,
            name_en=_in_english(finding.name),
            verdict=finding.verdict.value,
            reason=" ".join(note.reason % note.values for note in notes),
            reason_en=" ".join(_in_english(note.reason) % note.values for note in notes),
            exception=reasons.get(criterion, ""),
        )


@lru_cache(maxsize=10_000)
def _in_english(sentence: str) -> str:
    with translation.override("en"):
        return translation.gettext(sentence)
