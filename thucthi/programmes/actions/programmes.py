"""Programmes: drawing one up and issuing it through the clarity gate."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.access import can_see_document
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.calculations import PROFILES, Criterion, Finding, Verdict
from thucthi.programmes.models import (
    ClarityException,
    Programme,
    ProgrammeBasis,
    Task,
    TaskEvent,
    TaskEventKind,
    TaskGroup,
)
from thucthi.programmes.selectors import clarity_of_many, exceptions_of, said
from thucthi.programmes.selectors.codes import fault_of_code
from thucthi.programmes.selectors.contents import NewProgramme


@transaction.atomic
def create_programme(*, by: Viewer, new: NewProgramme) -> Programme:
    """Open the draft of a programme with its groups. Raises Refused with all faults."""
    require(access.can_draft_for(by, new.organisation.pk), _("Ông/bà chỉ soạn được chương trình của cơ quan mình."))
    refuse_if(_faults_of_programme(by, new))
    programme = _insert(new)
    ProgrammeBasis.objects.bulk_create(
        ProgrammeBasis(programme=programme, document=document) for document in dict.fromkeys(new.documents)
    )
    TaskGroup.objects.bulk_create(
        TaskGroup(programme=programme, title=title.strip(), position=position)
        for position, title in enumerate(new.groups, start=1)
    )
    record(
        "programme.created",
        by=by,
        subject=programme,
        code=new.code,
        organisation=new.organisation.code,
        profile=str(new.profile),
        documents=[document.slug for document in new.documents],
    )
    return programme


@transaction.atomic
def grant_clarity_exception(task: Task, *, by: Viewer, criterion: str, reason: str, on: date) -> ClarityException:
    """The head lets one missing "rõ" of a draft task pass; the reason is public (D16)."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=task.programme_id)
    require(
        access.can_decide_for(by, programme.organisation_id),
        _("Chỉ người đứng đầu cơ quan ban hành chương trình được cho phép ngoại lệ."),
    )
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    refuse_if(_faults_of_exception(task, criterion, reason, on))
    granted = ClarityException.objects.create(
        task=task,
        criterion=Criterion(criterion).value,
        reason=reason.strip(),
        granted_by_id=by.account_id,
        granted_on=on,
    )
    record("clarity_exception.granted", by=by, subject=task, criterion=granted.criterion, reason=granted.reason, on=on)
    return granted


@transaction.atomic
def issue_programme(
    programme: Programme, *, by: Viewer, issued_on: date, issued_as: str, version: int | None = None
) -> Programme:
    """Issue the programme and all its tasks, or nothing: refuses with one fault per missing "rõ", named by task code.

    With `version`, raises Stale when somebody changed the programme's tasks since.
    """
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    require(
        access.can_decide_for(by, programme.organisation_id),
        _("Chỉ người đứng đầu cơ quan ban hành được ban hành chương trình."),
    )
    if version is not None and version != programme.version:
        raise Stale(_("Chương trình vừa được người khác sửa. Đề nghị xem lại trước khi ban hành."))
    tasks = list(programme.tasks.select_for_update(of=("self",)).order_by("code"))
    findings = clarity_of_many(tasks, on=issued_on)
    refuse_if([*_faults_before_issue(programme, tasks, issued_as), *_faults_of_clarity(tasks, findings)])
    programme.issued_on = issued_on
    programme.issued_as = issued_as.strip()
    programme.version += 1
    programme.save(update_fields=["issued_on", "issued_as", "version"])
    programme.tasks.update(is_issued=True)
    TaskEvent.objects.bulk_create(
        TaskEvent(task=task, kind=TaskEventKind.ISSUED, happened_on=issued_on, decision=issued_as, by_id=by.account_id)
        for task in tasks
    )
    record(
        "programme.issued",
        by=by,
        subject=programme,
        issued_on=issued_on,
        issued_as=programme.issued_as,
        tasks=[task.code for task in tasks],
    )
    return programme


def _insert(new: NewProgramme) -> Programme:
    try:
        with transaction.atomic():
            return Programme.objects.create(
                code=new.code,
                organisation=new.organisation,
                title=new.title.strip(),
                profile=new.profile,
                rhythm=new.rhythm,
                head=new.head,
                authority_basis=new.authority_basis.strip(),
                resource_source=new.resource_source.strip(),
            )
    except IntegrityError as error:
        raise Refused([Fault("code", _("Mã này đã dùng. Đề nghị chọn mã khác."))]) from error


