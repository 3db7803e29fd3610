"""The money of tasks as stated by a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Sum

from thucthi.directory.access import Viewer
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.programmes import access
from thucthi.programmes.calculations import Standing, standing
from thucthi.programmes.calculations.resources import Money, Question, Sums, questions, sums
from thucthi.programmes.models import Funding, FundingKind, Programme, ProgrammeBasis, Task
from thucthi.programmes.selectors.visibility import visible_programmes, visible_tasks


def standing_fundings(as_of: date) -> QuerySet[Funding]:
    """Rows dated by `as_of` that no other row replaces: what was corrected was never true."""
    replaced = Funding.objects.filter(corrects=OuterRef("pk"))
    return Funding.objects.filter(~Exists(replaced), dated_on__lte=as_of)


def money_of(tasks: Collection[Task], as_of: date) -> dict[int, Money]:
    """Every task is a key; one query."""
    found: dict[tuple[int, str], Decimal] = {}
    rows = standing_fundings(as_of).filter(task__in=[task.pk for task in tasks]).values("task_id", "kind").order_by()
    for task_id, kind, total in rows.annotate(total=Sum("amount_vnd_million")).values_list("task_id", "kind", "total"):
        found[task_id, kind] = total
    return {
        task.pk: Money(
            task.money_vnd_million,
            found.get((task.pk, FundingKind.ALLOCATED)),
            found.get((task.pk, FundingKind.DISBURSED)),
        )
        for task in tasks
    }


@dataclass(frozen=True)
class FundingRow:
    funding: Funding
    is_replaced: bool
    may_correct: bool


@dataclass(frozen=True)
class ResourcesPage:
    """The money of one task as of a day; `rows` holds replaced statements too, the oldest first."""

    task: Task
    as_of: date
    money: Money
    questions: tuple[Question, ...]
    rows: tuple[FundingRow, ...]
    standing: Standing
    can_allocate: bool
    can_disburse: bool


def resources_page(viewer: Viewer, task: Task, as_of: date) -> ResourcesPage:
    """`task` comes from `task_for`: whoever calls may see it."""
    fundings = list(task.fundings.select_related("by").order_by("dated_on", "pk"))
    replaced = {row.corrects_id for row in fundings if row.corrects_id}
    money = money_of([task], as_of)[task.pk]
    stands = standing(task.events.order_by("pk").values_list("kind", flat=True))
    is_open = task.is_issued and not stands.is_closed
    may = {
        FundingKind.ALLOCATED.value: is_open and access.can_allocate(viewer, task.programme.organisation_id),
        FundingKind.DISBURSED.value: is_open and access.can_receive(viewer, task.lead_id),
    }
    return ResourcesPage(
        task=task,
        as_of=as_of,
        money=money,
        questions=questions(money),
        rows=tuple(FundingRow(row, row.pk in replaced, may[row.kind] and row.pk not in replaced) for row in fundings),
        standing=stands,
        can_allocate=may[FundingKind.ALLOCATED],
        can_disburse=may[FundingKind.DISBURSED],
    )


@dataclass(frozen=True)
class MoneyOfProgramme:
    programme: Programme
    sums: Sums


@dataclass(frozen=True)
class MoneyOfDocument:
    """A task counts once under each document its programme carries out, so documents do not add up to a whole."""

    document: Document
    sums: Sums
    programmes: tuple[MoneyOfProgramme, ...]


def money_of_documents(viewer: Viewer, as_of: date) -> list[MoneyOfDocument]:
    """Issued tasks the viewer may see, by document and programme; the newest document first."""
    tasks = list(visible_tasks(viewer).filter(is_issued=True).only("programme_id", "money_vnd_million"))
    money = money_of(tasks, as_of)
    by_programme: dict[int, list[Money]] = {}
    for task in tasks:
        by_programme.setdefault(task.programme_id, []).append(money[task.pk])
    programmes = visible_programmes(viewer).filter(issued_on__isnull=False).select_related("organisation")
    found = {row.pk: row for row in programmes}
    carried: dict[int, list[int]] = {}
    for document_id, pk in ProgrammeBasis.objects.filter(programme__in=found).values_list(
        "document_id", "programme_id"
    ):
        carried.setdefault(document_id, []).append(pk)
    return [
        _of_document(document, [found[pk] for pk in carried[document.pk]], by_programme)
        for document in visible_documents(viewer).filter(pk__in=carried)
    ]


def _of_document(
    document: Document, programmes: list[Programme], by_programme: dict[int, list[Money]]
) -> MoneyOfDocument:
    rows = [MoneyOfProgramme(each, sums(by_programme.get(each.pk, []))) for each in programmes]
    whole = sums(money for each in programmes for money in by_programme.get(each.pk, []))
    return MoneyOfDocument(document, whole, tuple(sorted(rows, key=lambda row: row.programme.code)))
