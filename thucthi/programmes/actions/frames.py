"""Control frames: exactly one per document; checkpoints move by a recorded decision and never go (D26–D29)."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.models import Document
from thucthi.kernel.errors import Fault, Refused, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import (
    Checkpoint,
    CheckpointMove,
    ControlFrame,
    FrameResponsibility,
    Goal,
    GoalKind,
)
from thucthi.programmes.selectors.codes import fault_of_code
from thucthi.programmes.selectors.contents import NewFrame


@transaction.atomic
def create_frame(document: Document, *, by: Viewer, new: NewFrame) -> ControlFrame:
    """Set up the control frame of a document: goals, checkpoints, who answers, what it brings."""
    require(
        access.can_keep_frame_of(by, document.register.path),
        _("Chỉ cơ quan thường trực nơi đăng ký văn bản được lập khung kiểm soát thực thi."),
    )
    refuse_if(
        [*_faults_of_benefits(new), *_faults_of_nodes(new), *_faults_of_goals(document, new), *_faults_of_dates(new)]
    )
    frame = _insert(document, new)
    _fill(frame, new)
    record(
        "frame.created",
        by=by,
        subject=frame,
        document=document.slug,
        goals=[goal.code for goal in new.goals],
        checkpoints=[[row.code, row.due_on] for row in new.checkpoints],
        responsibilities=[[row.node, row.committee.code, row.head.title] for row in new.responsibilities],
    )
    return frame


@transaction.atomic
def move_checkpoint(
    checkpoint: Checkpoint, *, by: Viewer, new_due_on: date, decision: str, decided_on: date, reason: str
) -> CheckpointMove:
    """Move a mandatory checkpoint; the old day stays readable."""
    checkpoint = (
        Checkpoint.objects.select_for_update(of=("self",))
        .select_related("frame__document__register")
        .get(pk=checkpoint.pk)
    )
    require(
        access.can_keep_frame_of(by, checkpoint.frame.document.register.path),
        _("Chỉ cơ quan thường trực nơi đăng ký văn bản được dời mốc kiểm tra."),
    )
    refuse_if(_faults_of_move(checkpoint, new_due_on, decision, decided_on, reason))
    move = CheckpointMove.objects.create(
        checkpoint=checkpoint,
        old_due_on=checkpoint.due_on,
        new_due_on=new_due_on,
        decision=decision.strip(),
        decided_on=decided_on,
        reason=reason.strip(),
        decided_by_id=by.account_id,
    )
    checkpoint.due_on = new_due_on
    checkpoint.save(update_fields=["due_on"])
    record(
        "checkpoint.moved",
        by=by,
        subject=checkpoint,
        old=move.old_due_on,
        new=new_due_on,
        decision=move.decision,
        decided_on=decided_on,
        reason=move.reason,
    )
    return move


def _fill(frame: ControlFrame, new: NewFrame) -> None:
    FrameResponsibility.objects.bulk_create(
        FrameResponsibility(frame=frame, node=row.node.strip(), committee=row.committee, head=row.head)
        for row in new.responsibilities
    )
    Goal.objects.bulk_create(
        Goal(
            frame=frame,
            code=goal.code,
            kind=GoalKind.QUALITATIVE if goal.rubric else GoalKind.INDICATOR,
            text=goal.text.strip(),
            rubric=list(goal.rubric),
            clause=goal.clause,
        )
        for goal in new.goals
    )
    Checkpoint.objects.bulk_create(
        Checkpoint(
            frame=frame,
            code=row.code,
            text=row.text.strip(),
            due_on=row.due_on,
            evidence_required=row.evidence_required.strip(),
            examiner=row.examiner,
        )
        for row in new.checkpoints
    )


def _insert(document: Document, new: NewFrame) -> ControlFrame:
    """The one-to-one constraint has the last word when two people set up the same frame at once."""
    try:
        with transaction.atomic():
            return ControlFrame.objects.create(
                document=document,
                benefit_country=new.benefit_country.strip(),
                benefit_people=new.benefit_people.strip(),
                benefit_future=new.benefit_future.strip(),
            )
    except IntegrityError as error:
        raise Refused([Fault("", _("Văn bản này đã có khung kiểm soát thực thi."))]) from error


def _faults_of_benefits(new: NewFrame) -> list[Fault]:
    asked = {
        "benefit_country": _("Đề nghị ghi lợi ích mang lại cho đất nước."),
        "benefit_people": _("Đề nghị ghi lợi ích mang lại cho nhân dân."),
        "benefit_future": _("Đề nghị ghi lợi ích mang lại cho tương lai."),
    }
    return [Fault(field, sentence) for field, sentence in asked.items() if not getattr(new, field).strip()]


def _faults_of_nodes(new: NewFrame) -> list[Fault]:
    faults = []
    if not new.responsibilities:
        faults.append(Fault("responsibilities", _("Đề nghị ghi cấp ủy và người đứng đầu chịu trách nhiệm.")))
    if any(row.head.organisation_id != row.committee.pk for row in new.responsibilities):
        faults.append(Fault("responsibilities", _("Người đứng đầu phải là chức danh của chính cấp ủy được giao.")))
    nodes = [row.node.strip() for row in new.responsibilities]
    if "" in nodes or len(set(nodes)) != len(nodes):
        faults.append(Fault("responsibilities", _("Mỗi phần việc cần một tên riêng và chỉ một nơi chịu trách nhiệm.")))
    return faults


def _faults_of_goals(document: Document, new: NewFrame) -> list[Fault]:
    faults = []
    if not new.goals:
        faults.append(Fault("goals", _("Đề nghị ghi ít nhất một mục tiêu cuối cùng.")))
    codes = [goal.code for goal in new.goals]
    if len(set(codes)) != len(codes):
        faults.append(Fault("goals", _("Mỗi mục tiêu cần một mã riêng.")))
    for goal in new.goals:
        faults += fault_of_code(goal.code, Goal.objects.all(), "goals")
        if not goal.text.strip():
            faults.append(Fault("goals", _("Đề nghị ghi nội dung của từng mục tiêu.")))
        if goal.clause and goal.clause.document_id != document.pk:
            faults.append(Fault("goals", _("Mục tiêu phải viện dẫn điều khoản của chính văn bản này.")))
    return faults


def _faults_of_dates(new: NewFrame) -> list[Fault]:
    faults = []
    if not new.checkpoints:
        faults.append(Fault("checkpoints", _("Đề nghị ghi ít nhất một mốc kiểm tra bắt buộc.")))
    codes = [row.code for row in new.checkpoints]
    if len(set(codes)) != len(codes):
        faults.append(Fault("checkpoints", _("Mỗi mốc kiểm tra cần một mã riêng.")))
    for row in new.checkpoints:
        faults += fault_of_code(row.code, Checkpoint.objects.all(), "checkpoints")
        if not row.text.strip() or not row.evidence_required.strip():
            faults.append(Fault("checkpoints", _("Mỗi mốc kiểm tra cần ghi việc phải xong và minh chứng phải có.")))
    return faults


def _faults_of_move(
    checkpoint: Checkpoint, new_due_on: date, decision: str, decided_on: date, reason: str
) -> list[Fault]:
    faults = []
    if new_due_on == checkpoint.due_on:
        faults.append(Fault("new_due_on", _("Ngày mới giống ngày hiện hành. Đề nghị ghi ngày khác.")))
    if new_due_on < decided_on:
        faults.append(Fault("new_due_on", _("Không dời mốc về trước ngày quyết định.")))
    if not decision.strip():
        faults.append(Fault("decision", _("Đề nghị ghi số, ký hiệu văn bản quyết định.")))
    if not reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi lý do dời mốc.")))
    return faults
