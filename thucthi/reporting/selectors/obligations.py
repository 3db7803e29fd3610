"""Who owes which report, and whether it can still be given."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for
from thucthi.programmes.models import Task, TaskEvent, TaskEventKind
from thucthi.reporting.access import ReportPlace
from thucthi.reporting.calculations.statements import ReportSeal
from thucthi.reporting.models import Evidence, Obligation, Report, Verdict


def tasks_that_report(on: date) -> QuerySet[Task]:
    """Issued by that day, and on that day neither suspended, cancelled or superseded, nor accepted as complete."""
    events = TaskEvent.objects.filter(task=OuterRef("pk"), happened_on__lte=on)
    pauses = events.filter(kind__in=[TaskEventKind.SUSPENDED, TaskEventKind.RESUMED])
    ended = events.filter(kind__in=[TaskEventKind.CANCELLED, TaskEventKind.SUPERSEDED])
    completed = Report.objects.filter(
        task=OuterRef("pk"),
        claims_completion=True,
        acceptance__verdict=Verdict.ACCEPTED,
        acceptance__decided_at__date__lte=on,
    )
    return (
        Task.objects.filter(Exists(events.filter(kind=TaskEventKind.ISSUED)), is_issued=True)
        .filter(~Exists(ended), ~Exists(completed))
        .annotate(last_pause=Coalesce(Subquery(pauses.order_by("-happened_on", "-pk").values("kind")[:1]), Value("")))
        .exclude(last_pause=TaskEventKind.SUSPENDED)
    )


def lock_task(task_id: int) -> Task:
    """The task, held against everyone else until the end of the transaction.

    Facts cannot be locked by a role that may not change them, so all writing about a task queues at the task itself.
    """
    return (
        Task.objects.select_for_update(of=("self",))
        .select_related("programme", "lead")
        .prefetch_related("coordinators")
        .get(pk=task_id)
    )


def place_of(obligation: Obligation, task: Task) -> ReportPlace:
    """The organisations around this report."""
    return ReportPlace(
        reporting_ids=frozenset(pk for pk in (obligation.organisation_id, task.lead_id) if pk is not None),
        reporting_path=tuple(obligation.organisation.path),
        programme_owner_id=task.programme.organisation_id,
        coordinator_ids=frozenset(organisation.pk for organisation in task.coordinators.all()),
    )


def latest_report(obligation: Obligation) -> Report | None:
    """The last version sent for this period, with its verdict."""
    return obligation.reports.select_related("acceptance", "author", "obstacle__asked_of").order_by("-version").first()


def awaits_report(latest: Report | None) -> bool:
    """Nothing has been sent yet, or what was sent came back."""
    return latest is None or (hasattr(latest, "acceptance") and latest.acceptance.verdict == Verdict.RETURNED)


def last_period_report(obligation: Obligation) -> Report | None:
    """What the lead said last about this task, in an earlier period."""
    return (
        Report.objects.filter(task=obligation.task_id, obligation__period_end__lt=obligation.period_end)
        .select_related("obligation", "acceptance", "obstacle__asked_of")
        .order_by("-obligation__period_end", "-version")
        .first()
    )


def last_accepted_report(task_id: int, *, before: Report | None = None) -> Report | None:
    """The last report of the task that somebody else agreed with; `before`: earlier than that one."""
    accepted = Report.objects.filter(task=task_id, acceptance__verdict=Verdict.ACCEPTED)
    if before is not None:
        accepted = accepted.exclude(pk=before.pk).filter(submitted_at__lte=before.submitted_at)
    return accepted.select_related("obligation", "acceptance").order_by("-submitted_at", "-pk").first()


def evidence_offered(obligation: Obligation, last: Report | None) -> QuerySet[Evidence]:
    """Files this report may rest on: those sent for the period, and those of the last period's report."""
    wanted = Q(obligation=obligation)
    if last is not None:
        wanted |= Q(pk__in=last.report_evidence.values("evidence"))
    return Evidence.objects.filter(wanted).order_by("pk")


def owing_organisation(lead: Organisation | None, on: date) -> Organisation | None:
    """The lead; once it no longer exists, the one body that answers for it.

    With several heirs no single one leads until a decision says so: the obligation stays where it was.
    """
    if lead is None or lead.valid_to is None or lead.valid_to >= on:
        return lead
    heirs = answering_for(lead, on)
    return heirs[0] if len(heirs) == 1 else lead


def within_subtree(tasks: QuerySet[Task], organisation_ids: Iterable[int]) -> QuerySet[Task]:
    """Tasks led, or programmed, by these organisations or below them."""
    ids = list(organisation_ids)
    return tasks.filter(Q(lead__path__overlap=ids) | Q(programme__organisation__path__overlap=ids))


def seal_of(report: Report, files: Iterable[Evidence]) -> ReportSeal:
    """What the report says, in the form whose hash a verdict is bound to."""
    return ReportSeal(
        task=report.task.code,
        period=report.obligation.period_key,
        version=report.version,
        author_id=report.author_id,
        claim=str(report.claim),
        progress=report.progress_declared.quantize(Decimal("0.01")),
        note=report.note,
        claims_completion=report.claims_completion,
        cause=str(report.cause),
        done_about_it=report.done_about_it,
        obstacle=report.obstacle.code if report.obstacle else None,
        evidence=tuple(sorted(file.sha256 for file in files)),
    )
