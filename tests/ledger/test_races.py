"""Many write, one sequences: nothing comes late, nothing is left out, and being killed leaves nothing by half."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.ledger.people import SOMEBODY, thing
from tests.ledger.test_sequencing import hashes, say
from thucthi.ledger.actions import record, sequence
from thucthi.ledger.actions.tree import LOCK
from thucthi.ledger.calculations.merkle import leaf_hash, root_from_inclusion, root_of
from thucthi.ledger.models import Entry, Leaf
from thucthi.ledger.selectors import inclusion, root_at, tree_size
from thucthi.ledger.selectors.receipts import late_entries

INSERT = (
    "INSERT INTO ledger_entry (uid, event, actor_label, subject_type, subject_label, content_hash, commitment)"
    " VALUES (gen_random_uuid(), 'thing.said', '', '', '', '', '') RETURNING id"
)
WRITERS, SECONDS = 8, 4.0


def whole() -> None:
    """Indices without a gap, every entry once, every leaf provable under the root of all."""
    size = tree_size()
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(size))
    assert Entry.objects.filter(leaf__isnull=True).count() == 0
    assert Entry.objects.count() == size
    leaves = hashes()
    assert root_at(size) == root_of(leaves)
    found = inclusion(Entry.objects.order_by("?")[:50], size)
    for each in found.values():
        assert leaf_hash(each.leaf.encode()) == leaves[each.index]
        assert root_from_inclusion(leaves[each.index], each.index, size, each.proof) == root_of(leaves)


@contextmanager
def at_work(target: object, count: int) -> Iterator[None]:
    threads = [Thread(target=target) for _ in range(count)]  # type: ignore[arg-type]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        for each in threads:
            each.join(60)


def test_eight_writers_beside_a_sequencer(fresh_database: str) -> None:
    """No leaf before its turn: what was placed once stays the beginning of everything placed later."""
    until = time.monotonic() + SECONDS
    seen: list[list[int]] = []

    def write() -> None:
        while time.monotonic() < until:
            with transaction.atomic():
                record("thing.said", by=SOMEBODY, subject=thing())
                record("thing.said", by=SOMEBODY, subject=thing())
        connection.close()

    with at_work(write, WRITERS):
        while time.monotonic() < until:
            sequence()
            seen.append(list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)))
    while sequence():
        pass
    assert Entry.objects.count() > WRITERS * 2
    whole()
    final = list(Leaf.objects.order_by("index").values_list("entry_id", flat=True))
    assert all(earlier == final[: len(earlier)] for earlier in seen)
    order = list(Leaf.objects.order_by("index").values_list("entry__xid", flat=True))
    assert order == sorted(order)


def test_an_entry_that_commits_late_comes_later_and_the_highest_id_would_have_missed_it(fresh_database: str) -> None:
    """The control: whoever takes `max(id)` as the head of the log sees a row appear below it afterwards."""
    with psycopg.connect(fresh_database) as slow, psycopg.connect(fresh_database, autocommit=True) as quick:
        early = slow.execute(INSERT).fetchone()
        late = quick.execute(INSERT).fetchone()
        assert early is not None
        assert late is not None
        assert early < late
        head = quick.execute("SELECT max(id) FROM ledger_entry").fetchone()
        below = quick.execute("SELECT count(*) FROM ledger_entry WHERE id <= %s", head).fetchone()
        assert sequence() == 0
        slow.commit()
        assert quick.execute("SELECT count(*) FROM ledger_entry WHERE id <= %s", head).fetchone() != below
        assert sequence() == 2
    assert list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)) == [early[0], late[0]]


def test_only_one_sequences_and_its_own_changes_wait(fresh_database: str) -> None:
    say(2)
    with psycopg.connect(fresh_database) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        assert sequence() == 0
    with transaction.atomic():
        mine = record("thing.said", by=SOMEBODY, subject=thing())
        assert sequence() == 2
        assert not Leaf.objects.filter(entry=mine).exists()
    assert sequence() == 1
    whole()


def test_a_clock_set_back_changes_nothing(fresh_database: str) -> None:
    first = say(1)[0]
    with psycopg.connect(fresh_database, autocommit=True) as other:
        back = other.execute(
            INSERT.replace("(uid", "(recorded_at, uid").replace("(gen", "('2001-01-01', gen")
        ).fetchone()
    assert back is not None
    assert sequence() == 2
    assert list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)) == [first.pk, back[0]]


def test_a_restored_dump_numbers_transactions_anew_and_nothing_is_lost(fresh_database: str) -> None:
    """Entries of another cluster carry numbers of the future, placed and unplaced; new ones begin below them."""
    with psycopg.connect(fresh_database, autocommit=True) as other:
        foreign = INSERT.replace("(uid", "(xid, uid").replace("(gen", "(%s, gen")
        for xid in (900_000_000, 900_000_005):
            other.execute(foreign, [xid])
    assert sequence(most=1) == 1
    say(2)
    assert sequence() == 3
    say(1)
    assert sequence() == 1
    assert sequence(thorough=True) == 0
    whole()


SEQUENCER = """
import django; django.setup()
from thucthi.ledger.actions import sequence
print("ready", flush=True)
while True:
    sequence(most=37)
"""


def test_killed_at_any_moment_it_leaves_no_gap_and_no_double(fresh_database: str) -> None:
    environment = {**os.environ, "DATABASE_URL": fresh_database, "DJANGO_SETTINGS_MODULE": "thucthi.config.settings"}
    sizes = []
    for round_ in range(4):
        say(600)
        with subprocess.Popen(
            [sys.executable, "-c", SEQUENCER], env=environment, stdout=subprocess.PIPE, text=True
        ) as killed:
            assert killed.stdout is not None
            assert killed.stdout.readline() == "ready\n"
            time.sleep(0.02 + 0.03 * round_)
            killed.send_signal(signal.SIGKILL)
        sizes.append(tree_size())
        assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(sizes[-1]))
    while sequence():
        pass
    whole()


@pytest.mark.parametrize("minutes", [59, 61])
def test_a_broken_promise_is_noticed(fresh_database: str, minutes: int) -> None:
    with psycopg.connect(fresh_database, autocommit=True) as other:
        moment = f"now() - interval '{minutes} minutes'"
        other.execute(INSERT.replace("(uid", "(recorded_at, uid").replace("(gen", f"({moment}, gen"))
    entry = Entry.objects.get()
    late = late_entries(timezone.now())
    assert (late.count, late.first) == ((1, entry.uid) if minutes > 60 else (0, None))
    sequence()
    assert late_entries(timezone.now()).count == 0
