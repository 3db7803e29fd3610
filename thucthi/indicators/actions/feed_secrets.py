"""Secrets of machines that send: given, revoked, seen in use. Only a digest is kept; the text is never logged."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import SYSTEM, Viewer
from thucthi.indicators import access
from thucthi.indicators.models import Feed, FeedKind, FeedSecret
from thucthi.kernel.bearer import make_secret
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record

LONGEST_DAYS = 366
MOST_IN_FORCE = 5
PREFIX = "tt_"
NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class GivenSecret:
    """`text` is shown to the person once and then gone; it stays out of any printed form of this object."""

    entry: FeedSecret
    text: str = field(repr=False)


@transaction.atomic
def give_secret(feed: Feed, *, by: Viewer, expires_on: date | None, today: date) -> GivenSecret:
    """A new secret for a source that sends. Raises Forbidden, and Refused with all faults."""
    feed = Feed.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=feed.pk)
    require(access.can_manage_feed(by, feed.organisation.path), _no_right())
    refuse_if(_faults(feed, expires_on, today))
    made = make_secret(PREFIX)
    entry = FeedSecret.objects.create(
        feed=feed,
        prefix=made.shown,
        digest=made.digest,
        created_by_id=by.account_id,
        expires_on=expires_on or today,
    )
    record("feed_secrets.given", by=by, subject=feed, prefix=entry.prefix, expires_on=entry.expires_on)
    return GivenSecret(entry, made.text)


@transaction.atomic
def revoke_secret(secret: FeedSecret, *, by: Viewer) -> FeedSecret:
    """From now on the secret opens nothing; revoking it again changes nothing. Raises Forbidden."""
    secret = FeedSecret.objects.select_for_update(of=("self",)).select_related("feed__organisation").get(pk=secret.pk)
    require(access.can_manage_feed(by, secret.feed.organisation.path), _no_right())
    if secret.revoked_at is None:
        secret.revoked_at = timezone.now()
        secret.save(update_fields=["revoked_at"])
        record("feed_secrets.revoked", by=by, subject=secret.feed, prefix=secret.prefix)
    return secret


@transaction.atomic
def note_use(secret: FeedSecret, *, at: datetime) -> None:
    """Remember that the secret was used, at most once an hour: it tells which secrets nobody needs any more."""
    if secret.last_used_at is not None and at - secret.last_used_at < NOTED_EVERY:
        return
    changed = FeedSecret.objects.filter(pk=secret.pk, last_used_at=secret.last_used_at).update(last_used_at=at)
    if changed:
        record("feed_secrets.used", by=SYSTEM, subject=secret.feed, prefix=secret.prefix)


def _no_right() -> str:
    return _("Chỉ cơ quan thường trực của đơn vị hoặc của cấp trên được cấp và thu hồi khóa của nguồn này.")


def _faults(feed: Feed, expires_on: date | None, today: date) -> list[Fault]:
    faults = []
    if feed.kind != FeedKind.API:
        faults.append(Fault("", _("Chỉ nguồn tự gửi số liệu mới cần khóa.")))
    if expires_on is None or not today < expires_on <= today + timedelta(days=LONGEST_DAYS):
        text = _("Ngày hết hạn phải sau hôm nay và không quá %(days)s ngày.") % {"days": LONGEST_DAYS}
        faults.append(Fault("expires_on", text))
    in_force = feed.secrets.filter(revoked_at=None, expires_on__gte=today).count()
    if in_force >= MOST_IN_FORCE:
        text = _("Nguồn đã có %(count)s khóa còn hiệu lực; đề nghị thu hồi khóa không dùng nữa.") % {"count": in_force}
        faults.append(Fault("", text))
    return faults
