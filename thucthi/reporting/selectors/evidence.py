"""The rule of evidence in words: as a checklist before sending, and as faults when a claim lacks something."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thucthi.kernel.errors import Fault
from thucthi.programmes.models import Task
from thucthi.reporting.calculations.evidence import (
    LONGEST_REFERENCE,
    Checked,
    Need,
    ReferenceFlaw,
    ShownFile,
    checklist,
    flaw_of_reference,
    missing_evidence,
)
from thucthi.reporting.models import Evidence, EvidenceKind


@dataclass(frozen=True)
class ChecklistLine:
    """`word` and `tone` say whether it is there."""

    text: str
    word: str
    tone: str


def checklist_of(task: Task, files: Iterable[Evidence]) -> list[ChecklistLine]:
    """What a claim of completion of this task needs, and whether the files at hand hold it."""
    return [_line(checked) for checked in checklist(task.kind, map(_shown, files))]


def faults_of_evidence(task: Task, files: Iterable[Evidence], *, claims_completion: bool) -> list[Fault]:
    """What is missing from a report that needs evidence; a report of 100 % that claims nothing may rest on any file."""
    shown = [_shown(file) for file in files]
    if not shown:
        return [Fault("file", _("Báo hoàn thành phải kèm ít nhất một tệp minh chứng. Hãy tải tệp lên rồi gửi lại."))]
    if not claims_completion:
        return []
    return [Fault("file", _missing(need)) for need in missing_evidence(task.kind, shown)]


def faults_of_kind(kind: str, reference: str) -> list[Fault]:
    """What is wrong with the kind that a file is sent as, and with its number and symbol."""
    if kind not in EvidenceKind.values:
        return [Fault("kind", _("Hãy chọn loại minh chứng."))]
    flaw = flaw_of_reference(kind, reference)
    if flaw is None:
        return []
    example = _("ví dụ 12/2026/NĐ-CP hoặc 71-NQ/TW")
    sentences = {
        ReferenceFlaw.MISSING: _("Văn bản đã ban hành phải có số và ký hiệu, %(example)s."),
        ReferenceFlaw.NOT_A_NUMBER_AND_SYMBOL: _("Hãy ghi cả số và ký hiệu của văn bản, %(example)s."),
        ReferenceFlaw.TOO_LONG: _("Số và ký hiệu dài nhất %(n)s ký tự, %(example)s."),
        ReferenceFlaw.NOT_WANTED: _(
            "Chỉ văn bản đã ban hành mới có số và ký hiệu. Hãy chọn loại “Văn bản đã ban hành”, hoặc để trống ô này."
        ),
    }
    return [Fault("reference", sentences[flaw] % {"example": example, "n": LONGEST_REFERENCE})]


def _shown(file: Evidence) -> ShownFile:
    return ShownFile(file.kind, file.reference)


def _line(checked: Checked) -> ChecklistLine:
    text = _wanted(checked.need)
    if checked.is_met:
        return ChecklistLine(text, _("Đã có"), "done")
    if checked.is_required:
        return ChecklistLine(text, _("Còn thiếu"), "bad")
    return ChecklistLine(text, _("Không bắt buộc, chưa có"), "neutral")


def _wanted(need: Need) -> str:
    return {
        Need.ISSUED_TEXT: _("Văn bản đã ban hành, có số và ký hiệu"),
        Need.COMPLETION_RECORD: _("Biên bản nghiệm thu, hoàn thành"),
        Need.APPROVED_PRODUCT: _("Sản phẩm đã được duyệt"),
        Need.ANY_FILE: _("Ít nhất một tệp minh chứng, loại nào cũng được"),
        Need.MEASURED_DATA: _("Số liệu, kết quả đo"),
        Need.PHOTO: _("Ảnh hiện trường"),
    }[need]


def _missing(need: Need) -> str:
    return {
        Need.ISSUED_TEXT: _(
            "Nhiệm vụ có sản phẩm là văn bản: báo hoàn thành phải kèm văn bản đã ban hành, có số và ký hiệu. "
            "Hãy tải tệp lên với loại “Văn bản đã ban hành”."
        ),
        Need.COMPLETION_RECORD: _(
            "Nhiệm vụ là dự án: báo hoàn thành phải kèm biên bản nghiệm thu, hoàn thành. "
            "Hãy tải tệp lên với loại “Biên bản nghiệm thu, hoàn thành”."
        ),
        Need.APPROVED_PRODUCT: _(
            "Nhiệm vụ là đề án: báo hoàn thành phải kèm sản phẩm đã được duyệt. "
            "Hãy tải tệp lên với loại “Sản phẩm đã được duyệt”."
        ),
        Need.ANY_FILE: _("Báo hoàn thành phải kèm ít nhất một tệp minh chứng. Hãy tải tệp lên rồi gửi lại."),
        Need.MEASURED_DATA: _("Hãy kèm số liệu, kết quả đo."),
        Need.PHOTO: _("Hãy kèm ảnh hiện trường."),
    }[need]
