"""Money given to a task and money spent on it (D15, D63). Facts: a mistake is corrected by another row."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import Funding, FundingKind, Task
from thucthi.programmes.selectors.standing import standing_of

MOST_DIGITS = Decimal(10) ** 14


@dataclass(frozen=True)
class NewFunding:
    """`amount` in million đồng, 0 is a confirmed zero, None was not readable; `reference` is the paper that says so."""

    amount: Decimal | None
    dated_on: date | None
    reference: str
    is_simulated: bool = False


@transaction.atomic
def allocate_funding(task: Task, *, by: Viewer, new: NewFunding, on: date) -> Funding:
    """The owner of the programme gives money to a task. More than needed is a question, not a fault."""
    task = _locked_task(task.pk)
    _require_allocation(task, by)
    refuse_if([*_faults_of_task(task), *_faults(new, on)])
    funding = _insert(task, FundingKind.ALLOCATED, by, new, None)
    record("funding.allocated", by=by, subject=task, **_plain(funding))
    return funding


@transaction.atomic
def state_disbursement(task: Task, *, by: Viewer, new: NewFunding, on: date) -> Funding:
    """The lead says what was paid out. More than allocated is a question, not a fault."""
    task = _locked_task(task.pk)
    _require_disbursement(task, by)
    refuse_if([*_faults_of_task(task), *_faults(new, on)])
    funding = _insert(task, FundingKind.DISBURSED, by, new, None)
    record("funding.disbursed", by=by, subject=task, **_plain(funding))
    return funding


@transaction.atomic
def correct_funding(funding: Funding, *, by: Viewer, new: NewFunding, on: date) -> Funding:
    """Replace one statement by another; the wrong one stays readable. Raises Stale when it was replaced meanwhile.

    The new row carries the day of the deed (`dated_on`), which may be the same day as before.
    """
    task = _locked_task(funding.task_id)
    if funding.kind == FundingKind.ALLOCATED:
        _require_allocation(task, by)
    else:
        _require_disbursement(task, by)
    if Funding.objects.filter(corrects=funding).exists():
        raise Stale(_("Dòng này vừa được người khác đính chính. Đề nghị xem số mới."))
    refuse_if([*_faults_of_task(task), *_faults(new, on)])
    made = _insert(task, funding.kind, by, new, funding)
    record("funding.corrected", by=by, subject=task, corrects=funding.pk, before=_plain(funding), after=_plain(made))
    return made


def _locked_task(pk: int) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pk)


def _require_allocation(task: Task, by: Viewer) -> None:
    require(
        access.can_allocate(by, task.programme.organisation_id),
        _("Chỉ cơ quan ban hành chương trình ghi được vốn bố trí cho nhiệm vụ."),
    )


def _require_disbursement(task: Task, by: Viewer) -> None:
    require(access.can_receive(by, task.lead_id), _("Chỉ cơ quan chủ trì ghi được vốn đã giải ngân của nhiệm vụ này."))


def _insert(task: Task, kind: str, by: Viewer, new: NewFunding, corrects: Funding | None) -> Funding:
    return Funding.objects.create(
        task=task,
        kind=kind,
        amount_vnd_million=cast(Decimal, new.amount),
        dated_on=cast(date, new.dated_on),
        reference=new.reference.strip(),
        corrects=corrects,
        by_id=by.account_id,
        is_simulated=new.is_simulated,
    )


def _plain(funding: Funding) -> dict[str, object]:
    return {
        "kind": str(funding.kind),
        "amount_vnd_million": str(funding.amount_vnd_million),
        "dated_on": funding.dated_on,
        "reference": funding.reference,
    }


def _faults_of_task(task: Task) -> list[Fault]:
    if not task.is_issued:
        return [Fault("", _("Nhiệm vụ chưa được ban hành."))]
    if standing_of(task).is_closed:
        return [Fault("", _("Nhiệm vụ đã hủy hoặc đã thay thế."))]
    return []


def _faults(new: NewFunding, on: date) -> list[Fault]:
    faults = []
    if new.amount is None or new.amount < 0 or new.amount >= MOST_DIGITS:
        faults.append(Fault("amount", _("Đề nghị ghi số tiền bằng triệu đồng, từ 0 trở lên.")))
    elif new.amount != round(new.amount, 2):
        faults.append(Fault("amount", _("Đề nghị ghi không quá hai chữ số sau dấu phẩy.")))
    if new.dated_on is None:
        faults.append(Fault("dated_on", _("Đề nghị ghi ngày của quyết định hoặc của chứng từ.")))
    elif new.dated_on > on:
        faults.append(Fault("dated_on", _("Chỉ ghi việc đã xảy ra; ngày này còn chưa tới.")))
    if not new.reference.strip():
        faults.append(Fault("reference", _("Đề nghị ghi số, ký hiệu quyết định hoặc chứng từ.")))
    return faults
