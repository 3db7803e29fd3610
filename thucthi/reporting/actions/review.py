"""Somebody else's verdict on a report, bound to the hash of what was shown."""

from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.reporting import access
from thucthi.reporting.calculations.statements import COMPLETE, LONGEST_NOTE, flaw_of_progress
from thucthi.reporting.models import Acceptance, Report, Verdict
from thucthi.reporting.selectors.obligations import lock_task, place_of


@transaction.atomic
def accept_report(
    report: Report, *, by: Viewer, content_hash: str, progress_accepted: Decimal | None, note: str, at: datetime
) -> Acceptance:
    """Agree with the report as shown; `progress_accepted` None: the declared figure; it may be lower, never higher.

    A report that claims completion is accepted at 100 % or more, or returned. Raises Forbidden, Refused, and Stale when
    somebody decided first or the report is not the one that was shown.
    """
    _hold(report, by, content_hash)
    progress = report.progress_declared if progress_accepted is None else progress_accepted
    refuse_if([*_faults_of_progress(report, progress), *_faults_of_note(note)])
    decided = _decide(report, by=by, verdict=Verdict.ACCEPTED, note=note, at=at, progress=progress)
    record(
        "report.accepted",
        by=by,
        subject=report,
        content_hash=content_hash,
        progress_declared=report.progress_declared,
        progress_accepted=progress,
        claims_completion=report.claims_completion,
        note=decided.note,
        decided_at=at,
    )
    return decided


@transaction.atomic
def return_report(report: Report, *, by: Viewer, content_hash: str, note: str, at: datetime) -> Acceptance:
    """Send the report back; the note says what to put right. Raises Forbidden, Refused, Stale."""
    _hold(report, by, content_hash)
    missing = [] if note.strip() else [Fault("note", _("Hãy ghi rõ cần sửa điều gì để đơn vị gửi lại."))]
    refuse_if([*missing, *_faults_of_note(note)])
    decided = _decide(report, by=by, verdict=Verdict.RETURNED, note=note, at=at, progress=None)
    record("report.returned", by=by, subject=report, content_hash=content_hash, note=decided.note, decided_at=at)
    return decided


def _hold(report: Report, by: Viewer, content_hash: str) -> None:
    """Queue at the task, then see whether this verdict may still be given on what was shown."""
    task = lock_task(report.task_id)
    require(
        access.can_review(by, place_of(report.obligation, task), report.author_id),
        _("Báo cáo này do cơ quan chủ quản chương trình hoặc cấp trên nghiệm thu; người viết không tự nghiệm thu."),
    )
    decided = Acceptance.objects.select_related("reviewer").filter(report=report).first()
    if decided is not None:
        raise Stale(
            _("%(who)s đã xử lý báo cáo này trước: %(verdict)s ngày %(when)s. Ý kiến của ông/bà chưa được ghi.")
            % {
                "who": decided.reviewer.get_username(),
                "verdict": decided.get_verdict_display(),
                "when": f"{timezone.localtime(decided.decided_at):%d/%m/%Y}",
            },
            current=decided,
        )
    if report.content_hash != content_hash:
        raise Stale(
            _("Nội dung đang hiện không phải là bản báo cáo này. Hãy xem lại trước khi quyết định."), current=report
        )


def _faults_of_progress(report: Report, progress: Decimal) -> list[Fault]:
    if flaw_of_progress(progress) is not None:
        return [Fault("progress_accepted", _("Tiến độ nghiệm thu phải là một số, tối đa hai chữ số sau dấu phẩy."))]
    if progress > report.progress_declared:
        return [Fault("progress_accepted", _("Tiến độ nghiệm thu không thể cao hơn tiến độ đơn vị tự khai."))]
    if report.claims_completion and progress < COMPLETE:
        sentence = _("Đơn vị báo hoàn thành: nếu chưa đạt 100 % thì trả lại báo cáo, không chấp nhận một phần.")
        return [Fault("progress_accepted", sentence)]
    return []


def _faults_of_note(note: str) -> list[Fault]:
    if len(note.strip()) <= LONGEST_NOTE:
        return []
    return [Fault("note", _("Ý kiến dài %(n)s ký tự, tối đa 500. Hãy rút gọn.") % {"n": len(note.strip())})]


def _decide(
    report: Report, *, by: Viewer, verdict: Verdict, note: str, at: datetime, progress: Decimal | None
) -> Acceptance:
    return Acceptance.objects.create(
        report=report,
        verdict=verdict,
        progress_accepted=progress,
        note=note.strip(),
        author_id=report.author_id,
        reviewer_id=cast(int, by.account_id),
        content_hash=report.content_hash,
        decided_at=at,
        is_simulated=report.is_simulated,
    )
