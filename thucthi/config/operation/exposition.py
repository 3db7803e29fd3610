"""The text that Prometheus reads (exposition format 0.0.4), made from counters and measures by nothing but formatting.

A library would bring registries of its own in each process and a directory of files to add up; here every number is
already shared, by the file of traffic or by the database (docs/adr/0038).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from thucthi.config.operation.measures import Measures, Room
from thucthi.config.operation.traffic import ANSWERS, BOUNDS, Served

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, Sequence[tuple[str, str]], float | int | None]


@dataclass(frozen=True)
class Family:
    """One metric: name, kind (counter, gauge, histogram), what it tells, and its samples (suffix, labels, value)."""

    name: str
    kind: str
    tells: str
    samples: Sequence[Sample]


def exposition(families: Iterable[Family]) -> str:
    """Samples without a value are left out: a missing sample is how Prometheus says "not known"."""
    lines = []
    for family in families:
        lines += [f"# HELP {family.name} {family.tells}", f"# TYPE {family.name} {family.kind}"]
        lines += [
            f"{family.name}{suffix}{_labelled(labels)} {value:.17g}"
            for suffix, labels, value in family.samples
            if value is not None
        ]
    return "\n".join(lines) + "\n"


def _labelled(labels: Sequence[tuple[str, str]]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}" if labels else ""


def of_traffic(served: Sequence[Served]) -> list[Family]:
    answers: list[Sample] = [
        ("", (("surface", one.surface), ("answer", answer)), count)
        for one in served
        for answer, count in zip(ANSWERS, one.answers, strict=True)
    ]
    times: list[Sample] = []
    for one in served:
        surface = ("surface", one.surface)
        bounds = zip((f"{bound:g}" for bound in BOUNDS), one.within, strict=True)
        times += [("_bucket", (surface, ("le", bound)), within) for bound, within in bounds]
        times.append(("_bucket", (surface, ("le", "+Inf")), one.count))
        times += [("_sum", (surface,), one.seconds), ("_count", (surface,), one.count)]
    return [
        Family("thucthi_requests_total", "counter", "Answers of this machine by surface and class.", answers),
        Family("thucthi_request_seconds", "histogram", "Seconds from a request to its answer.", times),
    ]


def of_database(found: Measures | None) -> list[Family]:
    """`None`: the database did not answer; then that alone is told."""
    up = _gauge("thucthi_database_up", "1 while the database answers this machine.", 0 if found is None else 1)
    if found is None:
        return [up]
    issues: list[Sample] = [
        ("", (("kind", "weekly"),), found.weekly_issue),
        ("", (("kind", "monthly"),), found.monthly_issue),
    ]
    return [
        up,
        _gauge("thucthi_jobs_waiting", "Background jobs that are due and wait.", found.jobs_waiting),
        _gauge("thucthi_oldest_job_seconds", "How long the oldest of them waits.", found.oldest_job),
        _gauge("thucthi_jobs_failed", "Failed ones among the newest ten thousand jobs.", found.jobs_failed),
        _gauge("thucthi_worker_seen_seconds", "Since a worker last gave a sign of life.", found.worker_seen),
        _gauge("thucthi_unsequenced_entries", "Entries of the ledger without a place in its tree.", found.unsequenced),
        _gauge("thucthi_oldest_unsequenced_seconds", "Age of the oldest of them.", found.oldest_unsequenced),
        _gauge("thucthi_unfolded_deltas", "Changes that no summary holds yet.", found.deltas),
        Family("thucthi_issue_age_seconds", "gauge", "Since the newest issue was published.", issues),
        _gauge("thucthi_letters_waiting", "Letters written and not sent.", found.letters_waiting),
        _gauge("thucthi_database_connections", "Connections to our database.", found.connections),
        _gauge("thucthi_database_connections_limit", "How many our role may have.", found.connections_limit),
        _gauge("thucthi_longest_transaction_seconds", "The oldest open transaction.", found.longest_transaction),
    ]


def of_disks(rooms: Sequence[Room]) -> list[Family]:
    free: list[Sample] = [("", (("place", one.place),), one.free) for one in rooms]
    size: list[Sample] = [("", (("place", one.place),), one.total) for one in rooms]
    return [
        Family("thucthi_disk_free_bytes", "gauge", "Free room of the disk under a directory.", free),
        Family("thucthi_disk_size_bytes", "gauge", "All room of that disk.", size),
    ]


def of_store(*, answers: bool) -> list[Family]:
    return [_gauge("thucthi_evidence_store_up", "1 while the store of evidence answers this machine.", int(answers))]


def _gauge(name: str, tells: str, value: float | int | None) -> Family:
    return Family(name, "gauge", tells, [("", (), value)])
