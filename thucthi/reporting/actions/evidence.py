"""Taking files in as evidence: judged by content, kept outside the web root under the name of their hash."""

from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.kernel.kept_files import keep
from thucthi.ledger.actions import record
from thucthi.programmes.models import Task
from thucthi.reporting import access
from thucthi.reporting.calculations.files import FileFlaw, KeptFile, inspect_file, safe_name
from thucthi.reporting.calculations.files import place_of as place_of_file
from thucthi.reporting.models import Evidence, EvidenceKind, Obligation
from thucthi.reporting.selectors.evidence import faults_of_kind
from thucthi.reporting.selectors.obligations import awaits_report, latest_report, lock_task, place_of, task_of

MOST_FILES = 20


@transaction.atomic
def store_evidence(
    obligation: Obligation,
    *,
    by: Viewer,
    file_name: str,
    content: bytes,
    kind: str = EvidenceKind.OTHER,
    reference: str = "",
    is_simulated: bool = False,
) -> Evidence:
    """Keep a file for the report of this period as evidence of a `kind`; the same content twice is one file.

    `reference`: number and symbol, for an issued text only. Raises Forbidden, Stale (the report has been sent) and
    Refused (`file`, `kind`, `reference`), with nothing stored.
    """
    _refuse_closed(obligation, task_of(obligation.task_id), by)
    name = safe_name(file_name)
    kept = _taken(name, content, kind, reference)
    sha256 = sha256_hex(kept.content)
    if stored := _stored_before(obligation, sha256, kind, reference):
        return stored
    # A row that fails afterwards leaves a file nobody refers to.
    keep(str(place_of_file(sha256)), kept.content)
    # Only now: nobody who writes about this task waits for a store that is slow.
    task = lock_task(obligation.task_id)
    _refuse_closed(obligation, task, by)
    if stored := _stored_before(obligation, sha256, kind, reference):
        return stored
    stated = {"file_name": name, "kind": kind, "reference": reference.strip(), "is_simulated": is_simulated}
    return _insert(task, by, kept, obligation=obligation, sha256=sha256, **stated)


def _insert(task: Task, by: Viewer, kept: KeptFile, **stated: Any) -> Evidence:
    account = cast(int, by.account_id)
    size, kind = len(kept.content), kept.media_type
    stored = Evidence.objects.create(size=size, media_type=kind, uploaded_by_id=account, **stated)
    told = {"sha256": stored.sha256, "name": stored.file_name, "kind": stored.kind, "reference": stored.reference}
    record("evidence.stored", by=by, subject=stored, task=task.code, period=stored.obligation.period_key, **told)
    return stored


def _refuse_closed(obligation: Obligation, task: Task, by: Viewer) -> None:
    require(
        access.can_report(by, place_of(obligation, task)),
        _("Chỉ người báo cáo hoặc người đứng đầu của cơ quan chủ trì được tải minh chứng cho báo cáo này."),
    )
    if not awaits_report(latest_report(obligation)):
        raise Stale(_("Báo cáo kỳ này đã được gửi; không thêm minh chứng được nữa."))


def _stored_before(obligation: Obligation, sha256: str, kind: str, reference: str) -> Evidence | None:
    """The same content of this report; None when it is new and there is room for one more."""
    stored = Evidence.objects.filter(obligation=obligation, sha256=sha256).first()
    if stored is not None:
        return _of_this_kind(stored, kind, reference)
    if obligation.evidence.count() >= MOST_FILES:
        raise Refused(
            [Fault("file", _("Kỳ này đã có %(n)s tệp. Hãy gộp các tệp còn lại thành một.") % {"n": MOST_FILES})]
        )
    return None


def _taken(name: str, content: bytes, kind: str, reference: str) -> KeptFile:
    kept = inspect_file(name, content, settings.EVIDENCE_MAX_BYTES)
    faults = faults_of_kind(kind, reference)
    if isinstance(kept, FileFlaw):
        raise Refused([Fault("file", _sentence(kept, name)), *faults])
    refuse_if(faults)
    return kept


def _of_this_kind(stored: Evidence, kind: str, reference: str) -> Evidence:
    """What was stated of a file is a fact; saying something else of the same content needs a file of its own."""
    if (stored.kind, stored.reference) != (kind, reference.strip()):
        told = {"name": stored.file_name, "kind": stored.get_kind_display()}
        sentence = _(
            "Tệp này đã được tải lên với tên “%(name)s”, loại “%(kind)s”. Để nộp với loại khác, "
            "hãy mở tệp, lưu hoặc xuất lại thành tệp mới rồi tải lên."
        )
        raise Refused([Fault("kind", sentence % told)])
    return stored


def _sentence(flaw: FileFlaw, name: str) -> str:
    words = {
        FileFlaw.EMPTY: _("Tệp “%(name)s” rỗng. Hãy chọn lại tệp có nội dung."),
        FileFlaw.TOO_BIG: _("Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy nén ảnh hoặc chia nhỏ rồi tải lại."),
        FileFlaw.KIND: _("Tệp “%(name)s” không thuộc loại nhận được. Hãy dùng PDF, PNG, JPG, DOCX, XLSX hoặc CSV."),
        FileFlaw.MISMATCH: _(
            "Nội dung tệp “%(name)s” không đúng với phần đuôi của tên. "
            "Hãy mở tệp bằng phần mềm đã tạo ra nó và lưu lại đúng loại."
        ),
        FileFlaw.SCRIPT: _("Tệp “%(name)s” chứa mã lệnh hoặc trang web. Hãy xuất nội dung sang PDF rồi tải lại."),
        FileFlaw.MACRO: _("Tệp “%(name)s” chứa macro. Hãy lưu lại thành tệp không có macro rồi tải lại."),
        FileFlaw.BOMB: _(
            "Tệp “%(name)s” phình quá lớn khi mở hoặc có cấu trúc bất thường. "
            "Hãy mở bằng Word hoặc Excel rồi lưu lại, hoặc xuất sang PDF."
        ),
        FileFlaw.PIXELS: _("Ảnh “%(name)s” quá lớn (trên 40 triệu điểm ảnh). Hãy thu nhỏ ảnh rồi tải lại."),
        FileFlaw.BROKEN: _("Tệp “%(name)s” bị hỏng, không đọc được. Hãy mở thử trên máy của ông/bà rồi lưu lại."),
        FileFlaw.ENCODING: _("Tệp “%(name)s” không dùng bảng mã UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8” rồi tải lại."),
    }
    return words[flaw] % {"name": name, "limit": settings.EVIDENCE_MAX_BYTES // (1024 * 1024)}
