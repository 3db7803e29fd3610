"""Sending a report: once per key, one version per answer, sealed by the hash of what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for
from thucthi.kernel.canonical import content_hash
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.kernel.prepared import Insertion
from thucthi.ledger.actions import record
from thucthi.obstacles.actions import NewObstacle, raise_obstacle
from thucthi.obstacles.models import Cause, Obstacle
from thucthi.obstacles.selectors import same_open_obstacle
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.closing import instruments_not_in_force
from thucthi.reporting import access
from thucthi.reporting.calculations.routes import stored
from thucthi.reporting.calculations.statements import (
    COMPLETE,
    LONGEST_NOTE,
    ProgressFlaw,
    TypedReport,
    flaw_of_progress,
    needs_an_asked_body,
    needs_evidence,
    needs_reasons,
)
from thucthi.reporting.models import Claim, Evidence, Obligation, Report, ReportDraft, ReportEvidence
from thucthi.reporting.selectors.entries import sending_of
from thucthi.reporting.selectors.evidence import faults_of_evidence
from thucthi.reporting.selectors.obligations import (
    awaits_report,
    evidence_offered,
    last_period_report,
    latest_report,
    lock_task,
    place_of,
    seal_of,
)
from thucthi.reporting.selectors.routes import climb_for
from thucthi.reporting.selectors.standing import Standing, standing_of
from thucthi.reporting.selectors.turns import faults_of_instruments

_REPORTS = Insertion(Report)
# Fields of an obstacle, as the report form calls them.
FIELD_OF_THE_FORM = {"condition": "note", "due_on": "asked_due_on"}


@dataclass(frozen=True)
class ReportContent:
    """What the lead states. `evidence_ids` None: all files sent for this period.

    `note` says what was reached, or, when not on plan, what blocks; then `cause`, `done_about_it` and the three
    `asked_…` are needed (the last three not for the unit's own fault).
    """

    claim: str
    progress: Decimal | None
    note: str = ""
    claims_completion: bool = False
    cause: str = ""
    done_about_it: str = ""
    asked_of: Organisation | None = None
    asked_what: str = ""
    asked_due_on: date | None = None
    evidence_ids: tuple[int, ...] | None = None
    is_simulated: bool = field(default=False, kw_only=True)


@transaction.atomic
def submit_report(
    obligation: Obligation, *, by: Viewer, content: ReportContent, idempotency_key: UUID, version: int, at: datetime
) -> Report:
    """Send the report of this period. The same key again gives the report that is already there.

    `version` is that of the draft the form was built on (0: none); what the form
    with this key saved itself is no clash. Raises Forbidden, Refused (all faults at once), and
    Stale when a report stands already or another draft was saved meanwhile.
    """
    task = lock_task(obligation.task_id)
    require(
        access.can_report(by, place_of(obligation, task)),
        _("Chỉ người báo cáo hoặc người đứng đầu của cơ quan chủ trì được gửi báo cáo này."),
    )
    standing = standing_of(obligation, task.programme_id, idempotency_key, timezone.localdate(at))
    if standing.has_key:
        return _the_same(idempotency_key, obligation, by)
    latest = _latest_if_open(obligation) if standing.has_versions else None
    if standing.has_draft:
        _refuse_another_draft(obligation, version, idempotency_key)
    report = _next_version(obligation, task, latest, by=by, sent=content, key=idempotency_key, at=at)
    report.route, report.rungs_skipped = _route(report, standing)
    files = _state(report, by, content, standing)
    if standing.has_draft:
        ReportDraft.objects.filter(obligation=obligation).delete()
    record("report.submitted", by=by, subject=report, **sending_of(report, files))
    return report


@transaction.atomic
def correct_report(
    accepted: Report, *, by: Viewer, content: ReportContent, reason: str, idempotency_key: UUID, at: datetime
) -> Report:
    """Replace an accepted report by a new version, which asks for a new acceptance from the lowest rung on.

    The earlier version and its acceptance stay readable; a completion that is corrected is none until the new version
    is accepted. The same key again gives the report that is there. Raises Forbidden, Refused with all faults, Stale
    when that report is not the accepted and newest one.
    """
    task, obligation = lock_task(accepted.task_id), accepted.obligation
    require(
        access.can_report(by, place_of(obligation, task)),
        _("Chỉ người báo cáo hoặc người đứng đầu của cơ quan chủ trì được đính chính báo cáo này."),
    )
    standing = standing_of(obligation, task.programme_id, idempotency_key, timezone.localdate(at))
    if standing.has_key:
        return _the_same(idempotency_key, obligation, by)
    latest = latest_report(obligation)
    if latest is None or latest.pk != accepted.pk or not hasattr(latest, "acceptance") or awaits_report(latest):
        raise Stale(_("Chỉ báo cáo mới nhất đã được chấp nhận mới đính chính được. Hãy xem lại."), current=latest)
    report = _next_version(obligation, task, latest, by=by, sent=content, key=idempotency_key, at=at)
    report.route, report.rungs_skipped = _route(report, standing)
    report.correction_reason = reason.strip()
    files = _state(report, by, content, standing, _faults_of_reason(reason))
    record(
        "report.corrected",
        by=by,
        subject=report,
        reason=report.correction_reason,
        replaces=latest.content_hash,
        **sending_of(report, files),
    )
    return report


def _faults_of_reason(reason: str) -> list[Fault]:
    length = len(reason.strip())
    if not length:
        return [Fault("reason", _("Hãy ghi vì sao đính chính báo cáo đã được chấp nhận."))]
    if length > LONGEST_NOTE:
        return [Fault("reason", _("Lý do dài %(n)s ký tự, tối đa 500. Hãy rút gọn.") % {"n": length})]
    return []


def _next_version(
    obligation: Obligation,
    task: Task,
    latest: Report | None,
    *,
    by: Viewer,
    sent: ReportContent,
    key: UUID,
    at: datetime,
) -> Report:
    """The empty next version."""
    return Report(
        obligation=obligation,
        task=task,
        version=latest.version + 1 if latest else 1,
        author_id=cast(int, by.account_id),
        idempotency_key=key,
        submitted_at=at,
        is_simulated=sent.is_simulated,
    )


def _route(report: Report, standing: Standing) -> tuple[list[str], list[str]]:
    """The chain of acceptance of the day it is sent: the rungs to climb, and those left out."""
    if not standing.has_routes:
        return [], []
    on = timezone.localdate(report.submitted_at)
    climb = climb_for(report.obligation, report.task, report.author_id, on)
    return list(climb.rungs), stored(climb.skipped)


def _the_same(key: UUID, obligation: Obligation, by: Viewer) -> Report:
    earlier = Report.objects.get(idempotency_key=key)
    if earlier.obligation_id != obligation.pk or earlier.author_id != by.account_id:
        raise Stale(_("Mã của lần gửi này đã dùng cho một báo cáo khác. Hãy tải lại trang rồi gửi lại."))
    return earlier


def _latest_if_open(obligation: Obligation) -> Report | None:
    latest = latest_report(obligation)
    if not awaits_report(latest):
        raise Stale(_("Báo cáo kỳ này đã được gửi trước đó; lần gửi này không được ghi nhận thêm."), current=latest)
    return latest


def _refuse_another_draft(obligation: Obligation, version: int, page: UUID) -> None:
    draft = ReportDraft.objects.filter(obligation=obligation).first()
    if draft is not None and draft.version != version and draft.content.get("page") != str(page):
        raise Stale(
            _("Bản nháp vừa được lưu ở nơi khác, báo cáo chưa được gửi. Hãy xem khác biệt rồi gửi lại."),
            current=TypedReport.from_stored(draft.content),
        )


def _state(
    report: Report, by: Viewer, content: ReportContent, standing: Standing, more: Sequence[Fault] = ()
) -> list[Evidence]:
    """Check what is stated, with all faults at once, and store it; gives the files it rests on, by hash."""
    faults = [*_faults_of(report, content, standing), *more]
    files = _chosen_files(report.obligation, content) if standing.has_files or content.evidence_ids else []
    if needs_evidence(content.progress, claims_completion=content.claims_completion):
        faults += faults_of_evidence(report.task, files, claims_completion=content.claims_completion)
    obstacle, more_faults = _obstacle(report, by, content)
    refuse_if([*faults, *more_faults])
    report.claim = content.claim
    report.progress_declared = cast(Decimal, content.progress)
    report.note = content.note.strip()
    report.claims_completion = content.claims_completion
    if needs_reasons(content.claim):
        report.cause, report.done_about_it, report.obstacle = content.cause, content.done_about_it.strip(), obstacle
    report.content_hash = content_hash(seal_of(report, files))
    _REPORTS.create(report)
    if files:
        ReportEvidence.objects.bulk_create(ReportEvidence(report=report, evidence=file) for file in files)
    return files


def _chosen_files(obligation: Obligation, content: ReportContent) -> list[Evidence]:
    if content.evidence_ids is None:
        return list(obligation.evidence.order_by("sha256"))
    offered = evidence_offered(obligation, last_period_report(obligation))
    return list(offered.filter(pk__in=content.evidence_ids).order_by("sha256"))


def _faults_of(report: Report, content: ReportContent, standing: Standing) -> list[Fault]:
    faults = []
    if content.claims_completion:
        on = timezone.localdate(report.submitted_at)
        faults += faults_of_instruments(instruments_not_in_force([report.task_id], on)[report.task_id])
    # What corrects an accepted completion is about a task that is complete.
    if not standing.task_runs or (standing.task_is_complete and not report.correction_reason):
        faults.append(Fault("", _("Nhiệm vụ này đang tạm dừng hoặc đã kết thúc nên không nhận báo cáo.")))
    if content.claim not in Claim.values:
        faults.append(Fault("claim", _("Hãy chọn: đúng kế hoạch, có nguy cơ chậm hoặc chậm.")))
    flaw = flaw_of_progress(content.progress)
    if flaw is not None:
        faults.append(Fault("progress", _progress_sentence(flaw)))
    elif content.claims_completion and content.progress is not None and content.progress < COMPLETE:
        faults.append(Fault("progress", _("Báo hoàn thành thì tiến độ phải từ 100 % trở lên.")))
    if len(content.note.strip()) > LONGEST_NOTE:
        faults.append(
            Fault("note", _("Ghi chú dài %(n)s ký tự, tối đa 500. Hãy rút gọn.") % {"n": len(content.note.strip())})
        )
    if content.claim in Claim.values and needs_reasons(content.claim):
        faults.extend(_faults_of_reasons(content))
    return faults


def _faults_of_reasons(content: ReportContent) -> list[Fault]:
    faults = []
    if not content.done_about_it.strip():
        faults.append(Fault("done_about_it", _("Hãy ghi đơn vị đã làm gì để khắc phục.")))
    if content.cause not in Cause.values:
        faults.append(Fault("cause", _("Hãy chọn nguyên nhân.")))
    if not content.note.strip():
        faults.append(Fault("note", _("Hãy nêu rõ đang vướng điều gì.")))
    return faults


def _progress_sentence(flaw: ProgressFlaw) -> str:
    return {
        ProgressFlaw.MISSING: _("Hãy nhập tiến độ, tính theo phần trăm sản phẩm đã làm được."),
        ProgressFlaw.NOT_A_NUMBER: _("Tiến độ phải là một số, ví dụ 45 hoặc 45,5."),
        ProgressFlaw.TOO_PRECISE: _("Tiến độ chỉ ghi tối đa hai chữ số sau dấu phẩy."),
        ProgressFlaw.TOO_WIDE: _("Tiến độ phải nằm giữa -10.000 và 10.000 phần trăm; hãy kiểm tra lại đơn vị."),
    }[flaw]


def _obstacle(report: Report, by: Viewer, content: ReportContent) -> tuple[Obstacle | None, list[Fault]]:
    """The obstacle behind a report that is not on plan: the same one while the same ask stands open, else a new one."""
    asked = (content.asked_of, content.asked_what.strip(), content.asked_due_on)
    if content.claim not in Claim.values or not needs_reasons(content.claim):
        return None, []
    if not needs_an_asked_body(content.cause, *asked):
        return None, []
    standing = same_open_obstacle(report.task, *asked)
    if standing is not None:
        return standing, []
    new = NewObstacle(
        code=None,
        task=report.task,
        organisation=_speaks_for(report, by),
        cause=content.cause,
        condition=content.note,
        asked_of=content.asked_of,
        asked_what=content.asked_what,
        due_on=content.asked_due_on,
        is_simulated=content.is_simulated,
    )
    try:
        return raise_obstacle(by=by, new=new, on=timezone.localdate(report.submitted_at)), []
    except Refused as refused:
        ours = {"cause", "condition"}  # said already, once, by this form
        return None, [
            Fault(FIELD_OF_THE_FORM.get(fault.field, fault.field), fault.text)
            for fault in refused.faults
            if fault.field not in ours
        ]


def _speaks_for(report: Report, by: Viewer) -> Organisation:
    """In whose name: the body that owes this period, or the one of the author that answers for it once it has ended."""
    owing = report.obligation.organisation
    if by.is_in(owing.pk, *access.REPORTING_ROLES):
        return owing
    heirs = answering_for(owing, timezone.localdate(report.submitted_at))
    return next((heir for heir in heirs if by.is_in(heir.pk, *access.REPORTING_ROLES)), owing)
