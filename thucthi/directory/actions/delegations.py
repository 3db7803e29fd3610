"""An absent head lets somebody of the same body decide in his place, between two dates (D32)."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import DELEGABLE_ROLES, Viewer
from thucthi.directory.models import Account, Delegation, Membership, Organisation
from thucthi.directory.selectors import works_in
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.ledger.actions import record

LONGEST_ABSENCE_DAYS = 92
LONGEST_REASON = 500


@dataclass(frozen=True)
class NewDelegation:
    """Whose role in which body is lent to whom, from when to when, both days included."""

    giver: Account
    organisation: Organisation
    role: str
    receiver: Account | None
    valid_from: date | None
    valid_to: date | None
    reason: str


@dataclass(frozen=True)
class _Days:
    since: date
    until: date


@transaction.atomic
def delegate(*, by: Viewer, new: NewDelegation, on: date) -> Delegation:
    """Lend the role. Only its holder himself, or who administers the accounts of the body; never to oneself.

    The receiver works in the same body, in a role that is not the administration of accounts. Whoever received a role
    cannot lend it on: only memberships are lent. Raises Forbidden, Refused with all faults.
    """
    require(
        access.can_delegate(by, new.giver.pk, new.organisation.pk, new.organisation.path, new.role),
        _("Chỉ người giữ vai trò, hoặc người quản trị tài khoản của cơ quan đó, được ủy quyền khi vắng mặt."),
    )
    faults, days = _days_of(new, on)
    refuse_if([*_faults_of(new, by, on), *faults])
    made = _insert(new, days)
    record(
        "delegation.given",
        by=by,
        subject=made,
        organisation=new.organisation.code,
        role=new.role,
        giver=new.giver.username,
        receiver=made.receiver.username,
        valid_from=days.since,
        valid_to=days.until,
        reason=made.reason,
    )
    return made


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, by: Viewer, on: date) -> Delegation:
    """End it at once: the receiver's next request is without it. Raises Forbidden, Stale when it was revoked before."""
    held = Delegation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=delegation.pk)
    require(
        access.can_delegate(by, held.giver_id, held.organisation_id, held.organisation.path, held.role),
        _("Chỉ người đã ủy quyền, hoặc người quản trị tài khoản của cơ quan đó, được thu hồi ủy quyền."),
    )
    if held.revoked_on is not None:
        raise Stale(_("Ủy quyền này đã được thu hồi ngày %(day)s.") % {"day": f"{held.revoked_on:%d/%m/%Y}"})
    held.revoked_on = on
    held.save(update_fields=["revoked_on"])
    record("delegation.revoked", by=by, subject=held, revoked_on=on)
    return held


def _faults_of(new: NewDelegation, by: Viewer, on: date) -> list[Fault]:
    faults = []
    holds = Membership.objects.in_force(on).filter(account=new.giver, organisation=new.organisation, role=new.role)
    if new.role not in DELEGABLE_ROLES or not holds.exists():
        faults.append(Fault("seat", _("Người ủy quyền không giữ vai trò này ở cơ quan này.")))
    if new.receiver is None:
        faults.append(Fault("receiver", _("Đề nghị ghi tên đăng nhập của người được ủy quyền.")))
    elif new.receiver.pk == new.giver.pk:
        faults.append(Fault("receiver", _("Không ủy quyền cho chính mình.")))
    elif new.receiver.pk == by.account_id:
        faults.append(Fault("receiver", _("Người quản trị tài khoản không tự nhận ủy quyền.")))
    elif not works_in(new.receiver, new.organisation.pk, on):
        faults.append(Fault("receiver", _("Người được ủy quyền phải đang làm việc ở cùng cơ quan.")))
    if not new.reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi lý do vắng mặt.")))
    elif len(new.reason.strip()) > LONGEST_REASON:
        faults.append(Fault("reason", _("Lý do tối đa 500 ký tự. Hãy rút gọn.")))
    return faults


def _days_of(new: NewDelegation, on: date) -> tuple[list[Fault], _Days]:
    since, until = new.valid_from, new.valid_to
    faults = []
    if since is None or since < on:
        faults.append(Fault("valid_from", _("Ủy quyền bắt đầu từ hôm nay hoặc sau hôm nay.")))
    if until is None or (since is not None and until < since):
        faults.append(Fault("valid_to", _("Ngày cuối phải từ ngày bắt đầu trở đi.")))
    elif since is not None and (until - since).days >= LONGEST_ABSENCE_DAYS:
        sentence = _("Ủy quyền tối đa %(n)s ngày; vắng lâu hơn thì đề nghị giao người phụ trách.")
        faults.append(Fault("valid_to", sentence % {"n": LONGEST_ABSENCE_DAYS}))
    return faults, _Days(since or on, until or on)


def _insert(new: NewDelegation, days: _Days) -> Delegation:
    try:
        with transaction.atomic():
            return Delegation.objects.create(
                organisation=new.organisation,
                role=new.role,
                giver=new.giver,
                receiver=new.receiver,  # type: ignore[misc]  # a missing one was refused
                valid_from=days.since,
                valid_to=days.until,
                reason=new.reason.strip(),
            )
    except IntegrityError as error:
        raise Refused(
            [Fault("valid_from", _("Trong thời gian này đã có một ủy quyền khác. Đề nghị thu hồi ủy quyền đó trước."))]
        ) from error
