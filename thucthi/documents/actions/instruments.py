"""The texts that a document still owes: registering them, and changing what is said of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents import access
from thucthi.documents.models import Document, Instrument
from thucthi.documents.selectors.contents import (
    InstrumentContent,
    content_of_instrument,
    due_on_of,
    is_known_type,
    plain_content,
    read_deadline,
)
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record


@transaction.atomic
def owe_instrument(document: Document, *, by: Viewer, content: InstrumentContent, on: date) -> Instrument:
    """Register one text that `document` owes. Raises Forbidden outside one's own register, Refused with all faults."""
    document = _locked_document(by, document.pk)
    content = _with_codes(document, [content])[0]
    refuse_if([*_faults(document, content, on), *_faults_of_code(content.code, "code")])
    instrument = Instrument.objects.create(document=document, code=content.code, **_columns(document, content))
    record("instrument.owed", by=by, subject=instrument, document=document.slug, **plain_content(content))
    return instrument


@transaction.atomic
def owe_instruments(
    document: Document, *, by: Viewer, contents: Sequence[InstrumentContent], on: date
) -> list[Instrument]:
    """Register many at once, all or none. Faults are named `<place in the list, from 1>.<field>`."""
    document = _locked_document(by, document.pk)
    contents = _with_codes(document, contents)
    faults = [
        Fault(f"{place}.{fault.field}", fault.text)
        for place, content in enumerate(contents, start=1)
        for fault in (*_faults(document, content, on), *_faults_of_code(content.code, "code"))
    ]
    codes = [content.code for content in contents]
    faults += [
        Fault(f"{place}.code", _("Mã này ghi hai lần trong danh sách. Đề nghị chọn mã khác."))
        for place, code in enumerate(codes, start=1)
        if codes.index(code) < place - 1
    ]
    refuse_if(faults)
    made = Instrument.objects.bulk_create(
        Instrument(document=document, code=content.code, **_columns(document, content)) for content in contents
    )
    plain = [plain_content(content) for content in contents]
    record("instruments.owed", by=by, subject=document, document=document.slug, instruments=plain)
    return made


@transaction.atomic
def edit_instrument(
    instrument: Instrument, *, by: Viewer, content: InstrumentContent, version: int, on: date, decision: str = ""
) -> Instrument:
    """Change what is said of an owed text that still stands at `version`; the code stays, the old words stay readable.

    Another deadline, drafter or type needs the `decision` that says so (P1). Raises Stale when somebody saved first.
    """
    document = _locked_document(by, instrument.document_id)
    row = Instrument.objects.select_for_update(of=("self",)).select_related("drafter", "clause").get(pk=instrument.pk)
    before = content_of_instrument(row)
    content = replace(content, code=row.code, is_simulated=row.is_simulated)
    if version != row.version:
        raise Stale(
            _("Văn bản này vừa được người khác sửa. Nội dung ông/bà nhập vẫn còn; đề nghị đối chiếu rồi lưu lại."),
            current=before,
            submitted=content,
        )
    refuse_if([*_faults(document, content, on), *_faults_of_change(before, content, decision)])
    for name, value in _columns(document, content).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    record(
        "instrument.edited",
        by=by,
        subject=row,
        on=on,
        decision=decision.strip(),
        before=plain_content(before),
        after=plain_content(content),
    )
    return row


def _locked_document(by: Viewer, pk: int) -> Document:
    """The queue of everybody who numbers the texts a document owes."""
    document = Document.objects.select_for_update(of=("self",)).select_related("register").get(pk=pk)
    require(
        access.can_keep_in(by, document.register.path),
        _("Chỉ cơ quan giữ sổ của văn bản ghi được văn bản còn phải ban hành."),
    )
    return document


def _with_codes(document: Document, contents: Sequence[InstrumentContent]) -> list[InstrumentContent]:
    """Give `<slug>-vb-<nn>` to whoever has no code."""
    taken = {*document.owed_instruments.values_list("code", flat=True), *(content.code for content in contents)}
    coded, number = [], 1
    for content in contents:
        while not content.code and f"{document.slug[:50]}-vb-{number:02}" in taken:
            number += 1
        code = content.code or f"{document.slug[:50]}-vb-{number:02}"
        taken.add(code)
        coded.append(replace(content, code=code))
    return coded


def _columns(document: Document, content: InstrumentContent) -> dict[str, Any]:
    return {
        "clause": content.clause,
        "type": content.type,
        "title": content.title.strip(),
        "drafter": content.drafter,
        "due_on": due_on_of(document, content.deadline_raw),
        "deadline_raw": content.deadline_raw.strip(),
        "legal_basis": content.legal_basis.strip(),
        "compliance_cost": content.compliance_cost.strip(),
        "new_procedures": content.new_procedures,
        "is_simulated": content.is_simulated,
    }


def _faults(document: Document, content: InstrumentContent, on: date) -> list[Fault]:
    faults = []
    if not is_known_type(content.type):
        faults.append(Fault("type", _("Đề nghị chọn loại văn bản trong danh sách.")))
    if not content.title.strip():
        faults.append(Fault("title", _("Đề nghị ghi tên văn bản phải ban hành.")))
    if content.drafter.valid_to is not None and content.drafter.valid_to < on:
        faults.append(Fault("drafter", _("Cơ quan soạn thảo đã kết thúc hoạt động. Đề nghị chọn cơ quan tiếp nhận.")))
    if content.clause is not None and content.clause.document_id != document.pk:
        faults.append(Fault("clause", _("Điều khoản này thuộc văn bản khác. Đề nghị chọn điều khoản của văn bản này.")))
    if read_deadline(document, content.deadline_raw).is_unreadable:
        faults.append(
            Fault("deadline_raw", _("Chưa hiểu được thời hạn. Đề nghị ghi ngày, tháng, quý, năm hoặc sự kiện."))
        )
    return faults


def _faults_of_code(code: str, field: str) -> list[Fault]:
    if Instrument.objects.filter(code=code).exists():
        return [Fault(field, _("Mã này đã dùng cho văn bản khác. Đề nghị chọn mã khác."))]
    return []


def _faults_of_change(before: InstrumentContent, after: InstrumentContent, decision: str) -> list[Fault]:
    moved = (before.type, before.deadline_raw, before.drafter.pk) != (
        after.type,
        after.deadline_raw.strip(),
        after.drafter.pk,
    )
    if moved and not decision.strip():
        sentence = _("Đổi loại, thời hạn hoặc cơ quan soạn thảo thì đề nghị ghi văn bản quyết định việc đó.")
        return [Fault("decision", sentence)]
    return []
