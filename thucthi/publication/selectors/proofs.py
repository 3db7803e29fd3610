"""Which entries of the ledger stand behind the figures of an issue, and their proofs in one tree.

Only reports on public tasks and the verdicts on them are opened, and of these only the fields that the issue shows.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from thucthi.ledger.models import Cosignature, Entry, SignedCheckpoint
from thucthi.ledger.selectors import consistency, inclusion, keys_text, origin, root_at, signing_key, tree_size
from thucthi.ledger.selectors.keys import KeyTrouble
from thucthi.publication import files
from thucthi.publication.models import Snapshot, SnapshotPublication
from thucthi.publication.proofs import KEYS, LEDGER, WITNESS, Opened, Previous, Proofs, TaskEntries, opened
from thucthi.publication.shapes import IssueData, PeriodData, TaskData
from thucthi.publication.verifier.verify import COVERING
from thucthi.reporting.models import Report, Verdict

REPORT = "reporting.report"
DECLARING, DECIDING = ("report.submitted", "report.corrected"), ("report.accepted", "report.returned")
MANY = "reports.accepted"
AT_ONCE = 5_000


@dataclass(frozen=True)
class Stated:
    """A report as far as an issue shows it, and the verdict on it."""

    pk: int
    period: str
    claim: str
    declared: Decimal
    simulated: bool
    verdict: str | None
    accepted: Decimal | None


def proofs_of(data: IssueData) -> Proofs:
    """Of the tree as it is now; of the tree of an earlier preparation of the same issue, where that one suffices."""
    behind = _Behind()
    figures = {task.code: entries for task in data.tasks if (entries := behind.entries_of(task)) is not None}
    uids = sorted({uid for row in figures.values() for uid in _uids(row)})
    previous = _previous()
    size = tree_size()
    known = _prepared_before(data, previous)
    leaves = _leaves(uids, size, behind)
    if known is not None and known["size"] < size and _suffices(known["size"], uids, leaves):
        size = known["size"]
        leaves = _leaves(uids, size, behind)
    return Proofs(
        origin=origin(),
        size=size,
        root=root_at(size).hex(),
        previous=_way_from(previous, size),
        leaves=leaves,
        figures=figures,
        pending=[uid for uid in uids if uid not in leaves],
    )


def _suffices(size: int, uids: Sequence[str], leaves: Mapping[str, Opened]) -> bool:
    """Whether a smaller tree holds everything that the present one has to show."""
    return len(leaves) == len(uids) and all(row.index < size for row in leaves.values())


def keys_now() -> str:
    """`proofs/keys.txt`: the keys that sign, and the witnesses whose lines may stand under the checkpoint.

    Before the first signature the key is the one in its file; without any, nothing can be published either.
    """
    keys = keys_text()
    if not keys:
        with suppress(KeyTrouble):
            keys = f"0 {signing_key().verifier_key}\n"
    witnesses = sorted(set(Cosignature.objects.values_list("witness", flat=True)))
    return keys + "".join(f"{WITNESS}{each}\n" for each in witnesses)


def checkpoint_text(manifest_hash: str) -> str | None:
    """The signed checkpoint of a published issue with the lines of its known witnesses.

    None before it is signed, and when the issue is not on this machine.
    """
    signed = SignedCheckpoint.objects.filter(snapshot_hash=manifest_hash).order_by("-pk").first()
    if signed is None or not files.issue_directory(manifest_hash).is_dir():
        return None
    keys = files.read_file(manifest_hash, KEYS).decode().splitlines()
    lines = signed.cosignatures.order_by("pk").values_list("witness", "line")
    return signed.note + "".join(line for witness, line in lines if f"{WITNESS}{witness}" in keys)


def _uids(row: TaskEntries) -> Iterator[str]:
    yield from (uid for uid in (row.declared, row.accepted) if uid)
    yield from (uid for pair in row.history.values() for uid in pair if uid)


def _previous() -> Snapshot | None:
    """The issue that was published last, of whatever kind: every issue continues the tree of the one before."""
    newest = SnapshotPublication.objects.select_related("snapshot").order_by("-pk").first()
    return newest.snapshot if newest else None


def _ledger_of(snapshot: Snapshot) -> dict[str, Any] | None:
    """What an issue says of the tree; None for an issue from before there were proofs, or not on this machine."""
    with suppress(OSError, ValueError):
        return cast("dict[str, Any]", json.loads(files.read_file(snapshot.manifest_hash, LEDGER)))
    return None


def _prepared_before(data: IssueData, previous: Snapshot | None) -> dict[str, Any] | None:
    """The tree of the newest preparation of this issue, so that the same state gives the same bytes again."""
    same = Snapshot.objects.filter(kind=data.header.kind, issue=data.header.issue, publication__isnull=True)
    newest = same.order_by("-pk").first()
    ledger = _ledger_of(newest) if newest else None
    if ledger is None:
        return None
    before = (ledger["previous"] or {}).get("manifest_hash")
    signed = SignedCheckpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    follows = before == (previous.manifest_hash if previous and _ledger_of(previous) else None)
    return ledger if follows and ledger["size"] >= signed else None


def _way_from(previous: Snapshot | None, size: int) -> Previous | None:
    ledger = _ledger_of(previous) if previous else None
    if previous is None or ledger is None:
        return None
    way = [each.hex() for each in consistency(ledger["size"], size)]
    return Previous(previous.issue, ledger["size"], ledger["root"], previous.manifest_hash, way)


def _leaves(uids: Sequence[str], size: int, behind: "_Behind") -> dict[str, Opened]:
    found: dict[str, Opened] = {}
    for start in range(0, len(uids), AT_ONCE):
        entries = Entry.objects.filter(uid__in=uids[start : start + AT_ONCE])
        for uid, row in inclusion(entries, size).items():
            sealed = (row.salt, row.payload) if row.salt is not None and row.payload is not None else None
            more = behind.opened_in[str(uid)]
            found[str(uid)] = opened(row.index, row.leaf, row.proof, sealed=sealed, more=more)
    return found


@dataclass
class _Behind:
    """The entries about reports, by the report; a few queries, whatever the number of tasks.

    `opened_in`: which fields of an entry about many reports belong to public tasks.
    """

    opened_in: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        about = Entry.objects.filter(subject_type=REPORT).order_by("pk").values_list("subject_id", "uid")
        self.declaring = {pk: str(uid) for pk, uid in about.filter(event__in=DECLARING)}
        self.deciding = {pk: str(uid) for pk, uid in about.filter(event__in=DECIDING)}
        many = Entry.objects.filter(event=MANY, content__isnull=False).order_by("pk")
        self.decided_with_others = {
            row[0]: str(uid) for uid, rows in many.values_list("uid", "content__reports") for row in rows
        }
        simulated = Entry.objects.filter(event__in=COVERING).order_by("-pk").values_list("uid", flat=True).first()
        self.simulated = str(simulated) if simulated else None
        self.reports: dict[str, list[Stated]] = defaultdict(list)
        rows = Report.objects.order_by("-submitted_at", "-pk").values_list(
            "task__code", "pk", "obligation__period_key", "claim", "progress_declared", "is_simulated",
            "acceptance__verdict", "acceptance__progress_accepted",
        )  # fmt: skip
        for row in rows.filter(task__is_issued=True).iterator():
            self.reports[row[0]].append(Stated(*row[1:]))

    def entries_of(self, task: TaskData) -> TaskEntries | None:
        """None for a task of which nothing was ever reported."""
        rows = self.reports.get(task.code, [])
        history = {row.period: self._of_period(row, rows) for row in task.history if row.declared is not None}
        now = task.standing
        declared = next((each for each in rows if each.declared == now.declared), None)
        decided = (each for each in rows if each.verdict == Verdict.ACCEPTED and each.accepted == now.accepted)
        accepted = next(decided, None) if now.accepted is not None else None
        if not history and declared is None and accepted is None:
            return None
        return TaskEntries(
            declared=self._declared_in(declared),
            accepted=self._decided_in(accepted),
            accepted_report=accepted.pk if accepted else None,
            history=history,
        )

    def _of_period(self, shown: PeriodData, rows: Sequence[Stated]) -> tuple[str | None, str | None]:
        """The newest report that says what the issue shows; the issue is made from it, whatever came in since."""
        same = (row for row in rows if row.period == shown.period)
        report = next((row for row in same if (row.claim, row.declared) == (shown.claim, shown.declared)), None)
        return self._declared_in(report), self._decided_in(report) if shown.verdict else None

    def _declared_in(self, report: Stated | None) -> str | None:
        if report is None:
            return None
        return self.declaring.get(report.pk) or (self.simulated if report.simulated else None)

    def _decided_in(self, report: Stated | None) -> str | None:
        if report is None:
            return None
        uid = self.deciding.get(report.pk) or self.decided_with_others.get(report.pk)
        if uid is not None and report.pk in self.decided_with_others:
            self.opened_in[uid].add(f"content.accepted:{report.pk}")
        return uid or (self.simulated if report.simulated else None)
