"""Who owes which report, and whether it can still be given."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TypeVar, cast

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from thucthi.directory.models import Organisation, OrganisationName, Succession
from thucthi.directory.selectors import answering_for, answering_for_many
from thucthi.kernel.prepared import Prepared, WholeRow
from thucthi.programmes.models import (
    ENDING,
    ChangedField,
    Programme,
    ProgrammeBasis,
    Task,
    TaskChange,
    TaskEvent,
    TaskEventKind,
)
from thucthi.reporting.access import ReportPlace
from thucthi.reporting.calculations.statements import ReportSeal
from thucthi.reporting.models import Evidence, Obligation, Report, Rung, Verdict

ONE_DAY = timedelta(days=1)
Fact = TypeVar("Fact", bound=Model)


def end_of(day: date) -> datetime:
    """The first moment after that day."""
    return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))


def known(rows: QuerySet[Fact], by: datetime | None, field: str = "recorded_at") -> QuerySet[Fact]:
    """Those recorded before the moment `by`; all of them without one."""
    return rows if by is None else rows.filter(**{f"{field}__lt": by})


def tasks_that_run(on: date) -> QuerySet[Task]:
    """Issued by that day, and on that day neither suspended, cancelled nor superseded."""
    events = TaskEvent.objects.filter(task=OuterRef("pk"), happened_on__lte=on)
    resumed_since = TaskEvent.objects.filter(
        Q(happened_on__gt=OuterRef("happened_on")) | Q(happened_on=OuterRef("happened_on"), pk__gt=OuterRef("pk")),
        task=OuterRef("task"),
        kind=TaskEventKind.RESUMED,
        happened_on__lte=on,
    )
    return Task.objects.filter(
        Exists(events.filter(kind=TaskEventKind.ISSUED)),
        ~Exists(events.filter(kind__in=ENDING)),
        ~Exists(events.filter(~Exists(resumed_since), kind=TaskEventKind.SUSPENDED)),
        is_issued=True,
    )


def tasks_that_report(on: date) -> QuerySet[Task]:
    """Those that run on that day and were not accepted as complete by then."""
    return tasks_that_run(on).filter(~Exists(completions(on).filter(task=OuterRef("pk"))))


class LookedUp(Exists):
    """EXISTS that the planner may not turn into a join: asked once for each row, whatever it believes of the rows."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def still_reports(on: date) -> Exists:
    """The condition on rows of a task that it reports on that day, and that whoever looks may see it.

    Of what a body owes the planner cannot know how much it is: joined, it took ten thousand rows for two and compared
    each of them with each task (docs/performance.md).
    """
    return LookedUp(tasks_that_report(on).filter(pk=OuterRef("task")).order_by())


def completions(on: date, known_by: datetime | None = None) -> QuerySet[Report]:
    """Reports of completion accepted by that day; one that was corrected since is none any more."""
    corrected = Report.objects.filter(obligation=OuterRef("obligation"), version__gt=OuterRef("version"))
    corrected = known(corrected, known_by)
    found = Report.objects.filter(
        ~Exists(corrected.filter(submitted_at__lt=end_of(on))),
        claims_completion=True,
        acceptance__verdict=Verdict.ACCEPTED,
        acceptance__decided_at__lt=end_of(on),
    )
    return known(known(found, known_by), known_by, "acceptance__recorded_at")


def completed_at(on: date) -> Subquery:
    """Of a task: the moment at which the first completion that stands on that day was handed in; None without one."""
    return Subquery(completions(on).filter(task=OuterRef("pk")).order_by("submitted_at").values("submitted_at")[:1])


def lock_task(task_id: int) -> Task:
    """The task with its programme, held against everyone else until the end of the transaction.

    Facts cannot be locked by a role that may not change them, so all writing about a task queues at the task itself.
    Raises Task.DoesNotExist, also for one that is not shown to whoever is looking.
    """
    found = _held_task().row(task=task_id)
    if found is None:
        raise Task.DoesNotExist
    values = iter(found)
    task = cast(Task, _TASK.take(values))
    task.programme = cast(Programme, _PROGRAMME.take(values))
    return task


_TASK, _PROGRAMME = WholeRow(Task, "t"), WholeRow(Programme, "p")


@cache
def _held_task() -> Prepared:
    return Prepared(
        "reporting_held_task",
        f"SELECT {_TASK.columns}, {_PROGRAMME.columns} FROM programmes_task t"  # noqa: S608 - our own columns
        " JOIN programmes_programme p ON p.id = t.programme_id WHERE t.id = %(task)s FOR UPDATE OF t",
        {"task": "bigint"},
    )


def task_of(task_id: int) -> Task:
    """The task with its programme, held against nobody."""
    return Task.objects.select_related("programme").get(pk=task_id)


def place_of(obligation: Obligation, task: Task, route: Collection[str] = ()) -> ReportPlace:
    """The organisations around this report; those of its `route` are read only when it has one."""
    owing = bodies_that_answer(obligation)
    return ReportPlace(
        reporting_ids=frozenset(owing),
        reporting_path=tuple(obligation.organisation.path),
        programme_owner_id=task.programme.organisation_id,
        superior_id=obligation.organisation.parent_id,
        verifier_ids=verifiers_of([task.programme_id])[task.programme_id] if Rung.VERIFIER in route else frozenset(),
    )


def bodies_that_answer(obligation: Obligation) -> tuple[int, ...]:
    """Who may give this report: whoever owed it then, and once that body has ended whoever stands in its place."""
    owing = obligation.organisation
    if owing.valid_to is None:
        return (owing.pk,)
    heirs = Succession.objects.filter(predecessor=owing).exists()
    return (owing.pk, *(heir.pk for heir in answering_for(owing, owing.valid_to + ONE_DAY))) if heirs else (owing.pk,)


def verifiers_of(programme_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Per programme the organisations in whose register its documents stand: their verifiers look last."""
    found: dict[int, set[int]] = {pk: set() for pk in programme_ids}
    rows = ProgrammeBasis.objects.filter(programme__in=found).values_list("programme_id", "document__register_id")
    for programme_id, register_id in rows:
        found[programme_id].add(register_id)
    return {pk: frozenset(ids) for pk, ids in found.items()}


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


def heirs_of_ended_leads(on: date) -> dict[int, int]:
    """Leads that no longer exist, each with the one body that answers for it.

    With several heirs no single one leads until a decision says so: the obligation stays where it was.
    """
    ended = Organisation.objects.filter(valid_to__lt=on, led_tasks__is_issued=True).distinct()
    heirs = answering_for_many(ended, on)
    return {pk: found[0].pk for pk, found in heirs.items() if len(found) == 1}


def leads_then(on: date) -> dict[int, int]:
    """Tasks whose lead was changed by a decision after that day, each with the body that led it on that day."""
    changes = (
        TaskChange.objects.filter(field=ChangedField.LEAD, decided_on__gt=on)
        .order_by("task", "decided_on", "pk")
        .distinct("task")
        .values_list("task_id", "old_value")
    )
    names = dict(changes)
    bodies = Organisation.objects.filter(official_name__in=set(names.values())).live(on)
    known = {body.official_name: body.pk for body in bodies}
    former = OrganisationName.objects.filter(official_name__in=set(names.values()) - set(known))
    known |= {row.official_name: row.organisation_id for row in former}
    return {task: known[name] for task, name in names.items() if name in known}


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
