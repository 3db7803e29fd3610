"""The ledger's sequencer without a pause, in a process of its own, so that a kill finds it at work."""

import time

import django
from django.db import DatabaseError, connection

_PAUSE = 0.05


def main() -> None:
    from thucthi.ledger.actions import sequence

    while True:
        try:
            sequence()
        except DatabaseError:
            connection.close()
            time.sleep(_PAUSE)
        time.sleep(_PAUSE)


if __name__ == "__main__":
    django.setup()
    main()
