"""What the background worker does with the post: notices first, then letters, then sending."""

from collections.abc import Callable
from datetime import datetime

from django.core.mail import get_connection
from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.workspace.actions import derive_notices, send_next_letter, write_digests, write_immediate_letters

MOST_ROUNDS = 100
MOST_LETTERS = 2_000


# Every five minutes, and so at half past midnight UTC on Mondays too: 07:30 in Hà Nội, when the digests are written.
@app.periodic(cron="*/5 * * * *")
@app.task(name="workspace.tell", queueing_lock="workspace.tell", lock="workspace.tell")
def tell(timestamp: int) -> dict[str, int]:
    """Derive notices and write the letters for them, round by round; a missed run is made good by the next."""
    now = timezone.now()
    return {
        "notices": _until_done(derive_notices, now),
        "letters": _until_done(write_immediate_letters, now),
        "digests": _until_done(write_digests, now),
    }


def _until_done(write: Callable[..., int], now: datetime) -> int:
    total = 0
    for _round in range(MOST_ROUNDS):
        made = write(by=SYSTEM, at=now)
        total += made
        if not made:
            break
    return total


@app.periodic(cron="* * * * *")
@app.task(name="workspace.send", queueing_lock="workspace.send")
def send(timestamp: int) -> dict[str, int]:
    """Send what waits, one letter after the other, until none is due or the mail server cannot be reached."""
    outcomes: dict[str, int] = {}
    connection = get_connection()
    try:
        for _letter in range(MOST_LETTERS):
            sent = send_next_letter(by=SYSTEM, at=timezone.now(), connection=connection)
            if sent is None:
                break
            outcomes[sent.outcome] = outcomes.get(sent.outcome, 0) + 1
            if sent.outcome == "unreachable":
                break
    finally:
        connection.close()
    return outcomes
