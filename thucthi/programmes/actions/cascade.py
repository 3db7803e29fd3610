"""Who must issue a programme of its own under a document, by when; lifted only with a reason (D36, D68)."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import CascadeDuty

LONGEST_BASIS = 300
LONGEST_REASON = 500
NAMED = 5


@transaction.atomic
def oblige_programmes(
    document: Document, *, by: Viewer, organisations: Sequence[Organisation], due_on: date | None, basis: str
) -> list[CascadeDuty]:
    """Charge each of these bodies with issuing its own programme under the document; one entry for all of them.

    Raises Forbidden, Refused (all faults at once; nobody is charged when one cannot be), Stale when somebody else
    charged one of them meanwhile.
    """
    _require_keeping(by, document)
    faults = [*_faults_of_bodies(document, organisations, due_on), *_faults_of_words(document, due_on, basis)]
    if faults or due_on is None:
        raise Refused(faults)
    duties = [
        CascadeDuty(document=document, organisation=body, due_on=due_on, basis=basis.strip(), by_id=by.account_id)
        for body in organisations
    ]
    try:
        with transaction.atomic():
            made = CascadeDuty.objects.bulk_create(duties)
    except IntegrityError as error:
        sentence = _("Một trong các cơ quan vừa được người khác giao; đề nghị mở lại danh sách.")
        raise Stale(sentence, submitted=basis) from error
    record(
        "programmes.obliged",
        by=by,
        subject=document,
        organisations=sorted(body.code for body in organisations),
        due_on=due_on,
        basis=basis.strip(),
    )
    return made


@transaction.atomic
def lift_duty(duty: CascadeDuty, *, by: Viewer, reason: str, on: date) -> CascadeDuty:
    """Free a body from the duty; the row and its reason stay readable. Raises Stale when it was lifted meanwhile."""
    related = ("document__register", "organisation")
    duty = CascadeDuty.objects.select_for_update(of=("self",)).select_related(*related).get(pk=duty.pk)
    _require_keeping(by, duty.document)
    if duty.lifted_on is not None:
        sentence = _("Nghĩa vụ này đã được bãi bỏ ngày %(day)s.") % {"day": f"{duty.lifted_on:%d/%m/%Y}"}
        raise Stale(sentence, current=duty, submitted=reason)
    refuse_if(_faults_of_reason(reason))
    duty.lifted_on, duty.lifted_because = on, reason.strip()
    duty.save(update_fields=["lifted_on", "lifted_because"])
    record(
        "programme_duty.lifted",
        by=by,
        subject=duty,
        document=duty.document.slug,
        organisation=duty.organisation.code,
        reason=duty.lifted_because,
        on=on,
    )
    return duty


def _require_keeping(by: Viewer, document: Document) -> None:
    require(
        access.can_keep_frame_of(by, document.register.path),
        _("Chỉ cơ quan thường trực nơi đăng ký văn bản được giao hoặc bãi bỏ nghĩa vụ ban hành chương trình."),
    )


def _faults_of_bodies(document: Document, organisations: Sequence[Organisation], due_on: date | None) -> list[Fault]:
    if not organisations:
        return [Fault("organisations", _("Hãy chọn ít nhất một cơ quan."))]
    faults = []
    ended = [body.short_name for body in organisations if body.valid_to and due_on and body.valid_to < due_on]
    if ended:
        faults.append(_fault(_("Kết thúc hoạt động trước hạn ban hành: %(names)s."), ended))
    twice = {body.pk for body in organisations}
    if len(twice) != len(organisations):
        faults.append(Fault("organisations", _("Có cơ quan được ghi hai lần.")))
    charged = CascadeDuty.objects.filter(document=document, organisation__in=twice).select_related("organisation")
    names = [row.organisation.short_name for row in charged.order_by("organisation__sort_key")]
    if names:
        faults.append(_fault(_("Đã có nghĩa vụ theo văn bản này: %(names)s."), names))
    return faults


def _fault(sentence: str, names: list[str]) -> Fault:
    more = f" (+{len(names) - NAMED})" if len(names) > NAMED else ""
    return Fault("organisations", sentence % {"names": ", ".join(names[:NAMED]) + more})


def _faults_of_words(document: Document, due_on: date | None, basis: str) -> list[Fault]:
    faults = []
    if due_on is None:
        faults.append(Fault("due_on", _("Hãy ghi hạn ban hành chương trình.")))
    elif due_on < document.issued_on:
        faults.append(Fault("due_on", _("Hạn ban hành chương trình không thể trước ngày ban hành văn bản.")))
    if not basis.strip():
        faults.append(Fault("basis", _("Hãy ghi căn cứ giao: điều, khoản hoặc văn bản nào yêu cầu.")))
    elif len(basis.strip()) > LONGEST_BASIS:
        faults.append(Fault("basis", _("Căn cứ dài quá %(n)s chữ; hãy rút gọn.") % {"n": LONGEST_BASIS}))
    return faults


def _faults_of_reason(reason: str) -> list[Fault]:
    if not reason.strip():
        return [Fault("reason", _("Hãy ghi lý do bãi bỏ và số văn bản quyết định."))]
    if len(reason.strip()) > LONGEST_REASON:
        return [Fault("reason", _("Lý do dài quá %(n)s chữ; hãy rút gọn.") % {"n": LONGEST_REASON})]
    return []
