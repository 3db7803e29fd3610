"""Accounts and the roles they play. Who administers accounts opens no working page."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Membership, Organisation, Person, Role
from thucthi.directory.selectors import paths_of_account
from thucthi.kernel.errors import Fault, Refused, refuse_if, require
from thucthi.kernel.vietnamese_text import nfc
from thucthi.ledger.actions import record


@dataclass(frozen=True)
class NewAccount:
    """An account with its first role; without a password it signs in through an identity provider only."""

    username: str
    display_name: str
    password: str | None
    organisation: Organisation | None
    role: str
    valid_from: date
    email: str = ""
    is_invented: bool = False


@transaction.atomic
def create_account(
    *,
    by: Viewer,
    username: str,
    password: str | None,
    display_name: str,
    is_invented: bool = False,
    email: str = "",
    person: Person | None = None,
) -> Account:
    """Open an account without a role, for a new person unless `person` is given. Raises Refused with all faults."""
    require(access.may_administer_accounts(by), _("Chỉ người quản trị tài khoản được mở tài khoản."))
    refuse_if(_faults_of(username, password, display_name))
    holder = person or Person.objects.create(display_name=nfc(display_name.strip()), is_invented=is_invented)
    account = _insert(Account(username=username, email=email, person=holder), password)
    record("account.created", by=by, subject=account, username=username)
    return account


@transaction.atomic
def open_account(*, by: Viewer, new: NewAccount) -> Account:
    """Open an account and give it its first role. Raises Forbidden, Refused with all faults."""
    require(access.may_administer_accounts(by), _("Chỉ người quản trị tài khoản được mở tài khoản."))
    faults = _faults_of(new.username, new.password, new.display_name)
    place = new.organisation
    if place is None:
        faults.append(Fault("organisation", _("Đề nghị chọn cơ quan nơi người này làm việc.")))
    elif not access.can_administer_accounts_of(by, place.path):
        faults.append(Fault("organisation", _not_yours()))
    if new.role not in Role.values:
        faults.append(Fault("role", _("Đề nghị chọn vai trò trong danh sách.")))
    refuse_if(faults)
    holder = Person.objects.create(display_name=nfc(new.display_name.strip()), is_invented=new.is_invented)
    account = _insert(Account(username=new.username, email=new.email, person=holder), new.password)
    # A missing organisation was refused above.
    Membership.objects.create(account=account, organisation=place, role=new.role, valid_from=new.valid_from)  # type: ignore[misc]
    record(
        "account.opened",
        by=by,
        subject=account,
        username=new.username,
        organisation=place.code if place else None,
        role=str(new.role),
    )
    return account


@transaction.atomic
def grant_role(account: Account, *, by: Viewer, organisation: Organisation, role: str, valid_from: date) -> Membership:
    """Let an account play a role in an organisation, from a day on; never oneself."""
    require(access.can_give_role(by, account.pk, organisation.path), _not_yours())
    if role not in Role.values:
        raise Refused([Fault("role", _("Đề nghị chọn vai trò trong danh sách."))])
    try:
        with transaction.atomic():
            made = Membership.objects.create(
                account=account, organisation=organisation, role=role, valid_from=valid_from
            )
    except IntegrityError as error:
        raise Refused([Fault("role", _("Tài khoản này đã giữ vai trò đó trong thời gian này."))]) from error
    record(
        "role.granted", by=by, subject=made, account=account.username, organisation=organisation.code, role=str(role)
    )
    return made


@transaction.atomic
def end_role(membership: Membership, *, by: Viewer, valid_to: date) -> Membership:
    """From the day `valid_to` on the role is no longer held: today's end shows at the next request."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation", "account")
        .get(pk=membership.pk)
    )
    require(access.can_give_role(by, membership.account_id, membership.organisation.path), _not_yours())
    if valid_to < membership.valid_from:
        raise Refused([Fault("valid_to", _("Ngày thôi vai trò không thể trước ngày giao. Đề nghị kiểm tra lại."))])
    if membership.valid_to is not None and membership.valid_to <= valid_to:
        raise Refused([Fault("valid_to", _("Vai trò này đã thôi từ trước ngày đó."))])
    membership.valid_to = valid_to
    membership.save(update_fields=["valid_to"])
    record(
        "role.ended",
        by=by,
        subject=membership,
        account=membership.account.username,
        organisation=membership.organisation.code,
        role=membership.role,
        valid_to=valid_to,
    )
    return membership


@transaction.atomic
def set_password(account: Account, *, by: Viewer, password: str) -> Account:
    """Give a new password to someone who lost theirs; every session of the account ends."""
    account = _locked_for_shutting(account, by)
    refuse_if(_faults_of_password(password, account))
    account.set_password(password)
    account.save(update_fields=["password"])
    record("password.replaced", by=by, subject=account, username=account.username)
    return account


@transaction.atomic
def deactivate_account(account: Account, *, by: Viewer) -> Account:
    """Shut an account. Its password goes too, and with it every session, even if the account were opened again."""
    account = _locked_for_shutting(account, by)
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    record("account.deactivated", by=by, subject=account, username=account.username)
    return account


def _not_yours() -> str:
    return _("Ông/bà chỉ quản trị tài khoản trong cơ quan mình và cấp dưới, và không tự giao vai trò cho mình.")


def _locked_for_shutting(account: Account, by: Viewer) -> Account:
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    require(
        access.can_shut_account(by, account.pk, paths_of_account(account)),
        _("Ông/bà chỉ khóa hoặc đặt lại mật khẩu được tài khoản của người khác, khi quản trị mọi nơi họ có vai trò."),
    )
    return account


def _insert(account: Account, password: str | None) -> Account:
    account.password = make_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise Refused([Fault("username", _("Tên đăng nhập này đã có. Đề nghị chọn tên khác."))]) from error
    return account


def _faults_of(username: str, password: str | None, display_name: str) -> list[Fault]:
    faults = []
    try:
        Account.username_validator(username)
        well_formed = username == username.lower() and len(username) <= 150
    except ValidationError:
        well_formed = False
    if not well_formed:
        text = _("Đề nghị ghi tên đăng nhập bằng chữ thường, chữ số và dấu . - _, không có khoảng trắng.")
        faults.append(Fault("username", text))
    if not display_name.strip():
        faults.append(Fault("display_name", _("Đề nghị ghi họ tên của người dùng tài khoản.")))
    if password is not None:
        named = Account(username=username, first_name=display_name)
        faults += _faults_of_password(password, named)
    return faults


def _faults_of_password(password: str, account: Account) -> list[Fault]:
    try:
        validate_password(password, user=account)
    except ValidationError as error:
        return [Fault("password", message) for message in error.messages]
    return []
