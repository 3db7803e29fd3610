"""A draft that contradicts or repeats another text: somebody says so, the drafter answers."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents import access
from thucthi.documents.models import ConflictAnswer, Document, Instrument, InstrumentConflict
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record


@transaction.atomic
def state_conflict(
    instrument: Instrument,
    *,
    by: Viewer,
    organisation: Organisation,
    text: str,
    on: date,
    other_document: Document | None = None,
    other_instrument: Instrument | None = None,
) -> InstrumentConflict:
    """Say, for `organisation`, what in the text contradicts or repeats which other text. A fact."""
    row = Instrument.objects.select_for_update(of=("self",)).select_related("document").get(pk=instrument.pk)
    require(
        access.can_state_conflict(by, organisation.pk),
        _("Ông/bà chỉ nêu được mâu thuẫn thay mặt cơ quan mình."),
    )
    refuse_if(_faults(by, row, text, other_document, other_instrument))
    conflict = InstrumentConflict.objects.create(
        instrument=row,
        other_document=other_document,
        other_instrument=other_instrument,
        text=text.strip(),
        organisation=organisation,
        by_id=by.account_id,
        stated_on=on,
    )
    record(
        "instrument.conflict_stated",
        by=by,
        subject=row,
        text=conflict.text,
        organisation=organisation.code,
        other_document=other_document.slug if other_document else None,
        other_instrument=other_instrument.code if other_instrument else None,
        on=on,
    )
    return conflict


@transaction.atomic
def answer_conflict(conflict: InstrumentConflict, *, by: Viewer, text: str, on: date) -> ConflictAnswer:
    """What the drafter did about it; it ends the conflict. Raises Stale when it was answered meanwhile."""
    row = Instrument.objects.select_for_update(of=("self",)).get(pk=conflict.instrument_id)
    require(access.can_answer_conflict(by, row.drafter_id), _("Chỉ cơ quan soạn thảo trả lời được mâu thuẫn đã nêu."))
    if ConflictAnswer.objects.filter(conflict=conflict).exists():
        raise Stale(_("Mâu thuẫn này vừa được người khác trả lời."))
    faults = [] if text.strip() else [Fault("text", _("Đề nghị ghi đã xử lý mâu thuẫn như thế nào."))]
    if on < conflict.stated_on:
        faults.append(Fault("on", _("Ngày trả lời không thể trước ngày nêu.")))
    refuse_if(faults)
    answer = ConflictAnswer.objects.create(conflict=conflict, text=text.strip(), by_id=by.account_id, answered_on=on)
    record("instrument.conflict_answered", by=by, subject=row, conflict=conflict.pk, text=answer.text, on=on)
    return answer


def _faults(
    by: Viewer, row: Instrument, text: str, document: Document | None, instrument: Instrument | None
) -> list[Fault]:
    faults = []
    other = document or (instrument.document if instrument else row.document)
    if not text.strip():
        faults.append(Fault("text", _("Đề nghị ghi chỗ nào mâu thuẫn hoặc chồng chéo.")))
    if (document is None) == (instrument is None):
        faults.append(
            Fault("other", _("Đề nghị chỉ đúng một văn bản kia: mã văn bản trong sổ, hoặc mã văn bản phải ban hành."))
        )
    elif not access.can_see_document(by, is_public=other.is_public, register_id=other.register_id):
        faults.append(Fault("other", _("Không tìm thấy văn bản mang mã này. Đề nghị kiểm tra lại.")))
    if instrument is not None and instrument.pk == row.pk:
        faults.append(Fault("other", _("Văn bản không thể mâu thuẫn với chính nó. Đề nghị chọn văn bản khác.")))
    return faults
