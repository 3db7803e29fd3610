"""The right of reply: what a body says, in its head's words, to what is shown of it. Shown beside, never edited."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.kernel.periods import Frequency, span_of
from thucthi.ledger.actions import record
from thucthi.monitoring import access
from thucthi.monitoring.models import Statement

LONGEST = 5000


@transaction.atomic
def state_reply(
    organisation: Organisation,
    *,
    by: Viewer,
    period: str,
    text: str,
    on: date,
    is_public: bool = False,
    is_simulated: bool = False,
) -> Statement:
    """Say something to the scorecard of a quarter ("2026-Q4"); what was said before stays beside it.

    `is_public`: also beside the figures of the body in the issues to come, word for word, for ever.

    Raises Forbidden for anybody but the head, Refused for an unknown or future quarter, or for an empty or long text.
    """
    require(
        access.can_state_reply_of(by, organisation.pk),
        _("Chỉ người đứng đầu cơ quan (hoặc người được ủy quyền) được gửi giải trình."),
    )
    refuse_if([*_faults_of_period(period, on), *_faults_of_text(text)])
    said = {"period": period, "text": text.strip(), "stated_on": on, "is_public": is_public}
    made = Statement.objects.create(organisation=organisation, by_id=by.account_id, is_simulated=is_simulated, **said)
    # The name of the field alone says that an entry is invented, whether or not it is opened.
    invented = {"simulated": True} if is_simulated else {}
    record("statement.made", by=by, subject=made, organisation=organisation.code, **said, **invented)
    return made


def _faults_of_period(period: str, on: date) -> list[Fault]:
    try:
        span = span_of(period)
    except ValueError:
        return [Fault("period", _("Kỳ giải trình phải là một quý, ví dụ 2026-Q4."))]
    if span.frequency is not Frequency.QUARTERLY:
        return [Fault("period", _("Kỳ giải trình phải là một quý, ví dụ 2026-Q4."))]
    return [Fault("period", _("Quý này chưa bắt đầu."))] if span.start > on else []


def _faults_of_text(text: str) -> list[Fault]:
    if not text.strip():
        return [Fault("text", _("Hãy ghi nội dung giải trình."))]
    if len(text.strip()) > LONGEST:
        return [Fault("text", _("Nội dung dài quá %(n)s chữ; hãy rút gọn.") % {"n": LONGEST})]
    return []
