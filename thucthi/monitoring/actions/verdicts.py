"""What a person found when a question was looked into. The question itself is never stored, only the answer."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.monitoring import access
from thucthi.monitoring.models import SignalVerdict
from thucthi.monitoring.selectors.questions import asked_of, one_asked


@dataclass(frozen=True, slots=True)
class SignalAnswer:
    """Answers the question `check` about `subject` in `period`, as it stands on the board of `year`."""

    check: str
    period: str
    subject: str
    year: int
    finding: str
    text: str


@transaction.atomic
def judge_signal(organisation: Organisation, *, by: Viewer, answer: SignalAnswer, on: date) -> SignalVerdict:
    """Record whether there was something behind a question. Once; by a checker above, never by those it is about.

    Raises Forbidden, Refused (all faults at once; also when nothing of the kind is asked), Stale when it was answered
    meanwhile.
    """
    require(
        access.can_judge_signals_of(by, organisation.path),
        _("Chỉ cơ quan kiểm tra cấp trên được ghi kết quả xem xét, không phải chính cơ quan được hỏi."),
    )
    refuse_if(_faults_of(answer))
    asked = one_asked(asked_of(by, organisation, answer.year, on), answer.check, answer.period, answer.subject)
    if asked is None:
        raise Refused([Fault("", _("Câu hỏi này không còn được đặt ra; đề nghị mở lại danh sách."))])
    if asked.verdict is not None:
        raise Stale(_answered(asked.verdict), current=asked.verdict, submitted=answer.text)
    verdict = _insert(organisation, by, answer, on)
    record(
        "signal.judged",
        by=by,
        subject=organisation,
        check=answer.check,
        period=answer.period,
        about=answer.subject,
        finding=answer.finding,
        text=verdict.text,
        decided_on=on,
    )
    return verdict


def _insert(organisation: Organisation, by: Viewer, answer: SignalAnswer, on: date) -> SignalVerdict:
    try:
        with transaction.atomic():
            return SignalVerdict.objects.create(
                check_code=answer.check,
                organisation=organisation,
                period=answer.period,
                subject=answer.subject,
                finding=answer.finding,
                text=answer.text.strip(),
                by_id=by.account_id,
                decided_on=on,
            )
    except IntegrityError as error:
        raise Stale(_("Câu hỏi này vừa được người khác trả lời."), submitted=answer.text) from error


def _faults_of(answer: SignalAnswer) -> list[Fault]:
    faults = []
    if answer.finding not in SignalVerdict.Finding.values:
        faults.append(Fault("finding", _("Hãy chọn kết quả xem xét.")))
    if not answer.text.strip():
        faults.append(Fault("text", _("Hãy ghi đã xem xét những gì và vì sao kết luận như vậy.")))
    return faults


def _answered(verdict: SignalVerdict) -> str:
    return _("Câu hỏi này đã được trả lời ngày %(day)s: “%(text)s”. Nội dung vừa ghi chưa được lưu.") % {
        "day": f"{verdict.decided_on:%d/%m/%Y}",
        "text": verdict.text,
    }
