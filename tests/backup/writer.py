"""Writes into a ledger as the application does, in a process of its own: `writer.py write WORD COUNT | publish NAME`.

Prints the clock of the database afterwards, in UTC; `publish` prints the path of the checkpoint.
"""

import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from tests.ledger.people import SOMEBODY, thing  # noqa: E402
from thucthi.ledger.actions import record, sequence  # noqa: E402
from thucthi.ledger.actions.tree import sign_checkpoint  # noqa: E402
from thucthi.ledger.selectors import tree_size  # noqa: E402


def write(word: str, count: int) -> str:
    for number in range(count):
        with transaction.atomic():
            record(f"drill.{word}", by=SOMEBODY, subject=thing(number), number=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::text || '+00:00'")
        return str(cursor.fetchone()[0])


def publish(name: str) -> Path:
    while sequence():
        pass
    path = Path(settings.PUBLISHED_ROOT) / "issues" / name / "checkpoint"
    path.parent.mkdir(parents=True)
    path.write_text(sign_checkpoint(size=tree_size()).note, encoding="utf-8")
    return path


if __name__ == "__main__":
    what, word = sys.argv[1:3]
    print(write(word, int(sys.argv[3])) if what == "write" else publish(word))  # noqa: T201
