"""What the ledger does by itself: entries get their places, and somebody looks whether each one did."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.ledger.actions import sequence
from thucthi.ledger.selectors.receipts import late_entries
from thucthi.ledger.selectors.standing import fault_against_what_was_published

MOST_ROUNDS = 50
log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="ledger.sequence", queueing_lock="ledger.sequence")
def sequence_entries(timestamp: int) -> int:
    """Place what waits, round by round; a missed run is made good by the next. Nothing where the log would fork."""
    total = 0
    if forked := fault_against_what_was_published():
        log.error("nothing was sequenced: %s", forked)
        return total
    for _round in range(MOST_ROUNDS):
        placed = sequence()
        total += placed
        if not placed:
            break
    return total


@app.periodic(cron="17 * * * *")
@app.task(name="ledger.check_receipts", queueing_lock="ledger.check_receipts")
def check_receipts(timestamp: int) -> int:
    """Whether every receipt was kept; how many were not. Those are then looked for among all entries."""
    late = late_entries(timezone.now())
    if late.count:
        log.error("%s entries have no place in the ledger's tree in time, the first is %s", late.count, late.first)
        sequence(thorough=True)
    return late.count
