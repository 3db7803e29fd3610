"""What letters say, who gets one, and how the post stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thucthi.directory.access import WORKING_ROLES
from thucthi.directory.models import Account, Delegation, Membership
from thucthi.workspace.calculations import one_line
from thucthi.workspace.models import Letter, Notice, NoticeChoice, Reason
from thucthi.workspace.selectors.my_work import MyWork
from thucthi.workspace.selectors.unsubscribing import unsubscribe_address

IMMEDIATE = (Reason.RETURNED, Reason.OVERDUE, Reason.MENTIONED)
# What is older was never to be told at once any more: it stands in the digest.
TOLD_WITHIN = timedelta(days=2)
LINES_PER_REASON = 20
# About a week of trying; after that the letter stays on the page of letters.
MOST_ATTEMPTS = 30
FAILING_SHOWN = 50


@dataclass(frozen=True)
class Written:
    """A letter's subject, one line, and its body, plain text."""

    subject: str
    body: str


@dataclass(frozen=True)
class Told:
    """The notices of one reason in a letter: the first ones, how many there are, and where to stop such letters."""

    reason: Reason
    shown: tuple[Notice, ...]
    total: int
    stop: str


@dataclass(frozen=True)
class Post:
    """How the post stands. `without_address`: working accounts that no letter can reach."""

    is_set_up: bool
    waiting: int
    failing: int
    given_up: int
    oldest: datetime | None
    sent: int
    without_address: int
    failures: tuple[Letter, ...]


def untold(at: datetime) -> QuerySet[Notice]:
    """To be told by mail at once: not yet told, not yet seen, and the account wants and can have mail for it."""
    unwanted = NoticeChoice.objects.filter(account=OuterRef("account"), reason=OuterRef("reason"), by_mail=False)
    return Notice.objects.filter(
        ~Exists(unwanted),
        reason__in=IMMEDIATE,
        letter__isnull=True,
        seen_at__isnull=True,
        created_at__gt=at - TOLD_WITHIN,
        created_at__lte=at,
        account__is_active=True,
    ).exclude(account__email="")


def accounts_without_digest(key: str, moment: datetime, on: date) -> QuerySet[Account]:
    """Those at work who have no digest of this week yet, want one and have an address; opened before `moment`."""
    written = Letter.objects.filter(account=OuterRef("pk"), key=key)
    unwanted = NoticeChoice.objects.filter(account=OuterRef("pk"), reason=Reason.DIGEST, by_mail=False)
    return (
        _working(on)
        .filter(~Exists(written), ~Exists(unwanted), date_joined__lte=moment)
        .exclude(email="")
        .order_by("pk")
    )


def _working(on: date) -> QuerySet[Account]:
    held = Membership.objects.in_force(on).filter(account=OuterRef("pk"), role__in=WORKING_ROLES)
    lent = Delegation.objects.filter(
        receiver=OuterRef("pk"), valid_from__lte=on, valid_to__gte=on, revoked_on__isnull=True
    )
    return Account.objects.filter(Exists(held) | Exists(lent), is_active=True)


def immediate_letter(account: Account, notices: Sequence[Notice]) -> Written:
    """For everything that came up within a few minutes, by reason."""
    with translation.override("vi"):
        told = [
            Told(
                reason=reason,
                shown=tuple(rows[:LINES_PER_REASON]),
                total=len(rows),
                stop=unsubscribe_address(account.pk, reason),
            )
            for reason in IMMEDIATE
            if (rows := [notice for notice in notices if notice.reason == reason])
        ]
        subject = ngettext("Thực Thi: %(n)s việc cần xem ngay", "Thực Thi: %(n)s việc cần xem ngay", len(notices))
        return Written(
            subject=one_line(subject % {"n": len(notices)}),
            body=_drawn("immediate", account, {"told": told, "line": _line_of_notice}),
        )


def digest_letter(account: Account, work: MyWork, on: date) -> Written:
    """The week's list: counts of every group and the first of each."""
    with translation.override("vi"):
        subject = _("Thực Thi: việc của tôi tuần %(week)s/%(year)s") % {
            "week": on.isocalendar().week,
            "year": on.isocalendar().year,
        }
        stop = unsubscribe_address(account.pk, Reason.DIGEST)
        return Written(one_line(subject), _drawn("digest", account, {"work": work, "today": on, "stop": stop}))


def _drawn(template: str, account: Account, context: dict[str, object]) -> str:
    whole = {**context, "account": account, "link": _link, "choices": _link(reverse("workspace:notice_choices"))}
    return str(render_to_string(f"workspace/letters/{template}.txt", whole, using="jinja2"))


def _link(path: str) -> str:
    return settings.SITE_URL + path


def _line_of_notice(notice: Notice) -> str:
    return one_line(notice.text)


def post(on: date) -> Post:
    """Waiting, failing and given up, the oldest first; three queries."""
    unsent = Q(sent_at__isnull=True)
    stuck = unsent & Q(attempts__gte=MOST_ATTEMPTS)
    counts = Letter.objects.aggregate(
        waiting=Count("pk", filter=unsent & Q(attempts=0)),
        failing=Count("pk", filter=unsent & Q(attempts__gt=0, attempts__lt=MOST_ATTEMPTS)),
        given_up=Count("pk", filter=stuck),
        oldest=Min("made_at", filter=unsent),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
    )
    failures: Iterable[Letter] = (
        Letter.objects.filter(unsent, attempts__gt=0).select_related("account").order_by("made_at", "pk")
    )[:FAILING_SHOWN]
    return Post(
        is_set_up=settings.MAIL_IS_SET_UP,
        without_address=_working(on).filter(email="").count(),
        failures=tuple(failures),
        **counts,
    )
