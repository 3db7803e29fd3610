"""Gives places to waiting entries, a few at a time and without end, so that a kill meets it at work."""

import django

django.setup()

from thucthi.ledger.actions import sequence  # noqa: E402

print("at work", flush=True)  # noqa: T201
while True:
    sequence(most=3)
