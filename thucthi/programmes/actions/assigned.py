"""An issued programme grows by a recorded decision: one task, clear by every "rõ", issued at once (D55)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.actions.programmes import _faults_of_clarity
from thucthi.programmes.actions.tasks import _advance, _attach, _columns, _groups, _with_codes
from thucthi.programmes.models import Programme, Task, TaskEvent, TaskEventKind
from thucthi.programmes.selectors import clarity_of_many
from thucthi.programmes.selectors.contents import TaskContent, plain
from thucthi.programmes.selectors.drafts import faults_of_drafts


@transaction.atomic
def assign_task(
    programme: Programme, *, by: Viewer, content: TaskContent, decision: str, decided_on: date, on: date
) -> Task:
    """Add one task to an issued programme and issue it, on the strength of `decision`; all or nothing.

    Raises Forbidden; Refused with every fault, a missing "rõ" named by the task's code.
    """
    programme = Programme.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=programme.pk)
    require(
        access.can_assign_into(by, programme.organisation.path),
        _("Chỉ người đứng đầu cơ quan ban hành chương trình, hoặc cấp trên của cơ quan đó, được giao thêm nhiệm vụ."),
    )
    content = _with_codes(programme, [content])[0]
    refuse_if(
        [
            *_faults_of_decision(programme, decision, decided_on, on),
            *faults_of_drafts(programme, [content], decided_on, named=False),
        ]
    )
    task = Task.objects.create(programme=programme, **_columns(content, _groups(programme), decided_on))
    _attach([(task, content)])
    refuse_if(_faults_of_clarity([task], clarity_of_many([task], on=decided_on)))
    task.is_issued = True
    task.save(update_fields=["is_issued"])
    TaskEvent.objects.create(
        task=task,
        kind=TaskEventKind.ISSUED,
        happened_on=decided_on,
        decision=decision.strip(),
        reason=_("Giao thêm bằng quyết định"),
        by_id=by.account_id,
    )
    _advance(programme)
    record(
        "task.assigned", by=by, subject=task, decision=decision.strip(), decided_on=decided_on, on=on, **plain(content)
    )
    return task


def _faults_of_decision(programme: Programme, decision: str, decided_on: date, on: date) -> list[Fault]:
    faults = []
    if programme.issued_on is None:
        faults.append(Fault("programme", _("Chương trình còn là dự thảo; hãy thêm nhiệm vụ ngay trong dự thảo.")))
    elif decided_on < programme.issued_on:
        faults.append(Fault("decided_on", _("Ngày quyết định không thể trước ngày ban hành chương trình.")))
    if decided_on > on:
        faults.append(Fault("decided_on", _("Ngày quyết định không thể sau hôm nay.")))
    if not decision.strip():
        faults.append(Fault("decision", _("Đề nghị ghi số, ký hiệu văn bản quyết định.")))
    elif len(decision.strip()) > 300:
        faults.append(Fault("decision", _("Nội dung này dài quá %(longest)s chữ. Đề nghị rút gọn.") % {"longest": 300}))
    return faults
