"""Adding simulated history in bulk. Every row says that it is simulated: only there is a past moment accepted."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from thucthi.demonstration.calculations import Play, SimulatedReport
from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Organisation
from thucthi.kernel.canonical import content_hash
from thucthi.kernel.errors import require
from thucthi.ledger.actions import Said, record, record_each
from thucthi.obstacles.models import Obstacle
from thucthi.programmes.models import Task
from thucthi.reporting.models import Acceptance, Evidence, Obligation, Report, ReportEvidence, Verdict
from thucthi.reporting.selectors.entries import agreement_of, return_of, sending_of
from thucthi.reporting.selectors.obligations import seal_of

# Keys of simulated reports are derived, so that loading twice on two machines gives the same history.
NAMESPACE = uuid.UUID("6f6a5d0e-3c0b-5d5e-9a51-57c0f1d7a001")


@dataclass(frozen=True)
class TaskHistory:
    """What one task plays, who wrote it and who judged it; `obstacle` is what it is stuck on, if anything."""

    task: Task
    lead: Organisation
    play: Play
    author: Account
    reviewer: Account
    obstacle: Obstacle | None = None


@transaction.atomic
def add_simulated_obligations(*, by: Viewer, histories: Sequence[TaskHistory]) -> dict[tuple[int, str], Obligation]:
    """The reports that were owed; gives them by (task id, period key)."""
    require(by.is_system, "only the loader of the demonstration adds simulated history")
    made = Obligation.objects.bulk_create(
        [
            Obligation(
                task=history.task,
                organisation=history.lead,
                period_kind=period.kind.value,
                period_key=period.key,
                period_start=period.start,
                period_end=period.end,
                due_on=due,
            )
            for history in histories
            for period, due in history.play.owed
        ],
        batch_size=2000,
    )
    record("simulated_obligations.added", by=by, subject=histories[0].task, count=len(made))
    return {(row.task_id, row.period_key): row for row in made}


@transaction.atomic
def add_simulated_reports(
    *,
    by: Viewer,
    histories: Sequence[TaskHistory],
    obligations: dict[tuple[int, str], Obligation],
    evidence: dict[int, Evidence],
) -> int:
    """The reports and the verdicts on them; `evidence` is one file per obligation id. Gives how many reports.

    Each has the entry that a real one leaves, so that an issue proves every figure of the story by the same rule. All
    of them were made by the system, and say that they are simulated: nobody is said to have done what he did not do.
    """
    require(by.is_system, "only the loader of the demonstration adds simulated history")
    pairs = [
        (_report(history, said, obligations[history.task.pk, said.period_key], evidence), said, history)
        for history in histories
        for said in history.play.reports
    ]
    Report.objects.bulk_create([report for report, _, _ in pairs], batch_size=2000)
    ReportEvidence.objects.bulk_create(
        ReportEvidence(report=report, evidence=evidence[report.obligation_id])
        for report, _, _ in pairs
        if report.obligation_id in evidence
    )
    verdicts = [_acceptance(report, said, history) for report, said, history in pairs if said.verdict]
    Acceptance.objects.bulk_create(verdicts, batch_size=2000)
    record_each(_entries([report for report, _, _ in pairs], verdicts, evidence), by=by)
    record("simulated_reports.added", by=by, subject=histories[0].task, count=len(pairs))
    return len(pairs)


def _report(
    history: TaskHistory, said: SimulatedReport, obligation: Obligation, evidence: dict[int, Evidence]
) -> Report:
    report = Report(
        obligation=obligation,
        task=history.task,
        version=1,
        author=history.author,
        claim=said.claim,
        progress_declared=said.progress,
        note=said.note,
        claims_completion=said.claims_completion,
        cause=said.cause,
        done_about_it=said.done_about_it,
        obstacle=history.obstacle if said.claim == "behind" else None,
        submitted_at=said.submitted_at,
        idempotency_key=uuid.uuid5(NAMESPACE, f"{history.task.code} {said.period_key}"),
        is_simulated=True,
    )
    file = evidence.get(obligation.pk)
    report.content_hash = content_hash(seal_of(report, [file] if file else []))
    return report


def _entries(
    reports: Iterable[Report], verdicts: Iterable[Acceptance], evidence: dict[int, Evidence]
) -> Iterator[Said]:
    for report in reports:
        file = evidence.get(report.obligation_id)
        yield Said("report.submitted", report, sending_of(report, [file] if file else []))
    for each in verdicts:
        accepted = each.verdict == Verdict.ACCEPTED
        content = agreement_of(each, each.progress_accepted) if accepted else return_of(each)
        yield Said("report.accepted" if accepted else "report.returned", each.report, content)


def _acceptance(report: Report, said: SimulatedReport, history: TaskHistory) -> Acceptance:
    verdict = said.verdict
    if verdict is None:
        raise ValueError("no verdict was played")
    return Acceptance(
        report=report,
        verdict=Verdict.ACCEPTED if verdict.accepted else Verdict.RETURNED,
        progress_accepted=verdict.progress,
        note=verdict.note,
        author=history.author,
        reviewer=history.reviewer,
        content_hash=report.content_hash,
        decided_at=verdict.decided_at,
        is_simulated=True,
    )
