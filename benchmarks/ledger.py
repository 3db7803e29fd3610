"""The ledger at scale: `python -m benchmarks.ledger [--leaves N] > benchmarks/values/ledger.md`.

Starts its own database, fills it with entries by SQL, seals them all by the sequencer, asks for proofs, and then lets
eight writers record through the ordinary action while one sequencer works beside them.
"""

import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
import psycopg

from benchmarks.measure import migrated_database
from benchmarks.memory import families_mb
from benchmarks.values_at_scale import worked_ms

LEAVES, WRITERS, SECONDS, ROUNDS = 1_000_000, 8, 20, 300
# A payload of the length of a report's entry; the salt and the commitment are those of nobody.
FILL = """
INSERT INTO ledger_entry (uid, event, actor_id, actor_label, subject_type, subject_id, subject_label, content,
    content_hash, salt, commitment)
SELECT gen_random_uuid(), 'report.submitted', n %% 5000, 'Người mẫu', 'reporting.report', n, 'Báo cáo mẫu ' || n,
       jsonb_build_object('progress', n %% 100, 'note', repeat('mẫu ', 20)), repeat('0', 64),
       decode(md5(n::text), 'hex'), encode(sha256(n::text::bytea), 'hex')
  FROM generate_series(%s::bigint, %s) n
"""
# What a writer is: a process of its own that records one entry in each transaction, as an action does.
WRITER = """
import sys, time
import django; django.setup()
from django.db import connection, transaction
from thucthi.ledger.actions import record
from thucthi.ledger.actors import Operator
from thucthi.ledger.models import SigningKey
somebody, thing, each, count = Operator("Người mẫu"), SigningKey(pk=1, verifier_key="mẫu"), int(sys.argv[2]), 0
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
begun = time.time()
until = begun + float(sys.argv[1])
while time.time() < until:
    with transaction.atomic():
        for _ in range(each):
            record("thing.said", by=somebody, subject=thing, number=count, note="mẫu " * 20)
    count += each
print(count / (time.time() - begun))
"""


def pids() -> list[int]:
    """This process and the server's that answers it."""
    from django.db import connection

    connection.ensure_connection()
    return [os.getpid(), connection.connection.info.backend_pid]


def timed(call: Callable[[int], object]) -> tuple[float, float]:
    """Milliseconds over random leaves: median on the clock, and what this process and the server's worked on average.

    Other work on the machine lengthens the first and hardly touches the second.
    """
    draw = random.Random(1)  # noqa: S311 - a repeatable choice, no secret
    taken = []
    call(0)
    before = worked_ms(pids())
    for _ in range(ROUNDS):
        index = draw.randrange(LEAVES)
        begun = time.perf_counter()
        call(index)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), (worked_ms(pids()) - before) / ROUNDS


def seal(server: psycopg.Connection, leaves: int) -> tuple[float, float]:
    """Seconds until the last of `leaves` waiting entries has its place, subtrees included: by the clock, and worked."""
    from thucthi.ledger.actions import sequence

    for first in range(1, leaves + 1, 100_000):
        server.execute(FILL, [first, min(leaves, first + 99_999)])
        server.commit()
    before, begun = worked_ms(pids()), time.perf_counter()
    while sequence():
        pass
    return time.perf_counter() - begun, (worked_ms(pids()) - before) / 1000


def proofs(size: int) -> list[tuple[str, float, float]]:
    from thucthi.ledger.models import Entry, Leaf
    from thucthi.ledger.selectors import consistency, inclusion, root_at

    def of(index: int) -> Entry:
        return Entry(pk=Leaf.objects.values_list("entry_id", flat=True).get(index=index % size))

    entries = {index: Entry.objects.get(pk=of(index).pk) for index in range(0, size, max(1, size // 200))}
    known = list(entries.values())
    return [
        ("inclusion of one entry", *timed(lambda n: inclusion([known[n % len(known)]], size))),
        ("consistency from a random size", *timed(lambda n: consistency(1 + n % size, size))),
        ("root of a random size", *timed(lambda n: root_at(1 + n % size))),
    ]


def written_at_once(each: int, sequencing: bool) -> tuple[float, float, int]:
    """Entries per second by eight writers, entries placed per second meanwhile, longest backlog seen."""
    from thucthi.ledger.actions import sequence

    command = [sys.executable, "-c", WRITER, str(SECONDS), str(each)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen(command, **pipes) for _ in range(WRITERS)]  # noqa: S603
    for writer in writers:
        writer.stdout.readline()
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    until = time.time() + SECONDS
    placed, most, begun = 0, 0, time.perf_counter()
    while sequencing and time.time() < until:
        now = sequence()
        placed, most = placed + now, max(most, now)
        time.sleep(0.2)
    written = sum(float(writer.communicate()[0]) for writer in writers)
    while now := sequence():
        placed += now
    taken = time.perf_counter() - begun
    return written, placed / taken, most


@click.command()
@click.option("--leaves", default=LEAVES, show_default=True)
@click.option("--directory", default=None, help="Where the cluster may lie; default: a temporary place.")
def main(leaves: int, directory: str | None) -> None:
    load = os.getloadavg()[0]
    with migrated_database(directory) as postgres, psycopg.connect(postgres.url("owner")) as server:
        from thucthi.ledger.selectors import tree_size

        took, worked = seal(server, leaves)
        memory = families_mb([os.getpid()])
        size = tree_size()
        asked = proofs(size)
        one_alone, *_ = written_at_once(1, sequencing=False)
        one, one_placed, one_most = written_at_once(1, sequencing=True)
        many, many_placed, many_most = written_at_once(20, sequencing=True)
        click.echo("# The ledger\n")
        click.echo(f"`python -m benchmarks.ledger --leaves {leaves}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC,")
        click.echo(f"{platform.machine()}, {os.cpu_count()} cores, load average {load:.1f} at the start: other work")
        click.echo("beside it lengthens every figure.\n")
        click.echo("| what | asked | figure |\n|---|---|---|")
        click.echo(f"| {size:,} leaves sealed, subtrees kept | ≤ 60 s | {took:.1f} s, worked {worked:.1f} s |")
        click.echo(f"| this process while sealing (PSS) | | {memory:.0f} MB |")
        for name, median, mean in asked:
            click.echo(f"| {name}, median | ≤ 5 ms | {median:.1f} ms, worked {mean:.1f} ms |")
        click.echo(f"| 8 writers, one entry per transaction, no sequencer | | {one_alone:,.0f} entries/s |")
        click.echo(
            f"| the same beside a sequencer | | {one:,.0f} entries/s, {one_placed:,.0f} placed/s, "
            f"≤ {one_most:,} waiting |"
        )
        click.echo(
            f"| 8 writers, 20 entries per transaction, beside a sequencer | ≥ 2,000/s | {many:,.0f} entries/s, "
            f"{many_placed:,.0f} placed/s, ≤ {many_most:,} waiting |"
        )
        click.echo(
            f"| the sequencer alone, from the first line | ≥ 2,000/s | {size / took:,.0f} placed/s, "
            f"{size / worked:,.0f} per second worked |"
        )


if __name__ == "__main__":
    main()
