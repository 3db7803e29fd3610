"""Sending one letter at a time: each in a transaction of its own, so that one outcome never undoes another.

At least once: who dies after the mail server took a letter and before that was saved sends this one letter again, under
the same Message-ID.
"""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import require
from thucthi.ledger.actions import record
from thucthi.workspace import access
from thucthi.workspace.calculations import one_line, pause_before_retry
from thucthi.workspace.models import Letter
from thucthi.workspace.selectors.letters import MOST_ATTEMPTS
from thucthi.workspace.selectors.unsubscribing import unsubscribe_address

# The provider says that this message is at fault, not that it cannot be reached or asks for patience.
FAULTS_OF_A_MESSAGE = frozenset({400, 404, 413, 422})


@dataclass(frozen=True)
class Sent:
    """What became of one letter: `sent`, `refused` (this letter alone), `unreachable` (no use trying others now)."""

    letter: Letter
    outcome: str


@transaction.atomic
def send_next_letter(*, by: Viewer, at: datetime, connection: BaseEmailBackend) -> Sent | None:
    """Send the letter that waits longest and that nobody else is sending; None when none is due.

    A letter that could not be sent stays, with the error, and is tried again later.
    """
    require(access.may_run_the_post(by), _("Chỉ hệ thống soạn và gửi thư."))
    due = Letter.objects.filter(sent_at__isnull=True, try_after__lte=at, attempts__lt=MOST_ATTEMPTS)
    letter = (
        due.filter(account__is_active=True)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("try_after", "pk")
        .first()
    )
    if letter is None:
        return None
    outcome, error = _try(letter, connection)
    letter.attempts += 1
    letter.last_error = error
    if outcome == "sent":
        letter.sent_at = at
    else:
        letter.try_after = at + pause_before_retry(letter.attempts)
    letter.save(update_fields=["attempts", "last_error", "sent_at", "try_after"])
    record(f"letter.{outcome}", by=by, subject=letter, key=letter.key, attempts=letter.attempts, at=at)
    return Sent(letter, outcome)


def _try(letter: Letter, connection: BaseEmailBackend) -> tuple[str, str]:
    """(outcome, error) of one attempt; whatever goes wrong, the next attempt starts with a new connection."""
    try:
        if not _message(letter, connection).send():
            return "unreachable", "0"
    except (SMTPRecipientsRefused, SMTPDataError, SMTPSenderRefused, AnymailRecipientsRefused, ValueError) as error:
        outcome, said = "refused", error
    except (AnymailError, OSError) as error:
        at_fault = getattr(error, "status_code", None) in FAULTS_OF_A_MESSAGE
        outcome, said = "refused" if at_fault else "unreachable", error
    else:
        return "sent", ""
    connection.close()
    return outcome, one_line(f"{type(said).__name__}: {said}")


def _message(letter: Letter, connection: BaseEmailBackend) -> EmailMessage:
    link = unsubscribe_address(letter.account_id, letter.reason)
    return EmailMessage(
        subject=one_line(letter.subject),
        body=letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        connection=connection,
        headers={
            "Message-ID": f"<letter-{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
