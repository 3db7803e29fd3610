"""The money of tasks as stated by a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Sum

from thucthi.directory.access import Viewer
from thucthi.programmes import access
from thucthi.programmes.calculations import Standing, standing
from thucthi.programmes.calculations.resources import Money, Question, questions
from thucthi.programmes.models import Funding, FundingKind, Task


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
