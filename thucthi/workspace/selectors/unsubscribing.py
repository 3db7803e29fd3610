"""The address in a letter under which one stops such letters without signing in."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from thucthi.directory.models import Account
from thucthi.workspace.models import NoticeChoice, Reason

SALT = "thucthi.workspace.letters"


@dataclass(frozen=True)
class Stopping:
    """Whose letters of which kind the address stops; `is_stopped`: that was done before."""

    account: Account
    reason: Reason
    is_stopped: bool


def unsubscribe_address(account_id: int, reason: str) -> str:
    """Signed with the installation's key, without an end: it lets stop these letters and do nothing else."""
    token = signing.dumps([account_id, str(reason)], salt=SALT)
    return settings.SITE_URL + reverse("workspace:unsubscribe", kwargs={"token": token})


def stopping(token: str) -> Stopping | None:
    """What the signed part of an address stands for; None if it is not one of ours, or the account is closed."""
    try:
        account_id, reason = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None or reason not in Reason.values:
        return None
    stopped = NoticeChoice.objects.filter(account=account, reason=reason, by_mail=False).exists()
    return Stopping(account, Reason(reason), stopped)
