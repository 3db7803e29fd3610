"""Taking a file in: kept under the hash of its content, read in the background."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import Viewer
from thucthi.intake import access
from thucthi.intake.calculations.files import FileFlaw, flaw_of, safe_name
from thucthi.intake.models import ReadingStep, SourceFile, StepKind
from thucthi.intake.selectors.files import Progress, name_of, standing_of
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Fault, Refused, refuse_if, require
from thucthi.kernel.kept_files import keep
from thucthi.ledger.actions import record
from thucthi.programmes.models import Programme

READ_FILE = "intake.read_file"


@transaction.atomic
def take_in(
    programme: Programme,
    *,
    by: Viewer,
    file_name: str,
    content: bytes,
    replaces: SourceFile | None = None,
    is_pasted: bool = False,
) -> SourceFile:
    """Keep a document for a draft programme and ask for its reading; the same bytes again give the file that is there.

    Raises Forbidden, and Refused with all faults; then nothing is kept.
    """
    _refuse_issued(Programme.objects.get(pk=programme.pk), by)
    name, sha256 = safe_name(file_name), sha256_hex(content)
    refuse_if(_faults_of_file(programme, name, content, replaces))
    same = SourceFile.objects.filter(programme=programme, sha256=sha256)
    if known := same.first():
        return known
    file = SourceFile(
        programme=programme,
        sha256=sha256,
        size=len(content),
        file_name=name,
        is_pasted=is_pasted,
        replaces=replaces,
        uploaded_by_id=by.account_id,
    )
    # Before the lock: nobody who writes the programme waits for a store that is slow. A row that fails afterwards
    # leaves a file nobody refers to.
    keep(name_of(file), content)
    _locked_draft(by, programme.pk)
    if known := same.first():
        return known
    file.save()
    replaced = replaces.sha256 if replaces else None
    record("source_file.taken_in", by=by, subject=file, programme=programme.code, sha256=sha256, replaces=replaced)
    _ask_for_reading(file)
    return file


@transaction.atomic
def read_again(file: SourceFile, *, by: Viewer) -> SourceFile:
    """Ask once more for a reading that failed or was cut off."""
    _locked_draft(by, file.programme_id)
    standing = standing_of(file)
    if standing.progress != Progress.FAILED and not standing.is_cut_off(timezone.now()):
        raise Refused([Fault("", _("Tệp này đang chờ đọc hoặc đã đọc xong; không cần đọc lại."))])
    ReadingStep.objects.create(file=file, kind=StepKind.ASKED_AGAIN)
    record("reading.asked_again", by=by, subject=file, after=standing.sentence)
    _ask_for_reading(file)
    return file


def _locked_draft(by: Viewer, pk: int) -> Programme:
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=pk)
    _refuse_issued(programme, by)
    return programme


def _refuse_issued(programme: Programme, by: Viewer) -> None:
    require(
        access.can_take_in(by, programme.organisation_id),
        _("Ông/bà chỉ đưa được văn bản vào chương trình của cơ quan mình."),
    )
    if programme.is_issued:
        raise Refused([Fault("", _("Chương trình đã ban hành; nhiệm vụ chỉ thay đổi bằng quyết định."))])


def _faults_of_file(programme: Programme, name: str, content: bytes, replaces: SourceFile | None) -> list[Fault]:
    faults = []
    flaw = flaw_of(name, content, settings.EVIDENCE_MAX_BYTES)
    if flaw is not None:
        faults.append(Fault("file", _sentence(flaw, name)))
    if replaces is not None and replaces.programme_id != programme.pk:
        faults.append(Fault("replaces", _("Không tìm thấy tệp trước trong chương trình này.")))
    return faults


def _ask_for_reading(file: SourceFile) -> None:
    """In the same transaction: the job exists exactly when the file does."""
    app.configure_task(READ_FILE).defer(file_id=file.pk)


def _sentence(flaw: FileFlaw, name: str) -> str:
    words = {
        FileFlaw.EMPTY: _("Tệp “%(name)s” rỗng. Hãy chọn lại tệp có nội dung."),
        FileFlaw.TOO_BIG: _(
            "Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy tách phần cần đọc thành tệp nhỏ hơn rồi tải lại."
        ),
        FileFlaw.KIND: _(
            "Tệp “%(name)s” không thuộc loại đọc được. Hãy dùng DOCX, XLSX, XLS, ODS, PDF, TXT, MD hoặc HTML."
        ),
        FileFlaw.OLD_WORD: _(
            "Tệp “%(name)s” thuộc loại Word cũ. Hãy mở bằng Word, chọn “Lưu thành” loại .docx rồi tải lại."
        ),
        FileFlaw.MACRO: _("Tệp “%(name)s” là loại có macro. Hãy lưu lại thành tệp không có macro rồi tải lại."),
    }
    return words[flaw] % {"name": name, "limit": settings.EVIDENCE_MAX_BYTES // (1024 * 1024)}
