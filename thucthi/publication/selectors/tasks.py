"""Public tasks with everything that happened to them up to the day of the issue."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation

from thucthi.monitoring.calculations import Handed, TaskState, punctuality
from thucthi.monitoring.selectors import end_of
from thucthi.programmes.calculations import Finding, Verdict
from thucthi.programmes.models import ChangedField, ClarityException, Task, TaskChange
from thucthi.programmes.selectors import clarity_of_many
from thucthi.publication.calculations import run_of
from thucthi.publication.models import SnapshotKind
from thucthi.publication.selectors.reading import Reading
from thucthi.publication.shapes import (
    ChangeData,
    ClarityMark,
    EvidenceData,
    MilestoneData,
    PeriodData,
    ResourcesData,
    StandingData,
    StepData,
    TaskData,
)
from thucthi.reporting.models import Acceptance, Obligation, Report
from thucthi.reporting.selectors.obligations import known


def task_data(reading: Reading) -> tuple[TaskData, ...]:
    """In the order of their codes."""
    rows = Task.objects.filter(pk__in=reading.task_codes).select_related("programme", "group", "lead")
    rows = rows.prefetch_related(
        "programme__bases", "coordinators", "clauses__document", "milestones", "events", "changes",
        "clarity_exceptions", "contributions__indicator",
    )  # fmt: skip
    tasks = {row.pk: row for row in rows}
    history = _histories(reading)
    clarity = _clarity(list(tasks.values()), reading)
    obstacles: dict[int, list[str]] = defaultdict(list)
    for obstacle in reading.obstacles:
        obstacles[obstacle.task_id or 0].append(obstacle.code)
    return tuple(
        _task(
            tasks[state.task_id],
            state,
            reading,
            history=history[state.task_id],
            clarity=clarity[state.task_id],
            obstacles=obstacles[state.task_id],
        )
        for state in reading.states
    )


def _task(
    task: Task,
    state: TaskState,
    reading: Reading,
    *,
    history: tuple[PeriodData, ...],
    clarity: tuple[ClarityMark, ...],
    obstacles: list[str],
) -> TaskData:
    return TaskData(
        code=task.code,
        kind=task.kind,
        text=_then(task, ChangedField.TEXT, task.text, reading),
        product=_then(task, ChangedField.PRODUCT, task.product, reading),
        acceptance_criterion=task.acceptance_criterion,
        programme=task.programme.code,
        group=task.group.title if task.group else "",
        documents=tuple(sorted(each.slug for each in task.programme.bases.all())),
        clauses=tuple(sorted((each.document.slug, each.path) for each in task.clauses.all())),
        lead=reading.code(task.lead_id) or "",
        answering=reading.codes(reading.tree.answering(task.lead_id or 0)),
        lead_post=reading.head_posts.get(task.lead_id or 0, ""),
        coordinators=reading.codes(each.pk for each in task.coordinators.all()),
        start_on=task.start_on,
        deadline_text=_then(task, ChangedField.DEADLINE, task.deadline_raw, reading),
        due_on=state.due_on,
        resources=_resources(task),
        milestones=tuple(MilestoneData(each.due_on, each.text) for each in task.milestones.all()),
        standing=_standing(state),
        clarity=clarity,
        changes=_changes(task, reading),
        steps=_steps(task, reading),
        history=history,
        indicators=tuple(sorted(each.indicator.code for each in task.contributions.all())),
        obstacles=tuple(obstacles),
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


def _then(task: Task, field: ChangedField, now: str, reading: Reading) -> str:
    """What it said on that day: what the first later decision changed it from, else what it says now."""
    later = [each for each in task.changes.all() if each.field == field and not _was_decided(each, reading)]
    return min(later, key=lambda each: (each.decided_on, each.pk)).old_value if later else now


def _was_decided(change: TaskChange, reading: Reading) -> bool:
    return change.decided_on <= reading.as_of and reading.knew(change.recorded_at)


def _resources(task: Task) -> ResourcesData:
    return ResourcesData(
        money_vnd_million=task.money_vnd_million,
        money_source=task.money_source or task.programme.resource_source,
        people=task.people,
        facilities=task.facilities,
        authority_basis=task.authority_basis or task.programme.authority_basis,
    )


def _changes(task: Task, reading: Reading) -> tuple[ChangeData, ...]:
    rows = [each for each in task.changes.all() if _was_decided(each, reading)]
    return tuple(
        ChangeData(
            each.field, each.old_value, each.new_value, each.old_end, each.new_end,
            each.decision, each.decided_on, each.reason,
        )
        for each in sorted(rows, key=lambda each: (each.decided_on, each.pk))
    )  # fmt: skip


def _steps(task: Task, reading: Reading) -> tuple[StepData, ...]:
    rows = [each for each in task.events.all() if each.happened_on <= reading.as_of and reading.knew(each.recorded_at)]
    return tuple(
        StepData(each.kind, each.happened_on, each.decision, each.reason)
        for each in sorted(rows, key=lambda each: (each.happened_on, each.pk))
    )


def _clarity(tasks: list[Task], reading: Reading) -> dict[int, tuple[ClarityMark, ...]]:
    findings = clarity_of_many(tasks, on=reading.as_of)
    return {task.pk: tuple(_marks(findings[task.pk], task.clarity_exceptions.all(), reading)) for task in tasks}


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


def _in_english(sentence: str) -> str:
    with translation.override("en"):
        return translation.gettext(sentence)


def _histories(reading: Reading) -> dict[int, tuple[PeriodData, ...]]:
    """Newest period first."""
    reports: dict[int, list[Report]] = defaultdict(list)
    rows = Report.objects.filter(task__in=reading.task_codes, submitted_at__lt=end_of(reading.as_of))
    rows = (
        known(rows, reading.known_by)
        .select_related("acceptance")
        .prefetch_related("report_evidence__evidence")
        .defer("note", "done_about_it")
    )
    for row in rows.order_by("obligation_id", "version"):
        reports[row.obligation_id].append(row)
    found: dict[int, list[PeriodData]] = defaultdict(list)
    owed = Obligation.objects.filter(task__in=reading.task_codes, period_start__lte=reading.as_of)
    owed = known(owed, reading.known_by, "created_at")
    for obligation in owed.order_by("task_id", "-period_end", "-pk"):
        if obligation.due_on <= reading.as_of or obligation.pk in reports:
            found[obligation.task_id].append(_period(obligation, reports[obligation.pk], reading))
    return defaultdict(tuple, {task_id: tuple(periods) for task_id, periods in found.items()})


def _period(obligation: Obligation, reports: list[Report], reading: Reading) -> PeriodData:
    first = timezone.localdate(reports[0].submitted_at) if reports else None
    last = reports[-1] if reports else None
    decided = _decided(last, reading) if last else None
    return PeriodData(
        period=obligation.period_key,
        kind=obligation.period_kind,
        due_on=obligation.due_on,
        first_reported_on=first,
        punctuality=punctuality(Handed(obligation.period_key, obligation.due_on, first)).value,
        claim=last.claim if last else None,
        cause=(last.cause or None) if last else None,
        declared=last.progress_declared if last else None,
        verdict=decided.verdict if decided else None,
        accepted=decided.progress_accepted if decided else None,
        evidence=_evidence(last) if last else (),
        missed_its_issue=bool(reports) and _missed_its_issue(obligation, reports[0].submitted_at),
    )


def _missed_its_issue(obligation: Obligation, submitted_at: datetime) -> bool:
    """Only weeks and months have issues of their own."""
    if obligation.period_kind not in SnapshotKind.values:
        return False
    zone = timezone.get_default_timezone()
    cut_off_at = run_of(obligation.period_kind, obligation.period_start, settings.ISSUE_RHYTHM, zone).cut_off_at
    return submitted_at >= cut_off_at


def _decided(report: Report, reading: Reading) -> Acceptance | None:
    decision: Acceptance | None = getattr(report, "acceptance", None)
    if decision is None or decision.decided_at >= end_of(reading.as_of) or not reading.knew(decision.recorded_at):
        return None
    return decision


def _evidence(report: Report) -> tuple[EvidenceData, ...]:
    on = timezone.localdate(report.submitted_at)
    files = [each.evidence for each in report.report_evidence.all()]
    return tuple(
        sorted((EvidenceData(each.sha256, each.media_type, on) for each in files), key=lambda each: each.sha256)
    )
