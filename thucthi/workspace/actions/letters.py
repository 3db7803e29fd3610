"""Letters are written and kept before anything is sent (docs/adr/0025). Nothing is written while mail is not set up."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.errors import require
from thucthi.ledger.actions import record
from thucthi.workspace import access
from thucthi.workspace.calculations import digest_key, digest_moment
from thucthi.workspace.models import Letter, Notice, Reason
from thucthi.workspace.selectors.letters import accounts_without_digest, digest_letter, immediate_letter, untold
from thucthi.workspace.selectors.my_work import my_work

LETTERS_LOCK = 7311
# What happens within a few minutes goes into one letter.
GATHERED_FOR = timedelta(minutes=5)
LETTERS_AT_ONCE = 200
DIGESTS_AT_ONCE = 25
URGENT_FIRST = (Reason.RETURNED, Reason.OVERDUE, Reason.MENTIONED)


@transaction.atomic
def write_immediate_letters(*, by: Viewer, at: datetime) -> int:
    """One letter per account for everything returned, overdue or mentioned that it was not yet told of by mail.

    Returns how many were written, at most `LETTERS_AT_ONCE`; call again until none is.
    """
    require(access.may_run_the_post(by), _("Chỉ hệ thống soạn và gửi thư."))
    if not settings.MAIL_IS_SET_UP:
        return 0
    _lock()
    waiting = untold(at).values("account").annotate(oldest=Min("created_at")).filter(oldest__lte=at - GATHERED_FOR)
    chosen = [row["account"] for row in waiting.order_by("oldest")[:LETTERS_AT_ONCE]]
    told: dict[int, list[Notice]] = {}
    for notice in untold(at).filter(account__in=chosen).select_related("account").order_by("pk"):
        told.setdefault(notice.account_id, []).append(notice)
    for notices in told.values():
        letter = _kept(notices, at)
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(letter=letter)
    if told:
        record("letters.written", by=by, subject=letter, letters=len(told), notices=sum(map(len, told.values())), at=at)
    return len(told)


def _kept(notices: list[Notice], at: datetime) -> Letter:
    account = notices[0].account
    present = {notice.reason for notice in notices}
    written = immediate_letter(account, notices)
    return Letter.objects.create(
        account=account,
        key=f"now:{notices[0].pk}",
        reason=next(reason for reason in URGENT_FIRST if reason in present),
        to=account.email,
        subject=written.subject,
        body=written.body,
        made_at=at,
        try_after=at,
    )


@transaction.atomic
def write_digests(*, by: Viewer, at: datetime) -> int:
    """The week's digest for accounts that have none yet, from Monday 07:30 on (the first working day if it is none).

    Returns how many were written, at most `DIGESTS_AT_ONCE`; call again until none is.
    """
    require(access.may_run_the_post(by), _("Chỉ hệ thống soạn và gửi thư."))
    on = localdate(at)
    moment = digest_moment(on)
    if not settings.MAIL_IS_SET_UP or moment is None or at < moment:
        return 0
    _lock()
    letters = list(_digests(on, moment, at))
    Letter.objects.bulk_create(letters)
    if letters:
        record("digests.written", by=by, subject=letters[-1], letters=len(letters), week=digest_key(on), at=at)
    return len(letters)


def _digests(day: date, moment: datetime, at: datetime) -> Iterable[Letter]:
    key = digest_key(day)
    for account in accounts_without_digest(key, moment, day)[:DIGESTS_AT_ONCE]:
        written = digest_letter(account, my_work(viewer_of(account, day), day), day)
        yield Letter(
            account=account,
            key=key,
            reason=Reason.DIGEST,
            to=account.email,
            subject=written.subject,
            body=written.body,
            made_at=at,
            try_after=at,
        )


def _lock() -> None:
    """One writer at a time; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LETTERS_LOCK])
