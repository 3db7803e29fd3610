"""A project breaks ground: the second of the three early clocks (D15)."""

from datetime import date
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import Task, TaskEvent, TaskEventKind, TaskKind
from thucthi.programmes.selectors.standing import standing_of


@transaction.atomic
def start_task(task: Task, *, by: Viewer, started_on: date | None, decision: str, on: date) -> TaskEvent:
    """The lead says that the project was started on `started_on`, by which decision; `on` is today."""
    task = Task.objects.select_for_update(of=("self",)).select_related("programme").get(pk=task.pk)
    require(access.can_receive(by, task.lead_id), _("Chỉ cơ quan chủ trì ghi được ngày khởi công, khởi động."))
    refuse_if([*_faults_of_task(task), *_faults(task, started_on, decision, on)])
    event = TaskEvent.objects.create(
        task=task,
        kind=TaskEventKind.STARTED,
        happened_on=cast(date, started_on),
        decision=decision.strip(),
        by_id=by.account_id,
    )
    record("task.started", by=by, subject=task, on=started_on, decision=event.decision)
    return event


def _faults_of_task(task: Task) -> list[Fault]:
    if task.kind != TaskKind.PROJECT:
        return [Fault("", _("Chỉ dự án mới ghi ngày khởi công, khởi động."))]
    if not task.is_issued:
        return [Fault("", _("Nhiệm vụ chưa được ban hành."))]
    standing = standing_of(task)
    if standing.is_closed or standing.is_suspended:
        return [Fault("", _("Nhiệm vụ đang tạm dừng, đã hủy hoặc đã thay thế."))]
    if task.events.filter(kind=TaskEventKind.STARTED).exists():
        return [Fault("", _("Ngày khởi công, khởi động đã được ghi."))]
    return []


def _faults(task: Task, started_on: date | None, decision: str, on: date) -> list[Fault]:
    faults = []
    if started_on is None:
        faults.append(Fault("started_on", _("Đề nghị ghi ngày khởi công, khởi động.")))
    elif started_on > on:
        faults.append(Fault("started_on", _("Chỉ ghi việc đã xảy ra; ngày này còn chưa tới.")))
    elif started_on < (task.programme.issued_on or date.min):
        faults.append(Fault("started_on", _("Ngày khởi công không thể trước ngày ban hành chương trình.")))
    if not decision.strip():
        faults.append(Fault("decision", _("Đề nghị ghi số, ký hiệu quyết định hoặc biên bản khởi công.")))
    return faults
