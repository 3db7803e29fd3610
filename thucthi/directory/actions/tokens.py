"""Tokens with which programs of an organisation read through the API: given, revoked, seen in use."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import ApiToken, Organisation, Scope
from thucthi.kernel.bearer import make_secret
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record

LONGEST_DAYS = 366
MOST_IN_FORCE = 20
LONGEST_NAME = 120
PREFIX = "ttk_"
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class NewToken:
    """For whom, for what, and until which day, that day included."""

    organisation: Organisation | None
    name: str
    scopes: Collection[str]
    expires_on: date | None


@dataclass(frozen=True)
class GivenToken:
    """`text` is shown to the person once and then gone; it stays out of any printed form of this object."""

    entry: ApiToken
    text: str = field(repr=False)


@transaction.atomic
def give_token(*, by: Viewer, new: NewToken, today: date) -> GivenToken:
    """A new token of an organisation. Raises Forbidden, and Refused with all faults."""
    body = None
    if new.organisation is not None:
        body = Organisation.objects.select_for_update().get(pk=new.organisation.pk)
        require(access.can_keep_tokens_of(by, body.path), _no_right())
    refuse_if(_faults(new, body, today))
    made = make_secret(PREFIX)
    entry = ApiToken.objects.create(
        organisation=cast(Organisation, body),
        name=new.name.strip(),
        prefix=made.shown,
        digest=made.digest,
        scopes=sorted(new.scopes),
        created_by_id=by.account_id,
        expires_on=new.expires_on or today,
    )
    record(
        "api_token.given",
        by=by,
        subject=entry,
        organisation=entry.organisation.code,
        prefix=entry.prefix,
        scopes=entry.scopes,
        expires_on=entry.expires_on,
    )
    return GivenToken(entry, made.text)


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Viewer, at: datetime) -> ApiToken:
    """From now on the token opens nothing; revoking it again changes nothing. Raises Forbidden."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=token.pk)
    require(access.can_keep_tokens_of(by, token.organisation.path), _no_right())
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record("api_token.revoked", by=by, subject=token, prefix=token.prefix)
    return token


@transaction.atomic
def note_token_use(token: ApiToken, *, at: datetime) -> None:
    """Remember that the token was used, at most every ten minutes: it tells which tokens nobody needs any more."""
    if token.last_used_at is not None and at - token.last_used_at < NOTED_EVERY:
        return
    changed = ApiToken.objects.filter(pk=token.pk, last_used_at=token.last_used_at).update(last_used_at=at)
    if changed:
        record("api_token.used", by=SYSTEM, subject=token, prefix=token.prefix)


def _no_right() -> str:
    return _("Chỉ người đứng đầu hoặc quản trị tài khoản của cơ quan được cấp và thu hồi khóa API của cơ quan đó.")


def _faults(new: NewToken, body: Organisation | None, today: date) -> list[Fault]:
    faults = []
    if body is None:
        faults.append(Fault("organisation", _("Đề nghị chọn cơ quan dùng khóa.")))
    elif ApiToken.objects.filter(organisation=body, revoked_at=None, expires_on__gte=today).count() >= MOST_IN_FORCE:
        text = _("Cơ quan đã có %(count)s khóa còn hiệu lực; đề nghị thu hồi khóa không dùng nữa.")
        faults.append(Fault("", text % {"count": MOST_IN_FORCE}))
    if not 0 < len(new.name.strip()) <= LONGEST_NAME:
        text = _("Đề nghị ghi khóa dùng vào việc gì (nhiều nhất %(n)s chữ).") % {"n": LONGEST_NAME}
        faults.append(Fault("name", text))
    if not new.scopes or not set(new.scopes) <= set(Scope):
        faults.append(Fault("scopes", _("Đề nghị chọn ít nhất một phạm vi trong danh sách.")))
    if new.expires_on is None or not today < new.expires_on <= today + timedelta(days=LONGEST_DAYS):
        text = _("Ngày hết hạn phải sau hôm nay và không quá %(days)s ngày.") % {"days": LONGEST_DAYS}
        faults.append(Fault("expires_on", text))
    return faults
