"""A body disputes a figure about it; the owner of the source answers, and an accepted dispute corrects the figure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.calculations.disputes import answer_due_on
from thucthi.indicators.models import Delivery, DeliveryKind, Dispute, DisputeAnswer, Observation
from thucthi.indicators.selectors import standing_lines
from thucthi.indicators.selectors.stated import correcting, faults_of_observations, lock_lines, plain_observation
from thucthi.kernel.canonical import content_hash
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record

Verdict = DisputeAnswer.Verdict
# The column holds fourteen digits before the point and six after it.
LARGEST_AMOUNT = Decimal(10) ** 14


@dataclass(frozen=True)
class Corrected:
    """What the figure becomes when a dispute is accepted: state and amount as kernel.values.Value has them."""

    state: str
    amount: Decimal | None
    source: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@transaction.atomic
def raise_dispute(
    observation: Observation,
    *,
    by: Viewer,
    organisation: Organisation,
    motive: str,
    source: str,
    proposed_amount: Decimal | None,
    on: date,
) -> Dispute:
    """Say, in the name of `organisation`, that a value about it or a unit below it is not right.

    Raises Forbidden; Refused, also for a value that does not stand that day or was disputed already; Stale.
    """
    require(
        access.can_dispute_for(by, organisation.pk),
        _("Chỉ người báo cáo hoặc người đứng đầu của đơn vị được kiến nghị về số liệu của đơn vị mình."),
    )
    about_it = observation.organisation is not None and organisation.pk in observation.organisation.path
    require(about_it, _("Đơn vị chỉ kiến nghị về số liệu của chính mình hoặc của đơn vị cấp dưới."))
    lock_lines([correcting(observation)])
    faults = _faults_of_standing(observation, organisation, on)
    refuse_if([*faults, *_faults_of_motive(motive, source, proposed_amount)])
    dispute = _insert_dispute(
        Dispute(
            observation=observation,
            organisation=organisation,
            by_id=by.account_id,
            motive=motive.strip(),
            source=source.strip(),
            proposed_amount=proposed_amount,
            raised_on=on,
            answer_due_on=answer_due_on(on),
            is_simulated=observation.is_simulated,
        )
    )
    told = {"organisation": organisation.code, "motive": dispute.motive, "source": dispute.source}
    clock = {"proposed_amount": proposed_amount, "answer_due_on": dispute.answer_due_on}
    record("dispute.raised", by=by, subject=dispute, observation=observation.pk, **told, **clock)
    return dispute


@transaction.atomic
def answer_dispute(
    dispute: Dispute, *, by: Viewer, verdict: str, text: str, on: date, corrected: Corrected | None = None
) -> DisputeAnswer:
    """Accept a dispute, which corrects the figure in the same transaction, or keep the figure; either with the reason.

    Raises Forbidden, Refused (all faults at once), Stale when somebody has answered meanwhile.
    """
    indicator = dispute.observation.indicator
    require(
        access.can_answer_dispute(by, indicator.source_owner_id or indicator.owner_id),
        _("Chỉ cơ quan chủ quản nguồn số liệu được trả lời kiến nghị này."),
    )
    require(
        by.is_system or by.account_id != dispute.by_id,
        _("Người đã gửi kiến nghị không tự trả lời kiến nghị của mình."),
    )
    lock_lines([correcting(dispute.observation)])
    _refuse_second_answer(dispute, text)
    refuse_if(_faults_of_answer(dispute, verdict, text, on, corrected))
    correction = _correct(dispute, by, text.strip(), on, corrected) if corrected else None
    answer = _insert_answer(dispute, by=by, verdict=verdict, text=text.strip(), on=on, correction=correction)
    record(
        f"dispute.{verdict}",
        by=by,
        subject=dispute,
        observation=dispute.observation_id,
        text=answer.text,
        answered_on=on,
        correction=correction.pk if correction else None,
        amount=correction.amount if correction else None,
    )
    return answer


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, by: Viewer, text: str, on: date) -> DisputeAnswer:
    """The body that raised it takes it back, with the reason. Raises Forbidden, Refused, Stale."""
    require(
        access.can_dispute_for(by, dispute.organisation_id),
        _("Chỉ đơn vị đã gửi kiến nghị được rút kiến nghị này."),
    )
    lock_lines([correcting(dispute.observation)])
    _refuse_second_answer(dispute, text)
    refuse_if(_faults_of_words(dispute, text, on))
    answer = _insert_answer(dispute, by=by, verdict=Verdict.WITHDRAWN, text=text.strip(), on=on, correction=None)
    record("dispute.withdrawn", by=by, subject=dispute, text=answer.text, answered_on=on)
    return answer


def _insert_dispute(dispute: Dispute) -> Dispute:
    try:
        with transaction.atomic():
            dispute.save(force_insert=True)
    except IntegrityError as raised_meanwhile:
        text = _("Đơn vị vừa có người gửi kiến nghị về số liệu này. Đề nghị tải lại trang.")
        raise Stale(text, submitted=dispute.motive) from raised_meanwhile
    return dispute


def _faults_of_standing(observation: Observation, organisation: Organisation, on: date) -> list[Fault]:
    faults = []
    stands = observation.available_on <= on
    if not stands or Observation.objects.filter(corrects=observation, available_on__lte=on).exists():
        faults.append(Fault("", _("Số liệu này không còn là số đang có; đề nghị kiến nghị về số mới nhất.")))
    if Dispute.objects.filter(observation=observation, organisation=organisation).exists():
        faults.append(Fault("", _("Đơn vị đã kiến nghị về số liệu này; mỗi số liệu kiến nghị một lần.")))
    return faults


def _faults_of_motive(motive: str, source: str, proposed: Decimal | None) -> list[Fault]:
    faults = []
    if not motive.strip():
        faults.append(Fault("motive", _("Đề nghị nêu rõ vì sao số liệu chưa đúng.")))
    if not source.strip():
        faults.append(Fault("source", _("Đề nghị ghi nguồn chứng minh, ví dụ số và ngày của báo cáo.")))
    return faults + _faults_of_amount("proposed_amount", proposed)


def _faults_of_amount(field: str, amount: Decimal | None) -> list[Fault]:
    if amount is None or (amount.is_finite() and abs(amount) < LARGEST_AMOUNT):
        return []
    return [Fault(field, _("Con số này quá lớn hoặc không phải là số; đề nghị kiểm tra đơn vị tính."))]


def _refuse_second_answer(dispute: Dispute, text: str) -> None:
    given = DisputeAnswer.objects.filter(dispute=dispute).first()
    if given:
        told = {"day": f"{given.answered_on:%d/%m/%Y}", "verdict": given.get_verdict_display()}
        sentence = _("Kiến nghị này đã có kết quả ngày %(day)s: %(verdict)s. Nội dung vừa ghi chưa được lưu.")
        raise Stale(sentence % told, current=given, submitted=text)


def _faults_of_words(dispute: Dispute, text: str, on: date) -> list[Fault]:
    faults = []
    if not text.strip():
        faults.append(Fault("text", _("Đề nghị ghi rõ lý do.")))
    if on < dispute.raised_on:
        faults.append(Fault("", _("Ngày trả lời không thể trước ngày gửi kiến nghị.")))
    return faults


def _faults_of_answer(dispute: Dispute, verdict: str, text: str, on: date, corrected: Corrected | None) -> list[Fault]:
    faults = _faults_of_words(dispute, text, on)
    if verdict not in {Verdict.ACCEPTED, Verdict.REFUSED}:
        return [Fault("verdict", _("Đề nghị chọn chấp nhận hoặc giữ nguyên số liệu.")), *faults]
    if verdict == Verdict.REFUSED and corrected:
        faults.append(Fault("amount", _("Giữ nguyên số liệu thì không ghi số đính chính.")))
    if verdict == Verdict.ACCEPTED and corrected is None:
        faults.append(Fault("amount", _("Chấp nhận kiến nghị thì đề nghị ghi số đính chính.")))
    if corrected:
        faults += _faults_of_amount("amount", corrected.amount) or _faults_of_correction(dispute, on, corrected)
    return faults


def _faults_of_correction(dispute: Dispute, on: date, corrected: Corrected) -> list[Fault]:
    standing = _standing(dispute.observation)
    said = (corrected.state, corrected.amount, corrected.numerator, corrected.denominator)
    stands = correcting(standing).said
    if said == stands:
        same = _("Số đính chính trùng với số đang có; nếu số đang có là đúng, đề nghị chọn giữ nguyên.")
        return [Fault("amount", same)] if standing.pk == dispute.observation_id else []
    row = correcting(standing, available_on=on, **_as_said(corrected, standing))
    return [Fault("amount", fault.text) for fault in faults_of_observations([row])]


def _as_said(corrected: Corrected, standing: Observation) -> dict[str, object]:
    return vars(corrected) | {"source": corrected.source.strip() or standing.source}


def _standing(observation: Observation) -> Observation:
    """The row that stands on the line today: after another correction it is no longer the disputed one."""
    line = correcting(observation).line
    related = ("indicator", "organisation")
    return Observation.objects.select_related(*related).get(pk=standing_lines([line])[line].pk)


def _correct(dispute: Dispute, by: Viewer, text: str, on: date, corrected: Corrected) -> Observation:
    """Write the correcting value; where somebody else has put it right already, that value is the correction."""
    standing = _standing(dispute.observation)
    row = correcting(standing, available_on=on, remark=text[:500], **_as_said(corrected, standing))
    is_right_already = row.said == correcting(standing).said
    if is_right_already and not DisputeAnswer.objects.filter(correction=standing).exists():
        return standing
    delivery = Delivery.objects.create(
        kind=DeliveryKind.DISPUTE,
        by_id=by.account_id,
        added=0,
        corrected=1,
        unchanged=0,
        content_hash=content_hash([plain_observation(row)]),
    )
    return Observation.objects.create(**vars(row), delivery=delivery)


def _insert_answer(
    dispute: Dispute, *, by: Viewer, verdict: str, text: str, on: date, correction: Observation | None
) -> DisputeAnswer:
    try:
        with transaction.atomic():
            return DisputeAnswer.objects.create(
                dispute=dispute, verdict=verdict, text=text, correction=correction, by_id=by.account_id, answered_on=on
            )
    except IntegrityError as answered_meanwhile:
        sentence = _("Kiến nghị này vừa được người khác trả lời. Đề nghị tải lại trang.")
        raise Stale(sentence, submitted=text) from answered_meanwhile
