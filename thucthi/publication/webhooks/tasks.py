"""What the background worker does every minute: facts become messages, messages that are due are sent."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thucthi.directory.access import SYSTEM
from thucthi.publication.webhooks.actions import SEND_MESSAGE, deliver, derive_messages
from thucthi.publication.webhooks.calculations import succeeded
from thucthi.publication.webhooks.selectors import due_messages

SEND_DUE = "publication.send_due_webhooks"
MOST_AT_ONCE = 200


@app.periodic(cron="* * * * *")
@app.task(name="publication.tell_programs", queueing_lock="publication.tell_programs", lock="publication.tell_programs")
def tell_programs(timestamp: int) -> dict[str, int]:
    """One job for each endpoint with something due: a slow one delays nobody else."""
    made = derive_messages(by=SYSTEM)
    waiting = set(due_messages(timezone.now()).values_list("endpoint", flat=True))
    return {"messages": made, "endpoints": sum(_start(endpoint) for endpoint in sorted(waiting))}


def _start(endpoint: int) -> int:
    name = f"{SEND_DUE}:{endpoint}"
    try:
        with transaction.atomic():
            app.configure_task(SEND_DUE, queueing_lock=name, lock=name).defer(endpoint_id=endpoint)
    except AlreadyEnqueued:
        return 0
    return 1


@app.task(name=SEND_DUE)
def send_due_webhooks(endpoint_id: int) -> int:
    """Message after message, until one cannot be delivered: then the others would fare no better now."""
    sent = 0
    due = due_messages(timezone.now()).filter(endpoint=endpoint_id).values_list("pk", flat=True)
    for message in list(due[:MOST_AT_ONCE]):
        attempt = deliver(message, by=SYSTEM, at=timezone.now())
        if attempt is None or not succeeded(attempt.status):
            break
        sent += 1
    return sent


@app.task(name=SEND_MESSAGE)
def send_webhook(message_id: int) -> None:
    """Asked for by a person: once more, whatever became of it before."""
    deliver(message_id, by=SYSTEM, at=timezone.now())
