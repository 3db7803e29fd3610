"""What an event cost: pure arithmetic over the writes, and what the database says about them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import psycopg

from tests.ha.writers import Write


@dataclass(frozen=True)
class Standing:
    """What the database holds: reports by key, reports by obligation, entries of the ledger by report."""

    reports: dict[str, int]
    per_obligation: Counter[tuple[str, str]]
    entries: Counter[int]


@dataclass(frozen=True)
class Reckoning:
    """`lost`: acknowledged and not there. `doubtful`: an attempt had no clear answer, a later one was acknowledged.

    `doubled`: another number of reports, or of entries in the ledger, than one for one write. Times in seconds:
    `silence` is the longest time in which nobody's write was acknowledged, `longest` what one write took at most, from
    its first attempt.
    """

    acknowledged: int
    lost: tuple[str, ...]
    doubtful: int
    doubled: tuple[str, ...]
    silence: float
    longest: float


def longest_silence(moments: Iterable[float], begun: float, ended: float) -> float:
    """The longest gap between neighbouring moments in the window, its ends counted as moments."""
    inside = sorted({begun, ended, *(moment for moment in moments if begun <= moment <= ended)})
    return max((after - before for before, after in pairwise(inside)), default=0.0)


def reckon(writes: Sequence[Write], standing: Standing, begun: float, ended: float) -> Reckoning:
    """Of the writes acknowledged in the window."""
    moments = [write.acknowledged for write in writes if write.acknowledged is not None]
    inside = [write for write in writes if write.acknowledged is not None and begun <= write.acknowledged <= ended]
    lost = tuple(write.key for write in inside if write.key not in standing.reports)
    return Reckoning(
        acknowledged=len(inside),
        lost=lost,
        doubtful=sum(write.doubts > 0 for write in inside),
        doubled=tuple(write.key for write in inside if write.key not in lost and _is_doubled(write, standing)),
        silence=longest_silence(moments, begun, ended),
        longest=max((_took(write) for write in inside), default=0.0),
    )


def _took(write: Write) -> float:
    return (write.acknowledged or write.begun) - write.begun


def _is_doubled(write: Write, standing: Standing) -> bool:
    report = standing.reports[write.key]
    once = standing.per_obligation[write.code, write.period] == 1 and standing.entries[report] == 1
    return not once or report != write.report


def standing(url: str) -> Standing:
    """Read on the primary, in one snapshot."""
    with psycopg.connect(url, connect_timeout=5) as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        database.execute("SELECT set_config('thucthi.viewer', 'system', true)")
        rows = database.execute(
            "SELECT report.idempotency_key::text, report.id, task.code, owed.period_key FROM reporting_report report"
            " JOIN reporting_obligation owed ON owed.id = report.obligation_id"
            " JOIN programmes_task task ON task.id = owed.task_id"
        ).fetchall()
        entries = database.execute(
            "SELECT subject_id::bigint FROM ledger_entry WHERE event = 'report.submitted'"
        ).fetchall()
    return Standing(
        {key: report for key, report, _code, _period in rows},
        Counter((code, period) for _key, _report, code, period in rows),
        Counter(report for (report,) in entries),
    )


def flaws_of_the_ledger(url: str) -> list[str]:
    """Leaves without a gap and without a double, one for every entry once the sequencer has caught up."""
    with psycopg.connect(url, connect_timeout=5) as database:
        database.execute("SELECT set_config('thucthi.viewer', 'system', true)")
        row: Any = database.execute(
            "SELECT (SELECT count(*) FROM ledger_entry), count(*), count(DISTINCT index), count(DISTINCT entry_id),"
            " coalesce(max(index) + 1, 0) FROM ledger_leaf"
        ).fetchone()
    entries, leaves, places, placed, size = row
    if entries == leaves == places == placed == size:
        return []
    return [f"{entries} entries, {leaves} leaves at {places} places of {size}, {placed} entries placed"]
