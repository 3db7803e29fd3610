"""Accounts and the roles they play. Who administers accounts opens no working page."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Membership, Organisation, Person, Role
from thucthi.kernel.errors import Fault, Refused, refuse_if, require
from thucthi.ledger.actions import record


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
    """Open an account for a person (a new one unless `person` is given). Raises Refused with all faults.

    Without a password the account signs in through an identity provider, or after one was set for it.
    """
    require(access.may_administer_accounts(by), _("Chỉ người quản trị tài khoản được mở tài khoản."))
    refuse_if(_faults_of(username, password, display_name))
    holder = person or Person.objects.create(display_name=display_name.strip(), is_invented=is_invented)
    try:
        with transaction.atomic():
            account = Account.objects.create(
                username=username, password=make_password(password), email=email, person=holder
            )
    except IntegrityError as error:
        raise Refused([Fault("username", _("Tên đăng nhập này đã có. Đề nghị chọn tên khác."))]) from error
    record("account.created", by=by, subject=account, username=username)
    return account


@transaction.atomic
def grant_role(account: Account, *, by: Viewer, organisation: Organisation, role: str, valid_from: date) -> Membership:
    """Let an account play a role in an organisation, from a day on."""
    require(
        access.can_administer_accounts_of(by, organisation.path),
        _("Ông/bà chỉ giao được vai trò trong cơ quan mình hoặc cơ quan cấp dưới."),
    )
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
    """The role ends with that day; the next request already sees it."""
    membership = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    require(
        access.can_administer_accounts_of(by, membership.organisation.path),
        _("Ông/bà chỉ thu hồi được vai trò trong cơ quan mình hoặc cơ quan cấp dưới."),
    )
    if valid_to < membership.valid_from:
        raise Refused([Fault("valid_to", _("Ngày thôi vai trò không thể trước ngày giao. Đề nghị kiểm tra lại."))])
    membership.valid_to = valid_to
    membership.save(update_fields=["valid_to"])
    record("role.ended", by=by, subject=membership, role=membership.role, valid_to=valid_to)
    return membership


@transaction.atomic
def deactivate_account(account: Account, *, by: Viewer) -> Account:
    """Shut an account: its sessions show nothing from the next request on."""
    places = Organisation.objects.filter(memberships__account=account).distinct()
    require(
        access.may_administer_accounts(by) and all(access.can_administer_accounts_of(by, row.path) for row in places),
        _("Ông/bà chỉ khóa được tài khoản của cơ quan mình hoặc cơ quan cấp dưới."),
    )
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    account.is_active = False
    account.save(update_fields=["is_active"])
    record("account.deactivated", by=by, subject=account, username=account.username)
    return account


def _faults_of(username: str, password: str | None, display_name: str) -> list[Fault]:
    faults = []
    if not username.strip() or username != username.strip().lower():
        faults.append(
            Fault("username", _("Đề nghị ghi tên đăng nhập bằng chữ thường, không có khoảng trắng ở hai đầu."))
        )
    if not display_name.strip():
        faults.append(Fault("display_name", _("Đề nghị ghi họ tên của người dùng tài khoản.")))
    try:
        if password is not None:
            validate_password(password)
    except ValidationError as error:
        faults += [Fault("password", message) for message in error.messages]
    return faults
