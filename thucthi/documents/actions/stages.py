"""The way of an owed text through the stages of law-making."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents import access
from thucthi.documents.calculations.instruments import Move, clock_end, move_to
from thucthi.documents.models import Document, Instrument, InstrumentStep, Stage, StatutoryClock
from thucthi.documents.selectors.clocks import clock_valid_on
from thucthi.documents.selectors.contents import NewStep
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record


@transaction.atomic
def enter_stage(
    instrument: Instrument, *, by: Viewer, step: NewStep, on: date, after: str | None = None
) -> InstrumentStep:
    """The text entered a stage; `on` is today. The statutory clock valid on the day of entering is frozen here.

    `after` is the stage that was shown ("" for none): Stale when somebody entered another one meanwhile; None does
    not ask. Passing over a stage, or going back before the issue, needs a `note`; issue and force a `reference`.
    """
    row = _locked(by, instrument.pk)
    last = row.steps.order_by("-pk").first()
    if after is not None and after != (last.stage if last else ""):
        raise Stale(_("Văn bản vừa được ghi sang giai đoạn khác. Đề nghị xem lại rồi ghi tiếp nếu vẫn đúng."))
    refuse_if([*_faults_of_day(last, step.entered_on, on), *_faults_of_stage(row, last, step)])
    clock = clock_valid_on(row.type, step.stage, step.entered_on)
    made = InstrumentStep.objects.create(
        instrument=row,
        stage=step.stage,
        entered_on=step.entered_on,
        days_allowed=clock.days if clock else None,
        clock_ends_on=_end(step.entered_on, clock) if clock else None,
        clock_basis=clock.legal_basis if clock else "",
        reference=step.reference.strip(),
        note=step.note.strip(),
        by_id=by.account_id,
        is_simulated=step.is_simulated,
    )
    frozen = {"days_allowed": made.days_allowed, "clock_ends_on": made.clock_ends_on, "clock_basis": made.clock_basis}
    said = {"reference": made.reference, "note": made.note}
    stage = str(step.stage)
    record("instrument.stage_entered", by=by, subject=row, stage=stage, entered_on=step.entered_on, **frozen, **said)
    return made


@transaction.atomic
def link_issued_document(instrument: Instrument, *, by: Viewer, issued: Document) -> Instrument:
    """Say which registered document is the text itself. It must have been issued on the day that was recorded."""
    row = _locked(by, instrument.pk)
    refuse_if(_faults_of_link(by, row, issued))
    row.issued_document = issued
    row.version += 1
    row.save(update_fields=["issued_document", "version"])
    record("instrument.document_linked", by=by, subject=row, document=issued.slug, code=issued.code)
    return row


def _locked(by: Viewer, pk: int) -> Instrument:
    rows = Instrument.objects.select_for_update(of=("self",)).select_related("document__register", "drafter")
    row = rows.get(pk=pk)
    require(
        access.can_follow_instrument(by, row.document.register.path, row.drafter_id),
        _("Chỉ cơ quan soạn thảo hoặc cơ quan giữ sổ của văn bản gốc ghi được tiến độ này."),
    )
    return row


def _end(entered_on: date, clock: StatutoryClock) -> date:
    return clock_end(entered_on, clock.days, working=clock.counting == StatutoryClock.Counting.WORKING)


def _faults_of_stage(row: Instrument, last: InstrumentStep | None, step: NewStep) -> list[Fault]:
    if step.stage not in Stage.values:
        return [Fault("stage", _("Đề nghị chọn giai đoạn trong danh sách."))]
    faults = []
    move = move_to(step.stage, after=last.stage if last else None, type=row.type)
    refused = {
        Move.SAME: _("Văn bản đang ở giai đoạn này rồi."),
        Move.TOO_LATE: _("Văn bản đã ban hành; không ghi lại giai đoạn trước đó."),
        Move.NOT_ISSUED: _("Văn bản chưa ban hành thì chưa có hiệu lực. Đề nghị ghi ngày ban hành trước."),
    }
    if move in refused:
        faults.append(Fault("stage", refused[move]))
    if move in {Move.SKIPPING, Move.BACK} and not step.note.strip():
        faults.append(Fault("note", _("Bỏ qua giai đoạn hoặc quay lại giai đoạn trước thì đề nghị ghi lý do, căn cứ.")))
    if step.stage in {Stage.ISSUED, Stage.IN_FORCE} and not step.reference.strip():
        faults.append(Fault("reference", _("Đề nghị ghi số, ký hiệu của văn bản đã ban hành.")))
    return faults


def _faults_of_day(last: InstrumentStep | None, entered_on: date, on: date) -> list[Fault]:
    if entered_on > on:
        return [Fault("entered_on", _("Chỉ ghi việc đã xảy ra; ngày này còn chưa tới."))]
    if last is not None and entered_on < last.entered_on:
        return [Fault("entered_on", _("Ngày này sớm hơn ngày vào giai đoạn trước. Đề nghị kiểm tra lại."))]
    return []


def _faults_of_link(by: Viewer, row: Instrument, issued: Document) -> list[Fault]:
    if not access.can_see_document(by, is_public=issued.is_public, register_id=issued.register_id):
        return [Fault("document", _("Không tìm thấy văn bản mang mã này. Đề nghị kiểm tra lại."))]
    if row.issued_document_id is not None:
        return [Fault("document", _("Văn bản đã ban hành được ghi trước đó rồi."))]
    if issued.pk == row.document_id:
        return [Fault("document", _("Văn bản gốc không thể tự là văn bản phải ban hành. Đề nghị chọn văn bản khác."))]
    step = row.steps.filter(stage=Stage.ISSUED).order_by("pk").first()
    if step is None:
        return [Fault("document", _("Đề nghị ghi giai đoạn Đã ban hành trước, rồi mới gắn văn bản."))]
    if step.entered_on != issued.issued_on:
        told = {"recorded": f"{step.entered_on:%d/%m/%Y}", "issued": f"{issued.issued_on:%d/%m/%Y}"}
        sentence = _("Ngày ban hành trong sổ là %(issued)s, khác ngày %(recorded)s đã ghi ở giai đoạn Đã ban hành.")
        return [Fault("document", sentence % told)]
    return []