def _faults_of_programme(by: Viewer, new: NewProgramme) -> list[Fault]:
    faults = fault_of_code(new.code, Programme.objects.all())
    if not new.title.strip():
        faults.append(Fault("title", _("Đề nghị ghi tên chương trình.")))
    if new.profile not in Programme.Profile.values:
        faults.append(Fault("profile", _("Đề nghị chọn bộ tiêu chí rõ trong danh sách.")))
    if new.rhythm not in Programme.Rhythm.values:
        faults.append(Fault("rhythm", _("Đề nghị chọn nhịp báo cáo trong danh sách.")))
    faults += _faults_of_bases(by, new)
    if new.head is not None and new.head.organisation_id != new.organisation.pk:
        faults.append(Fault("head", _("Người đứng đầu phải là chức danh của chính cơ quan ban hành.")))
    titles = [title.strip() for title in new.groups]
    if "" in titles or len(set(titles)) != len(titles):
        faults.append(Fault("groups", _("Mỗi nhóm nhiệm vụ cần một tên riêng, không để trống, không trùng nhau.")))
    return faults


def _faults_of_bases(by: Viewer, new: NewProgramme) -> list[Fault]:
    if not new.documents:
        return [Fault("documents", _("Đề nghị chọn ít nhất một văn bản mà chương trình thực hiện."))]
    hidden = [
        document
        for document in new.documents
        if not can_see_document(by, is_public=document.is_public, register_id=document.register_id)
    ]
    return [Fault("documents", _("Không tìm thấy văn bản đã chọn. Đề nghị chọn lại."))] if hidden else []


def _faults_of_exception(task: Task, criterion: str, reason: str, on: date) -> list[Fault]:
    faults = []
    profile = PROFILES[task.programme.profile]
    if task.is_issued:
        faults.append(Fault("", _("Nhiệm vụ đã ban hành, không còn cần ngoại lệ.")))
    if criterion not in [known.value for known in profile.criteria]:
        faults.append(Fault("criterion", _("Đề nghị chọn tiêu chí rõ trong bộ tiêu chí của chương trình.")))
    elif criterion == Criterion.PERSON and task.lead_id is None:
        faults.append(
            Fault(
                "criterion",
                _("Không có ngoại lệ cho nhiệm vụ chưa có một cơ quan chủ trì. Đề nghị chọn cơ quan chủ trì."),
            )
        )
    elif not faults and not _is_missing(task, criterion, on):
        faults.append(Fault("criterion", _("Tiêu chí này không thiếu nên không cần ngoại lệ.")))
    if not reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi lý do; lý do sẽ được công khai.")))
    if ClarityException.objects.filter(task=task, criterion=criterion).exists():
        faults.append(Fault("criterion", _("Ngoại lệ này đã được cho phép.")))
    return faults


def _is_missing(task: Task, criterion: str, on: date) -> bool:
    findings = clarity_of_many([task], on=on)[task.pk]
    return any(found.criterion == criterion and found.verdict == Verdict.MISSING for found in findings)


def _faults_before_issue(programme: Programme, tasks: Sequence[Task], issued_as: str) -> list[Fault]:
    faults = []
    if programme.is_issued:
        faults.append(Fault("", _("Chương trình đã được ban hành.")))
    if not issued_as.strip():
        faults.append(Fault("issued_as", _("Đề nghị ghi số, ký hiệu văn bản ban hành chương trình.")))
    if not tasks:
        faults.append(Fault("", _("Chương trình chưa có nhiệm vụ nào. Đề nghị bổ sung trước khi ban hành.")))
    return faults


def _faults_of_clarity(tasks: Sequence[Task], findings: dict[int, tuple[Finding, ...]]) -> list[Fault]:
    excepted = exceptions_of(tasks)
    faults = []
    for task in tasks:
        for found in findings[task.pk]:
            is_excepted = (task.pk, found.criterion.value) in excepted and task.lead_id is not None
            if found.verdict == Verdict.MISSING and not is_excepted:
                faults.append(Fault(task.code, f"{task.code} – {_(found.name)}: {said(found)}"))
    return faults
