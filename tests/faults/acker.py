"""Writes pairs as an action does, each in one transaction, and says a number only when its commit was acknowledged.

    acker.py FIRST STEP      prints "17" when pair 17 is acknowledged, "? 17" when it cannot know

Goes on by itself when the database comes back. A number in doubt is not written again: it may be there, whole, or not.
"""

import sys
import time

import django

django.setup()

from django.db import DatabaseError, connection, transaction  # noqa: E402

from tests.ledger.people import SOMEBODY, thing  # noqa: E402
from thucthi.ledger.actions import record  # noqa: E402


def pair(number: int) -> None:
    with transaction.atomic():
        record("fault.first", by=SOMEBODY, subject=thing(number), number=number)
        record("fault.second", by=SOMEBODY, subject=thing(number), number=number)


def main(number: int, step: int) -> None:
    while True:
        try:
            pair(number)
            said = str(number)
        except DatabaseError:
            said = f"? {number}"
            connection.close()
            time.sleep(0.2)
        print(said, flush=True)  # noqa: T201
        number += step


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
