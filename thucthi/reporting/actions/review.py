"""Somebody else's verdict on a report, bound to the hash of what was shown, rung by rung where a route says so."""

from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, refuse_if
from thucthi.kernel.prepared import Insertion
from thucthi.ledger.actions import record
from thucthi.programmes.selectors.closing import instruments_not_in_force
from thucthi.reporting.calculations.statements import COMPLETE, LONGEST_NOTE, flaw_of_progress
from thucthi.reporting.models import Acceptance, Endorsement, Report, Verdict
from thucthi.reporting.selectors.entries import agreement_of, return_of
from thucthi.reporting.selectors.obligations import lock_task
from thucthi.reporting.selectors.review import chain_of
from thucthi.reporting.selectors.turns import Turn, faults_of_instruments, turn_of

_ACCEPTANCES = Insertion(Acceptance)


@transaction.atomic
def accept_report(
    report: Report,
    *,
    by: Viewer,
    content_hash: str,
    progress_accepted: Decimal | None,
    note: str,
    at: datetime,
    rung: str | None = None,
) -> Acceptance | Endorsement:
    """Agree with the report as shown: the last rung accepts it and locks it, a lower one lets it climb on.

    `progress_accepted` None: the declared figure; it may be lower, never higher, and only the last rung states it.
    A report that claims completion is accepted at 100 % or more and with every instrument of the task in force, or
    returned. `rung`: what the page offered, None: whichever waits. Raises Forbidden, Refused, and Stale when somebody
    decided first or the report is not the one that was shown.
    """
    turn = _turn(report, by, content_hash, rung)
    progress = report.progress_declared if progress_accepted is None else progress_accepted
    refuse_if([*_faults_of_progress(report, progress, turn), *_faults_of_note(note), *_faults_of_closing(report, at)])
    decided: Acceptance | Endorsement
    if turn.is_last:
        decided = _decide(report, by=by, turn=turn, verdict=Verdict.ACCEPTED, note=note, at=at, progress=progress)
    else:
        decided = _endorse(report, by=by, turn=turn, verdict=Verdict.ACCEPTED, note=note, at=at)
    record(
        "report.accepted" if turn.is_last else "report.endorsed",
        by=by,
        subject=report,
        **agreement_of(decided, progress),
        **_seat_in_words(turn),
    )
    return decided


@transaction.atomic
def return_report(
    report: Report, *, by: Viewer, content_hash: str, note: str, at: datetime, rung: str | None = None
) -> Acceptance:
    """Send the report back, from whichever rung; the note says what to put right. Raises Forbidden, Refused, Stale.

    The next version climbs from the lowest rung again.
    """
    turn = _turn(report, by, content_hash, rung)
    missing = [] if note.strip() else [Fault("note", _("Hãy ghi rõ cần sửa điều gì để đơn vị gửi lại."))]
    refuse_if([*missing, *_faults_of_note(note)])
    if not turn.is_last:
        _endorse(report, by=by, turn=turn, verdict=Verdict.RETURNED, note=note, at=at)
    decided = _decide(report, by=by, turn=turn, verdict=Verdict.RETURNED, note=note, at=at, progress=None)
    record("report.returned", by=by, subject=report, **return_of(decided), **_seat_in_words(turn))
    return decided


def _turn(report: Report, by: Viewer, content_hash: str, rung: str | None) -> Turn:
    """Queue at the task, then see whether this verdict may still be given on what was shown."""
    task = lock_task(report.task_id)
    return turn_of(by, chain_of(report, task), content_hash=content_hash, rung=rung)


def _seat_in_words(turn: Turn) -> dict[str, object]:
    said: dict[str, object] = {"rung": turn.rung} if turn.rung else {}
    return said | ({"acting_for": turn.seat.acting_for} if turn.seat.acting_for else {})


def _faults_of_progress(report: Report, progress: Decimal, turn: Turn) -> list[Fault]:
    if flaw_of_progress(progress) is not None:
        return [Fault("progress_accepted", _("Tiến độ nghiệm thu phải là một số, tối đa hai chữ số sau dấu phẩy."))]
    if progress > report.progress_declared:
        return [Fault("progress_accepted", _("Tiến độ nghiệm thu không thể cao hơn tiến độ đơn vị tự khai."))]
    if report.claims_completion and progress < COMPLETE:
        sentence = _("Đơn vị báo hoàn thành: nếu chưa đạt 100 % thì trả lại báo cáo, không chấp nhận một phần.")
        return [Fault("progress_accepted", sentence)]
    if not turn.is_last and progress != report.progress_declared:
        sentence = _("Cấp này đồng ý hoặc trả lại; tiến độ nghiệm thu do cấp cuối ghi.")
        return [Fault("progress_accepted", sentence)]
    return []


def _faults_of_closing(report: Report, at: datetime) -> list[Fault]:
    if not report.claims_completion:
        return []
    owed = instruments_not_in_force([report.task_id], timezone.localdate(at))
    return faults_of_instruments(owed[report.task_id])


def _faults_of_note(note: str) -> list[Fault]:
    if len(note.strip()) <= LONGEST_NOTE:
        return []
    return [Fault("note", _("Ý kiến dài %(n)s ký tự, tối đa 500. Hãy rút gọn.") % {"n": len(note.strip())})]


def _decide(
    report: Report, *, by: Viewer, turn: Turn, verdict: Verdict, note: str, at: datetime, progress: Decimal | None
) -> Acceptance:
    made = Acceptance(
        report=report,
        verdict=verdict,
        progress_accepted=progress,
        note=note.strip(),
        author_id=report.author_id,
        reviewer_id=cast(int, by.account_id),
        acting_for_id=turn.seat.acting_for,
        content_hash=report.content_hash,
        decided_at=at,
        is_simulated=report.is_simulated,
    )
    return _ACCEPTANCES.create(made)


def _endorse(report: Report, *, by: Viewer, turn: Turn, verdict: Verdict, note: str, at: datetime) -> Endorsement:
    return Endorsement.objects.create(
        report=report,
        rung=turn.rung,
        verdict=verdict,
        note=note.strip(),
        author_id=report.author_id,
        reviewer_id=cast(int, by.account_id),
        acting_for_id=turn.seat.acting_for,
        content_hash=report.content_hash,
        decided_at=at,
        is_simulated=report.is_simulated,
    )
