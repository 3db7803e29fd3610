"""Secret addresses of calendars: given, and taken back."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.workspace import access
from thucthi.workspace.models import CalendarKey

MOST_KEYS = 20


@dataclass(frozen=True)
class GivenCalendar:
    """`secret` is the last part of the address; it is kept nowhere."""

    key: CalendarKey
    secret: str


@transaction.atomic
def give_calendar(
    *, by: Viewer, organisation: Organisation | None, document: Document | None, at: datetime
) -> GivenCalendar:
    """A secret address under which a calendar program reads what the account may see.

    Of one body or one document if named, otherwise of the account's own work. Raises Forbidden, Refused.
    """
    require(may_work(by) and by.account_id is not None, _("Chỉ người đang làm việc trong hệ thống được tạo lịch."))
    faults = []
    if organisation and document:
        faults.append(Fault("document", _("Đề nghị chọn cơ quan hoặc văn bản, không chọn cả hai.")))
    if CalendarKey.objects.filter(account=by.account_id, revoked_at__isnull=True).count() >= MOST_KEYS:
        faults.append(Fault("", _("Đã có %(n)s địa chỉ lịch đang dùng; đề nghị thu hồi bớt trước.") % {"n": MOST_KEYS}))
    refuse_if(faults)
    secret = secrets.token_urlsafe(32)
    key = CalendarKey.objects.create(
        account_id=cast(int, by.account_id),
        organisation=organisation,
        document=document,
        secret_hash=sha256_hex(secret.encode()),
        created_at=at,
    )
    record(
        "calendar.given",
        by=by,
        subject=key,
        organisation=organisation.code if organisation else None,
        document=document.slug if document else None,
        at=at,
    )
    return GivenCalendar(key, secret)


@transaction.atomic
def revoke_calendar(key: CalendarKey, *, by: Viewer, at: datetime) -> None:
    """From now on the address answers nothing. Raises Forbidden for anybody else's, Stale when it was done before."""
    key = CalendarKey.objects.select_for_update().get(pk=key.pk)
    require(access.can_revoke_calendar(by, key.account_id), _("Chỉ chủ tài khoản thu hồi được địa chỉ lịch của mình."))
    if key.revoked_at:
        raise Stale(_("Địa chỉ lịch này đã được thu hồi trước đó."), current=key)
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    record("calendar.revoked", by=by, subject=key, at=at)
