"""Which owed texts a task is to bring into force. Before the issue editors say so, afterwards a decision does."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.access import can_see_document
from thucthi.documents.models import Instrument
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import Task, TaskInstrument
from thucthi.programmes.selectors.dependencies import circle_of_owing, hold_the_graph
from thucthi.programmes.selectors.standing import standing_of


@dataclass(frozen=True)
class Decided:
    """The paper that changed an issued task, and why; both "" for a draft."""

    decision: str = ""
    reason: str = ""


DRAFTED = Decided()


@transaction.atomic
def link_task_instrument(
    task: Task, instrument: Instrument, *, by: Viewer, decided: Decided = DRAFTED
) -> TaskInstrument:
    """The task is to bring `instrument` into force and cannot be done before."""
    task = _locked_task(by, task.pk)
    faults = [*_faults_of_task(task, decided), *_faults_of_instrument(by, instrument)]
    if TaskInstrument.objects.filter(task=task, instrument=instrument).exists():
        faults.append(Fault("instrument", _("Nhiệm vụ đã gắn với văn bản này.")))
    hold_the_graph()
    if circle := circle_of_owing(by, task, instrument):
        sentence = _("Các việc sẽ chờ nhau thành vòng: %(circle)s. Đề nghị bỏ một quan hệ trong vòng này trước.")
        faults.append(Fault("instrument", sentence % {"circle": circle}))
    refuse_if(faults)
    link = TaskInstrument.objects.create(task=task, instrument=instrument)
    record("task.instrument_linked", by=by, subject=task, instrument=instrument.code, **vars(decided))
    return link


@transaction.atomic
def unlink_task_instrument(task: Task, instrument: Instrument, *, by: Viewer, decided: Decided = DRAFTED) -> None:
    """The task no longer answers for `instrument`; the ledger keeps that it did."""
    task = _locked_task(by, task.pk)
    faults = _faults_of_task(task, decided)
    links = TaskInstrument.objects.filter(task=task, instrument=instrument)
    if not links.exists():
        faults.append(Fault("instrument", _("Nhiệm vụ không gắn với văn bản này.")))
    refuse_if(faults)
    links.delete()
    record("task.instrument_unlinked", by=by, subject=task, instrument=instrument.code, **vars(decided))


def _locked_task(by: Viewer, pk: int) -> Task:
    task = Task.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pk)
    owner = task.programme.organisation_id
    if task.is_issued:
        require(
            access.can_decide_for(by, owner),
            _("Chỉ người đứng đầu cơ quan ban hành chương trình được quyết định việc này."),
        )
    else:
        require(
            access.can_draft_for(by, owner) or access.can_decide_for(by, owner),
            _("Chỉ người soạn chương trình của cơ quan ban hành sửa được dự thảo."),
        )
    return task


def _faults_of_task(task: Task, decided: Decided) -> list[Fault]:
    if not task.is_issued:
        return []
    faults = []
    if standing_of(task).is_closed:
        faults.append(Fault("", _("Nhiệm vụ đã hủy hoặc đã thay thế.")))
    if not decided.decision.strip():
        faults.append(Fault("decision", _("Đề nghị ghi số, ký hiệu văn bản quyết định.")))
    if not decided.reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi lý do.")))
    return faults


def _faults_of_instrument(by: Viewer, instrument: Instrument) -> list[Fault]:
    document = instrument.document
    if not can_see_document(by, is_public=document.is_public, register_id=document.register_id):
        return [Fault("instrument", _("Không tìm thấy văn bản mang mã này. Đề nghị kiểm tra lại."))]
    return []
