"""Keeping unsent text on the server, so that nothing typed is lost."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.reporting import access
from thucthi.reporting.calculations.statements import LONGEST_TYPED, TypedReport
from thucthi.reporting.models import Obligation, ReportDraft
from thucthi.reporting.selectors.obligations import awaits_report, latest_report, lock_task, place_of


@transaction.atomic
def save_draft(
    obligation: Obligation, *, by: Viewer, typed: TypedReport, version: int, page: str, at: datetime
) -> ReportDraft:
    """Keep what is typed so far. `version` is that of the draft it was typed on (0: none yet), `page` the key of the
    open form: a form may save again and again over what it saved itself.

    The same text twice is kept once. Raises Forbidden, Refused, and Stale when another draft was saved meanwhile or the
    report has been sent.
    """
    task = lock_task(obligation.task_id)
    require(
        access.can_report(by, place_of(obligation, task)),
        _("Chỉ người báo cáo hoặc người đứng đầu của cơ quan chủ trì được soạn báo cáo này."),
    )
    _refuse_sent(obligation, typed)
    draft = ReportDraft.objects.filter(obligation=obligation).first()
    if draft is not None:
        stored = TypedReport.from_stored(draft.content)
        if stored == typed:
            return draft
        if draft.version != version and draft.content.get("page") != page:
            raise Stale(
                _("Bản nháp này vừa được lưu ở nơi khác. Hãy xem khác biệt rồi lưu lại."),
                current=stored,
                submitted=typed,
            )
    refuse_if(
        [Fault("", _("Nội dung gõ vào quá dài. Hãy rút gọn, hoặc đưa phần chi tiết vào tệp minh chứng."))]
        if typed.longest > LONGEST_TYPED
        else []
    )
    draft = draft or ReportDraft(obligation=obligation, version=0)
    draft.content, draft.version = {**asdict(typed), "page": page}, draft.version + 1
    draft.saved_by_id, draft.saved_at = by.account_id, at
    draft.save()
    record(
        "draft.saved", by=by, subject=obligation, task=task.code, period=obligation.period_key, version=draft.version
    )
    return draft


def _refuse_sent(obligation: Obligation, typed: TypedReport) -> None:
    latest = latest_report(obligation)
    if not awaits_report(latest):
        raise Stale(_("Báo cáo kỳ này đã được gửi; bản nháp không lưu thêm được nữa."), current=latest, submitted=typed)
